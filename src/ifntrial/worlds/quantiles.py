"""Quantiles over weighted worlds."""

from collections.abc import Sequence

from ifntrial.arrays import FloatArray
from ifntrial.levels import DETAILED_BAND
from ifntrial.ties import weighted_percentiles


def weighted_band(values: Sequence[float] | FloatArray, weight: FloatArray) -> dict[str, float]:
    """Return the 5, 25, 50, 75 and 95 % quantiles over worlds, values that are missing left out."""
    found = weighted_percentiles(values, weight, DETAILED_BAND)
    return {str(level): float(value) for level, value in zip(DETAILED_BAND, found, strict=True)}
