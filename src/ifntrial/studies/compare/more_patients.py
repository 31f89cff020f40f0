"""How many more patients would fix it: probability of success against the size of the trial, and its ceiling."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ifntrial.statistics.assurance import Estimate, PowerInWorlds, assurance
from ifntrial.statistics.replicates import wilson_interval
from ifntrial.statistics.sample_size import ceiling_of_power
from ifntrial.ties import reaches
from ifntrial.worlds.posterior import effective_worlds

SIZES = (50, 100, 150, 200, 300, 400, 600, 800, 1200, 1600, 2400, 4000)
"""Total sizes at which power is computed; no trial in this disease came near the largest."""
TARGETS = (0.8, 0.9)


@dataclass(frozen=True, slots=True)
class SizeAnswer:
    """What it takes to reach a probability of success.

    Parameters
    ----------
    target_assurance
        Probability of success wanted.
    total
        Patients in all arms; None if no size up to the largest does.
    low, high
        The sizes at which the upper and the lower end of the 95 % interval (worlds as the unit) reach the target;
        None if they do not.
    more
        Patients beyond the design's own size; zero if it is already there.
    largest, at_largest
        The largest size computed, and the probability of success there.
    """

    target_assurance: float
    total: int | None
    low: int | None
    high: int | None
    more: int | None
    largest: int
    at_largest: float


@dataclass(frozen=True, slots=True)
class SizeAnswers:
    """Probability of success against size under one prior.

    Parameters
    ----------
    curve
        At every size.
    ceiling, ceiling_low, ceiling_high
        Share of worlds in which the drug helps at all, which no trial can exceed, with its 95 % interval.
    targets
        What it takes to reach each target.
    """

    curve: tuple[Estimate, ...]
    ceiling: float
    ceiling_low: float
    ceiling_high: float
    targets: tuple[SizeAnswer, ...]


@dataclass(frozen=True, slots=True)
class MorePatients:
    """How many more patients would fix it.

    Parameters
    ----------
    own
        The design's own size: treated patients in all arms.
    sizes
        At which the probability of success is computed.
    by_prior
        The answers under each prior.
    """

    own: int
    sizes: tuple[int, ...]
    by_prior: Mapping[str, SizeAnswers]


def sizes_around(own: int) -> tuple[int, ...]:
    """Return the sizes of a curve, the design's own among them."""
    return tuple(sorted({*SIZES, own}))


def size_for(target: float, sizes: Sequence[int], values: Sequence[float]) -> int | None:
    """Return the first size at which a curve reaches the target, between two computed sizes by interpolation.

    Interpolation is linear in the square root of the size, on which z depends linearly.
    """
    roots, heights = np.sqrt(np.asarray(sizes, dtype=np.float64)), np.asarray(values)
    reached = np.flatnonzero(reaches(heights, target))
    if len(reached) == 0:
        return None
    place = int(reached[0])
    if place == 0:
        return int(sizes[0])
    step = (target - heights[place - 1]) / (heights[place] - heights[place - 1])
    total = (roots[place - 1] + step * (roots[place] - roots[place - 1])) ** 2
    # rounding errors may lift a whole number just above itself
    return min(int(np.ceil(total - 1e-9)), int(sizes[place]))


def size_answer(target: float, own: int, sizes: Sequence[int], found: Sequence[Estimate]) -> SizeAnswer:
    """Return the size for a target with its interval."""
    total = size_for(target, sizes, [point.estimate for point in found])
    return SizeAnswer(
        target_assurance=target,
        total=total,
        low=size_for(target, sizes, [point.high for point in found]),
        high=size_for(target, sizes, [point.low for point in found]),
        more=None if total is None else max(total - own, 0),
        largest=sizes[-1],
        at_largest=found[-1].estimate,
    )


def more_patients(own: int, by_size: Mapping[int, PowerInWorlds]) -> MorePatients:
    """Return probability of success against size, and the size for every target, under every prior."""
    sizes, first = tuple(by_size), next(iter(by_size.values()))
    answers = {}
    for name, weight in first.weights.items():
        found = tuple(assurance(power, name) for power in by_size.values())
        most = ceiling_of_power(first.sign * first.difference, weight)
        units = effective_worlds(weight)
        lowest, highest = wilson_interval(most * units, units)
        targets = tuple(size_answer(target, own, sizes, found) for target in TARGETS)
        answers[name] = SizeAnswers(found, most, lowest, highest, targets)
    return MorePatients(own, sizes, answers)
