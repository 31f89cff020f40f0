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
