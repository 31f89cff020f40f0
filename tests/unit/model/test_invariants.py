"""What has to hold whatever the numbers are: mass balance, amounts not below zero, rest without treatment, placebo."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ifntrial.course.assemble import typical_world
from ifntrial.course.simulate import dose_table, simulate_subjects
from ifntrial.course.system import build_system
from ifntrial.dosing.regimen import parse_regimen
from ifntrial.evidence.load import load_evidence
from ifntrial.model.parts import Values
from ifntrial.solver import OdeSystem, Tolerance, symbol
from ifntrial.solver import simulate as solve
from shipped import build_model

DRUG = ("drug_depot", "drug_central", "drug_peripheral")
ITEMS = ("haq_di", "patient_global", "physician_global")
DRUG_EFFECT = (
    "phi_inflammation",
    "phi_skin",
    "phi_lung",
    "phi_vessel",
    "phi_patient_reported",
    "phi_heart",
    "brake",
    "brake_lung",
)
COUNTERS = ("zoster_hazard", "infection_hazard", "ulcer_hazard")
REGIMENS = (
    "300 mg IV every 4 weeks",
    "120 mg SC every week",
    "1000 mg IV once",
    "0.1 mg/kg IV once",
    "20 mg/kg IV weekly x 4 over 60 min",
)
EXTREMES = st.fixed_dictionaries(
    {
        "eta_clearance": st.floats(-1, 1),
        "eta_central_volume": st.floats(-0.8, 0.8),
        "eta_receptor_concentration": st.floats(-0.9, 0.9),
        "eta_clearance_time_max": st.floats(-1, 1),
        "body_weight": st.floats(35, 180),
        "is_ifn_low": st.sampled_from([0.0, 1.0]),
        "ifn_tone_blood": st.floats(1e-3, 5),
        "brake": st.floats(0, 1),
        "phi_skin": st.floats(0, 0.8),
        "usp18_feedback": st.floats(0, 4),
    }
)


def with_eliminated(model) -> OdeSystem:
    """Return the system with a state that gathers what the two ways of elimination remove [nmol]."""
    system = build_system(model)
    named = dict(system.assignments)
    assert {"clearance_subject", "drug_concentration", "drug_receptor_complex"} <= set(named)
    removed = symbol("clearance_subject") * symbol("drug_concentration")
    removed += symbol("k_receptor_internalization") * symbol("drug_receptor_complex")
    return OdeSystem(
        name="with eliminated drug",
        states=(*system.states, "eliminated"),
        parameters=system.parameters,
        rates=(*system.rates, removed),
        initial=(*system.initial, symbol("kss") * 0),
        assignments=system.assignments,
        scales=(*system.scales, symbol("kss") * symbol("central_volume")),
    )


@pytest.mark.parametrize("words", REGIMENS)
def test_drug_in_the_body_and_drug_eliminated_add_up_to_the_doses(model, lupus, words):
    system, regimen = with_eliminated(model), parse_regimen(words)
    chosen = {name: values[:40] for name, values in lupus.parameters.items()}
    days = np.array([0.0, 0.01, 1.0, 10.0, 27.9, 100.0, 180.0])
    doses = dose_table(model, regimen, days[-1], chosen)
    found = solve(
        system, {name: chosen[name] for name in system.parameters}, doses, days, outputs=(*DRUG, "eliminated")
    )
    assert found.is_ok.all()
    amount = found.values.sum(axis=2)
    share = chosen["bioavailability"] if regimen.route == "SC" else 1.0
    one = regimen.dose_amounts_mg(chosen["body_weight"]) * share / chosen["molar_mass"]
    length = max(regimen.infusion_hours / 24, 1e-9)
    starts = regimen.dose_times_days(days[-1])
    given = one[:, None] * np.clip((days[:, None] - starts) / length, 0, 1).sum(axis=1)
    assert amount == pytest.approx(given, rel=2e-4, abs=1e-6 * given.max())


@settings(max_examples=settings.default.max_examples // 4)
@given(changed=EXTREMES, words=st.sampled_from(REGIMENS))
def test_no_amount_falls_below_zero(changed, words):
    model = build_model()
    typical = typical_of_model()
    for name, value in changed.items():
        typical[name] = np.array([value])
    names = tuple(species.name for species in model.species)
    days = np.concatenate([[0.0], np.geomspace(0.01, 365, 60)])
    found = simulate_subjects(model, typical, parse_regimen(words), days, names)
    assert found.words.tolist() == ["ok"]
    least = found.values[0].min(axis=0)
    largest = np.abs(found.values[0]).max(axis=0)
    # A solver of finite tolerance may leave a trace below zero where an amount has vanished.
    assert (least >= -1e-6 * np.maximum(largest, 1.0)).all(), dict(zip(names, least, strict=True))
    for tissue in ("blood", "skin", "lung", "heart"):
        free = found.of(f"receptor_free_{tissue}")
        assert (free <= 1 + 1e-6).all()


def typical_of_model():
    return dict(typical_world(build_model(), load_evidence()).parameters)


def at_rest(group):
    """Return parameters with every goal at the baseline, so that natural history stands still."""
    values = dict(group.parameters)
    for item in ("mrss", "nt_probnp", "troponin", *ITEMS):
        values[f"{item}_goal"] = values[f"{item}_baseline"]
    values["fvc_repair"] = values["fvc_progression"]
    values["dlco_repair"] = values["dlco_progression"]
    return values


def test_the_untreated_patient_stands_still_for_a_year(systemic_sclerosis):
    model = systemic_sclerosis.model
    names = tuple(species.name for species in model.species if species.name not in COUNTERS)
    found = simulate_subjects(
        model, at_rest(systemic_sclerosis), parse_regimen("placebo"), [0.0, 1.0, 90.0, 365.0], names
    )
    start = found.values[:, :1, :]
    assert found.values == pytest.approx(np.broadcast_to(start, found.values.shape), rel=1e-6, abs=1e-9)


def test_the_untreated_state_has_no_drift_at_all(systemic_sclerosis):
    """The laws themselves cancel at the initial state: rest is exact, not a matter of the solver's tolerance."""
    model = systemic_sclerosis.model
    p = Values(at_rest(systemic_sclerosis), "parameter")
    s = Values({"time": 100.0}, "species")
    waiting = [*((x.name, x.initial) for x in model.species), *((x.name, x.law) for x in model.assignments)]
    while waiting:
        later = []
        for name, law in waiting:
            try:
                s.add(name, law(s, p))
            except AttributeError:
                later.append((name, law))
        assert len(later) < len(waiting)
        waiting = later
    for species in model.species:
        if species.name in COUNTERS:
            continue
        flows = [sign * r.rate(s, p) for r in model.reactions if (sign := r.change.get(species.name))]
        scale = max(np.abs(flow).max() for flow in flows)
        assert np.abs(sum(flows)).max() <= 1e-12 * max(scale, 1.0), species.name


