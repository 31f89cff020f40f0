"""What is read after stopping and escape therapy: three trials from one simulated conduct."""

import numpy as np
import pytest

from ifntrial.clinic.beyond_events import observe_beyond_events, responses_by_strategy, with_strategy
from ifntrial.clinic.endpoints import ENDPOINTS
from ifntrial.clinic.estimand import observe_under_estimand
from ifntrial.clinic.observe import observe_arms
from ifntrial.clinic.responses_by_rule import responses_by_rule
from shipped import load_design
from toy_trial import ERROR, toy_course, toy_covariates

SUBJECTS, GIVEN = 300, {"seed": 4, "replicates": 3}
RCRISS = next(each for each in ENDPOINTS if each.name == "rcriss")
WEEK = 52.0


def design_with(block="", **changed):
    design = load_design("daisy")
    if not block:
        return design
    own = getattr(design.assumed, block).model_copy(update=changed)
    return design.model_copy(update={"assumed": design.assumed.model_copy(update={block: own})})


def world(design, effect=0.8):
    courses = {
        arm.name: toy_course(arm.name, own, SUBJECTS, design.visit_weeks)
        for arm, own in ((design.active, effect), (design.control, 0.0))
    }
    return courses, toy_covariates(SUBJECTS), ERROR


def test_those_who_leave_are_seen_as_the_trial_sees_them():
    design = design_with()
    trial = observe_arms(design, *world(design), **GIVEN)
    planned = observe_beyond_events(design, *world(design), **GIVEN).planned
    assert list(planned) == list(trial)
    for arm, own in trial.items():
        np.testing.assert_array_equal(planned[arm].attended, own.attended)
        np.testing.assert_array_equal(planned[arm].leaving_week, own.leaving_week)
        for name, readings in own.values.items():
            seen = np.where(own.attended, planned[arm].values[name], np.nan)
            np.testing.assert_array_equal(seen, np.where(own.attended, readings, np.nan), err_msg=name)
        # some of those who stop leave and some stay
        has_stopped = np.isfinite(own.discontinuation_week)
        assert 0.3 < np.mean(np.isfinite(own.leaving_week[has_stopped])) < 0.7


def test_everyone_is_followed_or_undisturbed():
    design = design_with("missed_visits", share=0.0)
    immortal = design.assumed.organ_events.model_copy(update={"death": 0.0})
    design = design.model_copy(
        update={"assumed": design.assumed.model_copy(update={"organ_events": immortal})}
    )
    seen = observe_beyond_events(design, *world(design), **GIVEN)
    for arm in (design.active.name, design.control.name):
        assert seen.followed[arm].attended.all()
        assert np.isfinite(seen.followed[arm].discontinuation_week).mean() > 0.05
        assert np.isfinite(seen.followed[arm].rescue_week).mean() > 0.02
        assert seen.undisturbed[arm].attended.all()
        assert np.isinf(seen.undisturbed[arm].discontinuation_week).all()
        assert np.isinf(seen.undisturbed[arm].rescue_week).all()
        assert not seen.planned[arm].attended.all()


def test_composite_is_what_the_forecast_counts():
    design = design_with()
    found = responses_by_strategy(design, RCRISS, observe_beyond_events(design, *world(design), **GIVEN))
    headline = responses_by_rule(design, RCRISS, *world(design), **GIVEN, variants=())[""]
    np.testing.assert_array_equal(found["composite"].active, headline.active)
    np.testing.assert_array_equal(found["composite"].control, headline.control)


@pytest.mark.parametrize("strategy", ["composite", "treatment_policy", "hypothetical"])
def test_without_missed_visits_each_strategy_is_its_estimand(strategy):
    design = design_with("missed_visits", share=0.0)
    found = responses_by_strategy(design, RCRISS, observe_beyond_events(design, *world(design), **GIVEN))
    strict = with_strategy(design, strategy)
    arms = observe_under_estimand(strict, *world(design), **GIVEN)
    for own, arm in ((found[strategy].active, design.active), (found[strategy].control, design.control)):
        np.testing.assert_array_equal(own, RCRISS.compute(arms[arm.name], WEEK, strict.assumed).mean(axis=0))


def test_failures_by_events_are_no_failures_otherwise():
    design = design_with()
    found = responses_by_strategy(design, RCRISS, observe_beyond_events(design, *world(design), **GIVEN))
    strict, policy, ideal = (found[name] for name in ("composite", "treatment_policy", "hypothetical"))
    assert (strict.active <= policy.active).all()
    assert (strict.control <= policy.control).all()
    assert policy.active.mean() < ideal.active.mean()  # who stops loses some of the effect
    assert strict.active.mean() < policy.active.mean() - 0.01


def test_without_an_effect_both_arms_are_alike_under_each_strategy():
    design = design_with()
    seen = observe_beyond_events(design, *world(design, effect=0.0), **GIVEN)
    for found in responses_by_strategy(design, RCRISS, seen).values():
        np.testing.assert_array_equal(found.active, found.control)
