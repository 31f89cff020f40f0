"""Organ events and death against closed forms: rates that step, follow the organ, and end follow-up."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq

from ifntrial.clinic.conduct import draw_conduct_noise
from ifntrial.clinic.organ_events import (
    HAZARDS,
    Baseline,
    baseline_of,
    cumulative_hazard,
    event_week,
    event_weeks,
)
from ifntrial.design.assumed import OrganEvents
from shipped import load_design

WEEKS = np.array([0.0, 12.0, 24.0, 36.0, 52.0])
YEAR = 365.25 / 7.0
RATES = OrganEvents(
    renal_crisis=0.1,
    renal_crisis_first_year=0.8,
    left_ventricular_failure=0.2,
    pulmonary_arterial_hypertension=0.3,
    gut_failure=0.4,
    digital_ischemia=0.5,
    death=0.6,
    reason="rates that a test can see",
)


def test_a_rate_steps_where_the_first_year_of_disease_ends():
    """A patient ill for half a year, and one ill for three: -log(u) is reached at 0.8 first, at 0.1 after."""
    base = baseline_of("renal_crisis", RATES, {"disease_duration_years": np.array([0.5, 3.0])})
    early, late = 0.2, 0.7  # of expected events; half a year at 0.8 is 0.4
    luck = np.exp(-np.array([[early, early], [late, late]]))
    found = event_week(base, None, WEEKS, luck) / YEAR
    assert found == pytest.approx(np.array([[0.25, 2.0], [0.5 + 0.3 / 0.1, 7.0]]))
    assert base.expected(np.array([YEAR, YEAR])) == pytest.approx([0.4 + 0.05, 0.1])


def test_an_event_without_a_first_year_has_one_rate():
    base = baseline_of("gut_failure", RATES, {"disease_duration_years": np.array([0.1])})
    assert event_week(base, None, WEEKS, np.array([[0.25]]))[0, 0] == pytest.approx(np.log(4) / 0.4 * YEAR)
    assert baseline_of("renal_crisis", RATES, {}).later == pytest.approx(0.1 / YEAR)


def test_nothing_happens_at_a_rate_of_zero():
    never = Baseline(0.0, 0.0, np.array([10.0]))
    assert np.isinf(event_week(never, None, WEEKS, np.array([[0.5]]))).all()
    assert np.isinf(event_week(never, np.ones((1, 5)), WEEKS, np.array([[0.5]]))).all()
    only_early = Baseline(0.01, 0.0, np.array([10.0]))
    assert np.isinf(event_week(only_early, None, WEEKS, np.array([[0.5]]))).all()
    assert event_week(only_early, None, WEEKS, np.array([[np.exp(-0.05)]])) == pytest.approx(5.0)


def relative_at(week: float, values: np.ndarray) -> float:
    """Return the mean of both ends between visits, and the last after them."""
    place = np.searchsorted(WEEKS, week, side="right")
    return values[-1] if place == len(WEEKS) else 0.5 * (values[place - 1] + values[place])


@pytest.mark.parametrize("needed", [0.02, 0.3, 0.5, 3.0])
def test_events_come_when_the_integral_of_the_rate_says(needed):
    """Against numerical integration of rate times relative hazard, and its inversion by Brent's method."""
    values = np.array([1.0, 0.8, 0.5, 0.3, 0.25])
    base = Baseline(0.02, 0.005, np.array([20.0]))

    def hazard(until: float) -> float:
        breaks = [each for each in (*WEEKS, 20.0) if each < until]
        return quad(
            lambda week: (0.02 if week < 20.0 else 0.005) * relative_at(week, values),
            0.0,
            until,
            points=breaks,
            limit=200,
        )[0]

    found = event_week(base, values[None], WEEKS, np.array([[np.exp(-needed)]]))[0, 0]
    assert found == pytest.approx(brentq(lambda week: hazard(week) - needed, 0.0, 5000.0), rel=1e-6)
    at_visits = cumulative_hazard(base, values[None], WEEKS)[0]
    assert at_visits == pytest.approx([hazard(week) for week in WEEKS], rel=1e-6)


def test_a_relative_hazard_of_one_changes_nothing_and_of_two_doubles_the_rate():
    luck = np.array([[0.9, 0.5, 0.1]])
    base = baseline_of("renal_crisis", RATES, {"disease_duration_years": np.array([0.2, 0.5, 3.0])})
    same = event_week(base, np.ones((3, 5)), WEEKS, luck)
    assert same == pytest.approx(event_week(base, None, WEEKS, luck))
    twice = event_week(base, np.full((3, 5), 2.0), WEEKS, luck)
    double = Baseline(2 * base.first, 2 * base.later, base.first_weeks)
    assert twice == pytest.approx(event_week(double, None, WEEKS, luck))


def test_a_subject_that_was_not_solved_has_no_event():
    base = Baseline(0.1, 0.1, 0.0)
    assert np.isinf(event_week(base, np.full((1, 5), np.nan), WEEKS, np.array([[0.5]]))).all()


def test_lists_hold_the_first_of_their_events():
    noise = draw_conduct_noise(1, 0, tuple(WEEKS), 50, 2)
    found = event_weeks(RATES, {}, {}, WEEKS, noise.once)
    acr = np.min([found[name] for name in HAZARDS[:3]], axis=0)
    assert np.array_equal(found["acr_2016"], acr)
    assert np.array_equal(
        found["extended"], np.minimum(acr, np.minimum(found["gut_failure"], found["digital_ischemia"]))
    )
    assert not np.array_equal(found["death"], found["extended"])


def test_daisy_tells_its_rates_and_why():
    rates = load_design("daisy").assumed.organ_events
    assert (rates.renal_crisis, rates.renal_crisis_first_year, rates.death) == (0.003, 0.021, 0.037)
    assert "RESCLE" in rates.reason
