"""A world of the forecast solved by SciPy's LSODA instead of the compiled engine: the same courses and the same power."""

import numpy as np
import pytest

from ifntrial.course import simulate as population_simulate
from ifntrial.solver import Tolerance
from ifntrial.solver.problem import build_problem
from ifntrial.solver.reference import solve_reference
from ifntrial.solver.solve import MAX_STEPS
from ifntrial.studies.forecast.run import ForecastPlan
from ifntrial.studies.forecast.world import ForecastTrial, simulate_world
from shipped import load_design
from shipped import prepare_forecast as prepare

SUBJECTS = 10
NOTHING = 1e-9  # a suppression on placebo is zero but for rounding


def solve_by_library(system, parameters, doses, visits, *, tolerance, outputs, workers, progress):
    del tolerance, workers, progress
    return solve_reference(
        build_problem(
            system, parameters, doses, visits, tolerance=Tolerance(1e-6), outputs=outputs, subjects=None,
            start=0.0, initial=None, resume=None, max_steps=MAX_STEPS,
        )
    )  # fmt: skip


@pytest.mark.slow
def test_a_world_is_the_same_with_the_library_integrator(monkeypatch):
    design = load_design("daisy")
    plan = ForecastPlan(design, 6, SUBJECTS, 5, replicates=4)
    prepared = prepare(plan)
    trial: ForecastTrial = prepared.trial
    ours = simulate_world(trial, 0)
    monkeypatch.setattr(population_simulate, "solve", solve_by_library)
    theirs = simulate_world(trial, 0)
    for arm, course in ours.courses.items():
        for name, values in course.values.items():
            expected = theirs.courses[arm].values[name]
            scale = np.abs(expected).max()
            np.testing.assert_allclose(
                values, expected, rtol=1e-4, atol=1e-4 * scale + NOTHING, err_msg=f"{arm} {name}"
            )
    own, other = (found.record.numbers.rules[""] for found in (ours, theirs))
    assert own.power == pytest.approx(other.power, abs=1e-3)
    assert own.active == pytest.approx(other.active, abs=1e-3)
