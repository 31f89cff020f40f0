"""Leaving a mechanism out moves biomarkers of the typical patient as biology says, row by row."""

from dataclasses import dataclass
from functools import cache

import pytest

from ifntrial.course.assemble import typical_world
from ifntrial.course.simulate import simulate_subjects
from ifntrial.dosing.regimen import parse_regimen
from ifntrial.studies.validate.removal import DAY, REMOVALS, removal_lines
from shipped import CATALOG

LEAST_CHANGE, MOST_NOISE = 0.005, 0.0005
"""Relative difference from which a read-out counts as moved, and up to which it counts as the same."""


@dataclass(frozen=True)
class Removed:
    """What was found: the read-out of the whole model and of the model without the mechanism, and the direction."""

    whole: float
    without: float

    @property
    def direction(self) -> str:
        """``lower``, ``higher``, ``same``, or ``unclear`` between noise and the least change that counts."""
        scale = max(abs(self.whole), abs(self.without))
        change = 0.0 if scale == 0 else (self.without - self.whole) / scale
        if abs(change) <= MOST_NOISE:
            return "same"
        if abs(change) < LEAST_CHANGE:
            return "unclear"
        return "higher" if change > 0 else "lower"


@cache
def read_outs(without: tuple[str, ...], regimen: str) -> dict[str, float]:
    """Return all read-outs of the typical patient on ``DAY``."""
    model = CATALOG.model(without=without)
    names = tuple(dict.fromkeys(row.read_out for row in REMOVALS))
    typical = typical_world(model, CATALOG.evidence).parameters
    found = simulate_subjects(model, typical, parse_regimen(regimen), [0.0, DAY], names)
    return {name: float(found.of(name)[0, 1]) for name in names}


@pytest.mark.parametrize("row", REMOVALS, ids=lambda row: f"{row.without}-{row.regimen[:3]}-{row.read_out}")
def test_a_read_out_moves_as_expected(row):
    whole, without = (read_outs(left_out, row.regimen)[row.read_out] for left_out in ((), (row.without,)))
    found = Removed(whole, without)
    assert found.direction == row.expected, f"{found}: {row.reason}"


def test_every_mechanism_has_an_expectation(model):
    assert {row.without for row in REMOVALS} == {mechanism.name for mechanism in model.mechanisms}


def test_every_mechanism_moves_something():
    moved = {row.without for row in REMOVALS if row.expected != "same"}
    assert moved == {row.without for row in REMOVALS}


@pytest.mark.parametrize(
    ("whole", "without", "direction"),
    [
        (1.0, 1.0, "same"),
        (0.0, 0.0, "same"),
        (1.0, 1.002, "unclear"),
        (1.0, 1.1, "higher"),
        (0.5, 0.0, "lower"),
    ],
)
def test_directions(whole, without, direction):
    assert Removed(whole, without).direction == direction


def test_the_table_has_a_line_for_each_expectation():
    lines = list(removal_lines())
    assert len(lines) == len(REMOVALS) + 2
    assert {line.count("|") for line in lines} == {6}
