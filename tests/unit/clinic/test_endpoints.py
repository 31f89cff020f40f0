"""Endpoints on tables small enough to check by hand, and rules that hold for every endpoint."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ifntrial.clinic.conduct import ObservedArm
from ifntrial.clinic.endpoints import ENDPOINTS
from ifntrial.clinic.endpoints.acr_criss import compute_acr_criss
from ifntrial.clinic.endpoints.rcriss import (
    VARIANTS,
    compute_rcriss,
    items_improved,
    items_worsened,
    variant,
)
from ifntrial.clinic.endpoints.record import Endpoint
from ifntrial.clinic.observe import observe_arms
from ifntrial.clinic.readings import measurement_error
from ifntrial.design.assumed import AssumedRules, ResponderRule
from ifntrial.errors import InputError, UnknownNameError
from ifntrial.evidence.load import load_evidence
from ifntrial.items import CORE_ITEMS
from ifntrial.units import parse_unit
from shipped import CATALOG, endpoint_named, load_design
from toy_trial import toy_course, toy_covariates

RULES = load_design("daisy").assumed
BASELINE = {"mrss": 20.0, "haq_di": 1.0, "patient_global": 4.0, "physician_global": 8.0, "fvc_percent": 80.0}
NEVER = np.full((1, 1), np.inf)


def one_subject(
    after: dict[str, float], baseline: dict[str, float] | None = None, **changes: object
) -> ObservedArm:
    """One subject with a baseline and a visit at week 52."""
    start = BASELINE if baseline is None else baseline
    values = {item: np.array([[[start[item], {**start, **after}[item]]]]) for item in CORE_ITEMS}
    values["fvc_percent_confirmation"] = values["fvc_percent"]
    fields: dict = {
        "arm": "arm",
        "world": 0,
        "visit_week": np.array([0.0, 52.0]),
        "values": values,
        "attended": np.ones((1, 1, 2), dtype=bool),
        "discontinuation_week": NEVER,
        "discontinuation_reason": np.zeros((1, 1), dtype=np.int8),
        "leaving_week": NEVER,
        "rescue_week": NEVER,
        "organ_event_week": {"acr_2016": NEVER, "extended": NEVER},
        "uniforms": {},
        "covariates": {"has_ild": np.array([True])},
        "status": np.array(["ok"]),
        "offset_days": np.zeros((1, 1, 2)),
    }
    return ObservedArm(**(fields | changes))


def with_rule(**changes: object) -> AssumedRules:
    return RULES.model_copy(update={"responder_rule": RULES.responder_rule.model_copy(update=changes)})


THREE_IMPROVED = {"mrss": 15.0, "haq_di": 0.75, "patient_global": 3.0}


@pytest.mark.parametrize(
    ("after", "responds"),
    [
        (THREE_IMPROVED, True),  # exactly 25 % in three items
        ({**THREE_IMPROVED, "mrss": 16.0}, False),  # 20 %
        ({"mrss": 10.0, "haq_di": 0.0}, False),  # two items, however large
        ({"mrss": 15.0, "haq_di": 0.75, "fvc_percent": 84.0}, True),  # exactly 5 % relative
        ({"mrss": 15.0, "haq_di": 0.75, "fvc_percent": 83.9}, False),
        ({**THREE_IMPROVED, "physician_global": 10.0}, True),  # a worse item does not matter here
        ({**THREE_IMPROVED, "fvc_percent": 68.0}, False),  # FVC down 15 % to below 80 % with ILD: organ event
        ({**THREE_IMPROVED, "fvc_percent": 68.1}, True),
    ],
)
def test_rcriss_25_by_hand(after: dict[str, float], responds: bool) -> None:
    assert compute_rcriss(one_subject(after), 52.0, RULES).item() == responds


def test_the_lung_event_needs_ild_and_a_confirmation() -> None:
    after = {**THREE_IMPROVED, "fvc_percent": 68.0}
    assert (
        compute_rcriss(one_subject(after, covariates={"has_ild": np.array([False])}), 52.0, RULES).item() == 1
    )
    subject = one_subject(after)
    unconfirmed = {**subject.values, "fvc_percent_confirmation": np.array([[[80.0, 72.0]]])}
    assert compute_rcriss(one_subject(after, values=unconfirmed), 52.0, RULES).item() == 1


@pytest.mark.parametrize(
    ("changes", "responds"),
    [
        ({"organ_event_week": {"acr_2016": np.array([[30.0]]), "extended": np.array([[30.0]])}}, False),
        ({"organ_event_week": {"acr_2016": NEVER, "extended": np.array([[30.0]])}}, True),
        ({"organ_event_week": {"acr_2016": np.array([[60.0]]), "extended": np.array([[60.0]])}}, True),
        ({"rescue_week": np.array([[24.0]])}, False),
        ({"rescue_week": np.array([[52.0]])}, True),  # rescued after the last assessment
        ({"discontinuation_week": np.array([[51.0]])}, False),
        ({"attended": np.array([[[True, False]]])}, False),
    ],
)
def test_events_that_undo_a_response(changes: dict, responds: bool) -> None:
    assert compute_rcriss(one_subject(THREE_IMPROVED, **changes), 52.0, RULES).item() == responds


@pytest.mark.parametrize(
    ("missing", "responds"), [("not_improved", 0), ("last_observation", 0), ("imputed", 1)]
)
def test_a_missed_visit_counts_as_the_rule_says(missing: str, responds: int) -> None:
    subject = one_subject(THREE_IMPROVED, attended=np.array([[[True, False]]]))
    assert compute_rcriss(subject, 52.0, with_rule(missing=missing)).item() == responds


def test_the_last_observation_is_carried_forward() -> None:
    values = {
        item: np.array([[[BASELINE[item], THREE_IMPROVED.get(item, BASELINE[item]), BASELINE[item]]]])
        for item in CORE_ITEMS
    }
    subject = one_subject(
        {},
        visit_week=np.array([0.0, 36.0, 52.0]),
        values=values | {"fvc_percent_confirmation": values["fvc_percent"]},
        attended=np.array([[[True, True, False]]]),
    )
    assert compute_rcriss(subject, 52.0, with_rule(missing="last_observation")).item() == 1
    assert compute_rcriss(subject, 52.0, with_rule(missing="not_improved")).item() == 0


def test_treatment_policy_keeps_a_rescued_response() -> None:
    estimand = RULES.estimand.model_copy(update={"rescue": "treatment_policy"})
    subject = one_subject(THREE_IMPROVED, rescue_week=np.array([[24.0]]))
    assert compute_rcriss(subject, 52.0, RULES.model_copy(update={"estimand": estimand})).item() == 1


def test_a_baseline_of_zero_cannot_improve_but_can_worsen() -> None:
    start = {**BASELINE, "haq_di": 0.0}
    as_arrays = (
        {key: np.array([value]) for key, value in one.items()} for one in (start, {**start, "haq_di": 0.125})
    )
    baseline, after = as_arrays
    assert items_improved(baseline, baseline, RULES.responder_rule).item() == 0
    assert items_worsened(baseline, baseline, RULES.responder_rule).item() == 0
    assert items_worsened(baseline, after, RULES.responder_rule).item() == 1


@pytest.mark.parametrize(
    ("allowed", "worse", "responds"), [("one", 1, 1), ("one", 2, 0), ("none", 0, 1), ("none", 1, 0)]
)
def test_the_worsening_clause(allowed: str, worse: int, responds: int) -> None:
    after = THREE_IMPROVED | dict([("physician_global", 10.0), ("fvc_percent", 76.0)][:worse])
    assert (
        compute_rcriss(one_subject(after), 52.0, with_rule(worsening_items_allowed=allowed)).item()
        == responds
    )


def test_fvc_in_points_asks_for_five_points() -> None:
    after = {"mrss": 15.0, "haq_di": 0.75, "fvc_percent": 84.0}
    assert compute_rcriss(one_subject(after), 52.0, with_rule(fvc_kind="points")).item() == 0
    assert (
        compute_rcriss(one_subject({**after, "fvc_percent": 85.0}), 52.0, with_rule(fvc_kind="points")).item()
        == 1
    )


@pytest.mark.parametrize("name", VARIANTS)
def test_every_variant_is_a_valid_rule(name: str) -> None:
    changed = variant(RULES.responder_rule, name)
    assert ResponderRule.model_validate(changed.model_dump()) == changed


@given(st.lists(st.floats(-0.8, 0.8), min_size=5, max_size=5))
def test_asking_for_more_never_helps(relative_changes: list[float]) -> None:
    after = {
        item: BASELINE[item] * (1 + change) for item, change in zip(CORE_ITEMS, relative_changes, strict=True)
    }
    by_percent = [
        compute_rcriss(one_subject(after), 52.0, with_rule(percent=x)).item() for x in (20, 25, 30, 50)
    ]
    by_clause = [
        compute_rcriss(one_subject(after), 52.0, with_rule(worsening_items_allowed=x)).item()
        for x in ("any", "one", "none")
    ]
    assert by_percent == sorted(by_percent, reverse=True)
    assert by_clause == sorted(by_clause, reverse=True)


def test_acr_criss_by_hand() -> None:
    # x = -5.54 + 0.81*5 + 0.21*4 + 0.40*1 + 0.44*2 + 3.41*0.25
    after = {
        "mrss": 15.0,
        "fvc_percent": 84.0,
        "patient_global": 3.0,
        "physician_global": 6.0,
        "haq_di": 0.75,
    }
    expected = 1.0 / (1.0 + np.exp(-(-5.54 + 4.05 + 0.84 + 0.40 + 0.88 + 0.8525)))
    assert compute_acr_criss(one_subject(after), 52.0, RULES).item() == pytest.approx(expected, abs=1e-12)


def test_acr_criss_without_change_is_the_published_floor() -> None:
    assert compute_acr_criss(one_subject({}), 52.0, RULES).item() == pytest.approx(0.0039, abs=5e-5)
    event = {"acr_2016": np.array([[3.0]]), "extended": np.array([[3.0]])}
    assert compute_acr_criss(one_subject({"mrss": 0.0}, organ_event_week=event), 52.0, RULES).item() == 0


@pytest.fixture(scope="module")
def arms() -> dict[str, ObservedArm]:
    design = load_design("daisy")
    courses = {
        a.name: toy_course(a.name, 1.0 * (not a.is_control), 800, design.visit_weeks) for a in design.arms
    }
    return observe_arms(
        design, courses, toy_covariates(800), measurement_error(load_evidence()), seed=2, replicates=2
    )


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_every_endpoint_keeps_its_range_direction_and_unit(
    endpoint: Endpoint, arms: dict[str, ObservedArm]
) -> None:
    values = {arm: endpoint.compute(observed, 52.0, RULES) for arm, observed in arms.items()}
    for array in values.values():
        assert array.shape == (2, 800)
        known = array[np.isfinite(array)]
        assert len(known) > 100
        assert known.min() >= endpoint.low
        assert known.max() <= endpoint.high
    if endpoint.kind == "responder":
        assert set(np.unique(values["placebo"])) <= {0.0, 1.0}
    parse_unit(endpoint.unit)
    assert endpoint.definition
    assert endpoint.source


BETTER = ("rcriss", "acr_criss", "mrss_change", "mrss_responder", "fvc_percent_change", "haq_di_change",
          "patient_global_change", "physician_global_change", "signature_suppression_blood")  # fmt: skip


@pytest.mark.parametrize("name", BETTER)
def test_an_effective_drug_moves_an_endpoint_in_its_better_direction(
    name: str, arms: dict[str, ObservedArm]
) -> None:
    endpoint = endpoint_named(name)
    active, placebo = (
        np.nanmean(endpoint.compute(arms[arm], 52.0, RULES)) for arm in ("anifrolumab", "placebo")
    )
    assert (active > placebo) == endpoint.higher_is_better


def test_events_follow_their_cumulative_hazard(arms: dict[str, ObservedArm]) -> None:
    left = np.minimum(arms["placebo"].discontinuation_week, 52.0)
    expected = (1 - np.exp(-0.08 * left / 52.0)).mean()
    observed = endpoint_named("serious_infection").compute(arms["placebo"], 52.0, RULES).mean()
    assert observed == pytest.approx(expected, abs=4 * np.sqrt(0.08 / 1600))
    ulcers = endpoint_named("new_ulcers").compute(arms["placebo"], 52.0, RULES).mean()
    assert ulcers == pytest.approx(0.5 * left.mean() / 52.0, abs=4 * np.sqrt(0.5 / 1600))


def test_an_unplanned_visit_and_an_unknown_endpoint_are_refused(arms: dict[str, ObservedArm]) -> None:
    with pytest.raises(InputError, match="visit week 5 is not in the trial"):
        endpoint_named("mrss_change").compute(arms["placebo"], 5.0, RULES)
    with pytest.raises(UnknownNameError, match="did you mean rcriss"):
        endpoint_named("rcris")


def test_a_design_may_name_every_endpoint_and_no_other():
    assert list(CATALOG.known.names.endpoints) == [endpoint.name for endpoint in ENDPOINTS]
