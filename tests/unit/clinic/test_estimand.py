"""Estimands: each strategy is simulated as what it says, and the four give different true values."""

import numpy as np
import pytest

from ifntrial.clinic.conduct import INTERCURRENT_EVENTS, ObservedArm
from ifntrial.clinic.consequences import draw_escape_share, have_consequences
from ifntrial.clinic.estimand import observe_under_estimand
from ifntrial.clinic.observe import as_primary_sees_it, observe_arms
from ifntrial.design.assumed import EscapeEffect
from ifntrial.design.design import TrialDesign
from ifntrial.errors import InputError
from ifntrial.patients.records import LatentCourse
from shipped import endpoint_named, load_design, true_effect
from toy_trial import ERROR, EXACT, toy_course, toy_covariates

N, REPLICATES, SEED = 1200, 3, 4
WEIGHT = np.ones(N)
FULL = EscapeEffect(low=1.0, high=1.0, half_time_weeks=0.1)


def design_with(**parts: dict[str, object]) -> TrialDesign:
    """Return DAISY with changed rules and often enough events to tell strategies apart."""
    daisy = load_design("daisy")
    changes: dict[str, dict[str, object]] = {
        "dropout": {"at_random": 0.4},
        "rescue": {"share": 0.8, "effect": FULL},
    }
    for name, change in parts.items():
        changes[name] = changes.get(name, {}) | change
    rules = {name: getattr(daisy.assumed, name).model_copy(update=change) for name, change in changes.items()}
    return daisy.model_copy(update={"assumed": daisy.assumed.model_copy(update=rules)})


def under(discontinuation: str, rescue: str, **parts: dict[str, object]) -> TrialDesign:
    summary = (
        "risk_difference"
        if "composite" in (discontinuation, rescue) or parts.pop("responders", None)
        else "mean_difference"
    )
    plan = {"discontinuation": discontinuation, "rescue": rescue, "summary": summary}
    return design_with(**{**parts, "estimand": plan | parts.get("estimand", {})})


def courses(effect: float = 1.0, n: int = N) -> dict[str, LatentCourse]:
    daisy = load_design("daisy")
    return {
        arm.name: toy_course(arm.name, effect * (not arm.is_control), n, daisy.visit_weeks)
        for arm in daisy.arms
    }


def counted(design: TrialDesign, effect: float = 1.0) -> dict[str, ObservedArm]:
    return observe_under_estimand(
        design, courses(effect), toy_covariates(N), ERROR, seed=SEED, replicates=REPLICATES
    )


def seen(design: TrialDesign, effect: float = 1.0) -> dict[str, ObservedArm]:
    return observe_arms(design, courses(effect), toy_covariates(N), ERROR, seed=SEED, replicates=REPLICATES)


def mean_change(arms: dict[str, ObservedArm], arm: str) -> float:
    return float(endpoint_named("mrss_change").compute(arms[arm], 52.0, load_design("daisy").assumed).mean())


def test_the_four_strategies_for_stopping_give_four_true_values() -> None:
    effects = {}
    for strategy in ("hypothetical", "treatment_policy", "while_on_treatment"):
        design = under(strategy, "hypothetical", estimand={"return_half_life_weeks": 4.0})
        effects[strategy] = true_effect(design, counted(design), WEIGHT, endpoint="mrss_change").effect
    assert effects["hypothetical"] == pytest.approx(-3.0, abs=0.4)
    # what is lost after stopping, and what had not been reached when it happened
    assert effects["hypothetical"] + 0.2 < effects["treatment_policy"] < 0
    assert effects["hypothetical"] + 0.2 < effects["while_on_treatment"] < 0
    assert abs(effects["treatment_policy"] - effects["while_on_treatment"]) > 0.05
    responders = {
        strategy: true_effect(design, counted(design), WEIGHT).active
        for strategy in ("composite", "hypothetical", "treatment_policy", "while_on_treatment")
        for design in [
            design_with(
                estimand={
                    "discontinuation": strategy,
                    "rescue": "hypothetical",
                    "return_half_life_weeks": 4.0,
                }
            )
        ]
    }
    assert responders["composite"] == min(responders.values())
    assert responders["hypothetical"] == max(responders.values())
    assert len(set(responders.values())) == 4


def test_the_four_strategies_for_escape_therapy_give_four_true_values() -> None:
    placebo = {}
    for strategy in ("hypothetical", "treatment_policy", "while_on_treatment"):
        placebo[strategy] = mean_change(counted(under("hypothetical", strategy)), "placebo")
    # escape therapy takes back what had worsened, so that following everyone looks better than it would have been
    assert placebo["treatment_policy"] < placebo["hypothetical"] - 0.1
    assert len({round(value, 6) for value in placebo.values()}) == 3
    rates = {
        strategy: true_effect(design, counted(design), WEIGHT).control
        for strategy in ("composite", "treatment_policy", "hypothetical")
        for design in [design_with(estimand={"discontinuation": "hypothetical", "rescue": strategy})]
    }
    assert rates["composite"] <= rates["hypothetical"] <= rates["treatment_policy"]
    assert rates["composite"] < rates["treatment_policy"]


