"""How uncertain a published number is by itself: the standard error that its row states or implies.

A row states it in several ways, and some rows in two. The order for each statistic is declared once, in ``ORDER``;
what stands first is closest to the sampling error of that very statistic:

- a standard error that is published is it;
- the standard deviation of subjects over the root of their number is it by definition for the mean of what was read,
  while an interval is so only if it is normal: that of a small group is of Student's t, at 30 subjects 4 % wider;
- of a mean adjusted in a model, and of a median, the interval is of the analysis that was made, and the standard
  deviation a guess at it;
- a proportion and a correlation have a law of their own, without any spread of subjects;
- quartiles, or the middle 90 %, of subjects come last: they are a standard deviation only if values are normal.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import pi, sqrt
from types import MappingProxyType

from ifntrial.evidence.records import Observation
from ifntrial.levels import NORMAL_75, NORMAL_90, NORMAL_95
from ifntrial.units import convert

MEDIAN_OVER_MEAN = sqrt(pi / 2.0)
"""Standard error of a median over that of a mean, normal distribution."""

_WIDTH_IN_SD = {"iqr": 2.0 * NORMAL_75, "central90": 2.0 * NORMAL_90}
_LEAST_OF_CORRELATION = 4


def standard_error(row: Observation, n: int | None = None) -> float | None:
    """Return the standard error of a published number in its unit, by the first statement of its row in ``ORDER``.

    Of a ratio it is that of the ratio itself, not of its logarithm.

    Parameters
    ----------
    n
        Number of subjects where the row holds none.

    Returns
    -------
    None where the row says nothing of it.
    """
    counted = replace(row, n=row.n or n)
    found = (statement(counted) for statement in ORDER.get(row.statistic, OTHERS))
    return next((error for error in found if error is not None), None)


def error_of_share(share: float, n: int) -> float:
    """Return the standard error of a share of ``n`` subjects (0 to 1)."""
    return sqrt(share * (1.0 - share) / n)


def error_of_sd(sd: float, n: int) -> float:
    """Return the standard error of a standard deviation of ``n`` subjects, normal distribution, in its unit."""
    return sd / sqrt(2 * (n - 1))


def implied_subjects(row: Observation) -> int | None:
    """Return the number of subjects of a mean that has both a standard deviation and an error, None without either."""
    error = _of_standard_error(row) or _of_interval(row)
    return round((row.sd / error) ** 2) if row.sd and error else None


def _of_standard_error(row: Observation) -> float | None:
    width = _width(row, "one_se")
    return None if width is None else width / 2.0


def _of_interval(row: Observation) -> float | None:
    width = _width(row, "ci95")
    return None if width is None else width / (2.0 * NORMAL_95)


def _of_sd(row: Observation) -> float | None:
    return None if row.sd is None else _of_mean_or_median(row, row.sd)


def _of_quantiles(row: Observation) -> float | None:
    width = _width(row, *_WIDTH_IN_SD)
    return None if width is None else _of_mean_or_median(row, width / _WIDTH_IN_SD[row.interval_kind])


def _of_share(row: Observation) -> float | None:
    if row.value is None or not row.n:
        return None
    whole = convert(1.0, "1", row.unit)
    return whole * error_of_share(row.value / whole, row.n)


def _of_correlation(row: Observation) -> float | None:
    """Return the error that Fisher's transformation gives at the published value."""
    if row.value is None or not row.n or row.n < _LEAST_OF_CORRELATION:
        return None
    return (1.0 - row.value**2) / sqrt(row.n - 3)


def _width(row: Observation, *kinds: str) -> float | None:
    if row.interval_kind not in kinds or row.low is None or row.high is None:
        return None
    return row.high - row.low


def _of_mean_or_median(row: Observation, sd: float) -> float | None:
    if not row.n:
        return None
    return sd / sqrt(row.n) * (MEDIAN_OVER_MEAN if row.statistic == "median" else 1.0)


Statement = Callable[[Observation], float | None]

ORDER: Mapping[str, tuple[Statement, ...]] = MappingProxyType(
    {
        "mean": (_of_standard_error, _of_sd, _of_interval, _of_quantiles),
        "adjusted_mean": (_of_standard_error, _of_interval, _of_sd, _of_quantiles),
        "median": (_of_standard_error, _of_interval, _of_sd, _of_quantiles),
        "proportion": (_of_standard_error, _of_interval, _of_share),
        "correlation": (_of_standard_error, _of_interval, _of_correlation),
        "intraclass_correlation": (_of_standard_error, _of_interval, _of_correlation),
    }
)
"""Statistic to the statements of its error, the closest first."""

OTHERS: tuple[Statement, ...] = (_of_standard_error, _of_interval)
"""Of statistics that are not in ``ORDER``."""
