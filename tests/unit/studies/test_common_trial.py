"""A trial in many worlds at once: each world keeps its own courses, whatever is solved beside it."""

import numpy as np

from ifntrial.course.assemble import subject_parameters
from ifntrial.course.simulate import simulate_arm
from ifntrial.solver import Tolerance
from ifntrial.studies.common_trial import common_trial, simulate_arms
from ifntrial.worlds.draw import draw_worlds
from shipped import CATALOG, load_design


def test_both_arms_of_every_world_are_as_if_solved_alone():
    trial = common_trial(CATALOG, load_design("daisy"), subjects=6, seed=3, replicates=1)
    worlds = draw_worlds(trial.model, trial.evidence, 3, 7)
    pairs = simulate_arms(trial, worlds)
    assert len(pairs) == 3
    for place, pair in enumerate(pairs):
        parameters = subject_parameters(trial.model, trial.evidence, trial.population, worlds, place)
        for found, arm in zip(pair, (trial.design.active, trial.design.control), strict=True):
            alone = simulate_arm(
                trial.model,
                parameters,
                arm.dosing(),
                trial.design.visit_weeks,
                arm=arm.name,
                world=0,
                tolerance=Tolerance.SCREEN,
            )
            assert found.arm == alone.arm
            assert found.values.keys() == alone.values.keys()
            for name, values in alone.values.items():
                np.testing.assert_array_equal(found.values[name], values, err_msg=name)
            np.testing.assert_array_equal(found.status, alone.status)
