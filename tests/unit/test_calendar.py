"""Weeks as days: whole ones for what is planned, whatever a seventh of a day rounds to."""

import numpy as np

from ifntrial.calendar import event_days, planned_days


def test_a_plan_of_any_day_falls_on_that_day() -> None:
    days = np.arange(3651)
    assert (days / 7 * 7 != days).sum() > 100, "a plain product misses days"
    assert planned_days(days / 7).tolist() == days.tolist()
    assert planned_days((0.0, 4.14, 4.142857, 52.0)).tolist() == [0.0, 29.0, 29.0, 364.0]


def test_an_event_at_a_visit_falls_on_its_day_and_any_other_when_it_happens() -> None:
    visits = np.array([0.0, 29 / 7, 61 / 7])
    events = np.array([29 / 7, 61 / 7, 4.5, np.inf])
    assert event_days(events, visits).tolist() == [29.0, 61.0, 31.5, np.inf]
