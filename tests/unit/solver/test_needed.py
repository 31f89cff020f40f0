"""States that no output needs are not solved, and the others do not notice."""

from dataclasses import replace

import numpy as np
import pytest
import sympy

from ifntrial.solver import TIME, DoseTable, OdeSystem, Tolerance, needed_system, simulate, symbol

A, B, C, D, K = (symbol(name) for name in "abcdk")
SYSTEM = OdeSystem(
    name="a chain with a side branch",
    states=("a", "b", "c", "d"),
    parameters=("k",),
    # c follows b and acts on nothing; d acts on b through an assignment
    rates=(-K * A, K * A - symbol("loss"), B - C, -D),
    initial=(sympy.Integer(1), sympy.Integer(0), sympy.Integer(0), sympy.Integer(2)),
    scales=(sympy.Integer(1), symbol("size"), sympy.Integer(1), sympy.Integer(2)),
    assignments=(("size", K * 2), ("loss", D * B), ("unused", C + 1)),
    outputs=(("sum", A + B), ("other", symbol("unused") * 2)),
)


@pytest.mark.parametrize(
    ("wanted", "states", "assignments", "outputs"),
    [
        (("a",), ("a",), (), ()),
        (("b",), ("a", "b", "d"), ("size", "loss"), ()),
        (("sum",), ("a", "b", "d"), ("size", "loss"), ("sum",)),
        (("d", "a"), ("a", "d"), (), ()),
        (("other",), ("a", "b", "c", "d"), ("size", "loss", "unused"), ("sum", "other")),
    ],
)
def test_what_is_kept(wanted, states, assignments, outputs):
    found = needed_system(SYSTEM, wanted)
    assert found.states == states
    assert tuple(name for name, _ in found.assignments) == assignments
    assert tuple(name for name, _ in found.outputs) == outputs
    assert found.parameters == ("k",)
    assert len(found.rates) == len(found.initial) == len(found.scales) == len(states)


def test_values_are_those_of_the_whole_system():
    doses = DoseTable.regimen(2, state="a", amount=1.0, times=[1.0, 2.0])
    given = {"k": [0.3, 1.7]}, doses, [0.5, 1.5, 3.0]
    whole = simulate(SYSTEM, *given, outputs=("sum",), tolerance=Tolerance(1e-10))
    part = simulate(needed_system(SYSTEM, ("sum", "a")), *given, outputs=("sum",), tolerance=Tolerance(1e-10))
    assert part.values == pytest.approx(whole.values, rel=1e-9)
    # a, once more by hand: each dose of one decays with k
    times, k = np.array([0.5, 1.5, 3.0]), np.array([[0.3], [1.7]])
    alone = simulate(needed_system(SYSTEM, ("a",)), *given, outputs=("a",), tolerance=Tolerance(1e-10))
    by_hand = sum(np.where(times > at, np.exp(-k * (times - at)), 0.0) for at in (0.0, 1.0, 2.0))
    assert alone.of("a") == pytest.approx(by_hand, rel=1e-8)


def test_what_needs_no_state_is_followed_all_the_same():
    clock = replace(SYSTEM, outputs=(("clock", 2 * TIME),))
    found = simulate(needed_system(clock, ("clock",)), {"k": [0.3]}, None, [0.0, 1.5], outputs=("clock",))
    assert found.of("clock")[0] == pytest.approx([0.0, 3.0])
