"""One subject's work as every peer gets it: what happens when, in order."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ifntrial.solver.problem import Problem
from ifntrial.solver.schedule import Operation


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch without discontinuity.

    Parameters
    ----------
    start, stop
        Times.
    visits
        Positions of the visits that lie in it, after start and up to stop.
    dose
        (state, amount) added at start, or None.
    inputs
        Inputs of all states during the stretch.
    """

    start: float
    stop: float
    visits: NDArray[np.int64]
    doses: tuple[tuple[int, float], ...]
    inputs: NDArray[np.float64]


def list_segments(problem: Problem, subject: int) -> list[Segment]:
    """Return the stretches of a subject from its start to its last visit."""
    visits = problem.visits[subject if len(problem.visits) > 1 else 0]
    plan, now = problem.schedule, float(problem.start[subject])
    rows = range(plan.first[subject], plan.first[subject + 1])
    inputs, doses = np.zeros(len(problem.system.states)), []
    segments = []
    for stop in [
        *sorted({float(plan.time[row]) for row in rows if now < plan.time[row] < visits[-1]}),
        visits[-1],
    ]:
        for row in rows:
            if plan.time[row] == now and plan.operation[row] == Operation.SET_INPUT:
                inputs = inputs.copy()
                inputs[plan.state[row]] = plan.value[row]
            elif plan.time[row] == now and plan.operation[row] == Operation.ADD_STATE:
                doses.append((int(plan.state[row]), float(plan.value[row])))
        inside = np.flatnonzero((visits > now) & (visits <= stop))
        segments.append(Segment(now, float(stop), inside, tuple(doses), inputs))
        now, doses = float(stop), []
    return segments
