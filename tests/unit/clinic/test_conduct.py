"""Conduct: who leaves, who is rescued, what is missed; alike in both arms where the disease plays no part."""

import numpy as np
import pytest

from ifntrial.clinic.conduct import ObservedArm, conduct, draw_conduct_noise
from ifntrial.clinic.readings import draw_measurement_noise, measure
from ifntrial.design.assumed import AssumedRules
from ifntrial.design.design import TrialDesign
from shipped import load_design
from toy_trial import EXACT, toy_course, toy_covariates

N = 3000
WEEKS_PER_YEAR = 365.25 / 7.0
REASONS = ("", "at random", "adverse event", "lack of efficacy")


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
        organ_events={"death": 0.0},
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
    after = arm.visit_week > arm.leaving_week[..., None]
    assert after.any()
    assert not (arm.attended & after).any()
    assert arm.attended[..., 0].all()


def test_the_planned_share_of_those_who_stop_stays_and_is_seen(daisy: TrialDesign) -> None:
    rules = changed(
        daisy.assumed,
        dropout={"at_random": 2.0, "observed_after_stop_share": 0.3},
        organ_events={"death": 0.0},
    )
    arm = observe(rules)
    stopped = np.isfinite(arm.discontinuation_week)
    stays = stopped & np.isinf(arm.leaving_week)
    assert stays.sum() / stopped.sum() == pytest.approx(0.3, abs=4 * np.sqrt(0.21 / stopped.sum()))
    assert np.array_equal(arm.leaving_week[stopped & ~stays], arm.discontinuation_week[stopped & ~stays])
    last = arm.attended[..., -1][stays].mean()
    assert last == pytest.approx(1.0 - rules.missed_visits.share, abs=0.03)


def test_visits_are_missed_at_the_planned_share_and_never_baseline(daisy: TrialDesign) -> None:
    arm = observe(changed(quiet(daisy.assumed), missed_visits={"share": 0.2}))
    assert arm.attended[..., 0].all()
    share = 1.0 - arm.attended[..., 1:].mean()
    assert share == pytest.approx(0.2, abs=4 * np.sqrt(0.16 / arm.attended[..., 1:].size))


def test_causes_of_stopping_compete_at_their_rates(daisy: TrialDesign) -> None:
    arm = observe(changed(quiet(daisy.assumed), dropout={"at_random": 0.3, "adverse_event": 0.6}), n=20_000)
    everyone = 1.0 - np.exp(-0.9 * 52.0 / WEEKS_PER_YEAR)
    for reason, share in (("at random", 1 / 3), ("adverse event", 2 / 3)):
        found = (arm.discontinuation_reason == REASONS.index(reason)).mean()
        assert found == pytest.approx(share * everyone, abs=0.012), reason


def has_fallen_by_a_tenth(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Return who lost a tenth of lung function, from readings as whole tenths of a percent: no rounding decides."""
    tenths_before, tenths_after = np.rint(10 * before), np.rint(10 * after)
    return 10 * (tenths_before - tenths_after) >= tenths_before


def test_who_gives_up_was_read_as_worse_at_an_attended_visit(daisy: TrialDesign) -> None:
    rules = changed(
        quiet(daisy.assumed), dropout={"lack_of_efficacy_share": 0.4}, missed_visits={"share": 0.3}
    )
    arm = observe(rules)
    gave_up = np.flatnonzero(np.isfinite(arm.discontinuation_week[0]))
    assert len(gave_up) > 50
    place = np.searchsorted(arm.visit_week, arm.discontinuation_week[0][gave_up])
    mrss, fvc = arm.values["mrss"][0][gave_up], arm.values["fvc_percent"][0][gave_up]
    rows = np.arange(len(gave_up))
    rise, fell = mrss[rows, place] - mrss[:, 0], has_fallen_by_a_tenth(fvc[:, 0], fvc[rows, place])
    assert (((rise >= 5) & (rise >= 0.25 * mrss[:, 0])) | fell).all()
    assert arm.attended[0][gave_up, place].all(), "nobody is read at a visit that was missed"


def test_only_subjects_who_worsened_are_rescued(daisy: TrialDesign) -> None:
    rules = changed(quiet(daisy.assumed), rescue={"share": 1.0, "from_week": 24.0})
    arm = observe(rules)
    rescued = np.isfinite(arm.rescue_week)
    assert rescued.any()
    assert set(np.unique(arm.rescue_week[rescued])) <= {24.0, 36.0, 52.0}
    mrss, fvc = arm.values["mrss"], arm.values["fvc_percent"]
    rise, fell = mrss - mrss[..., :1], has_fallen_by_a_tenth(fvc[..., :1], fvc)
    worse = ((rise >= 5) & (rise >= 0.25 * mrss[..., :1])) | fell
    assert np.array_equal(rescued, (worse & (arm.visit_week >= 24)).any(-1))


def test_escape_therapy_begins_at_the_visit_of_the_planned_day(daisy: TrialDesign) -> None:
    schedule = {"visit_weeks": (0.0, 29 / 7, 60 / 7)}
    rules = changed(quiet(daisy.assumed), schedule=schedule, rescue={"share": 1.0, "from_week": 8.5715})
    weeks = observe(rules, effect=-20.0, n=300).rescue_week
    assert np.isfinite(weeks).mean() > 0.1
    assert set(np.unique(weeks)) == {60 / 7, np.inf}


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
