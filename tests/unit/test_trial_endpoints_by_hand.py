"""What every endpoint is and how it counts, on one subject with visits at weeks 0, 24 and 52."""

import numpy as np
import pytest

from ifntrial.clinic.conduct import ObservedArm
from ifntrial.clinic.endpoints import ENDPOINTS, endpoint_named
from ifntrial.clinic.endpoints.rcriss import VARIANTS
from ifntrial.design.assumed import AssumedRules
from ifntrial.design.design import load_design

INF, NAN = np.inf, np.nan
# kind, low, high, unit, whether higher is better
RECORDS = {
    "rcriss": ("responder", 0, 1, "1", True),
    "acr_criss": ("value", 0, 1, "1", True),
    "mrss_change": ("change", -51, 51, "mrss_point", False),
    "mrss_responder": ("responder", 0, 1, "1", True),
    "fvc_percent_change": ("change", -195, 195, "percent_predicted", True),
    "fvc_ml_change": ("change", -10_000, 10_000, "mL", True),
    "haq_di_change": ("change", -3, 3, "haq_point", False),
    "patient_global_change": ("change", -10, 10, "global_point", False),
    "physician_global_change": ("change", -10, 10, "global_point", False),
    "signature_suppression_blood": ("value", -100, 1, "1", True),
    "signature_suppression_skin": ("value", -100, 1, "1", True),
    "new_ulcers": ("count", 0, INF, "ulcer", False),
    "nt_probnp_ratio": ("value", 0, INF, "1", False),
    "zoster": ("responder", 0, 1, "1", False),
    "serious_infection": ("responder", 0, 1, "1", False),
    "clinical_worsening": ("time", 0, INF, "week", True),
}
VISITS = {
    "mrss": [20.0, 18.0, 14.0],
    "fvc_percent": [80.0, 79.0, 77.5],
    "fvc_ml": [2400.0, 2380.0, 2350.0],
    "haq_di": [1.0, 1.125, 0.75],
    "patient_global": [5.0, 4.0, 6.0],
    "physician_global": [6.0, 5.0, 3.0],
    "signature_suppression_blood": [0.0, 0.7, 0.8],
    "signature_suppression_skin": [0.0, 0.3, 0.4],
    "nt_probnp": [100.0, 130.0, 150.0],
    "zoster_hazard": [0.0, 0.012, 0.026],
    "infection_hazard": [0.0, 0.04, 0.09],
    "ulcer_hazard": [0.0, 0.6, 2.0],
    "fvc_percent_confirmation": [80.0, 79.0, 77.5],
}


def rules(**estimand: str) -> AssumedRules:
    daisy = load_design("daisy").assumed
    return daisy.model_copy(update={"estimand": daisy.estimand.model_copy(update=estimand)})


def subject(seen: tuple[bool, bool, bool] = (True, True, True), **changed: object) -> ObservedArm:
    values = VISITS | {name: value for name, value in changed.items() if name in VISITS}
    weeks = {
        name: np.full((1, 1), changed.get(name, INF))
        for name in ("discontinuation_week", "leaving_week", "rescue_week")
    }
    return ObservedArm(
        arm="arm",
        world=0,
        visit_week=np.array([0.0, 24.0, 52.0]),
        values={name: np.array([[value]]) for name, value in values.items()},
        attended=np.array([[seen]]),
        discontinuation_reason=np.full((1, 1), changed.get("reason", 0)),
        organ_event_week={
            "acr_2016": np.full((1, 1), changed.get("organ", INF)),
            "extended": np.full((1, 1), changed.get("organ", INF)),
        },
        uniforms={
            name: np.full((1, 1), changed.get(name.replace(" ", "_"), 0.5))
            for name in ("zoster", "serious infection", "ulcers")
        },
        covariates={"has_ild": np.array([True])},
        status=np.array(["ok"]),
        offset_days=np.zeros((1, 1, 3)),
        **weeks,
    )