def test_placebo_is_a_dose_of_zero(systemic_sclerosis):
    days = [0.0, 28.0, 182.0, 364.0]
    names = tuple(species.name for species in systemic_sclerosis.model.species)
    placebo = systemic_sclerosis.follow("placebo SC every week", days, names)
    for words in ("0 mg SC every week", "0 mg IV every 4 weeks", "0 mg/kg IV once"):
        assert np.array_equal(systemic_sclerosis.follow(words, days, names).values, placebo.values)


def test_a_vanishing_dose_is_nearly_placebo(systemic_sclerosis):
    names = ("mrss", "signature_suppression_blood", "fvc_percent")
    placebo = systemic_sclerosis.follow("placebo", [0.0, 84.0], names).values
    tiny = systemic_sclerosis.follow("0.00001 mg SC every week", [0.0, 84.0], names).values
    assert tiny == pytest.approx(placebo, rel=1e-3, abs=1e-4)


def test_a_higher_dose_never_gives_less_exposure_or_suppression(lupus):
    days = [0.0, 27.9, 84.0]
    names = ("concentration", "occupancy_blood", "ifn_driven_suppression_blood")
    courses = [
        lupus.follow(f"{dose} mg IV every 4 weeks", days, names).values for dose in (30, 100, 300, 1000)
    ]
    for less, more in pairwise(courses):
        assert (more[:, 1:, :] >= less[:, 1:, :] - 1e-6).all()


