"""Quantiles over weighted worlds."""

from collections.abc import Sequence

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.levels import DETAILED_BAND
from ifntrial.ties import stable_order


def weighted_band(values: Sequence[float] | FloatArray, weight: FloatArray) -> dict[str, float]:
    """Return the 5, 25, 50, 75 and 95 % quantiles over worlds, values that are missing left out."""
    array = np.asarray(values, dtype=np.float64)
    known = np.isfinite(array) & (weight > 0)
    order = stable_order(array[known])
    shares = weight[known][order] / weight[known].sum()
    middle = np.cumsum(shares) - shares / 2.0
    found = np.interp(np.array(DETAILED_BAND) / 100.0, middle, array[known][order])
    return {str(level): float(value) for level, value in zip(DETAILED_BAND, found, strict=True)}