def value(name: str, arm: ObservedArm, week: float = 52.0, plan: AssumedRules | None = None) -> float:
    found = endpoint_named(name).compute(arm, week, plan or rules())
    assert found.shape == (1, 1)
    return float(found[0, 0])


def test_every_endpoint_is_what_it_says():
    found = {e.name: (e.kind, e.low, e.high, e.unit, e.higher_is_better) for e in ENDPOINTS}
    assert found == RECORDS


@pytest.mark.parametrize(
    ("name", "at_24", "at_52"),
    [
        ("mrss_change", -2.0, -6.0),
        ("fvc_percent_change", -1.0, -2.5),
        ("fvc_ml_change", -20.0, -50.0),
        ("haq_di_change", 0.125, -0.25),
        ("patient_global_change", -1.0, 1.0),
        ("physician_global_change", -1.0, -3.0),
        ("signature_suppression_blood", 0.7, 0.8),
        ("signature_suppression_skin", 0.3, 0.4),
        ("nt_probnp_ratio", 1.3, 1.5),
    ],
)
def test_readings_are_those_of_the_visit_and_missing_where_it_was_missed(name, at_24, at_52):
    assert value(name, subject(), 24.0) == pytest.approx(at_24)
    assert value(name, subject(), 52.0) == pytest.approx(at_52)
    assert value(name, subject((True, False, True)), 52.0) == pytest.approx(at_52)
    assert np.isnan(value(name, subject((True, True, False)), 52.0))


# --- responses ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mrss", "responds"),
    [
        ([20.0, 20.0, 15.0], 1.0),  # 5 points and 25 %
        ([20.0, 20.0, 16.0], 0.0),  # 4 points
        ([24.0, 20.0, 19.0], 0.0),  # 5 points, but 21 %
        ([12.0, 12.0, 8.0], 0.0),  # 33 %, but 4 points
        ([20.0, 10.0, 25.0], 0.0),  # worse in the end
    ],
)
def test_the_skin_responds_by_points_and_percent(mrss, responds):
    assert value("mrss_responder", subject(mrss=mrss)) == responds


@pytest.mark.parametrize(
    ("changed", "responds"),
    [
        ({}, 1.0),
        ({"rescue_week": 51.9}, 0.0),
        ({"rescue_week": 52.0}, 1.0),
        ({"discontinuation_week": 51.9}, 0.0),
        ({"discontinuation_week": 52.0}, 1.0),
    ],
)
def test_an_event_before_the_visit_undoes_a_response(changed, responds):
    arm = subject(mrss=[20.0, 15.0, 15.0], **changed)
    assert value("mrss_responder", arm) == responds
    for name in ("discontinuation", "rescue"):
        kept = value("mrss_responder", arm, plan=rules(**{name: "treatment_policy"}))
        assert kept == (1.0 if f"{name}_week" in changed else responds)
    assert value("mrss_responder", subject((True, True, False), mrss=[20.0, 15.0, 15.0])) == 0.0


def test_variants_of_the_response_change_what_they_name():
    assert {name: dict(change) for name, change in VARIANTS.items()} == {
        "rcriss_20": {"percent": 20.0},
        "rcriss_25": {"percent": 25.0},
        "rcriss_30": {"percent": 30.0},
        "rcriss_50": {"percent": 50.0},
        "fvc in points": {"fvc_kind": "points"},
        "at most one item worse": {"worsening_items_allowed": "one"},
        "no item worse": {"worsening_items_allowed": "none"},
        "extended organ events": {"organ_events": "extended"},
        "organ events ignored": {"organ_events": "ignored"},
        "last observation carried forward": {"missing": "last_observation"},
        "missing readings imputed": {"missing": "imputed"},
        "readings not rounded": {"rounding": False},
    }


