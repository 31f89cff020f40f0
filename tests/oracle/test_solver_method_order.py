"""Rodas5P against theory: order on problems solved by hand, L-stability and the embedded method from the tableau."""

import numpy as np
import pytest

from ifntrial.solver.compiler import tableau

STAGES = tableau.STAGES


def full_weights():
    """Return the tableau as square arrays; stages 7 and 8 add the increment before them."""
    a, c = np.zeros((STAGES, STAGES)), np.zeros((STAGES, STAGES))
    for row, weights in enumerate(tableau.A):
        a[row, : len(weights)] = weights
    for row in (6, 7):
        a[row] = a[row - 1]
        a[row, row - 1] += 1.0
    for row, weights in enumerate(tableau.C):
        c[row, : len(weights)] = weights
    return a, c


A, C = full_weights()


def step(f, jacobian, slope, t, y, h):
    """One step in plain NumPy; returns the new value and the error estimate."""
    matrix = np.eye(len(y)) / (tableau.GAMMA * h) - jacobian(t, y)
    k = np.zeros((STAGES, len(y)))
    for i in range(STAGES):
        right = (
            f(t + tableau.TIMES[i] * h, y + A[i] @ k)
            + C[i] @ k / h
            + tableau.TIME_WEIGHTS[i] * h * slope(t, y)
        )
        k[i] = np.linalg.solve(matrix, right)
    return y + A[7] @ k + k[7], k[7]


def errors_by_step(f, jacobian, slope, exact, end, counts):
    found = []
    for count in counts:
        y, h = exact(0.0), end / count
        for index in range(count):
            y, _ = step(f, jacobian, slope, index * h, y, h)
        found.append(np.abs(y - exact(end)).max())
    return np.array(found)


def test_order_five_on_a_nonlinear_system_with_explicit_time():
    # y = (exp(sin t), its derivative)
    def exact(t):
        return np.array([np.exp(np.sin(t)), np.cos(t) * np.exp(np.sin(t))])

    def f(t, y):
        return np.array([y[1], y[1] ** 2 / y[0] - np.sin(t) * y[0]])

    def jacobian(t, y):
        return np.array([[0.0, 1.0], [-((y[1] / y[0]) ** 2) - np.sin(t), 2 * y[1] / y[0]]])

    def slope(t, y):
        return np.array([0.0, -np.cos(t) * y[0]])

    errors = errors_by_step(f, jacobian, slope, exact, 2.0, (40, 80, 160))
    orders = np.log2(errors[:-1] / errors[1:])
    assert (orders > 4.8).all()
    assert errors[-1] < 1e-9


def test_stiff_order_does_not_fall_below_four():
    # Prothero and Robinson: y' = -L (y - cos t) - sin t, y = cos t; ROS methods of classical kind fall to order 1
    stiffness = 1e6
    errors = errors_by_step(
        lambda t, y: -stiffness * (y - np.cos(t)) - np.sin(t),
        lambda t, y: np.array([[-stiffness]]),
        lambda t, y: -stiffness * np.array([np.sin(t)]) - np.cos(t),
        lambda t: np.array([np.cos(t)]),
        1.0,
        (4, 8, 16),
    )
    # at this stiffness the global error is small from the start, and falls on
    assert errors[0] < 1e-7
    assert (errors[1:] < errors[:-1] / 8).all()


def stability(z):
    """Return the factor of one step on y' = z y, and the error estimate over y."""
    new, error = step(
        lambda t, y: z * y, lambda t, y: np.array([[z]]), lambda t, y: 0 * y, 0.0, np.ones(1, complex), 1.0
    )
    return new[0], error[0]


@pytest.fixture
def complex_steps(monkeypatch):
    """Let ``step`` keep complex increments."""
    zeros = np.zeros
    monkeypatch.setattr(np, "zeros", lambda shape, dtype=complex: zeros(shape, dtype))


@pytest.mark.usefixtures("complex_steps")
def test_l_stable_and_the_embedded_method_is_stable_too():
    angles = np.linspace(np.pi / 2, np.pi, 40)
    for size in np.logspace(-2, 6, 60):
        for angle in angles:
            factor, error = stability(size * np.exp(1j * angle))
            assert abs(factor) <= 1.0 + 1e-12
            assert abs(factor - error) <= 1.0 + 1e-12
    # to zero like 1 / z
    for z in (-1e9, 1e9j, -1e12):
        assert abs(stability(z)[0]) < 100 / abs(z)


@pytest.mark.usefixtures("complex_steps")
def test_factor_and_embedded_factor_agree_with_the_exponential_to_their_orders():
    sizes = np.array([0.2, 0.1])
    wrong = np.array([[abs(stability(-z)[0] - np.exp(-z)), abs(stability(-z)[1])] for z in sizes])
    main, embedded = np.log2(wrong[0] / wrong[1])
    assert main > 5.7  # local error of order six
    assert embedded == pytest.approx(5.0, abs=0.4)  # of a method of order four


def test_times_are_the_sums_of_the_untransformed_weights():
    # k = transformed increments: alpha = A Gamma with Gamma from C; row sums are the times of the stages
    gamma_inverse = np.eye(STAGES) / tableau.GAMMA - C
    gamma = np.linalg.inv(gamma_inverse)
    np.testing.assert_allclose((A @ gamma).sum(axis=1), tableau.TIMES, atol=2e-13)
    np.testing.assert_allclose(gamma.sum(axis=1), tableau.TIME_WEIGHTS, atol=2e-12)
