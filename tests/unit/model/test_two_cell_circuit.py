"""The circuit rests untreated whatever its priors draw, answers in proportion to small losses, and collapses robustly."""

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from ifntrial.course.assemble import typical_world
from ifntrial.course.simulate import simulate_subjects
from ifntrial.course.system import build_system
from ifntrial.dosing.regimen import parse_regimen
from ifntrial.evidence.load import load_evidence
from ifntrial.model.mechanisms import two_cell_circuit
from ifntrial.solver import DoseTable, OdeSystem, simulate, symbol
from shipped import build_model

CELLS = ("myofibroblast_skin", "macrophage_skin", "csf1_skin", "pdgf_skin")
WORLDS = {
    "pdgf_saturation_untreated": st.floats(0.5, 0.85),
    "recruited_macrophage_share": st.floats(0.0, 0.95),
    "drive_on_myofibroblasts": st.floats(0.0, 1.0),
    "drive_on_recruitment": st.floats(0.0, 1.0),
}


def skin_only():
    """Return the circuit of the skin with its drive as a parameter, started at rest."""
    system = build_system(build_model())
    mine = {
        x.name for x in two_cell_circuit.MECHANISM.assignments if not x.name.endswith(("_lung", "_heart"))
    }
    rates = dict(zip(system.states, system.rates, strict=True))
    return OdeSystem(
        name="skin",
        states=CELLS,
        parameters=(*(x.name for x in two_cell_circuit.MECHANISM.parameters), "drive_skin"),
        rates=tuple(rates[x] for x in CELLS),
        initial=tuple(sympy.Integer(1) for _ in CELLS),
        assignments=tuple(x for x in system.assignments if x[0] in mine),
    )


def values_of(**changed):
    """Return the circuit's typical parameters with some changed, each (subjects,)."""
    typical = typical_world(build_model(), load_evidence()).parameters
    values = {x.name: typical[x.name] for x in two_cell_circuit.MECHANISM.parameters} | {"drive_skin": 1.0}
    values |= changed
    size = max(np.size(value) for value in values.values())
    return {name: np.broadcast_to(np.asarray(value, float), (size,)).copy() for name, value in values.items()}


def follow(until, outputs=CELLS, **changed):
    values = values_of(**changed)
    subjects = len(values["drive_skin"])
    found = simulate(skin_only(), values, DoseTable.none(subjects), np.array([0.0, until]), outputs=outputs)
    assert found.is_ok.all()
    return found.values[:, -1]


def jacobian(**changed):
    """Return the derivative of the rates by the levels at rest, with the drive at one."""
    system = skin_only()
    laws = dict(system.assignments)
    numbers = {symbol(name): float(value[0]) for name, value in values_of(**changed).items()}
    numbers |= {symbol(x): 1.0 for x in CELLS}

    def expand(expression):
        while names := [x for x in expression.free_symbols if str(x) in laws]:
            expression = expression.subs({x: laws[str(x)] for x in names})
        return expression

    matrix = sympy.Matrix([expand(rate) for rate in system.rates]).jacobian([symbol(x) for x in CELLS])
    return np.array(matrix.subs(numbers), dtype=float)


