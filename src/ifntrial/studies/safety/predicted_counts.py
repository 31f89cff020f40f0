"""Counts that a trial would see where their expectation is itself uncertain: Poisson within a world, worlds by weight.

All sums are exact up to a tail of the Poisson distribution that is left out, below ``TAIL``.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import poisson

from ifntrial.arrays import FloatArray
from ifntrial.errors import InputError

TAIL = 1e-9
MOST_EVENTS = 5_000
"""Expected in one arm; every pair of counts of two arms is held in memory."""


@dataclass(frozen=True, slots=True)
class PredictedCounts:
    """Distribution of the counts in two arms together.

    Parameters
    ----------
    joint
        Probability of each pair of counts, shape (active, control).
    """

    joint: FloatArray

    def quantiles(self, arm: int, levels: tuple[float, ...]) -> list[int]:
        """Return the smallest counts in an arm (0 active, 1 control) that reach each level."""
        reached = np.cumsum(self.joint.sum(axis=1 - arm))
        return [int(np.searchsorted(reached, level)) for level in levels]

    def difference_quantiles(self, years: tuple[float, float], levels: tuple[float, ...]) -> list[float]:
        """Return quantiles of the difference in rates, active minus control, for so many years in each arm."""
        difference = self._difference(years).ravel()
        order = np.argsort(difference, kind="stable")
        reached = np.cumsum(self.joint.ravel()[order])
        places = np.minimum(np.searchsorted(reached, levels), len(order) - 1)
        return [float(difference[order[place]]) for place in places]

    def chance_of_more(self, years: tuple[float, float]) -> float:
        """Return the chance that the rate in the active arm is the higher one; equal rates count half."""
        difference = self._difference(years)
        return float(self.joint[difference > 0].sum() + self.joint[difference == 0].sum() / 2)

    def _difference(self, years: tuple[float, float]) -> FloatArray:
        active, control = (np.arange(size) / each for size, each in zip(self.joint.shape, years, strict=True))
        return np.asarray(active[:, None] - control)


def predict_counts(active: FloatArray, control: FloatArray, weight: FloatArray) -> PredictedCounts:
    """Return the distribution of counts from what each world expects in each arm, each (worlds,).

    Parameters
    ----------
    weight
        Of each world, any sum above zero.

    Raises
    ------
    InputError
        If a world expects more than ``MOST_EVENTS`` in an arm.
    """
    counts = weight > 0
    active, control, share = active[counts], control[counts], weight[counts] / weight.sum()
    most = float(max(active.max(), control.max()))
    if most > MOST_EVENTS:
        raise InputError(
            "a world expects more events of one kind than a trial can have",
            given=f"{most:.0f} in one arm",
            allowed=f"up to {MOST_EVENTS}",
            fix="look at the rates of events in the design, and at values of the evidence that were replaced",
        )
    chances = [
        np.asarray(
            poisson.pmf(np.arange(int(poisson.isf(TAIL, max(float(mean.max()), TAIL))) + 1), mean[:, None])
        )
        for mean in (active, control)
    ]
    # not by ``@``: a library's product rounds otherwise for another number of its threads
    together = np.zeros((chances[0].shape[1], chances[1].shape[1]))
    for of_world, one, other in zip(share, *chances, strict=True):
        together += of_world * np.outer(one, other)
    return PredictedCounts(together)
