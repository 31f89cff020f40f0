"""What a trial reads at visits is the same at the tolerance of virtual trials as at one ten thousand times tighter."""

import numpy as np
import pytest

from ifntrial.course.assemble import subject_parameters
from ifntrial.course.simulate import simulate_arm
from ifntrial.solver import Tolerance
from ifntrial.studies.forecast.run import ForecastPlan
from shipped import load_design, prepare_forecast

WORLDS, SUBJECTS = 6, 24


@pytest.fixture(scope="module")
def trial():
    return prepare_forecast(ForecastPlan(load_design("daisy"), WORLDS, SUBJECTS, 3)).trial


@pytest.mark.parametrize("world", range(WORLDS))
def test_readings_lie_within_five_millionths(trial, world):
    if world >= trial.worlds.size:
        pytest.skip("the run has fewer different worlds")
    subjects = trial.common.population.take(np.arange(SUBJECTS))
    values = subject_parameters(trial.common.model, trial.common.evidence, subjects, trial.worlds, world)
    for arm in (trial.design.active, trial.design.control):
        here = (trial.common.model, values, arm.dosing(), trial.design.visit_weeks)
        found = simulate_arm(*here, arm=arm.name, world=world)
        exact = simulate_arm(*here, arm=arm.name, world=world, tolerance=Tolerance(1e-9))
        for name, reading in found.values.items():
            reference = exact.values[name]
            size = np.abs(reference) + 1e-3 * max(np.abs(reference).max(), 1e-3)
            assert np.all(np.abs(reading - reference) <= 5e-6 * size), name
