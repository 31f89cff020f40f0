"""Closed forms behind the weights of patients, against the solver, the readings and the trial's own endpoint code.

Independent of ``population.yearly``, ``population.expected_response`` and the dual of ``population.balance``: the
numerical solution of the model's equations, drawn readings, and the primal problem solved by a general optimiser.
"""

import numpy as np
import pytest
from scipy.optimize import minimize

from ifntrial.clinic.endpoints.rcriss import items_improved, variant
from ifntrial.clinic.readings import draw_measurement_noise, measure, measurement_error
from ifntrial.course.assemble import subject_parameters, typical_world
from ifntrial.course.simulate import simulate_subjects
from ifntrial.dosing.regimen import parse_regimen
from ifntrial.items import CORE_ITEMS
from ifntrial.patients.balance import balance
from ifntrial.patients.expected_response import response_probability
from ifntrial.patients.records import LatentCourse
from ifntrial.patients.sample import sample_population
from ifntrial.patients.untreated_year import expected_readings, untreated_changes
from shipped import load_design

SUBJECTS, REPLICATES = 300, 200
WEEK = 52.0


@pytest.fixture(scope="module")
def people(model, evidence):
    return sample_population(model, evidence, SUBJECTS, 6)


@pytest.fixture(scope="module")
def readings(people, evidence):
    change = untreated_changes(people, evidence, WEEK)
    values = {
        item: np.stack(
            [people.parameters[f"{item}_baseline"], people.parameters[f"{item}_baseline"] + change[item]],
            axis=1,
        )
        for item in CORE_ITEMS
    }
    course = LatentCourse("placebo", 0, np.array([0.0, WEEK]), values, np.full(SUBJECTS, "ok"))
    noise = draw_measurement_noise(3, 0, (0.0, WEEK), SUBJECTS, REPLICATES)
    error = measurement_error(evidence)
    return measure(course, error, noise, rounding=False), measure(course, error, noise)


def test_untreated_changes_are_those_of_the_solved_model(model, evidence, people):
    parameters = subject_parameters(model, evidence, people, typical_world(model, evidence), 0)
    found = simulate_subjects(model, parameters, parse_regimen("placebo"), [0.0, 7 * WEEK], CORE_ITEMS)
    for item, change in untreated_changes(people, evidence, WEEK).items():
        assert np.diff(found.of(item), axis=1)[:, 0] == pytest.approx(change, abs=2e-3), item


def test_expected_readings_are_means_of_drawn_ones(evidence, people, readings):
    exact, _ = readings
    for item, expected in expected_readings(people, evidence, WEEK).items():
        change = exact[item][..., 1] - exact[item][..., 0]
        spread = change.std() / np.sqrt(change.size)
        assert expected.mean.mean() == pytest.approx(change.mean(), abs=5 * spread), item
        assert expected.square.mean() == pytest.approx((change**2).mean(), rel=0.03), item


@pytest.mark.parametrize(("name", "percent"), [("rcriss_20", 0.20), ("rcriss_25", 0.25), ("rcriss_50", 0.50)])
def test_chance_of_response_is_that_of_the_endpoint(evidence, people, readings, name, percent):
    _, rounded = readings
    rule = variant(load_design("daisy").assumed.responder_rule, name)
    first, last = ({item: rounded[item][..., visit] for item in CORE_ITEMS} for visit in (0, 1))
    share = (items_improved(first, last, rule) >= rule.items_needed).mean(axis=0)
    chance = response_probability(people, evidence, WEEK, percent)
    assert chance.mean() == pytest.approx(share.mean(), abs=0.006)
    error = np.sqrt(chance * (1 - chance) / REPLICATES) + 0.02
    assert np.mean(np.abs(chance - share) < 4 * error) > 0.98


@pytest.mark.parametrize("cap", [np.inf, 2.0])
def test_dual_weights_solve_the_primal_problem(cap):
    """Primal: least relative entropy plus squared misfits in tolerances, weights with mean one below the cap."""
    rng = np.random.default_rng(4)
    feature = np.column_stack([rng.normal(-1.2, 1.0, 40), rng.exponential(size=40) - 0.6]) * 3.0

    def primal(weight):
        misfit = weight @ feature / len(weight)
        value = np.mean(weight * np.log(weight) - weight) + 0.5 * misfit @ misfit
        return value, (np.log(weight) + feature @ misfit) / len(weight)

    found = minimize(
        primal,
        np.ones(40),
        jac=True,
        method="SLSQP",
        bounds=[(1e-9, min(cap, 40.0))] * 40,
        constraints={"type": "eq", "fun": lambda w: w.mean() - 1, "jac": lambda w: np.full(40, 1 / 40)},
        options={"maxiter": 2000, "ftol": 1e-14},
    )
    assert found.success
    assert balance(feature, cap).weight(feature) == pytest.approx(found.x, abs=2e-3)
