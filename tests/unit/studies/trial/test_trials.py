"""Whole trials: balanced lists, honest coverage against the truth of the estimand, and sizes."""

import numpy as np
import pytest
from scipy.special import ndtri

from ifntrial.clinic.conduct import ObservedArm
from ifntrial.clinic.estimand import observe_under_estimand
from ifntrial.clinic.observe import observe_arms
from ifntrial.design.design import TrialDesign
from ifntrial.errors import InputError
from ifntrial.patients.records import LatentCourse
from ifntrial.statistics.ancova import ancova
from ifntrial.statistics.cmh_power import StratumRates, cmh_power
from ifntrial.statistics.record import Comparison
from ifntrial.statistics.sample_size import required_size
from ifntrial.studies.trial.trials import TrialData, draw_subjects
from shipped import draw_trial, load_design, run_trials, true_effect
from toy_trial import ERROR, toy_course, toy_covariates

N = 1500
WEIGHT = np.ones(N)


def with_estimand(design: TrialDesign, **changes: object) -> TrialDesign:
    estimand = design.assumed.estimand.model_copy(update=changes)
    return design.model_copy(update={"assumed": design.assumed.model_copy(update={"estimand": estimand})})


def courses(effect: float) -> dict[str, LatentCourse]:
    design = load_design("daisy")
    return {
        arm.name: toy_course(arm.name, effect * (not arm.is_control), N, design.visit_weeks)
        for arm in design.arms
    }


def simulate(effect: float) -> dict[str, ObservedArm]:
    return observe_arms(load_design("daisy"), courses(effect), toy_covariates(N), ERROR, seed=4, replicates=4)


def counted(design: TrialDesign, effect: float = 1.0) -> dict[str, ObservedArm]:
    """Return the same subjects as ``simulate`` as they count under the design's estimand."""
    return observe_under_estimand(design, courses(effect), toy_covariates(N), ERROR, seed=4, replicates=4)


@pytest.fixture(scope="module")
def arms() -> dict[str, ObservedArm]:
    return simulate(1.0)


def test_subjects_are_drawn_by_weight() -> None:
    drawn = draw_subjects(np.array([0.0, 3.0, 1.0]), 40_000, seed=1, trial=0)
    assert np.bincount(drawn, minlength=3)[0] == 0
    assert (drawn == 1).mean() == pytest.approx(0.75, abs=0.01)


def test_a_trial_has_the_planned_size_and_only_seen_outcomes(arms: dict[str, ObservedArm]) -> None:
    design = load_design("daisy")
    trial = draw_trial(design, arms, WEIGHT, endpoint="rcriss", visit_week=52.0, seed=1, trial=3)
    assert len(trial.outcome) == 314
    assert abs(int(trial.is_active.sum()) - 157) <= 8
    assert set(np.unique(trial.outcome)) <= {0.0, 1.0}


def risk_difference(data: TrialData) -> Comparison:
    shares = [data.outcome[data.is_active == arm] for arm in (True, False)]
    estimate = float(shares[0].mean() - shares[1].mean())
    error = float(np.sqrt(sum(each.var() / len(each) for each in shares)))
    half = 1.96 * error
    return Comparison(
        estimate,
        error,
        estimate - half,
        estimate + half,
        0.04 if abs(estimate) > half else 0.5,
        np.inf,
        "difference",
    )


def test_the_estimator_of_the_composite_estimand_is_unbiased_and_covers(arms: dict[str, ObservedArm]) -> None:
    design = load_design("daisy")
    truth = true_effect(design, counted(design), WEIGHT)
    result = run_trials(design, arms, WEIGHT, risk_difference, truth=truth.effect, trials=400, seed=2)
    # missed visits count as failure in the trial but not in the truth: a known bias towards zero
    missed = design.assumed.missed_visits.share
    assert result.bias == pytest.approx(-missed * truth.effect, abs=4 * result.bias_error)
    assert 0.92 <= result.coverage <= 0.98
    assert result.empirical_error == pytest.approx(result.mean_standard_error, rel=0.15)
    assert result.failed == 0


def test_without_an_effect_hits_are_as_rare_as_the_level() -> None:
    design, null = load_design("daisy"), simulate(0.0)
    assert true_effect(design, counted(design, 0.0), WEIGHT).effect == 0.0
    result = run_trials(design, null, WEIGHT, risk_difference, truth=0.0, trials=600, seed=2)
    assert result.significant < 0.045
    assert result.significant_low < 0.025 < result.significant_high


def test_an_analysis_that_fails_is_counted(arms: dict[str, ObservedArm]) -> None:
    def sometimes(data: TrialData) -> Comparison:
        if data.is_active.sum() % 2:
            raise InputError("no")
        return risk_difference(data)

    result = run_trials(load_design("daisy"), arms, WEIGHT, sometimes, truth=0.0, trials=40, seed=2)
    assert 0 < result.failed < 40


def test_adjusted_means_recover_the_effect(arms: dict[str, ObservedArm]) -> None:
    design = with_estimand(
        load_design("daisy"), discontinuation="hypothetical", rescue="hypothetical", summary="mean_difference"
    )
    truth = true_effect(design, counted(design), WEIGHT, endpoint="mrss_change").effect

    def analysis(data: TrialData) -> Comparison:
        return ancova(data.outcome, data.is_active, data.baseline[:, None])

    result = run_trials(
        design, arms, WEIGHT, analysis, truth=truth, trials=150, seed=3, endpoint="mrss_change"
    )
    assert result.bias == pytest.approx(0.0, abs=0.35)
    assert result.coverage > 0.9
    assert result.significant > 0.8


def rates(active: float, control: float) -> StratumRates:
    return StratumRates(np.ones(1), np.array([active]), np.array([control]))


def test_the_required_size_agrees_with_the_classical_formula() -> None:
    found = required_size([rates(0.55, 0.40)], 0.8)
    p1, p0 = 0.55, 0.40
    pooled = (p1 + p0) / 2
    z = -ndtri(0.025) * np.sqrt(2 * pooled * (1 - pooled)) + ndtri(0.8) * np.sqrt(
        p1 * (1 - p1) + p0 * (1 - p0)
    )
    assert found.total == pytest.approx(2 * (z / (p1 - p0)) ** 2, rel=0.02)
    assert (
        found.achieved
        >= 0.8
        > float(cmh_power(rates(0.55, 0.40), (found.total - 2) / 2, (found.total - 2) / 2))
    )


def test_no_size_helps_where_the_drug_rarely_works() -> None:
    found = required_size([rates(0.5, 0.4), rates(0.4, 0.4), rates(0.35, 0.4)], 0.8)
    assert found.total is None
    assert found.ceiling == pytest.approx(1 / 3)
    with pytest.raises(InputError, match="cannot be searched"):
        required_size([], 0.8)
    with pytest.raises(InputError, match="cannot be searched"):
        required_size([rates(0.5, 0.4)], 0.8, world_weight=np.zeros(1))


def test_worlds_of_no_weight_do_not_count_for_a_size() -> None:
    worlds = [rates(0.55, 0.4), rates(0.4, 0.4)]
    alone = required_size(worlds[:1], 0.8)
    assert required_size(worlds, 0.8, world_weight=np.array([2.0, 0.0])) == alone
    assert required_size(worlds, 0.8).total is None
