"""Weeks as days: whole ones for what is planned, whatever a seventh of a day rounds to."""

import ast

import numpy as np
import pytest

from ifntrial import calendar
from ifntrial.calendar import event_days, planned_days
from package_source import constants, modules_but


def test_a_plan_of_any_day_falls_on_that_day() -> None:
    days = np.arange(3651)
    assert (days / 7 * 7 != days).sum() > 100, "a plain product misses days"
    assert planned_days(days / 7).tolist() == days.tolist()
    assert planned_days((0.0, 4.14, 4.142857, 52.0)).tolist() == [0.0, 29.0, 29.0, 364.0]


def test_an_event_at_a_visit_falls_on_its_day_and_any_other_when_it_happens() -> None:
    visits = np.array([0.0, 29 / 7, 61 / 7])
    events = np.array([29 / 7, 61 / 7, 4.5, np.inf])
    assert event_days(events, visits).tolist() == [29.0, 61.0, 31.5, np.inf]


def test_a_year_is_that_of_the_julian_calendar() -> None:
    assert (calendar.SECONDS_PER_DAY, calendar.HOURS_PER_DAY, calendar.DAYS_PER_WEEK) == (86_400, 24.0, 7.0)
    assert calendar.DAYS_PER_YEAR == 365.25
    assert pytest.approx(52.178571428571) == calendar.WEEKS_PER_YEAR


LENGTHS = (365, 365.25, 52.18, 52.1775, 30.4375, 30.44, 1440, 86_400)
"""Of years, months and days, in the units that they are told in."""


def repeats(tree: ast.AST) -> list[object]:
    """Return lengths that a module writes down, and products with the days of a week or the hours of a day."""
    found = [each for each in constants(tree) if each in LENGTHS]
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div):
            sides = (getattr(side, "value", None) for side in (node.left, node.right))
            found.extend(ast.unparse(node) for side in sides if side in (7, 24))
    return found


def test_no_other_file_has_the_calendar_again() -> None:
    found = {str(path): again for path, tree in modules_but("calendar.py") if (again := repeats(tree))}
    assert found == {}


@pytest.mark.parametrize(
    "text",
    [
        "days = weeks * 7.0",
        "year = 365.25",
        "w = 7 * x",
        "rate = x / 86400",
        "t = [0.0, 365.0]",
        "d = 0.5 / 24",
    ],
)
def test_a_repeat_is_found(text: str) -> None:
    assert repeats(ast.parse(text)) != []
