"""SciPy: LSODA on the same rate function compiled by numba."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ifntrial.solver import OdeSystem, Tolerance
from ifntrial.solver.problem import Problem, take_subjects
from ifntrial.solver.reference import solve_reference


def prepare(system: OdeSystem) -> Callable[..., NDArray[np.float64]]:
    """Return a function that solves one subject: values of all states at visits."""
    del system

    def solve(
        problem: Problem, subject: int, segments: object, start: NDArray[np.float64], relative: float
    ) -> NDArray[np.float64]:
        del segments, start
        one = replace(take_subjects(problem, np.array([subject])), tolerance=Tolerance(relative))
        return solve_reference(one).values[0]

    return solve
