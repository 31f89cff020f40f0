"""Repeated trials with interim looks: which of them are significant at any look."""

import numpy as np
from scipy.special import ndtri

from ifntrial.arrays import BoolArray, FloatArray
from ifntrial.statistics.cmh import StratifiedCounts, cmh_test
from ifntrial.statistics.cmh_power import StratumRates
from ifntrial.statistics.looks.sequential import SequentialDesign
from ifntrial.statistics.replicates import Allocation, draw_counts


def significant_over_looks(z: FloatArray, design: SequentialDesign) -> BoolArray:
    """Return which trials are significant at a look that they reach, shape (trials,).

    Parameters
    ----------
    z
        Test statistic at each look, the better side up, shape (trials, looks); NaN where there is no test: the trial goes
        on.
    """
    goes_on = np.ones(len(z), dtype=bool)
    significant = np.zeros(len(z), dtype=bool)
    for look, (critical, low) in enumerate(zip(design.critical, design.futility, strict=True)):
        own = z[:, look]
        won = goes_on & (own >= critical)
        significant |= won
        goes_on &= ~won & ~(own < low)
    return significant


def repeat_responses(
    rates: StratumRates,
    patients: int,
    design: SequentialDesign,
    *,
    allocation: Allocation,
    replicates: int,
    seed: int,
    world: int,
    sparse_strata: str,
) -> float:
    """Return the share of trials that are significant at any look, from tables of responders.

    Patients of each part are drawn anew, and its blocks begin anew.
    """
    ends = np.round(design.information_rates * patients).astype(np.int64)
    sums: StratifiedCounts | None = None
    z = np.empty((replicates, len(ends)))
    for look, size in enumerate(np.diff(ends, prepend=0)):
        part = draw_counts(
            rates, int(size), allocation, replicates, seed, world=world, first=look * replicates
        )
        sums = part if sums is None else _together(sums, part)
        found = cmh_test(sums, sparse_strata="pool" if sparse_strata == "pool" else "keep")
        z[:, look] = -ndtri(found.p_one_sided)
    return float(significant_over_looks(z, design).mean())


def _together(one: StratifiedCounts, other: StratifiedCounts) -> StratifiedCounts:
    return StratifiedCounts(
        one.responders_active + other.responders_active,
        one.subjects_active + other.subjects_active,
        one.responders_control + other.responders_control,
        one.subjects_control + other.subjects_control,
    )
