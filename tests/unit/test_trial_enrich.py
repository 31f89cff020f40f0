"""Enrichment, fixed and adaptive: limits that can be reasoned out, and error control."""

import numpy as np
import pytest

from ifntrial.errors import InputError
from ifntrial.seeds import Stream
from ifntrial.trial.adaptive import AdaptivePlan, run_adaptive
from ifntrial.trial.enrich import ALL_COMERS, Assay, EnrichmentRow, Responses, answer_enrichment, enrich
from ifntrial.trial.operating import StratumRates, cmh_power, power_of_stratified_cmh

N = 400
POSITIVE = np.arange(N) < 200
WEIGHT = np.ones(N)
NO_STRATA = np.zeros(N, dtype=int)


def world(gain_positive: float, gain_negative: float) -> Responses:
    control = np.full(N, 0.35)
    return Responses(control + np.where(POSITIVE, gain_positive, gain_negative), control)


def rows(worlds: list[Responses], **changes: object) -> tuple[EnrichmentRow, ...]:
    return enrich(worlds, POSITIVE, WEIGHT, NO_STRATA, **changes)


def test_a_perfect_assay_enrols_the_positive_only() -> None:
    (row,) = rows(
        [world(0.2, 0.0)], assays=[Assay(1.0, 1.0)], sizes=[300], prevalences=[0.6], screening_cost=0.1
    )
    assert row.positive_share == 1.0
    assert row.screened == pytest.approx(500.0)
    assert row.cost == pytest.approx(350.0)
    alone = StratumRates(np.ones(1), np.array([0.55]), np.array([0.35]))
    assert row.assurance.estimate == pytest.approx(float(cmh_power(alone, 150, 150)), abs=1e-3)
    assert row.benefit == pytest.approx(0.6 * 0.2 * row.assurance.estimate, rel=1e-3)


def test_all_comers_need_no_screening_and_mix_by_prevalence() -> None:
    (row,) = rows([world(0.2, 0.0)], assays=[ALL_COMERS], sizes=[300], prevalences=[0.6])
    assert row.cost == row.screened == 300.0
    assert row.positive_share == pytest.approx(0.6)
    mixed = StratumRates(np.ones(1), np.array([0.35 + 0.6 * 0.2]), np.array([0.35]))
    assert row.assurance.estimate == pytest.approx(float(cmh_power(mixed, 150, 150)), abs=0.01)


def test_a_better_assay_or_more_patients_help_where_only_the_positive_respond() -> None:
    found = rows(
        [world(0.2, 0.0)],
        assays=[ALL_COMERS, Assay(0.8, 0.8), Assay(1.0, 1.0)],
        sizes=[200, 400],
        prevalences=[0.5],
    )
    by_key = {(row.assay, row.size): row.assurance.estimate for row in found}
    for size in (200, 400):
        assert by_key[ALL_COMERS, size] < by_key[Assay(0.8, 0.8), size] < by_key[Assay(1.0, 1.0), size]
    assert by_key[ALL_COMERS, 200] < by_key[ALL_COMERS, 400]


def test_efficient_rows_are_beaten_by_none() -> None:
    found = rows([world(0.2, 0.05)], sizes=[100, 200, 400])
    efficient = [row for row in found if row.is_efficient]
    assert efficient
    for row in efficient:
        assert not any(o.assurance.estimate > row.assurance.estimate and o.cost <= row.cost for o in found)
    for row in found:
        if not row.is_efficient:
            assert any(
                o.assurance.estimate >= row.assurance.estimate and o.cost <= row.cost and o != row
                for o in found
            )


def test_the_answer_names_direction_and_uncertainty() -> None:
    def powers(members: np.ndarray) -> list:
        return [
            power_of_stratified_cmh(
                each.active, each.control, members, NO_STRATA, n_active=157, n_control=157
            )
            for each in (world(gain, 0.3 * gain) for gain in np.linspace(0.05, 0.25, 12))
        ]

    answer = answer_enrichment(powers(POSITIVE.astype(float)), powers(WEIGHT), "IFN-high")
    assert answer.low > 0
    assert answer.better_in > 0.9
    assert "enrolling IFN-high patients only raises the probability of success" in answer.sentence
    with pytest.raises(InputError, match="same worlds"):
        answer_enrichment(powers(WEIGHT), powers(WEIGHT)[:3], "IFN-high")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"prevalences": [1.4]}, "not between 0 and 1"),
        ({"assays": [Assay(0.3, 0.3)]}, "worse than a coin"),
        ({"sizes": [0]}, "size is not between"),
        ({"screening_cost": -1.0}, "cost of screening is negative"),
        ({"prevalences": [0.0], "assays": [Assay(1.0, 1.0)]}, "admits no one"),
    ],
)
def test_impossible_enrichment_is_refused(changes: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        rows([world(0.1, 0.1)], **changes)


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


def test_adaptive_trials_only_grow_with_replicates() -> None:
    assert Stream(1, "a").uniform(2).tolist() == Stream(1, "a").uniform(5)[:2].tolist()
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
