"""A mean over worlds of unequal weight and its error, by hand."""

from math import inf, sqrt

import numpy as np
import pytest

from ifntrial.statistics.mean_over_worlds import mean_over_worlds


@pytest.mark.parametrize(
    ("values", "weight", "mean", "units", "error", "half"),
    [
        # two worlds: the half width is 12.706 standard errors, with one degree of freedom
        ((0.0, 1.0), (2.0, 2.0), 0.5, 2.0, 0.5, 6.3531),
        # shares 3/4 and 1/4, worth 1.6 worlds; (9/16 + 9/16) * 1.6 / 0.6 is 3
        ((0.0, 4.0), (3.0, 1.0), 1.0, 1.6, sqrt(3.0), 12.7062 * sqrt(3.0)),
        # ten equal worlds: 2.2622 standard errors with nine degrees of freedom
        ((1.0,) * 5 + (3.0,) * 5, (1.0,) * 10, 2.0, 10.0, 1.0 / 3.0, 2.26216 / 3.0),
        # without weight a world does not count
        ((0.0, 1.0, 7.0), (1.0, 1.0, 0.0), 0.5, 2.0, 0.5, 6.3531),
        # one world says nothing about others
        ((0.3, 0.9), (1.0, 0.0), 0.3, 1.0, inf, inf),
    ],
)
def test_mean_and_error(values, weight, mean, units, error, half):
    found = mean_over_worlds(np.array(values), np.array(weight))
    assert (found.mean, found.units, found.standard_error) == pytest.approx((mean, units, error))
    assert found.half_width == pytest.approx(half, rel=1e-4)


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [
        # mean 0.2 and standard error 1/30, as of 0.16 * 900 = 144 trials; Wilson's with 2.26216 standard errors
        ((0.1,) * 5 + (0.3,) * 5, 0.135483, 0.285107),
        # mean and standard error one half, as of one trial: 12.7062 / (1 + 161.448) * sqrt((1 + 161.448) / 4) each way
        ((0.0, 1.0), 0.0015415, 0.9984585),
        # ten worlds without any: 2.26216**2 / (10 + 2.26216**2)
        ((0.0,) * 10, 0.0, 0.338509),
        ((1.0,) * 10, 0.661491, 1.0),
        # worlds that agree leave nothing open but what others would say, which one world cannot tell
        ((0.4,) * 10, 0.4, 0.4),
        ((0.4,), 0.0, 1.0),
    ],
)
def test_the_interval_of_a_share_stays_within_zero_and_one(values, low, high):
    found = mean_over_worlds(np.array(values), np.ones(len(values)))
    assert found.share_interval == pytest.approx((low, high), abs=2e-6)
