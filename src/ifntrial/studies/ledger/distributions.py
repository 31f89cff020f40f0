"""The distribution of a number that a trial will print, under one belief."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.special import bdtr, pdtr

from ifntrial.arrays import BoolArray, FloatArray
from ifntrial.normal_mixture import NormalMixture
from ifntrial.studies.ledger.predictive import Foretold, Predictive
from ifntrial.studies.ledger.proper_scores import crps, crps_of_mixture, pit

TAIL = 1e-12
"""Probability of counts beyond the last one that is listed."""
_LEAST_SPREAD = 1e-9
"""Of an estimate whose trials all print the same, beside the numbers themselves."""
_FIRST_COUNTS = 64


class Distribution(Protocol):
    """Of one number."""

    @property
    def mean(self) -> float:
        """Expectation."""
        ...

    def quantile(self, level: float) -> float:
        """Return the value that is not exceeded with this probability."""
        ...

    def crps(self, observed: float) -> float:
        """Return the continuous ranked probability score."""
        ...

    def pit(self, observed: float) -> float:
        """Return the probability of at most the observed value."""
        ...


@dataclass(frozen=True, slots=True)
class _Normal:
    mixture: NormalMixture

    @property
    def mean(self) -> float:
        return self.mixture.mean

    def quantile(self, level: float) -> float:
        return float(self.mixture.quantile(level))

    def crps(self, observed: float) -> float:
        return crps_of_mixture(self.mixture, observed)

    def pit(self, observed: float) -> float:
        return float(self.mixture.cdf(observed))


@dataclass(frozen=True, slots=True)
class _Points:
    points: FloatArray
    share: FloatArray

    @property
    def mean(self) -> float:
        return float((self.points * self.share).sum())

    def quantile(self, level: float) -> float:
        place = int(np.searchsorted(np.cumsum(self.share), level))
        return float(self.points[min(place, len(self.points) - 1)])

    def crps(self, observed: float) -> float:
        return crps(self.points, observed, self.share)

    def pit(self, observed: float) -> float:
        # a share that was rounded in print still counts as the count that it stands for
        step = float(self.points[1] - self.points[0]) / 2.0 if len(self.points) > 1 else 0.0
        return pit(self.points, observed + step, self.share)


def chance(found: Predictive, key: str, belief: str) -> float:
    """Return the chance that something happens: the one that the forecast states, or its mean over worlds."""
    foretold = found.foretold[key]
    if foretold.stated is not None:
        return foretold.stated[belief]
    return float((np.array(foretold.expected) * np.array(found.weights[belief])).sum())


def distribution(found: Predictive, key: str, belief: str) -> Distribution:
    """Return the distribution of a number that is not a yes or no."""
    foretold = found.foretold[key]
    weight = np.array(found.weights[belief])
    counts = weight > 0
    return _LAWS[foretold.law](foretold, counts, weight[counts] / weight[counts].sum())


def _normal(foretold: Foretold, counts: BoolArray, weight: FloatArray) -> Distribution:
    means, sds = np.array(foretold.expected)[counts], np.array(foretold.spread)[counts]
    least = _LEAST_SPREAD * (1.0 + float(np.abs(means).max()))
    return _Normal(NormalMixture(weight, means, np.maximum(sds, least)))


def _share(foretold: Foretold, counts: BoolArray, weight: FloatArray) -> Distribution:
    patients = foretold.patients or 0
    expected = np.clip(np.array(foretold.expected)[counts], 0.0, 1.0)
    number = np.arange(patients + 1)
    reached = (weight * bdtr(number[:, None].astype(np.float64), patients, expected)).sum(axis=1)
    return _Points(number / patients, np.diff(reached, prepend=0.0))


def _count(foretold: Foretold, counts: BoolArray, weight: FloatArray) -> Distribution:
    expected = np.array(foretold.expected)[counts]
    last = _FIRST_COUNTS
    while (weight * (1.0 - pdtr(float(last), expected))).sum() > TAIL:
        last *= 2
    number = np.arange(last + 1)
    reached = (weight * pdtr(number[:, None].astype(np.float64), expected)).sum(axis=1)
    share = np.diff(reached, prepend=0.0)
    return _Points(number.astype(np.float64), share / share.sum())


_LAWS = {"normal": _normal, "share": _share, "count": _count}
