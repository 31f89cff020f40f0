"""Unblinded re-estimation of the size by promising zone: more patients where the interim result is neither good nor bad.

Both parts of the trial keep the weights that were planned for them, so that the level holds whatever is decided.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from ifntrial.arrays import FloatArray


@dataclass(frozen=True, slots=True)
class PromisingZone:
    """When, and to what, a trial grows.

    Parameters
    ----------
    least, target
        Conditional power by the trend of the look from which on the trial grows, and which it grows for; a trial that
        reaches the target keeps its size.
    most
        Largest size, as a multiple of the planned one.
    """

    least: float
    target: float
    most: float


def new_size(z: FloatArray, information: float, critical: float, zone: PromisingZone) -> FloatArray:
    """Return the size that a trial goes on to, as a multiple of the planned one, shape of ``z``.

    Parameters
    ----------
    z, information
        At the look, share of the planned information.
    critical
        Critical value at the end.

    Source
    ------
    Mehta and Pocock, Stat Med 2011;30:3267; statistic of Cui, Hung and Wang, Biometrics 1999;55:853.
    """
    rest = 1.0 - information
    short = (critical - np.sqrt(information) * z) / np.sqrt(rest)
    trend = z / np.sqrt(information)
    power = ndtr(trend * np.sqrt(rest) - short)
    is_promising = (power >= zone.least) & (power < zone.target)
    with np.errstate(divide="ignore", invalid="ignore"):
        wanted = information + ((ndtri(zone.target) + short) / trend) ** 2
    return np.where(is_promising, np.clip(wanted, 1.0, zone.most), 1.0)


def chance_at_the_end(
    z: FloatArray, information: float, critical: float, size: FloatArray, drift: float
) -> FloatArray:
    """Return the chance that the end is significant, given z at the look and the size that was chosen there.

    Parameters
    ----------
    size
        As a multiple of the planned one, see ``new_size``.
    drift
        Mean of z at the end of a trial of the planned size.
    """
    short = (critical - np.sqrt(information) * z) / np.sqrt(1.0 - information)
    return np.asarray(ndtr(drift * np.sqrt(size - information) - short))
