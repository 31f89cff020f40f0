"""Adaptive enrichment: error control, and limits that can be reasoned out."""

import numpy as np
import pytest
from scipy.stats import norm

from ifntrial.errors import InputError
from ifntrial.statistics.cmh import StratifiedCounts
from ifntrial.statistics.cmh_power import StratumRates, cmh_power
from ifntrial.statistics.looks import adaptive
from ifntrial.statistics.looks.adaptive import AdaptivePlan, run_adaptive
from ifntrial.statistics.replicates import Allocation


def two_groups(gain_outside: float, gain_subgroup: float) -> StratumRates:
    control = np.array([0.35, 0.35])
    return StratumRates(np.array([0.4, 0.6]), control + np.array([gain_outside, gain_subgroup]), control)


@pytest.mark.parametrize("threshold", [-1.0, 0.0, 1.0])
def test_adaptation_keeps_the_familywise_error(threshold: float) -> None:
    null = run_adaptive(
        two_groups(0.0, 0.0), AdaptivePlan(314, enrich_below=threshold), replicates=40_000, seed=3
    )
    assert null.any_success < 0.025 + 4 * np.sqrt(0.025 * 0.975 / 40_000)
    assert null.any_success >= max(null.success_everyone, null.success_subgroup)


@pytest.mark.parametrize(("active_per_block", "n_active", "n_control"), [(2, 400, 200), (1, 200, 400)])
@pytest.mark.parametrize(("outside", "subgroup"), [(0.0, 0.0), (0.1, 0.14)])
def test_arms_of_unequal_size_are_tested_as_such(
    active_per_block: int, n_active: int, n_control: int, outside: float, subgroup: float
) -> None:
    rates = two_groups(outside, subgroup)
    found = run_adaptive(
        rates,
        AdaptivePlan(600, enrich_below=-9.0),
        replicates=20_000,
        seed=3,
        allocation=Allocation(3, active_per_block),
    )
    expected = float(cmh_power(rates, n_active, n_control))
    # the normal approximation of the power is right to about a percent
    assert found.fixed_success == pytest.approx(expected, abs=0.01 + 4 * found.standard_error)
    assert found.success_everyone <= found.fixed_success
    assert found.success_everyone > 0.9 * found.fixed_success - 0.01


def test_a_subgroup_without_effect_is_rarely_claimed_even_if_others_benefit() -> None:
    outside = run_adaptive(
        two_groups(0.25, 0.0), AdaptivePlan(314, enrich_below=0.0), replicates=40_000, seed=3
    )
    assert outside.success_subgroup < 0.025 + 4 * np.sqrt(0.025 * 0.975 / 40_000)


def test_the_subgroup_alone_helped_does_not_claim_everyone_without_support() -> None:
    only_subgroup = run_adaptive(
        two_groups(0.0, 0.2), AdaptivePlan(400, enrich_below=0.5), replicates=10_000, seed=3
    )
    assert only_subgroup.any_success > only_subgroup.fixed_success
    assert 0.5 < only_subgroup.enriched < 0.9
    everyone = run_adaptive(
        two_groups(0.2, 0.2), AdaptivePlan(400, enrich_below=-1.0), replicates=10_000, seed=3
    )
    assert everyone.enriched < 0.05
    assert everyone.success_everyone > 0.9 * everyone.fixed_success


def test_one_replicate_is_one_trial() -> None:
    one = run_adaptive(two_groups(0.1, 0.2), AdaptivePlan(314), replicates=1, seed=3)
    assert {one.any_success, one.enriched} <= {0.0, 1.0}


@pytest.mark.parametrize(
    "bad",
    [
        {"size": 3},
        {"size": 1_000_001},
        {"size": 314, "interim_share": 0.099},
        {"size": 314, "interim_share": 0.901},
        {"size": 314, "alpha_one_sided": 0.0},
        {"size": 314, "alpha_one_sided": 0.5},
    ],
)
def test_an_impossible_plan_is_refused(bad: dict) -> None:
    with pytest.raises(InputError, match="adaptive plan is not possible"):
        AdaptivePlan(**bad)


@pytest.mark.parametrize(
    "extreme", [{"size": 4}, {"size": 1_000_000}, {"size": 314, "interim_share": 0.1},
                {"size": 314, "interim_share": 0.9}, {"size": 314, "alpha_one_sided": 0.499}]
)  # fmt: skip
def test_a_plan_at_its_limits_is_one(extreme: dict) -> None:
    plan = AdaptivePlan(**extreme)
    assert {name: getattr(plan, name) for name in extreme} == extreme


def test_other_numbers_of_strata_are_refused() -> None:
    three = StratumRates(np.full(3, 1 / 3), np.full(3, 0.5), np.full(3, 0.4))
    with pytest.raises(InputError, match="needs two strata"):
        run_adaptive(three, AdaptivePlan(314), replicates=10, seed=1)


