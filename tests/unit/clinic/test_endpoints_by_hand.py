"""Every endpoint on a few readings written out, what each says of itself, and the steps that several share."""

from dataclasses import asdict

import numpy as np
import pytest

from ifntrial.clinic.conduct import ObservedArm
from ifntrial.clinic.endpoints import ENDPOINTS
from ifntrial.clinic.endpoints.events import expected_events
from ifntrial.clinic.endpoints.rcriss import VARIANTS, items_worsened, variant
from ifntrial.clinic.endpoints.record import at_visit, composite_failure
from ifntrial.items import ITEMS
from shipped import endpoint_named, load_design

RULES = load_design("daisy").assumed
INF, NAN = np.inf, np.nan
WEEKS = [0.0, 12.0, 24.0, 52.0]


def arm(subjects: int = 1, weeks: list[float] | None = None, **changes: object) -> ObservedArm:
    """Return one replicate of subjects who keep every visit; an event is a list, one per subject."""
    weeks = weeks or WEEKS
    never = np.full((1, subjects), INF)
    fields: dict = {
        "arm": "arm",
        "world": 0,
        "visit_week": np.array(weeks),
        "values": {},
        "attended": np.ones((1, subjects, len(weeks)), dtype=bool),
        "discontinuation_week": never,
        "discontinuation_reason": np.zeros((1, subjects), dtype=np.int8),
        "leaving_week": never,
        "rescue_week": never,
        "organ_event_week": {"acr_2016": never, "extended": never},
        "uniforms": {},
        "covariates": {"has_ild": np.ones(subjects, dtype=bool)},
        "status": np.full(subjects, "ok"),
        "offset_days": np.zeros((1, subjects, len(weeks))),
    }
    for name in ("discontinuation_week", "leaving_week", "rescue_week", "discontinuation_reason"):
        if name in changes:
            changes[name] = np.array([changes[name]])
    return ObservedArm(**(fields | changes))


def readings(**items: list[list[float]]) -> dict[str, np.ndarray]:
    """Return readings, one row per subject."""
    return {name: np.array([rows], dtype=float) for name, rows in items.items()}


def computed(name: str, observed: ObservedArm, week: float = 52.0, rules=RULES) -> list[float]:
    return endpoint_named(name).compute(observed, week, rules)[0].tolist()


def under(**estimand: str):
    """Return the rules with other strategies of the estimand."""
    return RULES.model_copy(update={"estimand": RULES.estimand.model_copy(update=estimand)})


@pytest.mark.parametrize(
    ("name", "kind", "low", "high", "unit", "higher_is_better", "reads"),
    [
        ("rcriss", "responder", 0.0, 1.0, "1", True, ("responder_rule", "organ_events")),
        ("acr_criss", "value", 0.0, 1.0, "1", True, ("responder_rule", "organ_events")),
        ("mrss_change", "change", -51.0, 51.0, "mrss_point", False, ()),
        ("mrss_responder", "responder", 0.0, 1.0, "1", True, ()),
        ("fvc_percent_change", "change", -195.0, 195.0, "percent_predicted", True, ()),
        ("fvc_ml_change", "change", -INF, INF, "mL", True, ()),
        ("dlco_percent_change", "change", -195.0, 195.0, "percent_predicted", True, ()),
        ("haq_di_change", "change", -3.0, 3.0, "haq_point", False, ()),
        ("patient_global_change", "change", -10.0, 10.0, "global_point", False, ()),
        ("physician_global_change", "change", -10.0, 10.0, "global_point", False, ()),
        ("capillary_density_change", "change", -20.0, 20.0, "1/mm", True, ()),
        ("chemokine_score_change", "change", -20.0, 20.0, "1", False, ()),
        ("signature_suppression_blood", "value", -INF, 1.0, "1", True, ()),
        ("signature_suppression_skin", "value", -INF, 1.0, "1", True, ()),
        ("new_ulcers", "count", 0.0, INF, "ulcer", False, ()),
        ("nt_probnp_ratio", "value", 0.0, INF, "1", False, ()),
        ("troponin_ratio", "value", 0.0, INF, "1", False, ()),
        ("zoster", "responder", 0.0, 1.0, "1", False, ()),
        ("serious_infection", "responder", 0.0, 1.0, "1", False, ()),
        ("clinical_worsening", "time", 0.0, INF, "week", True, ("organ_events",)),
    ],
)
def test_what_each_endpoint_says_of_itself(name, kind, low, high, unit, higher_is_better, reads):
    found = endpoint_named(name)
    assert (found.name, found.kind, found.low, found.high, found.unit) == (name, kind, low, high, unit)
    assert found.higher_is_better == higher_is_better
    assert found.reads == reads