@settings(max_examples=settings.default.max_examples // 5)
@given(st.fixed_dictionaries(WORLDS))
def test_untreated_every_world_stands_still_at_a_state_of_positive_levels(world):
    names = ("macrophage_untreated", "myofibroblast_untreated", "pdgf_secretion_macrophage")
    assert follow(1000.0, **world) == pytest.approx(np.ones((1, 4)), rel=1e-9)
    assert (follow(1.0, names, **world) > 0).all()


@pytest.mark.parametrize("saturation", [0.55, 0.8])
@pytest.mark.parametrize("recruited", [0.0, 0.3, 0.9])
def test_the_untreated_state_is_stable(saturation, recruited):
    growth = np.linalg.eigvals(
        jacobian(pdgf_saturation_untreated=saturation, recruited_macrophage_share=recruited)
    ).real
    assert growth.max() < -1e-3


@settings(max_examples=settings.default.max_examples // 5)
@given(st.fixed_dictionaries(WORLDS | {"drive_skin": st.floats(0.0, 1.3)}))
def test_no_level_falls_below_zero_however_strong_the_loss(world):
    for until in (30.0, 3000.0):
        levels = follow(until, **world)
        assert np.isfinite(levels).all()
        assert (levels >= -1e-9).all()


@pytest.mark.parametrize("activation", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("recruitment", [0.0, 1.0])
def test_myofibroblasts_fall_in_step_with_the_drive(activation, recruitment):
    drive = np.linspace(0.3, 1.0, 15)
    split = {"drive_on_myofibroblasts": activation, "drive_on_recruitment": recruitment}
    cells = follow(365.0, drive_skin=drive, **split)[:, 0]
    assert (np.diff(cells) > 0).all()


def test_a_small_loss_counts_more_in_activation_than_in_macrophages():
    loss = {"drive_skin": np.array([0.9])}
    activation = 1 - follow(2000.0, drive_on_myofibroblasts=1.0, **loss)[0, 0]
    macrophages = 1 - follow(2000.0, drive_on_myofibroblasts=0.0, drive_on_recruitment=0.0, **loss)[0, 0]
    # at the published constants the fill of the space is 0.485: slope (1 - 0.485) / 0.485 / 0.9 of a loss of a tenth
    assert activation == pytest.approx(0.1 / 0.9 * (1 - 0.485) / 0.485, rel=0.15)
    assert 0.0 < macrophages < activation / 2


def test_with_all_macrophages_lost_cold_fibrosis_remains_and_influx_prevents_their_loss():
    lost = {"drive_skin": 0.2, "drive_on_myofibroblasts": 0.0, "drive_on_recruitment": 0.0}
    cold = follow(2000.0, recruited_macrophage_share=0.0, **lost)[0]
    assert cold[1] == pytest.approx(0.0, abs=1e-6)
    assert cold[0] == pytest.approx(2.84e5 / 4.85e5, rel=0.01)
    assert follow(2000.0, recruited_macrophage_share=0.3, **lost)[0, 1] > 0.1


def test_the_response_is_slowest_near_the_threshold():
    """Just below the threshold healing takes far longer than well below it, where cells vanish at their removal rate."""
    split = {"drive_on_myofibroblasts": 1.0, "recruited_macrophage_share": 0.0}
    near, below = follow(100.0, drive_skin=np.array([0.57, 0.3]), **split)[:, 0]
    assert below < 1e-3
    assert near > 0.02


# --- the whole model ----------------------------------------------------------------------------------------------

OUTCOME = {
    "phi_inflammation": ("inflammation", 1),
    "phi_skin": ("mrss", 1),
    "phi_lung": ("fvc_percent", -1),
    "phi_vessel": ("endothelial_injury", 1),
    "phi_heart": ("nt_probnp", 1),
    "phi_patient_reported": ("haq_di", 1),
    "brake": ("mrss", -1),
    "brake_lung": ("fvc_percent", 1),
}
"""Parameter of the drug effect to the outcome it lowers (+1) or raises (-1)."""


@pytest.mark.parametrize(("parameter", "outcome"), OUTCOME.items())
def test_the_implied_effect_is_monotone_in_each_parameter_with_the_others_fixed(
    model, typical, parameter, outcome
):
    name, sign = outcome
    steps = np.linspace(0.0, 0.8, 9)
    values = {key: np.full(len(steps), value[0]) for key, value in typical.items()}
    values[parameter] = steps
    found = simulate_subjects(model, values, parse_regimen("300 mg IV every 4 weeks"), [0.0, 364.0], [name])
    assert set(found.words) == {"ok"}
    assert (sign * np.diff(found.of(name)[:, 1]) < 0).all()


def test_without_drug_effect_blockade_leaves_cells_matrix_and_organs_alone(model, typical):
    names = [
        x.name for m in model.mechanisms if m.name in ("two_cell_circuit", "tgf_beta") for x in m.species
    ]
    names += [
        "mrss",
        "fvc_percent",
        "nt_probnp",
        "troponin",
        "capillary_density",
        "inflammation",
        "autoantibody",
    ]
    for parameter in OUTCOME:
        typical[parameter][:] = 0.0
    blocked, placebo = (
        simulate_subjects(model, typical, parse_regimen(words), [0.0, 182.0, 364.0], names).values
        for words in ("300 mg IV every 4 weeks", "placebo")
    )
    assert blocked == pytest.approx(placebo, rel=1e-5)
