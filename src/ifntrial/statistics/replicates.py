"""Thousands of repeats of one trial, drawn from a simulated population without solving a patient again."""

from dataclasses import dataclass

import numpy as np
from scipy.special import bdtr
from scipy.stats import hypergeom

from ifntrial.arrays import FloatArray, IntArray
from ifntrial.design.design import TrialDesign
from ifntrial.errors import InputError
from ifntrial.levels import ALPHA_ONE_SIDED, NORMAL_95
from ifntrial.seeds import Stream
from ifntrial.statistics.cmh import StratifiedCounts, cmh_test
from ifntrial.statistics.cmh_power import StratumRates

BATCH = 20_000
MOST_REPLICATES = 10_000_000


@dataclass(frozen=True, slots=True)
class Allocation:
    """How subjects get to two arms: in blocks of ``block_size``, of which ``active_per_block`` get active."""

    block_size: int = 4
    active_per_block: int = 2


def allocation_of(design: TrialDesign) -> Allocation:
    """Return the blocks of a design, of which the places of arms beside active and control are left out."""
    times = design.assumed.randomization.block_size // sum(arm.allocation for arm in design.arms)
    active, control = (times * arm.allocation for arm in (design.active, design.control))
    return Allocation(active + control, active)


def draw_counts(
    rates: StratumRates,
    n_total: int,
    allocation: Allocation,
    replicates: int,
    seed: int,
    *,
    world: int = 0,
    first: int = 0,
) -> StratifiedCounts:
    """Return responders and subjects per arm and stratum of repeated trials, each of shape (replicates, strata).

    Subjects come one by one at random from the population, so stratum sizes are multinomial; permuted blocks assign arms
    within strata; responders are binomial. Replicate i is the same whatever the number of replicates.
    """
    strata = len(rates.share)
    sizes = np.zeros((replicates, strata), dtype=np.int64)
    left = np.full(replicates, n_total, dtype=np.int64)
    rest = 1.0
    for place, share in enumerate(rates.share):
        uniform = Stream(seed, "stratum sizes").uniform(replicates, world=world, draw=place, first=first)
        sizes[:, place] = binomial_quantile(uniform, left, min(share / rest, 1.0) if rest > 1e-12 else 0.0)
        left = left - sizes[:, place]
        rest -= share
    active = np.stack(
        [_block_split(sizes[:, s], allocation, seed, world, s, first) for s in range(strata)], axis=1
    )
    counts = []
    for arm, subjects, chances in (
        ("active", active, rates.active),
        ("control", sizes - active, rates.control),
    ):
        stream = Stream(seed, f"responders {arm}")
        drawn = [
            binomial_quantile(
                stream.uniform(replicates, world=world, draw=s, first=first), subjects[:, s], chances[s]
            )
            for s in range(strata)
        ]
        counts += [np.stack(drawn, axis=1).astype(np.float64), subjects.astype(np.float64)]
    return StratifiedCounts(*counts)


def _block_split(
    sizes: IntArray, allocation: Allocation, seed: int, world: int, stratum: int, first: int
) -> IntArray:
    """Return how many of a stratum get active: whole blocks, and the start of a shuffled last one."""
    full, rest = np.divmod(sizes, allocation.block_size)
    uniform = Stream(seed, "last block").uniform(len(sizes), world=world, draw=stratum, first=first)
    partial = np.zeros(len(sizes), dtype=np.int64)
    for begun in range(1, allocation.block_size):
        chosen = rest == begun
        begun_active = hypergeom(allocation.block_size, allocation.active_per_block, begun)
        cumulative = np.cumsum(begun_active.pmf(np.arange(begun + 1)))
        partial[chosen] = np.searchsorted(cumulative, uniform[chosen])
    return full * allocation.active_per_block + np.minimum(partial, allocation.active_per_block)


def binomial_quantile(uniform: FloatArray, trials: IntArray, chance: float) -> IntArray:
    """Return the binomial numbers that belong to uniform ones, shape (replicates,).

    One table of the distribution function per distinct number of trials, which is far faster than a search per number.
    """
    if chance <= 0.0:
        return np.zeros(len(trials), dtype=np.int64)
    if chance >= 1.0:
        return trials.astype(np.int64)
    result = np.zeros(len(trials), dtype=np.int64)
    order = np.argsort(trials, kind="stable")
    values, starts = np.unique(trials[order], return_index=True)
    for value, chosen in zip(values, np.split(order, starts[1:]), strict=True):
        if value:
            cumulative = bdtr(np.arange(value, dtype=np.float64), int(value), chance)
            result[chosen] = np.searchsorted(cumulative, uniform[chosen])
    return result


@dataclass(frozen=True, slots=True)
class ReplicateSummary:
    """What repeated trials showed.

    Parameters
    ----------
    replicates
        Number of trials.
    significant
        Share with a one-sided p at or below the level, and its 95 % Monte Carlo interval ``low`` to ``high``.
    mean_difference, coverage
        Mean estimated risk difference (Mantel-Haenszel), and share of 95 % intervals that hold ``true_difference``.
    true_difference
        What that estimator is after: the population's difference, weighted by stratum shares.
    too_small
        Share of trials that miss the Mantel-Fleiss criterion.
    """

    replicates: int
    significant: float
    low: float
    high: float
    mean_difference: float
    true_difference: float
    coverage: float
    too_small: float


def run_replicates(
    rates: StratumRates,
    n_total: int,
    *,
    allocation: Allocation | None = None,
    replicates: int = 10_000,
    seed: int,
    world: int = 0,
    alpha_one_sided: float = ALPHA_ONE_SIDED,
    sparse_strata: str = "keep",
) -> ReplicateSummary:
    """Return what ``replicates`` trials show, in batches, so that memory does not grow with their number.

    Raises
    ------
    InputError
        If the number of replicates or subjects is absurd.
    """
    if not 1 <= replicates <= MOST_REPLICATES or not 2 <= n_total <= 1_000_000:
        raise InputError(
            "the number of replicates or subjects is not usable",
            given=f"{replicates} replicates of {n_total} subjects",
            allowed=f"1 to {MOST_REPLICATES} replicates of 2 to 1000000 subjects",
            fix="choose numbers in that range",
        )
    truth = float((rates.share * (rates.active - rates.control)).sum())
    hits = covered = small = 0
    total_difference = 0.0
    for first in range(0, replicates, BATCH):
        size = min(BATCH, replicates - first)
        counts = draw_counts(rates, n_total, allocation or Allocation(), size, seed, world=world, first=first)
        result = cmh_test(counts, sparse_strata="pool" if sparse_strata == "pool" else "keep")
        hits += int((result.p_one_sided <= alpha_one_sided).sum())
        covered += int(((result.low <= truth) & (truth <= result.high)).sum())
        small += int((~result.is_large_enough).sum())
        total_difference += float(np.nansum(result.risk_difference))
    low, high = wilson_interval(hits, replicates)
    return ReplicateSummary(
        replicates=replicates,
        significant=hits / replicates,
        low=low,
        high=high,
        mean_difference=total_difference / replicates,
        true_difference=truth,
        coverage=covered / replicates,
        too_small=small / replicates,
    )


def wilson_interval(successes: float, trials: float, z: float = NORMAL_95) -> tuple[float, float]:
    """Return the 95 % interval of a share by Wilson's score method."""
    share = successes / trials
    middle = (share + z**2 / (2 * trials)) / (1 + z**2 / trials)
    half = z / (1 + z**2 / trials) * np.sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2))
    return float(max(middle - half, 0.0)), float(min(middle + half, 1.0))