def test_the_endpoints_tested_above_are_all():
    assert len(ENDPOINTS) == 20


@pytest.mark.parametrize(
    ("name", "item", "visits", "at_24", "at_52"),
    [
        ("mrss_change", "mrss", [20.0, 19.0, 18.0, 14.0], -2.0, -6.0),
        ("fvc_percent_change", "fvc_percent", [80.0, 79.5, 79.0, 77.5], -1.0, -2.5),
        ("fvc_ml_change", "fvc_ml", [2400.0, 2390.0, 2380.0, 2350.0], -20.0, -50.0),
        ("haq_di_change", "haq_di", [1.0, 1.0, 1.125, 0.75], 0.125, -0.25),
        ("patient_global_change", "patient_global", [5.0, 5.0, 4.0, 6.0], -1.0, 1.0),
        ("physician_global_change", "physician_global", [6.0, 6.0, 5.0, 3.0], -1.0, -3.0),
        ("signature_suppression_blood", "signature_suppression_blood", [0.0, 0.6, 0.7, 0.8], 0.7, 0.8),
        ("signature_suppression_skin", "signature_suppression_skin", [0.0, 0.2, 0.3, 0.4], 0.3, 0.4),
        ("nt_probnp_ratio", "nt_probnp", [80.0, 90.0, 104.0, 120.0], 1.3, 1.5),
    ],
)
def test_a_reading_is_that_of_its_item_and_visit_and_missing_where_that_was_missed(
    name, item, visits, at_24, at_52
):
    values = {other: [[1.0, 2.0, 4.0, 8.0]] * 4 for other in ITEMS} | {item: [visits] * 4}
    attended = np.ones((1, 4, 4), dtype=bool)
    attended[0, 1, 2] = attended[0, 2, 3] = attended[0, 3, 0] = False
    observed = arm(4, values=readings(**values), attended=attended)
    without_baseline = 1.0 if name.startswith("signature") else NAN
    for week, at, missed in ((24.0, at_24, [1, NAN, 1]), (52.0, at_52, [1, 1, NAN])):
        expected = at * np.array([*missed, without_baseline])
        assert computed(name, observed, week) == pytest.approx(expected, nan_ok=True)


def test_the_last_reading_carried_forward_is_never_the_baseline():
    attended = np.array(
        [[[True, True, False, False], [True, False, False, False], [True, True, True, False]]]
    )
    observed = arm(3, values=readings(mrss=[[20.0, 15.0, 14.0, 13.0]] * 3), attended=attended)
    found = at_visit(observed, "mrss", 52.0, carry_forward=True)[0]
    assert found[[0, 2]].tolist() == [15.0, 14.0]
    assert np.isnan(found[1])


# --- responses ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mrss", "responds"),
    [
        ([20.0, 20.0, 20.0, 15.0], 1.0),  # 5 points and 25 %
        ([20.0, 20.0, 20.0, 15.5], 0.0),
        ([16.0, 16.0, 16.0, 11.0], 1.0),
        ([24.0, 24.0, 20.0, 19.0], 0.0),  # 5 points, but 21 %
        ([24.0, 24.0, 24.0, 18.0], 1.0),
        ([12.0, 12.0, 12.0, 8.0], 0.0),  # 33 %, but 4 points
        ([8.0, 8.0, 8.0, 3.5], 0.0),
        ([20.0, 15.0, 10.0, 25.0], 0.0),  # worse in the end
    ],
)
def test_the_skin_responds_from_five_points_and_a_quarter(mrss, responds):
    assert computed("mrss_responder", arm(values=readings(mrss=[mrss]))) == [responds]


def test_a_missed_visit_is_no_response():
    attended = np.array([[[True, True, True, False]]])
    observed = arm(values=readings(mrss=[[20.0, 15.0, 15.0, 15.0]]), attended=attended)
    assert computed("mrss_responder", observed) == [0.0]


