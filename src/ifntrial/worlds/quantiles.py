"""Quantiles over weighted worlds."""

from collections.abc import Sequence
from dataclasses import dataclass

from ifntrial.arrays import FloatArray
from ifntrial.levels import DETAILED_BAND
from ifntrial.ties import weighted_percentiles


@dataclass(frozen=True, slots=True)
class Band:
    """How a number spreads over worlds, in its own unit.

    Parameters
    ----------
    q05, q25, q50, q75, q95
        Quantiles at 5, 25, 50, 75 and 95 %.
    """

    q05: float
    q25: float
    q50: float
    q75: float
    q95: float


@dataclass(frozen=True, slots=True)
class Spread:
    """How a number spreads over worlds or people, in its own unit.

    Parameters
    ----------
    q05, q50, q95
        Quantiles at 5, 50 and 95 %.
    """

    q05: float
    q50: float
    q95: float


def quantile_band(values: Sequence[float] | FloatArray, weight: FloatArray) -> Band:
    """Return the quantiles over worlds, values that are missing left out."""
    found = weighted_percentiles(values, weight, DETAILED_BAND)
    return Band(*(float(each) for each in found))


def weighted_band(values: Sequence[float] | FloatArray, weight: FloatArray) -> dict[str, float]:
    """Return the quantiles over worlds by their level in percent."""
    return by_level(quantile_band(values, weight))


def by_level(band: Band) -> dict[str, float]:
    """Return a band by its levels in percent."""
    return {"5": band.q05, "25": band.q25, "50": band.q50, "75": band.q75, "95": band.q95}
