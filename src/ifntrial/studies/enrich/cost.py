"""What a trial costs, in costs of treating one patient, and which choices nothing beats."""

from collections.abc import Sequence

import numpy as np

from ifntrial.arrays import BoolArray

TOLERANCE = 1e-9


def screened_patients(treated: float, entry_share: float, positive_share: float) -> float:
    """Return how many patients are screened to treat so many."""
    return treated / (entry_share * positive_share)


def trial_cost(treated: float, screened: float, screening_cost: float, test_cost: float) -> float:
    """Return the cost of a trial: everyone screened is also tested."""
    return treated + screened * (screening_cost + test_cost)


def size_at_cost(
    cost: float, entry_share: float, positive_share: float, screening_cost: float, test_cost: float
) -> float:
    """Return how many patients can be treated for a cost; the inverse of ``trial_cost``."""
    return cost / (1.0 + (screening_cost + test_cost) / (entry_share * positive_share))


def pareto_front(cost: Sequence[float], gain: Sequence[float]) -> BoolArray:
    """Return which choices are beaten by none: no other costs no more and gains no less, with one of both better."""
    costs, gains = np.asarray(cost, dtype=np.float64), np.asarray(gain, dtype=np.float64)
    no_dearer = costs[:, None] <= costs[None, :] + TOLERANCE
    no_worse = gains[:, None] >= gains[None, :] - TOLERANCE
    better = (costs[:, None] < costs[None, :] - TOLERANCE) | (gains[:, None] > gains[None, :] + TOLERANCE)
    return np.asarray(~(no_dearer & no_worse & better).any(axis=0))
