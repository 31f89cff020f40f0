"""How many more patients would fix it: probability of success against the size of the trial, and its ceiling."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ifntrial.statistics.assurance import Estimate
from ifntrial.ties import reaches

SIZES = (50, 100, 150, 200, 300, 400, 600, 800, 1200, 1600, 2400, 4000)
"""Total sizes at which power is computed; no trial in this disease came near the largest."""
TARGETS = (0.8, 0.9)


@dataclass(frozen=True, slots=True)
class SizeAnswer:
    """What it takes to reach a probability of success.

    Parameters
    ----------
    target
        Probability of success wanted.
    total
        Patients in all arms; None if no size up to the largest does.
    low, high
        The sizes at which the upper and the lower end of the 95 % interval (worlds as the unit) reach the target;
        None if they do not.
    more
        Patients beyond the design's own size; zero if it is already there.
    """

    target: float
    total: int | None
    low: int | None
    high: int | None
    more: int | None


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
        target=target,
        total=total,
        low=size_for(target, sizes, [point.high for point in found]),
        high=size_for(target, sizes, [point.low for point in found]),
        more=None if total is None else max(total - own, 0),
    )