# --- time to worsening --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "week"),
    [
        ({}, INF),
        ({"mrss": [20.0, 25.0, 20.0]}, 24.0),
        ({"mrss": [20.0, 24.9, 24.9]}, INF),
        ({"mrss": [24.0, 29.0, 30.0]}, 52.0),  # 21 % at first, then 25 %
        ({"fvc_percent": [80.0, 72.0, 80.0]}, 24.0),
        ({"fvc_percent": [80.0, 72.1, 72.1]}, INF),
        ({"discontinuation_week": 30.0, "reason": 3}, 30.0),  # for lack of efficacy
        ({"discontinuation_week": 30.0, "reason": 1}, INF),
        ({"discontinuation_week": 30.0, "reason": 2}, INF),
        ({"organ": 10.0}, 10.0),
        ({"organ": 52.0}, 52.0),
        ({"organ": 52.1}, INF),
        ({"organ": 20.0, "leaving_week": 20.0}, 20.0),
        ({"organ": 20.0, "leaving_week": 19.0}, INF),
        ({"organ": 40.0, "mrss": [20.0, 25.0, 20.0]}, 24.0),
        ({"organ": 12.0, "mrss": [20.0, 25.0, 20.0]}, 12.0),
    ],
)
def test_the_first_worsening_counts(changed, week):
    assert value("clinical_worsening", subject(**changed)) == week


def test_worsening_is_seen_at_attended_visits_and_until_the_visit():
    early = subject(mrss=[20.0, 25.0, 25.0])
    assert value("clinical_worsening", early, 24.0) == 24.0
    assert value("clinical_worsening", subject((True, False, True), mrss=[20.0, 25.0, 25.0])) == 52.0
    late = subject(mrss=[20.0, 20.0, 25.0])
    assert value("clinical_worsening", late, 24.0) == INF


# --- events of a hazard -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "week", "expected"),
    [
        ({}, 24.0, 0.04),
        ({}, 52.0, 0.09),
        ({"leaving_week": 12.0}, 52.0, 0.02),
        ({"leaving_week": 24.0}, 52.0, 0.04),
        ({"leaving_week": 38.0}, 52.0, 0.065),  # half of the way from 24 to 52
        ({"leaving_week": 38.0}, 24.0, 0.04),
        ({"leaving_week": 0.0}, 52.0, 0.0),
    ],
)
def test_an_event_happens_when_the_expected_number_passes_its_luck(changed, week, expected):
    """An event with chance u has happened by when the hazard reaches -log(u)."""
    for factor, happens in ((0.999, 1.0), (1.001, 0.0)):
        luck = float(np.exp(-factor * expected)) if expected else 0.999999
        for name, hazard in (("serious_infection", "infection_hazard"), ("zoster", "zoster_hazard")):
            arm = subject(**{name: luck, hazard: VISITS["infection_hazard"], **changed})
            assert value(name, arm, week) == (happens if expected else 0.0), name


def test_an_event_of_a_course_that_ended_is_not_known():
    arm = subject(infection_hazard=[0.0, 0.04, NAN])
    assert np.isnan(value("serious_infection", arm, 52.0))
    assert value("serious_infection", arm, 24.0) == 0.0


@pytest.mark.parametrize(
    ("luck", "week", "count"),
    [
        (0.13, 52.0, 0.0),  # exp(-2) = 0.1353
        (0.14, 52.0, 1.0),
        (0.40, 52.0, 1.0),  # 3 exp(-2) = 0.4060
        (0.41, 52.0, 2.0),
        (0.95, 52.0, 5.0),  # 0.9473 up to four, 0.9834 up to five
        (0.54, 24.0, 0.0),  # exp(-0.6) = 0.5488
        (0.55, 24.0, 1.0),
    ],
)
def test_ulcers_are_counted_around_the_expected_number(luck, week, count):
    assert value("new_ulcers", subject(ulcers=luck), week) == count


def test_ulcers_are_counted_until_leaving():
    assert value("new_ulcers", subject(ulcers=0.55, leaving_week=24.0)) == 1.0
    assert value("new_ulcers", subject(ulcers=0.54, leaving_week=24.0)) == 0.0
