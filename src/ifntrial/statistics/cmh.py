"""Stratified Cochran-Mantel-Haenszel test without continuity correction, and its risk difference."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import ndtr

from ifntrial.arrays import BoolArray, FloatArray, IntArray
from ifntrial.errors import InputError
from ifntrial.levels import NORMAL_95
from ifntrial.ties import reaches

FEWEST_PER_ARM = 2


@dataclass(frozen=True, slots=True)
class StratifiedCounts:
    """Responders and subjects per arm and stratum; the last axis is the strata, others are replicates.

    Parameters
    ----------
    responders_active, responders_control
        Number of responders, shape (..., strata).
    subjects_active, subjects_control
        Number of subjects, same shape.
    """

    responders_active: FloatArray
    subjects_active: FloatArray
    responders_control: FloatArray
    subjects_control: FloatArray

    def __post_init__(self) -> None:
        if not np.all(
            (self.responders_active >= 0)
            & (self.responders_active <= self.subjects_active)
            & (self.responders_control >= 0)
            & (self.responders_control <= self.subjects_control)
        ):
            raise InputError(
                "a stratum has more responders than subjects, or a negative or missing count",
                allowed="0 <= responders <= subjects in each arm and stratum",
                fix="check the table of counts",
            )


@dataclass(frozen=True, slots=True)
class CmhResult:
    """Result of the test; every field has the shape of the replicates (a number for one trial).

    Parameters
    ----------
    z
        Square root of the statistic with the sign of active minus control; zero if no stratum is informative.
    p_two_sided, p_one_sided
        One-sided: active better than control.
    risk_difference, standard_error, low, high
        Active minus control with Mantel-Haenszel weights, Sato's standard error and the 95 % interval.
    odds_ratio
        Mantel-Haenszel common odds ratio, active against control.
    informative_strata
        Strata with both arms and with both outcomes.
    is_large_enough
        Whether the Mantel-Fleiss criterion holds, without which the normal approximation is doubtful.
    """

    z: FloatArray
    p_two_sided: FloatArray
    p_one_sided: FloatArray
    risk_difference: FloatArray
    standard_error: FloatArray
    low: FloatArray
    high: FloatArray
    odds_ratio: FloatArray
    informative_strata: IntArray
    is_large_enough: BoolArray


def pool_sparse(counts: StratifiedCounts, fewest: int = FEWEST_PER_ARM) -> StratifiedCounts:
    """Return the counts with all strata of fewer than ``fewest`` subjects in an arm merged into one, placed last."""
    sparse = (counts.subjects_active < fewest) | (counts.subjects_control < fewest)

    def pooled(values: FloatArray) -> FloatArray:
        rest = np.where(sparse, values, 0.0).sum(axis=-1, keepdims=True)
        return np.concatenate([np.where(sparse, 0.0, values), rest], axis=-1)

    return StratifiedCounts(
        responders_active=pooled(counts.responders_active),
        subjects_active=pooled(counts.subjects_active),
        responders_control=pooled(counts.responders_control),
        subjects_control=pooled(counts.subjects_control),
    )


def cmh_test(counts: StratifiedCounts, *, sparse_strata: Literal["keep", "pool"] = "keep") -> CmhResult:
    """Return the test of no difference in any stratum, for one trial or for many at once.

    Parameters
    ----------
    counts
        Arrays of shape (..., strata).
    sparse_strata
        ``keep``: every stratum counts; one with a single arm or a single outcome carries no information and adds
        nothing to the statistic. ``pool``: strata with fewer than two subjects in an arm are merged first.

    Source
    ------
    Mantel and Haenszel, J Natl Cancer Inst 1959; Sato et al., Biometrics 1989 (variance of the difference); Mantel and
    Fleiss, Am J Epidemiol 1980 (size).
    """
    if sparse_strata == "pool":
        counts = pool_sparse(counts)
    x1, n1, x0, n0 = (
        np.asarray(values, dtype=np.float64)
        for values in (
            counts.responders_active,
            counts.subjects_active,
            counts.responders_control,
            counts.subjects_control,
        )
    )
    total, responders = n1 + n0, x1 + x0
    safe = np.where(total > 0, total, 1.0)
    expected = n1 * responders / safe
    variance = n1 * n0 * responders * (total - responders) / (safe**2 * np.where(total > 1, total - 1.0, 1.0))
    z = _ratio((x1 - expected).sum(-1), np.sqrt(variance.sum(-1)))
    difference, error = _risk_difference(x1, n1, x0, n0, safe)
    half = NORMAL_95 * error
    return CmhResult(
        z=z,
        p_two_sided=2.0 * ndtr(-np.abs(z)),
        p_one_sided=ndtr(-z),
        risk_difference=difference,
        standard_error=error,
        low=np.maximum(difference - half, -1.0),
        high=np.minimum(difference + half, 1.0),
        odds_ratio=_odds_ratio(x1, n1, x0, n0, safe),
        informative_strata=(variance > 0).sum(-1),
        is_large_enough=_is_large_enough(expected, n1, n0, responders),
    )


def _ratio(top: FloatArray, bottom: FloatArray) -> FloatArray:
    return np.divide(top, bottom, out=np.zeros_like(bottom), where=bottom > 0)


def _risk_difference(
    x1: FloatArray, n1: FloatArray, x0: FloatArray, n0: FloatArray, total: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the Mantel-Haenszel risk difference and its standard error, NaN without an informative stratum."""
    weight = (n1 * n0 / total).sum(-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        difference = ((x1 * n0 - x0 * n1) / total).sum(-1) / weight
        first = ((n1**2 * x0 - n0**2 * x1 + n1 * n0 * (n0 - n1) / 2.0) / total**2).sum(-1)
        second = ((x1 * (n0 - x0) + x0 * (n1 - x1)) / (2.0 * total)).sum(-1)
        error = np.sqrt(np.maximum(difference * first + second, 0.0)) / weight
    return difference, error


def _odds_ratio(
    x1: FloatArray, n1: FloatArray, x0: FloatArray, n0: FloatArray, total: FloatArray
) -> FloatArray:
    with np.errstate(invalid="ignore", divide="ignore"):
        odds_ratio: FloatArray = (x1 * (n0 - x0) / total).sum(-1) / (x0 * (n1 - x1) / total).sum(-1)
        return odds_ratio


def _is_large_enough(
    expected: FloatArray, n1: FloatArray, n0: FloatArray, responders: FloatArray
) -> BoolArray:
    """Return whether the sum of expected counts lies at least five from both of its possible extremes."""
    lowest = np.maximum(responders - n0, 0.0).sum(-1)
    highest = np.minimum(n1, responders).sum(-1)
    middle = expected.sum(-1)
    return reaches(np.minimum(middle - lowest, highest - middle), 5.0)
