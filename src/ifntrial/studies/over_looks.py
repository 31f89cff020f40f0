"""The power of a trial with interim looks in one world, from that of its test without looks."""

from dataclasses import replace

import numpy as np
from scipy.special import ndtri

from ifntrial.statistics.looks.plan import OverLooks
from ifntrial.statistics.power import WorldPower

_CERTAIN = 1e-12


def drift_in(found: WorldPower, looks: OverLooks) -> float:
    """Return the mean of the test's statistic at the planned end."""
    return float(looks.drift_of(np.array(found.power)))


def power_over_looks(found: WorldPower, looks: OverLooks | None) -> WorldPower:
    """Return the power over all looks; that of one test, where there are none."""
    if looks is None or not _CERTAIN < found.power < 1.0 - _CERTAIN:
        return found
    drift = np.array(drift_in(found, looks))
    density = float(np.exp(-(ndtri(found.power) ** 2) / 2.0) / np.sqrt(2.0 * np.pi))
    # what a subject moves in the power of one test it moves in the drift
    scale = float(looks.slope(drift)) / density
    return replace(
        found,
        power=float(looks.power(drift)),
        standard_error=found.standard_error * scale,
        influence=found.influence * scale,
    )
