"""Adaptive enrichment: an interim look may restrict the rest of the trial to a subgroup, with the error kept.

Two stages are combined by the inverse normal method; the two hypotheses (everyone, subgroup) are tested by closed
testing, their intersection with Simes' test.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from ifntrial.arrays import BoolArray, FloatArray
from ifntrial.errors import InputError
from ifntrial.levels import ALPHA_ONE_SIDED
from ifntrial.statistics.cmh import StratifiedCounts, cmh_test
from ifntrial.statistics.cmh_power import StratumRates
from ifntrial.statistics.replicates import Allocation, draw_counts
from ifntrial.ties import exceeds

OUTSIDE, SUBGROUP = 0, 1
_SMALLEST_P = 1e-15


@dataclass(frozen=True, slots=True)
class AdaptivePlan:
    """The rule.

    Parameters
    ----------
    size
        Patients in all.
    interim_share
        Share of them in the first stage.
    enrich_below
        The second stage enrols the subgroup only if z outside the subgroup is below this at the interim look.
    alpha_one_sided
        Of the family of the two hypotheses.
    """

    size: int
    interim_share: float = 0.5
    enrich_below: float = 0.0
    alpha_one_sided: float = ALPHA_ONE_SIDED

    def __post_init__(self) -> None:
        if not (
            4 <= self.size <= 1_000_000
            and 0.1 <= self.interim_share <= 0.9
            and 0 < self.alpha_one_sided < 0.5
        ):
            raise InputError(
                "the adaptive plan is not possible",
                given=f"size {self.size}, interim share {self.interim_share}, alpha {self.alpha_one_sided}",
                allowed="size 4 to 1000000, interim share 0.1 to 0.9, alpha between 0 and 0.5",
                fix="for example 314 patients with half of them before the interim look",
            )


@dataclass(frozen=True, slots=True)
class AdaptiveResult:
    """Shares of trials.

    Parameters
    ----------
    enriched
        That restricted the second stage.
    any_success, success_everyone, success_subgroup
        That reject at least one hypothesis, that of everyone, that of the subgroup.
    fixed_success
        That the same number of patients without adaptation would have rejected for everyone.
    standard_error
        Largest Monte Carlo standard error of these shares.
    """

    enriched: float
    any_success: float
    success_everyone: float
    success_subgroup: float
    fixed_success: float
    standard_error: float


def run_adaptive(
    rates: StratumRates,
    plan: AdaptivePlan,
    *,
    allocation: Allocation | None = None,
    replicates: int = 10_000,
    seed: int,
    world: int = 0,
) -> AdaptiveResult:
    """Return how the plan does on a population of two strata: outside the subgroup, and the subgroup.

    Parameters
    ----------
    rates
        Two strata, in this order.

    Raises
    ------
    InputError
        If there are not exactly two strata.
    """
    if len(rates.share) != 2:
        raise InputError(
            "adaptive enrichment needs two strata",
            given=f"{len(rates.share)} strata",
            allowed="outside the subgroup, and the subgroup",
            fix="merge other strata first",
        )
    blocks = allocation or Allocation()
    first_size = round(plan.size * plan.interim_share)
    rest = plan.size - first_size
    restricted = StratumRates(np.array([0.0, 1.0]), rates.active, rates.control)
    # stages are their own draws: a world has room for three
    first = draw_counts(rates, first_size, blocks, replicates, seed, world=3 * world)
    everyone = draw_counts(rates, rest, blocks, replicates, seed, world=3 * world + 1)
    narrowed = draw_counts(restricted, rest, blocks, replicates, seed, world=3 * world + 2)
    enriched = exceeds(plan.enrich_below, _z(first, (OUTSIDE,)), scale=1.0)
    stage1 = {"everyone": _z(first, (OUTSIDE, SUBGROUP)), "subgroup": _z(first, (SUBGROUP,))}
    stage2 = {
        "everyone": _z(everyone, (OUTSIDE, SUBGROUP)),
        "subgroup": np.where(enriched, _z(narrowed, (SUBGROUP,)), _z(everyone, (SUBGROUP,))),
    }
    reject = _closed_test(stage1, stage2, enriched, plan)
    either = reject["everyone"] | reject["subgroup"]
    whole = _z(_together(first, everyone), (OUTSIDE, SUBGROUP)) >= -ndtri(plan.alpha_one_sided)
    shares = np.array(
        [part.mean() for part in (enriched, either, reject["everyone"], reject["subgroup"], whole)]
    )
    errors = np.sqrt(shares * (1.0 - shares) / replicates)
    return AdaptiveResult(
        enriched=float(shares[0]),
        any_success=float(shares[1]),
        success_everyone=float(shares[2]),
        success_subgroup=float(shares[3]),
        fixed_success=float(shares[4]),
        standard_error=float(errors.max()),
    )


def _closed_test(
    stage1: dict[str, FloatArray], stage2: dict[str, FloatArray], enriched: BoolArray, plan: AdaptivePlan
) -> dict[str, BoolArray]:
    """Return which hypotheses are rejected: each needs its own combined test and that of the intersection."""
    critical = -ndtri(plan.alpha_one_sided)
    both1 = _simes(stage1["everyone"], stage1["subgroup"])
    # after enrichment only the subgroup is left to speak for the intersection
    both2 = np.where(enriched, stage2["subgroup"], _simes(stage2["everyone"], stage2["subgroup"]))
    intersection = _combine(both1, both2, plan.interim_share) >= critical
    everyone = (_combine(stage1["everyone"], stage2["everyone"], plan.interim_share) >= critical) & ~enriched
    subgroup = _combine(stage1["subgroup"], stage2["subgroup"], plan.interim_share) >= critical
    return {"everyone": everyone & intersection, "subgroup": subgroup & intersection}


def _combine(z1: FloatArray, z2: FloatArray, share: float) -> FloatArray:
    return np.asarray(np.sqrt(share) * z1 + np.sqrt(1.0 - share) * z2)


def _simes(z1: FloatArray, z2: FloatArray) -> FloatArray:
    """Return the z of Simes' test of two hypotheses."""
    p1, p2 = ndtr(-z1), ndtr(-z2)
    p = np.minimum(2.0 * np.minimum(p1, p2), np.maximum(p1, p2))
    return np.asarray(-ndtri(np.clip(p, _SMALLEST_P, 1.0 - _SMALLEST_P)))


def _z(counts: StratifiedCounts, strata: tuple[int, ...]) -> FloatArray:
    chosen = list(strata)
    return cmh_test(
        StratifiedCounts(
            counts.responders_active[:, chosen],
            counts.subjects_active[:, chosen],
            counts.responders_control[:, chosen],
            counts.subjects_control[:, chosen],
        )
    ).z


def _together(one: StratifiedCounts, other: StratifiedCounts) -> StratifiedCounts:
    return StratifiedCounts(
        one.responders_active + other.responders_active,
        one.subjects_active + other.subjects_active,
        one.responders_control + other.responders_control,
        one.subjects_control + other.subjects_control,
    )
