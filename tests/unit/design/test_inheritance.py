"""What a design takes over from another: not who it is, and no reason or word that would be untrue of it."""

from typing import Any

import numpy as np
import pytest

from ifntrial.clinic.conduct import conduct, draw_conduct_noise
from ifntrial.clinic.design_words import control_word, question, trial_name
from ifntrial.clinic.endpoints import ENDPOINTS
from ifntrial.clinic.readings import draw_measurement_noise, measure, measurement_error
from ifntrial.clinic.responses_by_rule import read_alike
from ifntrial.design.design import TrialDesign
from ifntrial.errors import InputError
from ifntrial.evidence.load import load_evidence
from shipped import design_from_mapping, load_design, responder_of, rule_rows
from toy_trial import toy_course, toy_covariates


def extended(**own: Any) -> TrialDesign:
    return design_from_mapping({"extends": "daisy", "schema_version": 1, **own})


def rules_of(design: TrialDesign) -> dict[str, dict[str, str]]:
    return {row.rule: row for row in rule_rows(design)}


@pytest.mark.parametrize(
    "own",
    [
        {"name": "mine"},
        {"name": "mine", "size": {"planned": 90}},
        # who keeps the name and changes the trial has another trial all the same
        {"size": {"planned": 90}},
        {"arms": [
            {"name": "drug", "regimen": "300 mg IV every 4 weeks"},
            {"name": "placebo", "regimen": "placebo IV every 4 weeks", "is_control": True},
        ]},
    ],
)  # fmt: skip
def test_another_trial_does_not_take_over_who_it_is(own):
    design = extended(**own)
    assert design.title == own.get("name", "daisy")
    assert (design.registration, design.sources) == ("", ())
    assert "NCT" not in question(design)


def test_another_trial_may_say_who_it_is():
    design = extended(name="mine", title="My trial", registration="EUCT 1", sources=["doi:10.1/x"])
    assert (design.title, design.registration, design.sources) == ("My trial", "EUCT 1", ("doi:10.1/x",))
    assert question(design) == "What will MINE (EUCT 1) show, in whom, and how sure are we?"


@pytest.mark.parametrize(
    "own", [{}, {"assumed": {"responder_rule": {"percent": 20}}}, {"title": "Another title"}]
)
def test_the_same_trial_read_otherwise_stays_what_it_is(own):
    design = extended(**own)
    assert trial_name(design) == "DAISY (NCT05925803)"
    assert design.registration == "NCT05925803"
    assert design.title == own.get("title", load_design("daisy").title)


def test_what_is_not_who_it_is_is_taken_over():
    daisy, mine = load_design("daisy"), extended(name="mine")
    same = {
        "arms",
        "eligibility",
        "strata",
        "background",
        "primary",
        "key_secondary",
        "treatment_weeks",
        "size",
    }
    for name in same:
        assert getattr(mine, name) == getattr(daisy, name)


def test_a_rule_says_whose_it_is():
    design = extended(
        name="mine",
        assumed={
            "rescue": {"share": 0.2, "reason": "a stricter rule of our own"},
            "analysis": {"alpha_one_sided": 0.05},
        },
    )
    rules = design.assumed
    assert rules.rescue.reason == "a stricter rule of our own"
    assert rules.analysis.reason == "changed in this design; the rest as assumed for daisy"
    assert rules.responder_rule.reason == "as assumed for daisy"
    assert (
        extended(assumed={"analysis": {"alpha_one_sided": 0.05}}).assumed.analysis.reason
        == rules.analysis.reason
    )
    assert extended().assumed == load_design("daisy").assumed


def test_a_rule_taken_over_twice_names_the_first_trial_alone():
    again = design_from_mapping({"extends": "daisy_2to1", "schema_version": 1, "name": "mine"})
    assert again.assumed.rescue.reason == load_design("daisy_2to1").assumed.rescue.reason
    assert again.assumed.rescue.reason.count("as assumed for") == 1


