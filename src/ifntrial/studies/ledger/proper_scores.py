"""Scores of a forecast against what happened: lower is better, and honest forecasts score best on average.

Source: Gneiting and Raftery 2007, Strictly proper scoring rules, prediction, and estimation.
"""

import numpy as np
from scipy.special import ndtr

from ifntrial.arrays import FloatArray
from ifntrial.errors import InputError
from ifntrial.normal_mixture import NormalMixture

INTERVAL_LEVEL = 0.9
"""Coverage of the interval that is scored."""


def log_score(chance: float, happened: bool) -> float:
    """Return minus the natural logarithm of the chance given to what happened; infinite if that was zero.

    Examples
    --------
    >>> round(log_score(0.3, True), 6)
    1.203973
    """
    given = chance if happened else 1.0 - chance
    return float(-np.log(given)) if given > 0 else float("inf")


def brier_score(chance: float, happened: bool) -> float:
    """Return the squared difference of the chance and what happened, one or zero.

    Examples
    --------
    >>> round(brier_score(0.3, True), 6)
    0.49
    """
    return (chance - float(happened)) ** 2


def crps(points: FloatArray, observed: float, weight: FloatArray | None = None) -> float:
    """Return the continuous ranked probability score of draws, or of the points of a discrete distribution.

    Parameters
    ----------
    points
        In the unit of the quantity, shape (points,).
    weight
        Of each, any positive sum; None: all alike, as draws are. A point with itself counts among the pairs.
    """
    order = np.argsort(points, kind="stable")
    x = points[order]
    share = _shares(len(points), weight)[order]
    reached = np.cumsum(share)[:-1]
    to_observed = float((share * np.abs(x - observed)).sum())
    return to_observed - float((reached * (1.0 - reached) * np.diff(x)).sum())


def crps_of_mixture(mixture: NormalMixture, observed: float) -> float:
    """Return the continuous ranked probability score of a mixture of normal distributions, in closed form.

    Source: Grimit and others 2006, The continuous ranked probability score for circular variables, equation 5.
    """
    weights, means, sds = mixture.weights, mixture.means, mixture.sds
    to_observed = float((weights * _mean_distance(observed - means, sds)).sum())
    between = _mean_distance(means[:, None] - means, np.sqrt(sds[:, None] ** 2 + sds**2))
    return to_observed - 0.5 * float((weights[:, None] * weights * between).sum())


def _mean_distance(shift: FloatArray, sd: FloatArray) -> FloatArray:
    """Return the mean absolute value of normal numbers around ``shift``."""
    z = shift / sd
    return np.asarray(shift * (2.0 * ndtr(z) - 1.0) + 2.0 * sd * np.exp(-0.5 * z**2) / np.sqrt(2.0 * np.pi))


def interval_score(low: float, high: float, observed: float, level: float = INTERVAL_LEVEL) -> float:
    """Return the width of an interval, and a penalty in proportion to how far outside the observed value lies.

    Examples
    --------
    >>> round(interval_score(-0.04, 0.22, 0.3), 6)
    1.86
    """
    outside = max(low - observed, observed - high, 0.0)
    return high - low + 2.0 / (1.0 - level) * outside


def energy_score(draws: FloatArray, observed: FloatArray, weight: FloatArray | None = None) -> float:
    """Return the continuous ranked probability score of several quantities together, with Euclidean distance.

    Parameters
    ----------
    draws
        On scales that make distances comparable, shape (draws, quantities).
    observed
        On the same scales, shape (quantities,).
    weight
        Of each draw; None: all alike.
    """
    share = _shares(len(draws), weight)
    to_observed = float((share * np.linalg.norm(draws - observed, axis=1)).sum())
    # a row at a time: all pairs of many draws do not fit into memory
    to_others = np.array([(share * np.linalg.norm(draws - each, axis=1)).sum() for each in draws])
    return to_observed - 0.5 * float((share * to_others).sum())


def pit(points: FloatArray, observed: float, weight: FloatArray | None = None) -> float:
    """Return the probability of at most the observed value: over many forecasts it is uniform if they are right."""
    return float(_shares(len(points), weight)[points <= observed].sum())


def _shares(count: int, weight: FloatArray | None) -> FloatArray:
    if count == 0 or (weight is not None and (len(weight) != count or not weight.sum() > 0)):
        raise InputError(
            "a distribution without points cannot be scored",
            given=f"{count} points, {'no weights' if weight is None else f'{len(weight)} weights'}",
            allowed="at least one point, and a weight for each with a positive sum",
            fix="check the forecast",
        )
    return np.full(count, 1.0 / count) if weight is None else np.asarray(weight / weight.sum())