def test_a_world_without_events_has_the_planned_course() -> None:
    design = under("hypothetical", "hypothetical")
    arms = counted(design)
    undisturbed = design_with(
        dropout={"at_random": 0.0, "adverse_event": 0.0, "lack_of_efficacy_share": 0.0},
        rescue={"share": 0.0},
        missed_visits={"share": 0.0},
    )
    for name, arm in seen(undisturbed).items():
        for quantity, values in arm.values.items():
            assert np.array_equal(arms[name].values[quantity], values), quantity


def test_treatment_policy_follows_everyone_to_the_course_without_the_drug() -> None:
    design = under("treatment_policy", "hypothetical", estimand={"return_half_life_weeks": 1e-6})
    arms = counted(design)
    factual = seen(design)["anifrolumab"]
    stopped = factual.discontinuation_week < 30
    assert stopped.any()
    last = {name: arm.values["mrss"][..., -1][stopped] for name, arm in arms.items()}
    assert np.array_equal(last["anifrolumab"], last["placebo"])
    assert all(arm.attended.all() for arm in arms.values())


@pytest.mark.parametrize("strategy", ["treatment_policy", "hypothetical", "while_on_treatment"])
def test_the_truth_does_not_hang_on_who_is_followed_or_comes_to_a_visit(strategy: str) -> None:
    poor, whole = (
        under(
            strategy,
            strategy,
            dropout={"at_random": 0.4, "observed_after_stop_share": followed},
            missed_visits={"share": missed},
        )
        for followed, missed in ((0.0, 0.6), (1.0, 0.0))
    )
    seldom, often = counted(poor), counted(whole)
    for name, arm in seldom.items():
        assert np.array_equal(arm.discontinuation_week, often[name].discontinuation_week)
        assert np.array_equal(arm.rescue_week, often[name].rescue_week)
        for quantity, values in arm.values.items():
            assert np.array_equal(values, often[name].values[quantity]), quantity


def test_while_on_treatment_holds_the_last_value() -> None:
    design = under("while_on_treatment", "hypothetical")
    held = counted(design)["anifrolumab"].values["mrss"]
    # nobody is rescued in this world, so that stopping is the only event
    alone = seen(design_with(rescue={"share": 0.0}))["anifrolumab"]
    chosen = np.argwhere((alone.discontinuation_week > 13) & (alone.discontinuation_week < 23))
    assert len(chosen) > 20
    for repeat, subject in chosen:
        assert held[repeat, subject, 3:].tolist() == [held[repeat, subject, 2]] * 3


def test_no_drug_effect_has_no_effect_under_any_strategy() -> None:
    for strategy in ("hypothetical", "treatment_policy", "while_on_treatment"):
        design = under(strategy, strategy)
        assert true_effect(design, counted(design, 0.0), WEIGHT, endpoint="mrss_change").effect == 0.0
    design = under("composite", "composite")
    assert true_effect(design, counted(design, 0.0), WEIGHT).effect == 0.0


def test_escape_therapy_takes_back_the_worsening_of_each_item_and_no_more() -> None:
    exact = EXACT
    never = {"at_random": 0.0, "adverse_event": 0.0, "lack_of_efficacy_share": 0.0}
    pair = {}
    for name, effect in (("without", EscapeEffect()), ("with", FULL)):
        design = design_with(dropout=never, rescue={"share": 1.0, "from_week": 12.0, "effect": effect})
        pair[name] = observe_arms(design, courses(), toy_covariates(N), exact, seed=SEED)["placebo"]
    without, rescued = pair["without"], pair["with"]
    assert np.array_equal(without.rescue_week, rescued.rescue_week)
    early = without.rescue_week <= 36
    toward_worse = {
        "mrss": 1,
        "haq_di": 1,
        "patient_global": 1,
        "physician_global": 1,
        "fvc_percent": -1,
        "fvc_ml": -1,
    }
    assert early.sum() > 20
    for quantity, sign in toward_worse.items():
        before = without.visit_week <= without.rescue_week[..., None]
        values, natural = rescued.values[quantity], without.values[quantity]
        assert np.array_equal(values[before], natural[before]), quantity
        gained = sign * (natural - values)
        assert (gained >= 0).all(), quantity
        assert gained[early][:, -1].max() > 0, quantity
    assert np.array_equal(rescued.values["nt_probnp"], without.values["nt_probnp"])


