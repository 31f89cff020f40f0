"""Exact intervals of rates against the published one, and against the distribution they invert."""

import pytest
from scipy.stats import poisson

from ifntrial.studies.safety.one_trial import exact_rate_interval


def test_four_events_in_the_time_of_faSScinate_give_its_published_interval():
    """10.9 (3.0 to 27.9) per 100 patient-years: 4 events in 36.7."""
    assert exact_rate_interval(4, 0.367) == pytest.approx((3.0, 27.9), abs=0.05)


@pytest.mark.parametrize("count", [0, 1, 7, 40])
def test_ends_are_where_the_count_would_surprise(count):
    low, high = exact_rate_interval(count, 2.0)
    assert poisson.cdf(count, 2.0 * high) == pytest.approx(0.025)
    if count:
        assert poisson.sf(count - 1, 2.0 * low) == pytest.approx(0.025)
    else:
        assert low == 0.0