def test_who_was_left_out_is_not_claimed() -> None:
    rates = StratumRates(np.array([0.5, 0.5]), np.array([0.8, 0.8]), np.array([0.2, 0.2]))
    always = run_adaptive(rates, AdaptivePlan(200, enrich_below=30.0), replicates=500, seed=1)
    assert (always.enriched, always.success_subgroup, always.success_everyone) == (1.0, 1.0, 0.0)
    never = run_adaptive(rates, AdaptivePlan(200, enrich_below=-30.0), replicates=500, seed=1)
    assert (never.enriched, never.success_subgroup, never.success_everyone) == (0.0, 1.0, 1.0)


# --- one trial by hand --------------------------------------------------------------------------------------------

# responders of 20 in each arm: outside and subgroup, active before control
STAGES = {"weak": (8, 8), "fair": (12, 7), "strong": (14, 6), "harmful": (6, 10)}


def counts(outside: str, subgroup: str) -> StratifiedCounts:
    (a1, c1), (a2, c2) = STAGES[outside], STAGES[subgroup]
    n = np.full((1, 2), 20.0)
    return StratifiedCounts(np.array([[a1, a2]], float), n, np.array([[c1, c2]], float), n)


def z_of(*parts: tuple[str, ...]) -> float:
    """Return the statistic of the test of these groups of one stage, or of the same groups of several stages."""
    above = variance = 0.0
    for groups in zip(*parts, strict=True):
        active, control = np.sum([STAGES[group] for group in groups], axis=0)
        size = 40.0 * len(groups)
        responders = active + control
        above += active - responders / 2.0
        variance += responders * (size - responders) / (4.0 * (size - 1.0))
    return float(above / np.sqrt(variance))


def simes(one: float, other: float) -> float:
    small, large = sorted((norm.sf(one), norm.sf(other)))
    return float(norm.isf(min(2.0 * small, large)))


@pytest.mark.parametrize("share", [0.5, 0.3])
@pytest.mark.parametrize("narrowed", ["weak", "fair", "strong"])
@pytest.mark.parametrize(
    "second", [("weak", "fair"), ("weak", "strong"), ("strong", "weak"), ("strong", "strong")]
)
@pytest.mark.parametrize(
    "first", [("harmful", "strong"), ("weak", "fair"), ("strong", "weak"), ("strong", "strong")]
)
def test_a_claim_needs_its_own_test_and_that_of_both(
    monkeypatch: pytest.MonkeyPatch,
    first: tuple[str, str],
    second: tuple[str, str],
    narrowed: str,
    share: float,
) -> None:
    drawn = iter([counts(*first), counts(*second), counts("weak", narrowed)])
    asked = []

    def draw_counts(rates, size, allocation, replicates, seed, *, world):
        asked.append((rates.share.tolist(), size, allocation, replicates, seed, world))
        return next(drawn)

    monkeypatch.setattr(adaptive, "draw_counts", draw_counts)
    plan = AdaptivePlan(200, interim_share=share, enrich_below=0.5, alpha_one_sided=0.02)
    rates = StratumRates(np.array([0.4, 0.6]), np.array([0.5, 0.5]), np.array([0.3, 0.3]))
    found = run_adaptive(rates, plan, allocation=Allocation(6, 4), replicates=1, seed=7, world=5)

    one = round(200 * share)
    common = (Allocation(6, 4), 1, 7)
    assert asked == [
        ([0.4, 0.6], one, *common, 15),
        ([0.4, 0.6], 200 - one, *common, 16),
        ([0.0, 1.0], 200 - one, *common, 17),
    ]
    enriched = z_of((first[0],)) < 0.5
    everyone = z_of(first), z_of(second)
    subgroup = z_of((first[1],)), z_of((narrowed if enriched else second[1],))
    both = simes(everyone[0], subgroup[0]), subgroup[1] if enriched else simes(everyone[1], subgroup[1])

    def rejects(stages: tuple[float, float]) -> bool:
        return np.sqrt(share) * stages[0] + np.sqrt(1.0 - share) * stages[1] >= norm.isf(0.02)

    claims_everyone = rejects(both) and rejects(everyone) and not enriched
    claims_subgroup = rejects(both) and rejects(subgroup)
    assert found.enriched == enriched
    assert found.success_everyone == claims_everyone
    assert found.success_subgroup == claims_subgroup
    assert found.any_success == (claims_everyone or claims_subgroup)
    assert found.fixed_success == (z_of(first, second) >= norm.isf(0.02))
    assert found.standard_error == 0.0


def test_the_error_is_that_of_the_least_certain_share() -> None:
    found = run_adaptive(two_groups(0.1, 0.2), AdaptivePlan(314), replicates=400, seed=3)
    shares = np.array(
        [
            found.enriched,
            found.any_success,
            found.success_everyone,
            found.success_subgroup,
            found.fixed_success,
        ]
    )
    assert found.standard_error == pytest.approx(np.sqrt(shares * (1 - shares) / 400).max())
