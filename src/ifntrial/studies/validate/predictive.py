"""What the model expects a study to print: its worlds, each with the luck of a whole trial, and the study's own chance.

A world says what the statistic would be in a study without end; its own draw holds the trial effect that the evidence
declares. Around it lies the sampling error of a study of the published size: normal for means, on the scale of
Fisher's transformation for correlations, of the logarithm for ratios, and binomial for shares.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log, sqrt

import numpy as np
from scipy.stats import binom

from ifntrial.arrays import FloatArray
from ifntrial.evidence.records import Observation
from ifntrial.levels import DETAILED_BAND, NORMAL_95
from ifntrial.normal_mixture import NormalMixture
from ifntrial.worlds.quantiles import Band

CORRELATIONS = ("correlation", "intraclass_correlation")
RATIOS = ("ratio", "hazard_ratio", "odds_ratio")
_CLOSEST_TO_ONE = 1.0 - 1e-9
_LEVELS = tuple(level / 100.0 for level in DETAILED_BAND)


@dataclass(frozen=True, slots=True)
class Predicted:
    """What a study of the published size would print, over worlds and sampling; in the unit of the observation.

    Parameters
    ----------
    center
        Mean over worlds.
    band
        Quantiles of what would be printed.
    world_sd
        Spread of the statistic over worlds, with the effect of whole trials that they hold.
    sampling_sd
        Standard error of the study alone.
    percentile
        Where the published value lies in this distribution [percent]; ties of a count are shared.
    standardized
        Expected less published value in standard deviations of both spreads together, on the scale of its law; its sign
        is that of ``z``.
    worlds
        Number of worlds behind it.
    """

    center: float
    band: Band
    world_sd: float
    sampling_sd: float
    percentile: float
    standardized: float
    worlds: int


def predict(
    row: Observation, in_worlds: Sequence[float] | FloatArray, error: float | None, n: int | None
) -> Predicted | None:
    """Return the distribution of what would be printed, None where the row holds no sampling error.

    Parameters
    ----------
    in_worlds
        The statistic in each world, in the unit of the row; worlds without a number are left out.
    error
        Standard error of the published value where its law is normal.
    n
        Subjects behind the published value.
    """
    found = np.asarray(in_worlds, dtype=np.float64)
    found = found[np.isfinite(found)]
    if row.value is None or not found.size:
        return None
    if row.statistic == "proportion":
        return _of_counts(found, row.value, n) if n else None
    if row.statistic in CORRELATIONS:
        return _of_normal(found, row.value, 1 / sqrt(n - 3), _FISHER) if n and n > 3 else None
    if row.statistic in RATIOS and row.low and row.high:
        return _of_normal(found, row.value, log(row.high / row.low) / (2 * NORMAL_95), _LOGARITHM)
    return _of_normal(found, row.value, error, _PLAIN) if error else None


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where errors are normal: there and back."""

    there: Callable[[FloatArray], FloatArray]
    back: Callable[[FloatArray], FloatArray]


_PLAIN = _Scale(np.asarray, np.asarray)
_LOGARITHM = _Scale(np.log, np.exp)
_FISHER = _Scale(lambda x: np.arctanh(np.clip(x, -_CLOSEST_TO_ONE, _CLOSEST_TO_ONE)), np.tanh)


def _of_normal(found: FloatArray, value: float, error: float, scale: _Scale) -> Predicted:
    means = scale.there(found)
    printed = NormalMixture(np.full(found.size, 1 / found.size), means, np.full(found.size, error))
    at = float(scale.there(np.asarray(value)))
    center = float(means.mean())
    center_and_error = scale.back(np.array([center - error, center + error]))
    return Predicted(
        center=float(scale.back(np.asarray(center))),
        band=Band(*scale.back(printed.quantile(np.array(_LEVELS))).tolist()),
        world_sd=float(found.std()),
        sampling_sd=float(np.ptp(center_and_error) / 2),
        percentile=100 * float(printed.cdf(at)),
        standardized=(center - at) / sqrt(float(means.var()) + error**2),
        worlds=found.size,
    )


def _of_counts(found: FloatArray, value: float, n: int) -> Predicted:
    share: FloatArray = np.asarray(np.clip(found / 100.0, 0.0, 1.0))
    counts = np.arange(n + 1)
    chance = np.asarray(binom.pmf(counts[:, None], n, share[None, :])).mean(axis=1)
    at_most = np.cumsum(chance)
    seen = round(value / 100.0 * n)
    middle = float(share.mean())
    sampling = float(np.mean(share * (1 - share))) / n
    spread = sqrt(float(share.var()) + sampling)
    ends = np.minimum(np.searchsorted(at_most, np.array(_LEVELS)), n)
    return Predicted(
        center=100 * middle,
        band=Band(*(100 * counts[ends] / n).tolist()),
        world_sd=100 * float(share.std()),
        sampling_sd=100 * sqrt(sampling),
        percentile=100 * float(at_most[seen] - chance[seen] / 2),
        # a share that no world leaves open has no spread: then it is met or it is not
        standardized=0.0 if spread == 0 else (middle - value / 100.0) / spread,
        worlds=found.size,
    )
