"""How uncertain a published number is by itself: the standard error that its row gives or implies."""

from math import sqrt

from ifntrial.evidence.records import Observation
from ifntrial.levels import NORMAL_95

MEDIAN_OVER_MEAN = 1.2533
"""Standard error of a median over that of a mean, normal distribution."""
WIDTH_IN_ERRORS = {"ci95": 2.0 * NORMAL_95, "one_se": 2.0}


def standard_error(row: Observation, n: int | None = None) -> float | None:
    """Return the standard error of a published mean or median in its unit, None where the row does not give it.

    Parameters
    ----------
    n
        Number of subjects where the row holds none.
    """
    if row.interval_kind in WIDTH_IN_ERRORS and row.low is not None and row.high is not None:
        return (row.high - row.low) / WIDTH_IN_ERRORS[row.interval_kind]
    size = row.n or n
    if row.sd is None or not size:
        return None
    return row.sd / sqrt(size) * (MEDIAN_OVER_MEAN if row.statistic == "median" else 1.0)
