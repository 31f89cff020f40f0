"""Actual days of visits: within the window, in order, the same in every arm, and readings of that day."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ifntrial.clinic.observe import observe_arms
from ifntrial.clinic.visit_days import at_actual_days, draw_visit_offsets
from shipped import load_design
from toy_trial import EXACT, toy_course, toy_covariates

WEEKS = (0.0, 4.0, 12.0, 24.0, 52.0)
FEW = settings(max_examples=settings.default.max_examples // 2)


def test_visits_are_spread_evenly_over_the_window() -> None:
    offsets = draw_visit_offsets(1, 0, WEEKS, 20_000, 7.0)
    assert (offsets[..., 0] == 0).all(), "baseline is the day of the first dose"
    for place in range(1, len(WEEKS)):
        days, counts = np.unique(offsets[..., place], return_counts=True)
        assert days.tolist() == list(range(-7, 8))
        assert counts == pytest.approx(20_000 / 15, rel=0.15)
    assert abs(np.corrcoef(offsets[0, :, 2], offsets[0, :, 3])[0, 1]) < 0.03


@FEW
@given(
    gaps=st.lists(st.integers(1, 30), min_size=1, max_size=8),
    window=st.floats(0, 60, allow_nan=False),
    seed=st.integers(0, 2**31),
)
def test_no_subject_has_visits_in_another_order(gaps: list[int], window: float, seed: int) -> None:
    days = np.concatenate([[0], np.cumsum(gaps)])
    offsets = draw_visit_offsets(seed, 3, tuple(days / 7.0), 40, window)
    assert np.abs(offsets).max() <= window
    assert (np.diff(days + offsets, axis=-1) > 0).all()


@pytest.mark.parametrize("gap", range(1, 17))
def test_a_window_ends_before_the_middle_between_two_visits_of_any_day(gap: int) -> None:
    days = [0, *range(15, 1100, gap)][:120]
    offsets = draw_visit_offsets(1, 0, tuple(day / 7 for day in days), 400, 7.0)[0]
    half = min(7, (gap - 1) // 2)
    assert (offsets[:, 1:].min(axis=0) == -half).all()
    assert (offsets[:, 1:].max(axis=0) == half).all()


def test_more_subjects_visits_or_repeats_move_no_visit() -> None:
    small = draw_visit_offsets(3, 7, (0.0, 12.0, 52.0), 10, 7.0, 2)
    large = draw_visit_offsets(3, 7, (0.0, 4.0, 12.0, 24.0, 52.0), 50, 7.0, 5)
    assert np.array_equal(small, large[:2, :10][..., [0, 2, 4]])
    assert np.array_equal(large[3:], draw_visit_offsets(3, 7, (0.0, 4.0, 12.0, 24.0, 52.0), 50, 7.0, 2, 3))


def test_a_straight_course_is_read_exactly_on_any_day() -> None:
    weeks = np.array(WEEKS)
    offsets = draw_visit_offsets(1, 0, WEEKS, 30, 7.0, 2)
    slope = np.linspace(-2, 2, 30)[:, None]
    found = at_actual_days(20.0 + slope * weeks, weeks, offsets)
    assert found == pytest.approx(20.0 + slope * (weeks + offsets / 7.0))


def test_a_missing_end_of_a_line_is_not_spread() -> None:
    values = np.array([[1.0, 2.0, np.nan, np.nan]])
    found = at_actual_days(values, np.array([0.0, 12.0, 24.0, 36.0]), np.full((1, 1, 4), 3.0))
    assert found[0, 0, :2] == pytest.approx([1.0 + 3 / 84, 2.0])
    assert np.isnan(found[0, 0, 2:]).all()


def test_every_arm_has_the_same_days_and_reads_the_course_there() -> None:
    daisy = load_design("daisy")
    rules = daisy.assumed.model_copy(
        update={"responder_rule": daisy.assumed.responder_rule.model_copy(update={"rounding": False})}
    )
    design = daisy.model_copy(update={"assumed": rules})
    courses = {
        arm.name: toy_course(arm.name, 0.7 * (not arm.is_control), 80, design.visit_weeks)
        for arm in design.arms
    }
    arms = observe_arms(design, courses, toy_covariates(80), EXACT, seed=5, replicates=2)
    one, other = arms["anifrolumab"], arms["placebo"]
    assert np.array_equal(one.offset_days, other.offset_days)
    assert np.abs(one.offset_days).max() == 7
    untouched = (one.visit_week <= np.minimum(one.discontinuation_week, one.rescue_week)[..., None])[..., 1:]
    # the invented course is linear in time, so that the reading is the course at the actual week
    weeks = one.visit_week + one.offset_days / 7.0
    true = courses["anifrolumab"].values["haq_di"]
    rate = (true[:, -1] - true[:, 0]) / one.visit_week[-1]
    expected = true[:, :1] + rate[:, None] * weeks
    is_straight = np.ptp(np.diff(true, axis=1) / np.diff(one.visit_week), axis=1) < 1e-9
    both = (untouched & (expected > 0.0)[..., 1:] & (expected < 3.0)[..., 1:])[:, is_straight]
    assert both.sum() > 500
    read = one.values["haq_di"][:, is_straight, 1:]
    assert read[both] == pytest.approx(expected[:, is_straight, 1:][both], abs=1e-9)


def test_without_a_window_visits_are_on_their_day() -> None:
    assert not draw_visit_offsets(1, 0, WEEKS, 5, 0.0).any()
    assert not draw_visit_offsets(1, 0, (0.0, 1 / 7, 2 / 7), 5, 7.0).any(), "visits on consecutive days"
