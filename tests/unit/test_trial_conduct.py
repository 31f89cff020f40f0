"""Conduct: who leaves, who is rescued, what is missed; alike in both arms where the disease plays no part."""

import numpy as np
import pytest

from ifntrial.trial.conduct import REASONS, WEEKS_PER_YEAR, ObservedArm, conduct, draw_conduct_noise
from ifntrial.trial.design import TrialDesign, load_design
from ifntrial.trial.measure import MeasurementError, draw_measurement_noise, measure
from ifntrial.trial.rules import AssumedRules
from ifntrial.trial.toy import toy_course, toy_covariates

N = 3000
EXACT = MeasurementError(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


@pytest.fixture(scope="module")
def daisy() -> TrialDesign:
    return load_design("daisy")


def observe(rules: AssumedRules, effect: float = 0.0, n: int = N, seed: int = 3) -> ObservedArm:
    weeks = rules.schedule.visit_weeks
    course = toy_course("arm", effect, n, weeks)
    readings = measure(course, EXACT, draw_measurement_noise(seed, 0, weeks, n))
    return conduct(course, readings, rules, draw_conduct_noise(seed, 0, weeks, n), toy_covariates(n))


def changed(rules: AssumedRules, **parts: dict) -> AssumedRules:
    return rules.model_copy(
        update={name: getattr(rules, name).model_copy(update=values) for name, values in parts.items()}
    )


def quiet(rules: AssumedRules) -> AssumedRules:
    return changed(
        rules,
        dropout={"at_random": 0.0, "adverse_event": 0.0, "lack_of_efficacy_share": 0.0},
        rescue={"share": 0.0},
        missed_visits={"share": 0.0},
    )


def test_nothing_happens_where_every_rate_is_zero(daisy: TrialDesign) -> None:
    arm = observe(quiet(daisy.assumed))
    assert arm.attended.all()
    assert np.isinf(arm.discontinuation_week).all()
    assert np.isinf(arm.rescue_week).all()


def test_leaving_at_random_follows_its_rate(daisy: TrialDesign) -> None:
    rules = changed(quiet(daisy.assumed), dropout={"at_random": 0.2})
    arm = observe(rules)
    expected = 1.0 - np.exp(-0.2 * 52.0 / WEEKS_PER_YEAR)
    assert np.isfinite(arm.discontinuation_week).mean() == pytest.approx(expected, abs=3 * np.sqrt(0.15 / N))
    assert set(np.unique(arm.discontinuation_reason)) == {0, REASONS.index("at random")}


def test_no_visit_takes_place_after_leaving(daisy: TrialDesign) -> None:
    arm = observe(daisy.assumed)
    after = arm.visit_week > arm.discontinuation_week[..., None]
    assert after.any()
    assert not (arm.attended & after).any()
    assert arm.attended[..., 0].all()


def test_only_subjects_who_worsened_are_rescued(daisy: TrialDesign) -> None:
    rules = changed(quiet(daisy.assumed), rescue={"share": 1.0, "from_week": 24.0})
    arm = observe(rules)
    rescued = np.isfinite(arm.rescue_week)
    assert rescued.any()
    assert set(np.unique(arm.rescue_week[rescued])) <= {24.0, 36.0, 52.0}
    mrss, fvc = arm.values["mrss"], arm.values["fvc_percent"]
    rise, fall = mrss - mrss[..., :1], (fvc[..., :1] - fvc) / fvc[..., :1]
    worse = ((rise >= 5) & (rise >= 0.25 * mrss[..., :1])) | (fall >= 0.10)
    assert np.array_equal(rescued, (worse & (arm.visit_week >= 24)).any(-1))


def test_causes_apart_from_the_disease_strike_both_arms_alike(daisy: TrialDesign) -> None:
    rules = changed(daisy.assumed, dropout={"lack_of_efficacy_share": 0.0})
    placebo, active = observe(rules, 0.0), observe(rules, 1.0)
    assert np.array_equal(placebo.discontinuation_week, active.discontinuation_week)
    assert np.array_equal(placebo.attended, active.attended)
    assert np.array_equal(placebo.organ_event_week["extended"], active.organ_event_week["extended"])


def test_worse_courses_leave_more_often_for_lack_of_efficacy(daisy: TrialDesign) -> None:
    gave_up = [
        (observe(daisy.assumed, effect).discontinuation_reason == REASONS.index("lack of efficacy")).mean()
        for effect in (-1.0, 0.0, 1.0)
    ]
    assert gave_up[0] > gave_up[1] > gave_up[2]


def test_more_subjects_change_no_one(daisy: TrialDesign) -> None:
    few, many = observe(daisy.assumed, n=40), observe(daisy.assumed, n=400)
    assert np.array_equal(few.discontinuation_week, many.discontinuation_week[:, :40])
    assert np.array_equal(few.attended, many.attended[:, :40])


def test_the_extended_list_holds_the_short_one(daisy: TrialDesign) -> None:
    arm = observe(daisy.assumed)
    assert (arm.organ_event_week["extended"] <= arm.organ_event_week["acr_2016"]).all()
