"""Scores stay on their scales whatever the interferon signal, the patient and the world."""

from dataclasses import replace

import numpy as np
import pytest

from ifntrial.course.assemble import subject_parameters
from ifntrial.course.system import build_system
from ifntrial.model.parts import Values
from ifntrial.model.rate_laws import kept_on_scale
from ifntrial.patients.sample import sample_population
from ifntrial.solver import Tolerance, simulate, symbol
from ifntrial.worlds.draw import draw_worlds

TISSUES = ("blood", "skin", "lung", "heart")
SCALE_TOPS = {"mrss": 51.0, "haq_di": 3.0, "patient_global": 10.0, "physician_global": 10.0}
WORLDS, PATIENTS = 100, 20


@pytest.fixture(scope="module")
def held(model, evidence):
    """The model with the signal in every tissue held where it starts, and patients in worlds to run it in."""
    system = build_system(model)
    rates = list(system.rates)
    for tissue in TISSUES:
        rates[system.states.index(f"isgf3_{tissue}")] = symbol(f"isgf3_{tissue}") * 0
    worlds = draw_worlds(model, evidence, WORLDS, 11)
    people = sample_population(model, evidence, PATIENTS, 11)
    each = [subject_parameters(model, evidence, people, worlds, place) for place in range(WORLDS)]
    parameters = {name: np.concatenate([some[name] for some in each]) for name in system.parameters}
    return replace(system, name="signal held", rates=tuple(rates)), parameters


@pytest.mark.parametrize("times", [0.0, 0.3, 3.0, 10.0])
def test_every_score_stays_on_its_scale(held, times):
    system, parameters = held
    start = simulate(system, parameters, None, [0.0]).values[:, 0].copy()
    for tissue in TISSUES:
        start[:, system.states.index(f"isgf3_{tissue}")] *= times
    outputs = (*SCALE_TOPS, "fvc_percent", "inflammation", "collagen_synthesis_lung", "collagen_degradation")
    found = simulate(
        system,
        parameters,
        None,
        [0.0, 91.0, 364.0],
        outputs=outputs,
        initial=start,
        tolerance=Tolerance.TRIAL,
    )
    assert found.is_ok.all()
    for name in outputs:
        assert found.of(name).min() > -1e-6, name
        assert np.isfinite(found.of(name)).all()
    for name, top in SCALE_TOPS.items():
        assert found.of(name).max() <= top + 1e-6, name


@pytest.mark.parametrize(
    ("goal", "factor", "expected"),
    [
        (16.0, 0.5, 8.0),
        (16.0, 1.0, 16.0),
        (16.0, 2.0, 16.0 * 2.0 * 51.0 / 67.0),
        (16.0, 1e9, 51.0),
        (51.0, 3.0, 51.0),
        (0.0, 3.0, 0.0),
        (51.0, 1.0, 51.0),
    ],
)
def test_a_goal_is_lowered_in_proportion_and_raised_towards_the_top(goal, factor, expected):
    assert kept_on_scale(goal, factor, 51.0) == pytest.approx(expected, rel=1e-6)


def test_what_is_lost_beyond_untreated_is_a_share_of_the_lung_function_left(model):
    (loss,) = (reaction for reaction in model.reactions if reaction.name == "lung_function_loss")
    p = Values({"fvc_progression": 2.0, "fvc_percent_baseline": 80.0})

    def rate(synthesis, left):
        return loss.rate(Values({"collagen_synthesis_lung": synthesis, "fvc_percent": left}), p)

    assert rate(0.5, 40.0) == pytest.approx(1.0)
    assert rate(1.0, 40.0) == pytest.approx(2.0)
    assert rate(3.0, 80.0) == pytest.approx(6.0)
    assert rate(3.0, 40.0) == pytest.approx(2.0 + 2.0)


def test_the_tops_of_scales_are_those_of_the_items(evidence):
    for item, top in SCALE_TOPS.items():
        assert evidence.parameter(f"{item}_scale_top").value == top