@pytest.mark.parametrize("event", ["discontinuation", "rescue"])
def test_an_event_before_the_visit_undoes_a_response_where_the_estimand_counts_it(event):
    values = readings(mrss=[[20.0, 15.0, 15.0, 15.0]] * 3)
    observed = arm(3, values=values, **{f"{event}_week": [51.9, 52.0, INF]})
    other = {"discontinuation": "rescue", "rescue": "discontinuation"}[event]
    for rules, failed in (
        (RULES, [True, False, False]),
        (under(**{event: "treatment_policy"}), [False, False, False]),
        (under(**{other: "treatment_policy"}), [True, False, False]),
    ):
        assert composite_failure(observed, 52.0, rules)[0].tolist() == failed
        assert computed("mrss_responder", observed, rules=rules) == [float(not each) for each in failed]


def test_variants_of_the_response_change_what_they_name():
    changed = {
        name: {field: value for field, value in asdict(change).items() if value is not None}
        for name, change in VARIANTS.items()
    }
    assert changed == {
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


@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant_of_the_response_leaves_the_rest_of_the_rule(name):
    own = RULES.responder_rule.model_copy(update={"percent": 33.0, "items_needed": 2})
    stated = {field: value for field, value in asdict(VARIANTS[name]).items() if value is not None}
    assert variant(own, name).model_dump() == own.model_dump() | stated


def test_the_label_of_the_rule_has_its_percent():
    rules = RULES.model_copy(update={"responder_rule": variant(RULES.responder_rule, "rcriss_50")})
    assert endpoint_named("rcriss").label_under(rules) == "Revised CRISS-50 response"
    assert endpoint_named("mrss_change").label_under(rules) == "Change of mRSS"


@pytest.mark.parametrize(
    ("item", "baseline", "after", "is_worse"),
    [
        ("mrss", 20.0, 25.0, True),
        ("mrss", 20.0, 24.9, False),
        ("mrss", 20.0, 15.0, False),
        ("haq_di", 0.0, 0.125, True),
        ("fvc_percent", 80.0, 76.0, True),
        ("fvc_percent", 80.0, 76.1, False),
        ("fvc_percent", 80.0, 90.0, False),
    ],
)
def test_an_item_worsens_by_the_same_thresholds(item, baseline, after, is_worse):
    before = {
        "mrss": 20.0,
        "haq_di": 1.0,
        "patient_global": 4.0,
        "physician_global": 8.0,
        "fvc_percent": 80.0,
    }
    before = {name: np.array([value]) for name, value in (before | {item: baseline}).items()}
    later = before | {item: np.array([after])}
    assert items_worsened(before, later, RULES.responder_rule).tolist() == [float(is_worse)]


# --- time to worsening --------------------------------------------------------------------------------------------


STEADY = {"mrss": [20.0] * 4, "fvc_percent": [80.0] * 4}


def worsening(week: float = 52.0, attended=None, **changes) -> list[float]:
    mrss, fvc = changes.pop("mrss", STEADY["mrss"]), changes.pop("fvc_percent", STEADY["fvc_percent"])
    if attended is not None:
        changes["attended"] = np.array([[attended]])
    return computed(
        "clinical_worsening", arm(values=readings(mrss=[mrss], fvc_percent=[fvc]), **changes), week
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, INF),
        ({"mrss": [20, 25, 20, 25]}, 12.0),  # five points and a quarter
        ({"mrss": [20, 24.9, 20, 20]}, INF),
        ({"mrss": [24, 29, 30, 24]}, 24.0),  # five points are less than a quarter
        ({"mrss": [8, 10, 12.9, 13]}, 52.0),  # a quarter is less than five points
        ({"mrss": [20, 15, 10, 5]}, INF),
        ({"fvc_percent": [80, 72.1, 72, 80]}, 24.0),  # ten percent of 80
        ({"fvc_percent": [80, 90, 95, 99]}, INF),
        ({"mrss": [20, 20, 25, 20], "fvc_percent": [80, 60, 80, 80]}, 12.0),
        ({"mrss": [20, 25, 20, 20], "attended": [True, False, True, True]}, INF),
        ({"discontinuation_week": [30.0], "discontinuation_reason": [3]}, 30.0),
        ({"discontinuation_week": [30.0], "discontinuation_reason": [2]}, INF),
        ({"organ_event_week": {"acr_2016": np.array([[20.0]]), "extended": np.array([[INF]])}}, 20.0),
        ({"organ_event_week": {"acr_2016": np.array([[INF]]), "extended": np.array([[20.0]])}}, INF),
        ({"organ_event_week": {"acr_2016": np.array([[20.0]])}, "leaving_week": [20.0]}, 20.0),
        ({"organ_event_week": {"acr_2016": np.array([[20.0]])}, "leaving_week": [19.0]}, INF),
        ({"organ_event_week": {"acr_2016": np.array([[52.0]])}}, 52.0),
        ({"mrss": [20, 25, 25, 25], "attended": [True, False, True, True]}, 24.0),
        ({"fvc_percent": [80, 72.1, 72.1, 72.1]}, INF),
        ({"discontinuation_week": [30.0], "discontinuation_reason": [1]}, INF),
        ({"organ_event_week": {"acr_2016": np.array([[40.0]])}, "mrss": [20, 20, 25, 20]}, 24.0),
        ({"organ_event_week": {"acr_2016": np.array([[12.0]])}, "mrss": [20, 20, 25, 20]}, 12.0),
        ({"organ_event_week": {"acr_2016": np.array([[53.0]])}}, INF),
    ],
)
def test_the_week_of_worsening(changes, expected):
    assert worsening(**changes) == [expected]


