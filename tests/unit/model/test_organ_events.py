"""What multiplies the rates of organ events, against ratios written out by hand; transfer factor and heart markers."""

import numpy as np
import pytest

from ifntrial.clinic.organ_events import HAZARDS, RELATIVE_HAZARD
from ifntrial.course.assemble import typical_world
from ifntrial.course.simulate import simulate_subjects
from ifntrial.dosing.regimen import parse_regimen
from ifntrial.evidence.distributions import prior_distribution
from ifntrial.evidence.load import load_evidence
from ifntrial.model.mechanisms.organ_events import MECHANISM, ORGAN_EVENTS, relative_hazard
from ifntrial.model.parts import Values
from shipped import build_model

EVIDENCE = load_evidence()
OWN = ("is_diffuse", "has_ara", "has_ata", "has_cardiac_involvement")
REST = {
    "endothelial_injury": 1.0,
    "collagen_synthesis_heart": 1.0,
    "collagen_synthesis_lung": 1.0,
    "collagen_synthesis_skin": 1.0,
}
LAWS = {each.name: each.law for each in MECHANISM.assignments}


def multiple(event: str, states: dict[str, float] | None = None, **changed: float) -> float:
    values = {each.name: EVIDENCE.parameter(each.name).value for each in MECHANISM.parameters} | {"age": 50.0}
    return float(LAWS[relative_hazard(event)](Values(REST | (states or {})), Values(values | changed)))


def test_the_clinic_and_the_model_have_one_name_for_it():
    assert HAZARDS == ORGAN_EVENTS
    assert [RELATIVE_HAZARD.format(event) for event in HAZARDS] == list(LAWS)


@pytest.mark.parametrize(
    ("event", "state"),
    [
        ("renal_crisis", "endothelial_injury"),
        ("left_ventricular_failure", "collagen_synthesis_heart"),
        ("pulmonary_arterial_hypertension", "endothelial_injury"),
        ("gut_failure", "collagen_synthesis_skin"),
        ("digital_ischemia", "endothelial_injury"),
    ],
)
def test_the_rate_follows_a_power_of_the_organ(event, state):
    rest = multiple(event)
    for exponent, expected in ((0.0, 1.0), (0.5, 0.8), (1.0, 0.64), (-0.5, 1.25)):
        changed = {f"{event}_drive_exponent": exponent}
        assert multiple(event, {state: 0.64}, **changed) / rest == pytest.approx(expected)
    assert multiple(event, {state: 0.64}) / rest == pytest.approx(0.8), (
        "typical exponent: between none and all"
    )
    others = {name: 0.5 for name in REST if name != state}
    assert multiple(event, others) == pytest.approx(rest)


def test_death_follows_heart_and_lung():
    states = {"collagen_synthesis_heart": 0.5, "collagen_synthesis_lung": 0.7}
    assert multiple("death", states, death_drive_exponent=1.0) == pytest.approx(0.6 * multiple("death"))


@pytest.mark.parametrize(
    ("patient", "weight", "expected"),
    [
        ({"is_diffuse": 1.0, "has_ara": 1.0}, 1.0, 8.1 / 2.3),
        ({"is_diffuse": 1.0, "has_ara": 1.0}, 0.0, 12.0 / 2.3),
        ({"is_diffuse": 1.0, "has_ara": 1.0}, 0.5, np.sqrt(8.1 * 12.0) / 2.3),
        ({"is_diffuse": 0.0, "has_ata": 1.0}, 1.0, 0.9 / 2.3),
        ({"is_diffuse": 0.0, "has_ata": 1.0}, 0.0, 4.3 / 2.3),
        ({"is_diffuse": 1.0}, 0.0, 1.0),
    ],
)
def test_renal_crisis_by_subset_and_antibody_is_that_of_the_registry_and_never_multiplied(
    patient, weight, expected
):
    """Ever: 2.3 % of all, 8.1 diffuse, 0.9 limited, 12.0 with RNA polymerase III, 4.3 with topoisomerase I."""
    found = multiple("renal_crisis", renal_crisis_subset_weight=weight, **patient)
    assert found == pytest.approx(expected, rel=0.01)


def test_no_exponent_is_taken_for_granted():
    for event in ORGAN_EVENTS:
        prior = prior_distribution(EVIDENCE.parameter(f"{event}_drive_exponent"))
        assert 0 < prior.median() < 1
        assert 0.05 < prior.cdf(0.0) < 0.3, "equality, and worse, are possible"


def follow(regimen: str, names: tuple[str, ...], **changed: float) -> dict[str, np.ndarray]:
    model = build_model()
    values = dict(typical_world(model, EVIDENCE).parameters)
    values |= {name: np.array([value]) for name, value in changed.items()}
    found = simulate_subjects(model, values, parse_regimen(regimen), [0.0, 182.0, 364.0], names)
    return {name: found.of(name)[0] for name in names}


def test_untreated_organs_stay_at_one_and_blockade_without_effect_does_too():
    names = tuple(LAWS)
    untreated = follow("placebo", names)
    for name in names:
        assert untreated[name] == pytest.approx(np.full(3, untreated[name][0]), rel=1e-6)
    nothing = dict.fromkeys((p.name for p in build_model().parameters if p.name.startswith("phi_")), 0.0)
    blocked = follow("300 mg IV every 4 weeks", names, brake=0.0, brake_lung=0.0, **nothing)
    for name in names:
        assert blocked[name] == pytest.approx(untreated[name], rel=1e-6)
    helped = follow("300 mg IV every 4 weeks", names)
    assert helped["digital_ischemia_relative_hazard"][-1] < untreated["digital_ischemia_relative_hazard"][-1]


def test_transfer_factor_falls_by_its_net_loss_and_less_where_vessels_and_lung_are_spared():
    loss, repair, start = 6.0 / 365.25, 2.0 / 365.25, 70.0
    given = {"dlco_progression": loss, "dlco_repair": repair, "dlco_percent_baseline": start}
    placebo = follow("placebo", ("dlco_percent",), **given)["dlco_percent"]
    assert placebo == pytest.approx(start - 4.0 * np.array([0.0, 182.0, 364.0]) / 365.25, rel=1e-6)
    for share in (0.0, 1.0):
        treated = follow("300 mg IV every 4 weeks", ("dlco_percent",), dlco_vessel_share=share, **given)
        assert treated["dlco_percent"][-1] > placebo[-1] + 0.05


def test_untreated_markers_of_the_heart_move_to_their_goals():
    given = {"troponin_baseline": 10.0, "troponin_goal": 14.0, "k_troponin_turnover": 0.01}
    found = follow("placebo", ("troponin",), **given)["troponin"]
    assert found == pytest.approx(14.0 - 4.0 * np.exp(-0.01 * np.array([0.0, 182.0, 364.0])), rel=1e-5)
