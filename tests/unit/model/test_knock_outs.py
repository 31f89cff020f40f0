"""What the signature does without the receptor, the kinases, a ligand or the cells that make it, against blockade."""

from dataclasses import replace

import numpy as np
import pytest

from ifntrial.course.assemble import typical_world
from ifntrial.course.simulate import simulate_subjects
from ifntrial.course.system import build_system
from ifntrial.dosing.regimen import parse_regimen
from ifntrial.model import DRUGS
from ifntrial.solver import simulate as solve
from ifntrial.solver import symbol
from ifntrial.worlds.draw import draw_worlds
from shipped import build_model

BLOOD, SKIN = "signature_suppression_blood", "signature_suppression_skin"


def trough(evidence, name, words):
    """Return suppression in blood of the typical patient before the dose on day 84."""
    model = build_model(DRUGS[name])
    parameters = dict(typical_world(model, evidence).parameters)
    found = simulate_subjects(model, parameters, parse_regimen(words), [0.0, 84.0], (BLOOD,))
    return float(found.of(BLOOD)[0, 1])


def silenced(evidence, changed, fixed=()):
    """Return suppression in blood and skin of the typical patient after 84 days of what a drug would do.

    ``changed`` replaces the rate of a species by its loss at 1,000 a day; ``fixed`` are parameters set.
    """
    model = build_model()
    system = build_system(model)
    rates = list(system.rates)
    for name in changed:
        rates[system.states.index(name)] = -1000.0 * symbol(name)
    gone = replace(system, name="knock-out", rates=tuple(rates))
    values = {name: typical_world(model, evidence).parameters[name] for name in system.parameters}
    values |= {name: np.array([value]) for name, value in fixed}
    found = solve(gone, values, None, [0.0, 84.0], outputs=(BLOOD, SKIN))
    return float(found.of(BLOOD)[0, 1]), float(found.of(SKIN)[0, 1])


LIGANDS = ("alpha", "beta", "omega", "kappa")


def test_knock_outs_order_as_blockades_do(evidence):
    receptor = silenced(evidence, [f"receptor_free_{x}" for x in ("blood", "skin", "lung", "heart")])
    anifrolumab = trough(evidence, "anifrolumab", "300 mg IV every 4 weeks")
    ligands = {x: silenced(evidence, [f"ifn_{x}"]) for x in LIGANDS}
    every = silenced(evidence, [f"ifn_{x}" for x in LIGANDS])
    # without the receptor nothing is left that blockade could take, as without any of its ligands
    assert receptor == pytest.approx(every, abs=1e-3)
    assert receptor[0] > anifrolumab > ligands["alpha"][0]
    # interferon alpha carries most of the signal in blood; kappa acts in skin alone
    assert ligands["alpha"][0] > max(ligands["beta"][0], ligands["omega"][0]) > 0.0
    assert ligands["kappa"][0] == pytest.approx(0.0, abs=0.02)
    assert ligands["kappa"][1] > 0.0
    # an antibody against alpha does at most what its absence does
    sifalimumab = trough(evidence, "sifalimumab", "600 mg IV every 4 weeks")
    assert 0.0 < sifalimumab <= ligands["alpha"][0] + 1e-6


def test_without_the_kinases_the_signature_falls_as_without_the_receptor_and_a_tablet_does_less(evidence):
    receptor = silenced(evidence, [f"receptor_free_{x}" for x in ("blood", "skin", "lung", "heart")])
    kinases = silenced(evidence, [f"isgf3_{x}" for x in ("blood", "skin", "lung", "heart")])
    assert kinases == pytest.approx(receptor, abs=1e-3)
    tablet = trough(evidence, "tofacitinib", "5 mg orally twice a day")
    assert 0.0 < tablet < kinases[0]


@pytest.mark.parametrize("place", range(12))
def test_without_dendritic_cells_blood_never_falls_further_than_under_blockade(evidence, place):
    model = build_model()
    worlds = draw_worlds(model, evidence, 12, 5)
    typical = dict(typical_world(model, evidence).parameters)
    values = {
        name: worlds.parameters.get(name, np.repeat(value, 12))[[place]] for name, value in typical.items()
    }
    system = build_system(model)
    rates = list(system.rates)
    rates[system.states.index("plasmacytoid_dendritic_cell")] = -1000.0 * symbol(
        "plasmacytoid_dendritic_cell"
    )
    gone = replace(system, name="without cells", rates=tuple(rates))
    silent = solve(
        gone, {name: values[name] for name in system.parameters}, None, [0.0, 7.0, 84.0], outputs=(BLOOD,)
    )
    blocked = simulate_subjects(
        model, values, parse_regimen("300 mg IV every 4 weeks"), [0.0, 7.0, 84.0], (BLOOD,)
    )
    assert (silent.of(BLOOD)[0, 1:] < blocked.of(BLOOD)[0, 1:]).all()
