"""Stiff problems of the test sets of Hairer and Wanner, against SciPy's Radau IIA at a tolerance of 1e-10.

Equations: E. Hairer, G. Wanner, Solving Ordinary Differential Equations II (1996), chapters IV.1 and IV.10. The
reference is computed here, by another method and another code, from equations written again in NumPy.
"""

from functools import lru_cache

import numpy as np
import pytest
import sympy
from scipy.integrate import solve_ivp

from ifntrial.solver import OdeSystem, Tolerance, simulate, symbol
from ifntrial.solver.problem import build_problem
from ifntrial.solver.reference import solve_reference

ONE, ZERO = sympy.Integer(1), sympy.Integer(0)


def build(name, rates, initial):
    states = tuple(f"y{i + 1}" for i in range(len(initial)))
    y = [symbol(state) for state in states]
    return OdeSystem(
        name, states, ("unused",), tuple(rates(*y)), tuple(sympy.sympify(value) for value in initial)
    )


def robertson(a, b, c):
    return -0.04 * a + 1e4 * b * c, 0.04 * a - 1e4 * b * c - 3e7 * b**2, 3e7 * b**2


def van_der_pol(a, b):
    return b, 1e6 * ((1 - a**2) * b - a)


def hires(a, b, c, d, e, f, g, h):
    return (
        -1.71 * a + 0.43 * b + 8.32 * c + 0.0007,
        1.71 * a - 8.75 * b,
        -10.03 * c + 0.43 * d + 0.035 * e,
        8.32 * b + 1.71 * c - 1.12 * d,
        -1.745 * e + 0.43 * f + 0.43 * g,
        -280.0 * f * h + 0.69 * d + 1.71 * e - 0.43 * f + 0.69 * g,
        280.0 * f * h - 1.81 * g,
        -280.0 * f * h + 1.81 * g,
    )


def oregonator(a, b, c):
    return 77.27 * (b + a * (1 - 8.375e-6 * a - b)), (c - (1 + a) * b) / 77.27, 0.161 * (a - c)


PROBLEMS = {
    "robertson": (robertson, (1, 0, 0), [0.4, 40.0, 4e3, 4e5], 1e-7),
    "van der pol": (van_der_pol, (2, 0), [0.5, 1.0, 1.5, 2.0], 1e-3),
    "hires": (hires, (1, 0, 0, 0, 0, 0, 0, sympy.Rational(57, 10000)), [1.0, 100.0, 321.8122], 1e-6),
    "oregonator": (oregonator, (1, 2, 3), [30.0, 60.0, 120.0], 1e-3),
}


@lru_cache
def solve_by_radau(name):
    rates, initial, visits, _ = PROBLEMS[name]
    start = [float(value) for value in initial]
    found = solve_ivp(
        lambda t, y: rates(*y), (0, visits[-1]), start, "Radau", t_eval=visits, rtol=1e-10, atol=1e-15
    )
    assert found.success
    return found.y.T


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize("relative", [1e-5, 1e-8])
def test_textbook_problem(name, relative):
    rates, initial, visits, floor = PROBLEMS[name]
    exact = solve_by_radau(name)
    system = build(name, rates, initial)
    found = simulate(system, {"unused": 1.0}, None, visits, tolerance=Tolerance(relative, floor))
    assert found.is_ok.all()
    error = np.abs(found.values[0] - exact) / (np.abs(exact) + floor)
    # steep fronts turn an error in time into a larger one in height
    assert error.max() < 100 * relative


def test_the_reference_agrees_with_the_compiled_engine():
    system = build("hires", hires, PROBLEMS["hires"][1])
    options = {"tolerance": Tolerance(1e-8), "outputs": None, "subjects": 2, "start": 0.0, "initial": None}
    problem = build_problem(
        system, {"unused": 1.0}, None, [1.0, 100.0], resume=None, max_steps=10_000, **options
    )
    slow = solve_reference(problem)
    fast = simulate(system, {"unused": 1.0}, None, [1.0, 100.0], tolerance=Tolerance(1e-8), subjects=2)
    assert slow.is_ok.all()
    np.testing.assert_allclose(fast.values, slow.values, rtol=1e-6, atol=1e-10)
