"""Hybrid systems: which path solves them, that both paths agree, and values worked out on paper."""

import numpy as np
import pytest
import sympy

from ifntrial.errors import InputError
from ifntrial.solver import OdeSystem, Tolerance, symbol
from ifntrial.solver.hybrid.functions import compile_function, is_undershoot, power
from ifntrial.solver.hybrid.piece import split
from ifntrial.solver.hybrid.simulate import simulate_hybrid
from ifntrial.solver.hybrid.stepwise import solve_stepwise
from ifntrial.solver.hybrid.switches import find_switches
from ifntrial.solver.hybrid.system import Change, Event, HybridSystem
from ifntrial.solver.system import TIME

X, Y, K, FLAG = (symbol(name) for name in ("x", "y", "k", "flag"))
ZERO, ONE = sympy.Integer(0), sympy.Integer(1)


def system(rate, *, flag=ZERO, assignments=()):
    """Return x, which starts at one with a rate, and a flag that only events change."""
    return OdeSystem("toy", ("x", "flag"), ("k",), (rate, ZERO), (ONE, flag), assignments=assignments)


def event(trigger, *changes, delay=ZERO):
    return Event("e", trigger, True, True, delay, None, True, tuple(changes))


@pytest.mark.parametrize(
    ("rate", "trigger", "is_compiled"),
    [
        (-K * X, TIME >= K, True),
        (-K * X, TIME / 2 >= K + 1, True),
        (-K * X, TIME >= FLAG, True),
        (-K * X, sympy.Lt(X, 1), False),
        (-K * X, sympy.sin(TIME) > 0, False),
        (sympy.Piecewise((1, TIME > K), (0, True)), TIME >= 1, True),
        (sympy.Piecewise((1, X > K), (0, True)), TIME >= 1, False),
        (sympy.Piecewise((0, X < K), (X - K, True)), TIME >= 1, True),
        (sympy.Piecewise((1, FLAG > 0), (0, True)), TIME >= 1, True),
        (sympy.Max(X, K), TIME >= 1, True),
        (sympy.floor(TIME / 7), TIME >= 1, True),
        (sympy.floor(X), TIME >= 1, False),
        (sympy.atan(X), TIME >= 1, False),
        (ZERO, TIME >= 1, False),
    ],
)
def test_what_is_compiled(rate, trigger, is_compiled):
    hybrid = HybridSystem(system(rate), (event(trigger, Change("flag", ONE)),))
    assert (split(hybrid) is not None) == is_compiled


def test_a_delay_that_hangs_on_states_is_not_compiled():
    hybrid = HybridSystem(system(-X), (event(TIME >= 1, Change("x", ONE), delay=X),))
    assert split(hybrid) is None


def test_both_paths_agree():
    """A dose of 2 at k, an input of 3 from 2 to 4, decay with 1/2."""
    given = sympy.Piecewise((3, sympy.And(TIME >= 2, TIME < 4)), (0, True))
    hybrid = HybridSystem(
        system(-X / 2 + given), (event(TIME >= K, Change("x", X + 2), Change("flag", FLAG + 1)),)
    )
    visits = np.array([0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 7.0])
    table = np.array([[1.0], [1.5], [9.0]])
    outputs = ["x", "flag"]
    found = simulate_hybrid(hybrid, table, visits, tolerance=Tolerance(1e-9), outputs=outputs)
    for subject, at in enumerate(table[:, 0]):
        doses = np.where(visits >= at, 2 * np.exp(-(visits - at) / 2), 0.0)
        rise = 6 * (1 - np.exp(-(np.clip(visits, 2, 4) - 2) / 2)) * np.exp(-np.maximum(visits - 4, 0) / 2)
        np.testing.assert_allclose(found.of("x")[subject], np.exp(-visits / 2) + doses + rise, rtol=1e-8)
        assert found.of("flag")[subject].tolist() == (visits >= at).astype(float).tolist()
        slow = solve_stepwise(
            hybrid, table[subject], np.array([1.0, 0.0]), np.ones(1), visits, Tolerance(1e-9), 10_000
        )
        np.testing.assert_allclose(slow.states[:, 0], found.of("x")[subject], rtol=1e-8)


def test_a_subject_depends_on_nobody_else():
    hybrid = HybridSystem(system(-K * X**2), (event(TIME >= 1 / K, Change("x", ONE)),))
    table = np.array([[0.5], [1.0], [3.0]])
    visits, outputs = np.array([0.3, 2.0, 5.0]), ["x"]
    together = simulate_hybrid(hybrid, table, visits, tolerance=Tolerance(1e-6), outputs=outputs, workers=2)
    for subject in range(3):
        alone = simulate_hybrid(hybrid, table[[subject]], visits, tolerance=Tolerance(1e-6), outputs=outputs)
        assert alone.values[0].tolist() == together.values[subject].tolist()


def test_moments_and_ladders():
    hybrid = HybridSystem(
        system(sympy.floor(TIME / 2) + sympy.Piecewise((1, symbol("late") > K), (0, True)),
               assignments=(("late", TIME - 3),))
    )  # fmt: skip
    switches = find_switches(hybrid)
    assert [sympy.simplify(moment - K - 3) for moment in switches.moments] == [0]
    assert switches.ladders == ((sympy.Rational(1, 2), ZERO),)
    assert switches.watched == ()


def test_a_failure_is_flagged_with_its_time():
    """x' = x^2 from 1 is without bound at 1."""
    hybrid = HybridSystem(system(X**2))
    found = simulate_hybrid(
        hybrid, np.ones((1, 1)), np.array([0.5, 2.0]), tolerance=Tolerance(1e-6), outputs=["x", "k"]
    )
    assert found.words[0] != "ok"
    assert found.time_ended[0] == pytest.approx(1.0, abs=1e-3)
    assert found.of("x")[0, 0] == pytest.approx(2.0, rel=1e-5)
    assert np.isnan(found.values[0, 1]).all()


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_parameter_that_is_no_number_is_flagged_where_it_acts(value):
    hybrid = HybridSystem(system(-K * X))
    found = simulate_hybrid(
        hybrid, np.array([[value], [1.0]]), np.array([1.0]), tolerance=Tolerance(1e-6), outputs=["x"]
    )
    assert found.words.tolist() == ["bad_parameter", "ok"]


def test_powers_below_zero():
    assert power(-8.0, 3.0) == -512.0
    assert power(-8.0, 0.5) == 0.0
    assert power(np.array([-1.0, 4.0]), 0.5).tolist() == [0.0, 2.0]
    bases, exponents = (
        np.array([[-1e-9, 1.0], [-1e-3, 1.0], [-1.0, 1.0]]),
        np.array([[0.5, 0.5]] * 2 + [[2.0, 2.0]]),
    )
    assert is_undershoot(bases, exponents, axis=1)[:, 0].tolist() == [False, True, False]


def test_functions_take_names_of_python():
    odd = OdeSystem("odd", ("lambda",), ("def",), (-symbol("def"),), (ONE,))
    function = compile_function(HybridSystem(odd), (symbol("lambda") ** symbol("def"),))
    assert function(0.0, np.array([3.0]), np.empty(0), np.array([2.0])) == [9.0]


def test_visits_are_checked():
    with pytest.raises(InputError, match="before the start"):
        simulate_hybrid(
            HybridSystem(system(-X)),
            np.ones((1, 1)),
            np.array([-1.0]),
            tolerance=Tolerance(1e-6),
            outputs=["x"],
        )
