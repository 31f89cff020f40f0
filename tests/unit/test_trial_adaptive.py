"""Adaptive enrichment: error control, and limits that can be reasoned out."""

import numpy as np
import pytest

from ifntrial.errors import InputError
from ifntrial.trial.adaptive import AdaptivePlan, run_adaptive
from ifntrial.trial.operating import StratumRates


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
    "bad", [{"size": 1}, {"size": 314, "interim_share": 0.99}, {"size": 314, "alpha_one_sided": 0.7}]
)
def test_an_impossible_plan_is_refused(bad: dict) -> None:
    with pytest.raises(InputError, match="adaptive plan is not possible"):
        AdaptivePlan(**bad)


def test_other_numbers_of_strata_are_refused() -> None:
    three = StratumRates(np.full(3, 1 / 3), np.full(3, 0.5), np.full(3, 0.4))
    with pytest.raises(InputError, match="needs two strata"):
        run_adaptive(three, AdaptivePlan(314), replicates=10, seed=1)
