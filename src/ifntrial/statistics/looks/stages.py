"""Every way through the looks of a trial: stops for efficacy or futility, growth, and the end."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.statistics.looks.conditional import z_at
from ifntrial.statistics.looks.promising_zone import PromisingZone, chance_at_the_end, new_size
from ifntrial.statistics.looks.recursion import ScoreGrid
from ifntrial.statistics.looks.sequential import SequentialDesign


@dataclass(frozen=True, slots=True)
class Stages:
    """What a trial with looks does under one drift.

    Parameters
    ----------
    efficacy, futility
        Chance to stop for either at each look, the end last; that of futility is zero there, shape (looks,).
    grown
        Chance that the size is raised.
    size
        Mean size at the end, as a share of the planned one, patients whose endpoint is known.
    """

    efficacy: FloatArray
    futility: FloatArray
    grown: float
    size: float

    @property
    def power(self) -> float:
        """Chance of a significant result at any look."""
        return float(np.sum(self.efficacy))


def stages(design: SequentialDesign, zone: PromisingZone | None, drift: float) -> Stages:
    """Return what a trial does if its statistic at the planned end has mean ``drift``; bounds are obeyed."""
    rates, last = design.information_rates, len(design.critical) - 1
    efficacy, futility = np.zeros(last + 1), np.zeros(last + 1)
    state, going = ScoreGrid.start(), 1.0
    size = 0.0
    for look, (critical, low) in enumerate(zip(design.critical, design.futility, strict=True)):
        efficacy[look] = state.above(rates, look, float(critical), drift)
        if look == last:
            return Stages(efficacy, futility, 0.0, size + going * float(rates[look]))
        futility[look] = state.below(rates, look, float(low), drift)
        stops = efficacy[look] + futility[look]
        size += stops * float(rates[look])
        going -= stops
        if look == last - 1 and zone is not None:
            efficacy[last], grown, more = _after_growth(state, design, zone, drift)
            return Stages(efficacy, futility, grown, size + more)
        state = state.advance(rates, look, float(low), float(critical), drift)
    raise AssertionError("a design has an end")


def _after_growth(
    before: ScoreGrid, design: SequentialDesign, zone: PromisingZone, drift: float
) -> tuple[float, float, float]:
    """Return the chance of success at the end, of growth, and what the trials that go on add to the mean size.

    Parameters
    ----------
    before
        Trials that reach the last interim look.
    """
    rates, look, end = design.information_rates, len(design.critical) - 2, float(design.critical[-1])
    rate = float(rates[look])
    low, high = float(design.futility[look]), float(design.critical[look])
    # the size jumps at the edges of the zone, where a quadrature must not run across
    edges = [
        min(max(z_at("conditional_power", chance, rate, end), low), high)
        for chance in (zone.least, zone.target)
    ]
    success, grown, mean_size = 0.0, 0.0, 0.0
    for left, right in pairwise((low, *edges, high)):
        if not left < right:
            continue
        state = before.advance(rates, look, left, right, drift)
        z = state.nodes / np.sqrt(rate)
        size = new_size(z, rate, end, zone)
        success += float((state.mass * chance_at_the_end(z, rate, end, size, drift)).sum())
        grown += float(state.mass[size > 1.0].sum())
        mean_size += float((state.mass * size).sum())
    return success, grown, mean_size
