"""numbalsoda: LSODA in C++ on a rate function compiled by numba."""

from collections.abc import Callable

import numba
import numpy as np
from numpy.typing import NDArray

from ifntrial.solver import OdeSystem
from ifntrial.solver.problem import Problem
from ifntrial.solver.reference import compile_rate
from peers.task import Segment


def prepare(system: OdeSystem) -> Callable[..., NDArray[np.float64]]:
    """Return a function that solves one subject: values of all states at visits."""
    from numbalsoda import lsoda, lsoda_sig

    rate = compile_rate(system)
    states, parameters = len(system.states), len(system.parameters)

    @numba.cfunc(lsoda_sig)
    def right_hand_side(t: float, y: object, dy: object, data: object) -> None:
        held = numba.carray(data, (parameters + states,))
        slope = rate(t, numba.carray(y, (states,)), held[:parameters])
        target = numba.carray(dy, (states,))
        for row in range(states):
            target[row] = slope[row] + held[parameters + row]

    address = right_hand_side.address

    def solve(
        problem: Problem, subject: int, segments: list[Segment], start: NDArray[np.float64], relative: float
    ) -> NDArray[np.float64]:
        visits = problem.visits[subject if len(problem.visits) > 1 else 0]
        found = np.full((len(visits), states), np.nan)
        state = start.copy()
        found[visits <= segments[0].start] = state
        for segment in segments:
            for place, amount in segment.doses:
                state[place] += amount
            times = np.unique(np.concatenate([[segment.start], visits[segment.visits], [segment.stop]]))
            data = np.concatenate([problem.parameters[subject], segment.inputs])
            values, success = lsoda(address, state, times, data=data, rtol=relative, atol=1e-3 * relative)
            if not success:
                return found
            found[segment.visits] = values[np.searchsorted(times, visits[segment.visits])]
            state = values[-1].copy()
        return found

    return solve
