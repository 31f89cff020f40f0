"""Stratified risk difference with the score interval of Miettinen and Nurminen."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from ifntrial.arrays import FloatArray
from ifntrial.errors import InputError
from ifntrial.levels import CONFIDENCE
from ifntrial.statistics.cmh import StratifiedCounts

_EDGE = 1e-10


@dataclass(frozen=True, slots=True)
class RiskDifference:
    """Active minus control, with the interval that the score test does not reject.

    Parameters
    ----------
    estimate, low, high
        Difference of response rates.
    z
        Score statistic of no difference, positive where active is better.
    p_two_sided
        Its p value.
    """

    estimate: float
    low: float
    high: float
    z: float
    p_two_sided: float


def miettinen_nurminen(counts: StratifiedCounts, confidence: float = CONFIDENCE) -> RiskDifference:
    """Return the stratified risk difference with Mantel-Haenszel weights; one stratum gives the plain method.

    Parameters
    ----------
    counts
        One trial, arrays of shape (strata,); strata with only one arm carry no weight.
    confidence
        Of the interval.

    Raises
    ------
    InputError
        If no stratum has both arms.

    Source
    ------
    Miettinen and Nurminen, Stat Med 1985;4:213.
    """
    x1, n1, x0, n0 = _informative(counts)
    weight = n1 * n0 / (n1 + n0)
    weight = weight / weight.sum()
    estimate = float((weight * (x1 / n1 - x0 / n0)).sum())

    def z_of(difference: float) -> float:
        rate0 = _restricted_control_rate(x1, n1, x0, n0, difference)
        rate1 = rate0 + difference
        total = n1 + n0
        variance = (rate1 * (1 - rate1) / n1 + rate0 * (1 - rate0) / n0) * total / (total - 1.0)
        spread = float(np.sqrt(max((weight**2 * variance).sum(), 0.0)))
        gap = estimate - difference
        return gap / spread if spread > 0 else float(np.sign(gap)) * np.inf if abs(gap) > _EDGE else 0.0

    critical = float(-ndtri((1.0 - confidence) / 2.0))
    z = z_of(0.0)
    return RiskDifference(
        estimate=estimate,
        low=_crossing(lambda d: z_of(d) - critical, -1.0 + _EDGE, estimate, -1.0),
        high=_crossing(lambda d: z_of(d) + critical, estimate, 1.0 - _EDGE, 1.0),
        z=z,
        p_two_sided=float(2.0 * ndtr(-abs(z))),
    )


def _informative(counts: StratifiedCounts) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    both = (counts.subjects_active > 0) & (counts.subjects_control > 0)
    if both.ndim != 1 or not both.any():
        raise InputError(
            "no stratum has subjects in both arms",
            given=f"subjects active {counts.subjects_active.tolist()}, control {counts.subjects_control.tolist()}",
            allowed="one trial with at least one stratum that has both arms",
            fix="pool strata, or analyse without them",
        )
    parts = (
        counts.responders_active,
        counts.subjects_active,
        counts.responders_control,
        counts.subjects_control,
    )
    x1, n1, x0, n0 = (np.asarray(part, dtype=np.float64)[both] for part in parts)
    return x1, n1, x0, n0


def _crossing(function: Callable[[float], float], low: float, high: float, edge: float) -> float:
    """Return where a falling function crosses zero, or the edge of the scale if it does not."""
    if function(low) * function(high) > 0:
        return edge
    return float(brentq(function, low, high, xtol=1e-12))


def _restricted_control_rate(
    x1: FloatArray, n1: FloatArray, x0: FloatArray, n0: FloatArray, difference: float
) -> FloatArray:
    """Return the most likely control rate of each stratum if the difference were as given.

    The root of the likelihood equation, a cubic, in its trigonometric form.
    """
    total = n1 + n0
    d = difference
    a = total
    b = (n1 + 2.0 * n0) * d - total - (x1 + x0)
    c = (n0 * d - total - 2.0 * x0) * d + (x1 + x0)
    e = x0 * d * (1.0 - d)
    third = b / (3.0 * a)
    q = third**3 - b * c / (6.0 * a**2) + e / (2.0 * a)
    p = np.where(q < 0, -1.0, 1.0) * np.sqrt(np.maximum(third**2 - c / (3.0 * a), 0.0))
    with np.errstate(invalid="ignore", divide="ignore"):
        cosine = np.where(p != 0, q / p**3, 0.0)
    angle = (np.pi + np.arccos(np.clip(cosine, -1.0, 1.0))) / 3.0
    rate = 2.0 * p * np.cos(angle) - third
    restricted: FloatArray = np.clip(rate, max(0.0, -d), min(1.0, 1.0 - d))
    return restricted
