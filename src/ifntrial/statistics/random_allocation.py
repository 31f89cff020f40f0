"""What is left of a comparison within strata when their sizes are random and last blocks begun: its expected information.

In a large trial each stratum holds its share of both arms. In a small one a stratum may have patients of one arm only,
who say nothing of a difference, and an uneven split says less than an even one.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.stats import binom, hypergeom

from ifntrial.arrays import FloatArray
from ifntrial.read_only import returns_read_only
from ifntrial.statistics.replicates import Allocation

_REACH = 8.0
"""Standard deviations of a stratum's size beyond which nothing is summed."""
_SURE = 1e-9


@dataclass(frozen=True, slots=True)
class Information:
    """Patients on active times those on control over their sum, as random sizes make it.

    Parameters
    ----------
    mean
        Of each stratum, shape (strata,).
    variance
        Between trials, of the sum over strata.
    strata
        Expected number that have a patient with an outcome.
    """

    mean: FloatArray
    variance: float
    strata: float


def expected_information(
    share: FloatArray,
    known_active: FloatArray,
    known_control: FloatArray,
    *,
    n_active: float,
    n_control: float,
    blocks: Allocation | None,
) -> Information:
    """Return the information of a trial's strata, whose patients come at random from the population.

    Parameters
    ----------
    share
        Of the population, shape (strata,).
    known_active, known_control
        Chance that a patient of the stratum has an outcome, each (strata,).
    n_active, n_control
        Patients of each arm.
    blocks
        Permuted blocks within strata; None: arms are balanced within strata whatever their sizes.
    """
    found = [
        _of_stratum(float(part), (float(own), float(other)), (n_active, n_control), blocks)
        for part, own, other in zip(share, known_active, known_control, strict=True)
    ]
    mean, variance, slope, present = np.array(found).T
    # a stratum that is larger makes the others smaller
    shared = (n_active + n_control) * ((share * slope).sum() ** 2 - (share**2 * slope**2).sum())
    return Information(mean, max(float(variance.sum() - shared), 0.0), float(present.sum()))


def _of_stratum(
    share: float, known: tuple[float, float], sizes: tuple[float, float], blocks: Allocation | None
) -> tuple[float, float, float, float]:
    """Return mean and variance of the information of one stratum, its slope on the size, and the chance of anyone."""
    total = sizes[0] + sizes[1]
    size, chance = _sizes(total, share)
    active, split_chance = _splits(size, sizes[0] / total, blocks)
    each, spread = _after_losses(active, size[:, None] - active, known)
    joint = chance[:, None] * split_chance
    mean = float((joint * each).sum())
    variance = float((joint * (each**2 + spread)).sum()) - mean**2
    off = size - float((chance * size).sum())
    spread_of_size = float((chance * off**2).sum())
    slope = float((off[:, None] * joint * each).sum()) / spread_of_size if spread_of_size > _SURE else 0.0
    lost = 1.0 - (sizes[0] * known[0] + sizes[1] * known[1]) / total
    return mean, variance, slope, 1.0 - float((chance * lost**size).sum())


def _sizes(total: float, share: float) -> tuple[FloatArray, FloatArray]:
    """Return sizes that a stratum may have and their chances; a part of a patient lies between two whole numbers."""
    # a share is a sum, and may be a last digit above one
    whole, share = int(np.floor(total)), min(max(share, 0.0), 1.0)
    middle, reach = total * share, _REACH * np.sqrt(total * share * (1.0 - share)) + 1.0
    size = np.arange(max(int(middle - reach), 0), min(int(np.ceil(middle + reach)), whole + 1) + 1)
    part = total - whole
    chance = (1.0 - part) * binom.pmf(size, whole, share) + part * binom.pmf(size, whole + 1, share)
    return size.astype(np.float64), np.asarray(chance)


def _splits(size: FloatArray, own_share: float, blocks: Allocation | None) -> tuple[FloatArray, FloatArray]:
    """Return how many of a stratum may get active, and the chances of it, each (sizes, splits)."""
    if blocks is None:
        return own_share * size[:, None], np.ones((len(size), 1))
    full, begun = np.divmod(size.astype(np.int64), blocks.block_size)
    last = np.arange(blocks.active_per_block + 1)
    return (full[:, None] * blocks.active_per_block + last).astype(np.float64), _last_block(blocks)[begun]


@lru_cache(maxsize=32)
@returns_read_only
def _last_block(blocks: Allocation) -> FloatArray:
    """Return the chances of patients on active by those of a block that is begun, shape (begun, active)."""
    begun, active = np.arange(blocks.block_size), np.arange(blocks.active_per_block + 1)
    return np.asarray(hypergeom.pmf(active, blocks.block_size, blocks.active_per_block, begun[:, None]))


def _after_losses(
    active: FloatArray, control: FloatArray, known: tuple[float, float]
) -> tuple[FloatArray, FloatArray]:
    """Return mean and variance of the information of patients with an outcome, to the second order in who has none."""
    own, other = known[0] * active, known[1] * np.maximum(control, 0.0)
    total = own + other
    own_spread, other_spread = own * (1.0 - known[0]), other * (1.0 - known[1])
    mean = _ratio(own * other, total) - _ratio(other**2 * own_spread + own**2 * other_spread, total**3)
    spread = _ratio(other**4 * own_spread + own**4 * other_spread, total**4)
    return np.maximum(mean, 0.0), spread


def _ratio(top: FloatArray, bottom: FloatArray) -> FloatArray:
    return np.divide(top, bottom, out=np.zeros(np.shape(top)), where=bottom > 0)
