"""Leaving a mechanism out moves biomarkers of the typical patient as biology says, row by row."""

import pytest

from ifntrial.studies.validate.removal import REMOVALS, Removed, check_removal, removal_lines
from shipped import CATALOG


@pytest.mark.parametrize("row", REMOVALS, ids=lambda row: f"{row.without}-{row.regimen[:3]}-{row.read_out}")
def test_a_read_out_moves_as_expected(row, evidence):
    found = check_removal(row, CATALOG)
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