def test_worsening_until_a_visit():
    assert worsening(24.0, mrss=[20, 20, 20, 25]) == [INF]
    assert worsening(24.0, mrss=[20, 20, 25, 25]) == [24.0]


# --- events -------------------------------------------------------------------------------------------------------


def test_the_hazard_is_linear_between_visits_and_ends_with_leaving():
    hazard = readings(zoster_hazard=[[0.0, 0.12, 0.36, 0.92]] * 6)
    observed = arm(6, values=hazard, leaving_week=[0.0, 6.0, 12.0, 18.0, 38.0, INF])
    found = expected_events(observed, "zoster_hazard", 52.0)[0]
    assert found == pytest.approx([0.0, 0.06, 0.12, 0.24, 0.64, 0.92])
    assert expected_events(observed, "zoster_hazard", 24.0)[0] == pytest.approx(
        [0, 0.06, 0.12, 0.24, 0.36, 0.36]
    )


@pytest.mark.parametrize(
    ("name", "hazard", "purpose"),
    [("zoster", "zoster_hazard", "zoster"), ("serious_infection", "infection_hazard", "serious infection")],
)
def test_an_event_happens_where_the_hazard_reaches_its_luck(name, hazard, purpose):
    # a chance of 1 - exp(-0.5): luck of exp(-0.5) = 0.6065 or more has the event
    values = readings(**{hazard: [[0.0, 0.1, 0.2, 0.5]] * 3 + [[0.0, np.nan, np.nan, np.nan]]})
    uniforms = {purpose: np.array([[0.60, 0.61, 0.90, 0.9]])}
    found = computed(name, arm(4, values=values, uniforms=uniforms))
    assert found[:3] == [0.0, 1.0, 1.0]
    assert np.isnan(found[3])
    assert computed(name, arm(4, values=values, uniforms=uniforms), 24.0)[:3] == [0.0, 0.0, 1.0]
    left = arm(4, values=values, uniforms=uniforms, leaving_week=[INF, 38.0, 38.0, 6.0])
    assert computed(name, left)[:3] == [0.0, 0.0, 1.0]


def test_an_event_of_a_course_that_ended_is_not_known_from_then_on():
    values = readings(infection_hazard=[[0.0, 0.02, 0.04, NAN]])
    observed = arm(values=values, uniforms={"serious infection": np.array([[0.5]])})
    assert np.isnan(computed("serious_infection", observed)).all()
    assert computed("serious_infection", observed, 24.0) == [0.0]


@pytest.mark.parametrize(
    ("expected", "luck", "count"),
    [
        (1.0, 0.36, 0),  # exp(-1) = 0.3679
        (1.0, 0.37, 1),
        (1.0, 0.74, 2),  # 0.7358 up to one
        (1.0, 0.92, 3),  # 0.9197 up to two
        (2.0, 0.13, 0),  # exp(-2) = 0.1353
        (2.0, 0.14, 1),
        (2.0, 0.40, 1),  # 3 exp(-2) = 0.4060
        (2.0, 0.41, 2),
        (2.0, 0.95, 5),  # 0.9473 up to four, 0.9834 up to five
        (0.0, 0.99, 0),
    ],
)
def test_ulcers_are_poisson_around_the_expected_number(expected, luck, count):
    values = readings(ulcer_hazard=[[0.0, 0.5 * expected, expected, 3.0]])
    uniforms = {"ulcers": np.array([[luck]])}
    assert computed("new_ulcers", arm(values=values, uniforms=uniforms), 24.0) == [count]
    left = arm(values=values, uniforms=uniforms, leaving_week=[24.0])
    assert computed("new_ulcers", left) == [count]
