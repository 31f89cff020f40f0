"""Quantiles over weighted worlds."""

from collections.abc import Sequence
from dataclasses import dataclass

from ifntrial.arrays import FloatArray
from ifntrial.levels import BAND, DETAILED_BAND
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


@dataclass(frozen=True, slots=True)
class BandOverTime:
    """How a course spreads over worlds or people, in its own unit; each of shape (times,).

    Parameters
    ----------
    q05, q50, q95
        Quantiles at 5, 50 and 95 %.
    """

    q05: tuple[float, ...]
    q50: tuple[float, ...]
    q95: tuple[float, ...]


def quantile_band(values: Sequence[float] | FloatArray, weight: FloatArray) -> Band:
    """Return the quantiles over worlds, values that are missing left out."""
    return Band(*weighted_percentiles(values, weight, DETAILED_BAND).tolist())


def quantile_spread(values: Sequence[float] | FloatArray, weight: FloatArray) -> Spread:
    """Return the quantiles over worlds or people, values that are missing left out."""
    return Spread(*weighted_percentiles(values, weight, BAND).tolist())
