"""How many patients: for a power in one world, or for a probability of success over all of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.errors import InputError
from ifntrial.levels import ALPHA_ONE_SIDED
from ifntrial.statistics.cmh_power import StratumRates, cmh_power
from ifntrial.ties import exceeds, reaches

LARGEST = 100_000


@dataclass(frozen=True, slots=True)
class RequiredSize:
    """Answer of a search.

    Parameters
    ----------
    total
        Smallest size that reaches the target, both arms together; None if no size up to ``LARGEST`` does.
    achieved
        Mean power at ``total``, or at ``LARGEST``.
    ceiling
        What no size can exceed: the weighted share of worlds in which the drug works at all.
    """

    total: int | None
    achieved: float
    ceiling: float


def ceiling_of_power(gain: FloatArray, world_weight: FloatArray) -> float:
    """Return the weighted share of worlds in which the drug helps at all: what no size can exceed.

    Parameters
    ----------
    gain
        Difference between arms in the population of each world, better side up, shape (worlds,).
    world_weight
        Shape (worlds,).
    """
    helps = exceeds(gain, 0.0, scale=1.0)
    return float(np.average(helps, weights=world_weight))


def required_size(
    worlds: Sequence[StratumRates],
    target: float,
    *,
    world_weight: FloatArray | None = None,
    active_share: float = 0.5,
    alpha_one_sided: float = ALPHA_ONE_SIDED,
) -> RequiredSize:
    """Return the smallest trial whose power, on average over worlds, reaches the target.

    Parameters
    ----------
    worlds
        Response rates in each world; one world for a classical sample size.
    target
        Mean power to reach.
    world_weight
        Non-negative weight of each world, shape (worlds,); None: equal.
    active_share
        Share of subjects in the active arm.

    Raises
    ------
    InputError
        If there is no world, weights do not fit, or target or share are not between 0 and 1.
    """
    weight = np.ones(len(worlds)) if world_weight is None else np.asarray(world_weight, dtype=np.float64)
    fits = weight.shape == (len(worlds),) and bool(np.all(weight >= 0)) and 0 < weight.sum() < np.inf
    if not fits or not alpha_one_sided < target < 1 or not 0 < active_share < 1:
        raise InputError(
            "the size of a trial cannot be searched",
            given=f"{len(worlds)} worlds, target {target}, active share {active_share}",
            allowed="weighted worlds, a target above the level and below 1, a share between 0 and 1",
            fix="for example a target of 0.8 and equal arms",
        )

    def mean_power(total: int) -> float:
        n_active = total * active_share
        powers = [cmh_power(rates, n_active, total - n_active, alpha_one_sided) for rates in worlds]
        return float(np.average(powers, weights=weight))

    active, control = np.array([rates.overall for rates in worlds]).T
    ceiling = ceiling_of_power(active - control, weight)
    most = mean_power(LARGEST)
    if not reaches(most, target):
        return RequiredSize(None, most, ceiling)
    low, high = 2, LARGEST
    while high - low > 1:
        middle = (low + high) // 2
        if reaches(mean_power(middle), target):
            high = middle
        else:
            low = middle
    return RequiredSize(high, mean_power(high), ceiling)
