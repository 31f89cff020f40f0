"""Exponential, logarithm, sine, cosine, powers and choices of the compiled kernels, against mpmath in 30 digits."""

import mpmath
import numpy as np
import pytest
import sympy

from ifntrial.solver import OdeSystem, simulate, symbol

X = symbol("x")
RANDOM = np.random.default_rng(5)
EPSILON = np.finfo(float).eps


def evaluate(expression, values, constants=()):
    """Return an expression of a state that stays at its initial value."""
    start = symbol("start")
    system = OdeSystem(
        "hold", ("x",), ("start",), (sympy.Integer(0),), (start,), outputs=(("result", expression),)
    )
    return simulate(system, {"start": values}, None, [0.0], outputs=["result"]).of("result")[:, 0]


def exact(function, values):
    with mpmath.workdps(30):
        return np.array([float(function(mpmath.mpf(float(value)))) for value in values])


CASES = {
    "exp": (sympy.exp(X), mpmath.exp, RANDOM.uniform(-700, 700, 3000), 2.0),
    "exp near zero": (sympy.exp(X), mpmath.exp, RANDOM.uniform(-1, 1, 3000), 2.0),
    "log": (sympy.log(X), mpmath.log, 10.0 ** RANDOM.uniform(-300, 300, 3000), 2.0),
    "log near one": (sympy.log(X), mpmath.log, RANDOM.uniform(0.6, 1.6, 3000), 2.0),
    "sin": (sympy.sin(X), mpmath.sin, RANDOM.uniform(-100, 100, 3000), 4.0),
    "cos": (sympy.cos(X), mpmath.cos, RANDOM.uniform(-100, 100, 3000), 4.0),
    "root": (sympy.sqrt(X), mpmath.sqrt, 10.0 ** RANDOM.uniform(-20, 20, 300), 1.0),
    "whole power": (X**-7, lambda x: x**-7, RANDOM.uniform(0.1, 10, 300), 8.0),
    "half power": (X ** sympy.Rational(5, 2), lambda x: x**2.5, RANDOM.uniform(0.1, 10, 300), 8.0),
    "real power": (
        X ** sympy.Float(1.7),
        lambda x: x ** mpmath.mpf(1.7),
        10.0 ** RANDOM.uniform(-6, 6, 3000),
        30.0,
    ),
    "tanh": (sympy.tanh(X), mpmath.tanh, RANDOM.uniform(0.5, 30, 300), 4.0),
}


@pytest.mark.parametrize("name", CASES)
def test_function_is_accurate(name):
    expression, function, values, units = CASES[name]
    found, expected = evaluate(expression, values), exact(function, values)
    assert np.abs((found - expected) / expected).max() <= units * EPSILON


N, HALF = symbol("n"), symbol("half")
HILL_FORMS = {
    "rising": X**N / (HALF**N + X**N),
    "falling": HALF**N / (HALF**N + X**N),
    "relative": (X / HALF) ** N / (1 + (X / HALF) ** N),
    "blocking": 1 / (1 + (X / HALF) ** N),
    "twice": 2 / (2 + 2 * (HALF / X) ** N),
}


def evaluate_hill(expression, x, half, n):
    system = OdeSystem(
        "hold",
        ("x",),
        ("start", "half", "n"),
        (sympy.Integer(0),),
        (symbol("start"),),
        outputs=(("result", expression),),
    )
    found = simulate(system, {"start": x, "half": half, "n": n}, None, [0.0], outputs=["result"])
    return found.of("result")[:, 0]


@pytest.mark.parametrize("name", HILL_FORMS)
def test_a_hill_term_is_accurate_where_its_powers_leave_the_range(name):
    x, half = 10.0 ** RANDOM.uniform(-3, 3, (2, 2000))
    # up to an exponent at which both powers, at 1000 ** 400, are far beyond 1e308
    n = 10.0 ** RANDOM.uniform(-2, 2.6, 2000)
    found = evaluate_hill(HILL_FORMS[name], x, half, n)
    with mpmath.workdps(40):
        ratios = [mpmath.mpf(a) / mpmath.mpf(b) for a, b in zip(x, half, strict=True)]
        powers = [ratio ** mpmath.mpf(k) for ratio, k in zip(ratios, n, strict=True)]
        falling = name in ("falling", "blocking")
        expected = np.array([float(1 / (1 + (power if falling else 1 / power))) for power in powers])
    assert np.isfinite(found).all()
    # an error of 2 EPSILON in log(x) is multiplied by n, as in the power itself
    allowed = EPSILON * (8 + 40 * n) * expected + 1e-300
    assert (np.abs(found - expected) <= allowed).all()


def test_a_hill_term_at_zero_and_below_is_that_of_zero():
    ends = evaluate_hill(HILL_FORMS["rising"], [0.0, -1e-9, 1e300], [1.0, 1.0, 1e-300], [2.5, 2.5, 400.0])
    np.testing.assert_allclose(ends, [0.0, 0.0, 1.0], atol=1e-70)


def test_ends_of_the_range():
    np.testing.assert_array_equal(evaluate(sympy.exp(X), [0.0, -1e4, 710.0]), [1.0, 0.0, np.inf])
    found = evaluate(sympy.log(X), [1.0, 0.0, -1.0, 1e-310])
    assert found[0] == 0.0
    assert np.isnan(found[1:3]).all()


def test_choices():
    values = np.array([-2.0, -0.5, 0.0, 0.5, 2.0])
    np.testing.assert_array_equal(evaluate(sympy.Abs(X), values), np.abs(values))
    np.testing.assert_array_equal(evaluate(sympy.Max(X, 0, -1), values), np.maximum(values, 0))
    np.testing.assert_array_equal(evaluate(sympy.Min(X, 0.25), values), np.minimum(values, 0.25))
    np.testing.assert_array_equal(evaluate(sympy.floor(X), values), np.floor(values))
    np.testing.assert_array_equal(evaluate(sympy.ceiling(X), values), np.ceil(values))
    np.testing.assert_array_equal(evaluate(sympy.sign(X), values), np.sign(values))
    piecewise = sympy.Piecewise((1, X < -1), (2, sympy.And(X >= -1, X <= 0)), (3, sympy.Ne(X, 2)), (4, True))
    np.testing.assert_array_equal(evaluate(piecewise, values), [1, 2, 2, 3, 4])


def test_a_root_or_power_of_what_fell_below_zero_is_that_of_zero():
    assert evaluate(sympy.sqrt(X), [-1e-9])[0] == 0.0
    assert evaluate(X ** symbol("start"), [-1e-9])[0] == pytest.approx(1.0)  # 1e-30 ** -1e-9
    assert evaluate(X ** sympy.Float(1.5001), [-1e-9])[0] < 1e-44