def test_the_words_of_an_estimand_follow_arms_endpoint_and_week():
    other = extended(
        name="mine",
        arms=[
            {"name": "drug", "regimen": "300 mg IV every 4 weeks"},
            {"name": "low", "regimen": "30 mg IV every 4 weeks", "is_control": True},
        ],
        background=[],
        primary={"endpoint": "mrss_responder", "visit_week": 24},
        key_secondary=[],
    )
    words = rules_of(other)["estimand"].assumed
    assert "treatment Anifrolumab 300 mg IV every 4 weeks or Anifrolumab 30 mg IV every 4 weeks;" in words
    assert "endpoint mRSS response at week 24;" in words
    assert control_word(other) == "control"
    of_daisy = rules_of(load_design("daisy"))["estimand"].assumed
    assert (
        "Anifrolumab 120 mg SC every week or placebo SC every week, added to background therapy;" in of_daisy
    )
    assert "endpoint Revised CRISS-25 response at week 52;" in of_daisy
    stated = extended(
        name="mine", assumed={"estimand": {"endpoint": "what we say", "reason": "as we say it"}}
    )
    assert "endpoint what we say;" in rules_of(stated)["estimand"].assumed


def test_rules_that_no_endpoint_reads_are_left_out():
    skin = extended(name="mine", primary={"endpoint": "mrss_responder", "visit_week": 52}, key_secondary=[])
    assert set(rules_of(load_design("daisy"))) - set(rules_of(skin)) == {"responder rule", "organ events"}
    assert read_alike(responder_of(skin)) == ()
    assert "rcriss_20" in read_alike(responder_of(load_design("daisy")))


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_an_endpoint_reads_the_rules_it_names_and_no_other(endpoint):
    design = load_design("daisy")
    weeks, subjects, covariates = design.visit_weeks, 400, toy_covariates(400)
    course = toy_course("active", 0.6, subjects, weeks)
    readings = measure(
        course, measurement_error(load_evidence()), draw_measurement_noise(1, 0, weeks, subjects)
    )
    noise = draw_conduct_noise(1, 0, weeks, subjects)

    def computed(**changed: Any) -> np.ndarray:
        rules = design.assumed.model_copy(
            update={
                block: getattr(design.assumed, block).model_copy(update=values)
                for block, values in changed.items()
            }
        )
        return endpoint.compute(conduct(course, readings, rules, noise, covariates), 52.0, rules)

    def moved(changed: dict[str, Any]) -> bool:
        return not np.array_equal(computed(), computed(**changed), equal_nan=True)

    rule = {"percent": 60.0, "fvc_percent": 30.0, "organ_events": "ignored", "missing": "imputed"}
    rates = dict.fromkeys(("renal_crisis", "gut_failure", "pulmonary_arterial_hypertension"), 2.0)
    assert moved({"responder_rule": rule}) == ("responder_rule" in endpoint.reads)
    assert moved({"organ_events": rates}) == ("organ_events" in endpoint.reads)


def test_a_primary_endpoint_of_a_part_of_the_patients_is_not_counted_among_all():
    part = extended(name="mine", primary={"endpoint": "rcriss", "visit_week": 52, "among": "has_ild"})
    with pytest.raises(InputError, match=r"primary\.among: has_ild"):
        responder_of(part)


def test_an_estimand_that_would_not_fit_another_kind_of_endpoint_is_not_taken_over():
    change = {"endpoint": "mrss_change", "visit_week": 52}
    plan = extended(name="mine", primary=change).assumed.estimand
    assert (plan.summary, plan.discontinuation, plan.rescue) == (
        "mean_difference",
        "treatment_policy",
        "treatment_policy",
    )
    assert plan.reason == (
        "as assumed for daisy, but summary mean difference, discontinuation treatment policy, rescue treatment policy, "
        "as its primary endpoint is of another kind"
    )
    stated = {"rescue": "hypothetical", "reason": "a strategy of our own"}
    own = extended(name="mine", primary=change, assumed={"estimand": stated}).assumed.estimand
    assert (own.summary, own.discontinuation, own.rescue, own.reason) == (
        "mean_difference",
        "treatment_policy",
        "hypothetical",
        "a strategy of our own",
    )
    response = {"endpoint": "mrss_responder", "visit_week": 52}
    assert extended(name="mine", primary=response).assumed.estimand.summary == "risk_difference"
    back = {"extends": "asset_like", "schema_version": 1, "name": "mine", "primary": response}
    assert design_from_mapping(back).assumed.estimand.summary == "risk_difference"
    with pytest.raises(InputError, match="the summary is risk_difference, which does not fit mrss_change"):
        extended(name="mine", primary=change, assumed={"estimand": {"summary": "risk_difference"}})