def test_the_share_taken_back_belongs_to_the_world_and_spans_its_range() -> None:
    effect = EscapeEffect(low=0.2, high=0.8)
    shares = np.array([draw_escape_share(effect, 1, world) for world in range(400)])
    assert shares.min() == pytest.approx(0.2, abs=0.02)
    assert shares.max() == pytest.approx(0.8, abs=0.02)
    assert shares.mean() == pytest.approx(0.5, abs=0.04)
    assert draw_escape_share(effect, 1, 7) == shares[7]


def test_what_is_read_until_an_event_does_not_know_of_it() -> None:
    design = design_with(rescue={"share": 1.0, "from_week": 4.0, "effect": FULL})
    quiet = design_with(rescue={"share": 1.0, "from_week": 4.0, "effect": EscapeEffect()})
    with_effect, without = seen(design)["anifrolumab"], seen(quiet)["anifrolumab"]
    first = np.minimum(without.rescue_week, without.discontinuation_week)
    assert np.array_equal(first, np.minimum(with_effect.rescue_week, with_effect.discontinuation_week))
    until = without.visit_week <= first[..., None]
    for quantity, values in without.values.items():
        assert np.array_equal(values[until], with_effect.values[quantity][until]), quantity


def test_events_after_the_first_follow_what_is_read_after_it() -> None:
    """A rescued subject who recovers does not give up later for lack of efficacy as often."""
    giving_up = {"at_random": 0.0, "adverse_event": 0.0, "lack_of_efficacy_share": 0.5}
    stops = {}
    for name, effect in (("no effect", EscapeEffect()), ("full", FULL)):
        design = design_with(dropout=giving_up, rescue={"share": 1.0, "from_week": 4.0, "effect": effect})
        arm = seen(design)["placebo"]
        stops[name] = arm.discontinuation_week
        rescue = arm.rescue_week
    later = np.isfinite(rescue)
    after = {name: (week > rescue)[later] & np.isfinite(week[later]) for name, week in stops.items()}
    assert after["full"].mean() < 0.8 * after["no effect"].mean()


def test_the_quick_path_gives_the_same_primary_response() -> None:
    design = design_with(dropout={"observed_after_stop_share": 0.5})
    quick = as_primary_sees_it(design)
    assert not have_consequences(quick.assumed), "nothing is read or solved again after an event"
    endpoint = endpoint_named("rcriss")
    for name, arm in seen(design).items():
        slow = endpoint.compute(arm, 52.0, design.assumed)
        assert np.array_equal(slow, endpoint.compute(seen(quick)[name], 52.0, quick.assumed)), name
    policy = under("treatment_policy", "composite")
    assert as_primary_sees_it(policy) == policy


def test_who_stays_after_stopping_is_read_without_the_drug() -> None:
    stay = design_with(
        dropout={"observed_after_stop_share": 1.0},
        rescue={"share": 0.0},
        missed_visits={"share": 0.0},
        organ_events={"death": 0.0},
        estimand={"return_half_life_weeks": 1e-6},
    )
    arms = seen(stay)
    active, placebo = arms["anifrolumab"], arms["placebo"]
    assert active.attended.all()
    # a visit shortly before its day still reads the line from the visit before, which may have been on the drug
    earlier = np.concatenate([[0.0], active.visit_week[:-1]])
    after = earlier > active.discontinuation_week[..., None]
    assert after.any()
    for quantity in ("mrss", "fvc_ml"):
        assert np.allclose(active.values[quantity][after], placebo.values[quantity][after]), quantity
    hazard = active.values["zoster_hazard"]
    assert (np.diff(hazard, axis=-1) >= 0).all(), "expected events only add up"


def test_stopping_an_arm_without_control_needs_to_be_solved() -> None:
    design = design_with(estimand={"discontinuation": "treatment_policy"})
    only = {"anifrolumab": courses()["anifrolumab"]}
    with pytest.raises(InputError, match="what follows stopping treatment in arm 'anifrolumab' is not known"):
        observe_arms(design, only, toy_covariates(N), ERROR, seed=SEED)


def test_an_estimand_that_does_not_fit_is_refused() -> None:
    daisy = load_design("daisy")
    with pytest.raises(InputError, match=r"does not fit(.|\n)*composite strategy needs a response"):
        true_effect(daisy, counted(daisy), WEIGHT, endpoint="mrss_change")


def test_arms_with_missing_visits_have_no_true_effect() -> None:
    daisy = load_design("daisy")
    with pytest.raises(InputError, match="arms with missing visits"):
        true_effect(daisy, seen(daisy), WEIGHT)


def test_both_kinds_of_event_are_known() -> None:
    assert set(INTERCURRENT_EVENTS) <= set(type(load_design("daisy").assumed.estimand).model_fields)