@pytest.mark.parametrize("tissue", ["blood", "skin", "lung", "heart"])
def test_internalised_receptor_follows_bound_receptor(lupus, tissue):
    """Turnover of surface receptor: free + bound x (uptake / turnover) is one in steady state."""
    names = [f"receptor_{kind}_{tissue}" for kind in ("free", "bound", "internalized")]
    found = lupus.follow("120 mg SC every week", [0.0, 250.0], names, k_bound_receptor_internalization=20.0)
    free, bound, inside = (found.of(name)[:, 1] for name in names)
    turnover = lupus.parameters["k_receptor_turnover"]
    assert free + bound * 20.0 / turnover == pytest.approx(np.ones(len(free)), abs=5e-3)
    decay = lupus.parameters["k_internalized_receptor_degradation"]
    assert inside == pytest.approx(bound * 20.0 / decay, rel=5e-3)


def test_without_drug_effect_the_disease_runs_as_on_placebo(systemic_sclerosis):
    days = [0.0, 84.0, 364.0]
    names = ("mrss", "fvc_percent", "haq_di", "patient_global", "physician_global", "nt_probnp")
    none = dict.fromkeys(DRUG_EFFECT, 0.0)
    active = systemic_sclerosis.follow("120 mg SC every week", days, names, **none)
    placebo = systemic_sclerosis.follow("placebo", days, names, **none)
    assert active.values == pytest.approx(placebo.values, rel=1e-4, abs=1e-5)


def test_drug_effect_reaches_each_domain_alone(systemic_sclerosis):
    reached = {
        "phi_skin": "mrss",
        "phi_lung": "fvc_percent",
        "phi_vessel": "capillary_density",
        "phi_heart": "nt_probnp",
        "phi_patient_reported": "haq_di",
        "phi_inflammation": "inflammation",
    }
    days, names = [0.0, 364.0], tuple(reached.values())
    none = dict.fromkeys(DRUG_EFFECT, 0.0)
    placebo = systemic_sclerosis.follow("placebo", days, names, **none).values[:, 1].mean(axis=0)
    for parameter, outcome in reached.items():
        active = systemic_sclerosis.follow("120 mg SC every week", days, names, **(none | {parameter: 0.5}))
        change = np.abs(active.values[:, 1].mean(axis=0) / placebo - 1)
        moved = {name for name, size in zip(names, change, strict=True) if size > 1e-4}
        assert moved == {outcome}, parameter


@pytest.mark.parametrize(
    ("parameter", "outcome", "sign"), [("brake", "mrss", 1), ("brake_lung", "fvc_percent", -1)]
)
def test_losing_the_brake_is_harm(systemic_sclerosis, parameter, outcome, sign):
    none = dict.fromkeys(DRUG_EFFECT, 0.0)
    means = [
        systemic_sclerosis.follow("120 mg SC every week", [0.0, 364.0], outcome, **(none | {parameter: size}))
        .values[:, 1]
        .mean()
        for size in (0.0, 0.2)
    ]
    assert sign * (means[1] - means[0]) > 0.1


def test_a_tighter_tolerance_changes_little(lupus, model):
    regimen, days = parse_regimen("300 mg IV every 4 weeks"), [0.0, 28.0, 84.0]
    names = ["concentration", "signature_suppression_blood"]
    values = {name: column[:30] for name, column in lupus.parameters.items()}
    trial, reference = (
        simulate_subjects(model, values, regimen, days, names, tolerance=tolerance).values
        for tolerance in (Tolerance.TRIAL, Tolerance.REFERENCE)
    )
    assert trial == pytest.approx(reference, rel=2e-3, abs=1e-4)
