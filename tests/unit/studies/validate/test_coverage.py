"""Coverage of a made-up table, counted by hand."""

import pytest

from ifntrial.studies.validate.coverage import (
    coverage,
    coverage_by_trial,
    place_by_distance,
    place_by_percentile,
)

TABLE = [
    place_by_percentile("fit", "one", 50.0, 0.0),
    place_by_percentile("fit", "one", 74.9, -0.6),
    place_by_percentile("fit", "one", 94.0, -1.5),
    place_by_percentile("fit", "one", 99.0, -3.0),
    place_by_percentile("fit", "two", 3.0, 2.0),
]
"""Five values of two trials: two in the middle half, three in the middle 90 %."""


def test_shares_are_of_values_and_of_trials():
    found = coverage(TABLE)
    assert (found.value_count, found.trial_count) == (5, 2)
    assert (found.within_50, found.within_90) == (pytest.approx(40.0), pytest.approx(60.0))
    # trial one has 2 and 3 of 4, trial two none of 1
    assert (found.trials_within_50, found.trials_within_90) == (pytest.approx(25.0), pytest.approx(37.5))
    assert found.rms == pytest.approx(((0.36 + 2.25 + 9.0 + 4.0) / 5) ** 0.5)


def test_the_ends_of_the_middle_count_as_inside():
    assert place_by_percentile("fit", "x", 25.0, 0.0).within_50
    assert place_by_percentile("fit", "x", 95.0, 0.0).within_90
    assert not place_by_percentile("fit", "x", 95.1, 0.0).within_90


@pytest.mark.parametrize(
    ("z", "within_50", "within_90"),
    [(0.67, True, True), (-0.68, False, True), (1.64, False, True), (-1.65, False, False)],
)
def test_distances_are_those_of_a_normal_distribution(z, within_50, within_90):
    """Half of a normal distribution lies within 0.6745 standard deviations, nine tenths within 1.6449."""
    found = place_by_distance("test", "x", z)
    assert (found.within_50, found.within_90) == (within_50, within_90)


def test_each_trial_and_use_has_its_own():
    other = place_by_percentile("test", "two", 60.0, 0.2)
    found = {(each.trial, each.use): each.coverage for each in coverage_by_trial([*TABLE, other])}
    assert list(found) == [("one", "fit"), ("two", "fit"), ("two", "test")]
    assert found["two", "test"].within_50 == 100.0
    assert found["two", "fit"].within_90 == 0.0


def test_of_nothing_no_share_is_known():
    found = coverage([])
    assert (found.value_count, found.within_50, found.trials_within_90, found.rms) == (0, None, None, None)
