"""Solve a population of a system with events."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from ifntrial.arrays import FloatArray
from ifntrial.errors import InputError
from ifntrial.solver.hybrid.accuracy import Solution, Solver
from ifntrial.solver.hybrid.functions import observe
from ifntrial.solver.hybrid.pieces import Courses
from ifntrial.solver.hybrid.system import HybridSystem
from ifntrial.solver.tolerance import Tolerance
from ifntrial.solver.trajectories import AuditReport, Checkpoint, Status, Trajectories


def simulate_hybrid(
    hybrid: HybridSystem,
    parameters: FloatArray,
    visits: FloatArray,
    *,
    tolerance: Tolerance,
    outputs: Sequence[str],
    scales: Mapping[str, ArrayLike] | None = None,
    workers: int = 1,
) -> Trajectories:
    """Return the course of a population from time zero, events included.

    What each state's error is judged by is its own size: the largest that it starts with or meets, unless ``scales``
    says it. Everybody is solved again, tenfold tighter, until that changes no state by more than the tolerance; the last
    change is in ``Trajectories.audit``. Compiled code solves what jumps at known moments only; the rest is solved step
    by step.

    Parameters
    ----------
    hybrid
        The system.
    parameters
        Shape (subjects, parameters), in the order of the system.
    visits
        Rising times from zero on, shape (visits,). A visit at the time of an event comes after it.
    tolerance
        Accuracy asked for.
    outputs
        Names of states, assignments, outputs or parameters.
    scales
        Typical size of states by name, one each or one per subject.
    workers
        Threads.

    Raises
    ------
    InputError
        If visits are not usable.
    SolverError
        If events go on without end, have a delay below zero, or wait for two things that move to be equal.
    """
    _require_visits(visits)
    solver = Solver(hybrid, parameters, visits, scales or {}, workers)
    solution = solver.solve(tolerance)
    found, size, states = solution.courses, len(parameters), len(hybrid.system.states)
    status = found.status.astype(np.int8)
    nothing = np.full(size, np.nan)
    return Trajectories(
        times=visits,
        names=tuple(outputs),
        values=_observe(hybrid, outputs, found, visits, parameters),
        status=status,
        time_ended=found.ended,
        accepted=found.accepted,
        rejected=found.rejected,
        final=Checkpoint(
            found.ended, found.final, np.zeros((size, states)), solver.start, nothing, nothing, status
        ),
        audit=_report(solution) if solver.moving else None,
    )


def _report(solution: Solution) -> AuditReport:
    audited = np.flatnonzero(np.isfinite(solution.errors))
    errors = solution.errors[audited]
    return AuditReport(
        audited,
        solution.relative,
        errors,
        float(np.max(errors, initial=-np.inf)) if len(errors) else float("nan"),
    )


def _require_visits(visits: FloatArray) -> None:
    problems = []
    if visits.ndim != 1 or not len(visits):
        problems.append("at least one time is needed, the same for all subjects")
    elif not np.isfinite(visits).all():
        problems.append("a time is not a finite number")
    elif np.any(np.diff(visits) < 0):
        problems.append("times do not rise")
    elif visits[0] < 0:
        problems.append("a time lies before the start, which is zero")
    if problems:
        raise InputError("the visits are not usable", problems=problems, fix="give rising times from zero on")


def _observe(
    hybrid: HybridSystem,
    outputs: Sequence[str],
    found: Courses,
    visits: FloatArray,
    parameters: FloatArray,
) -> FloatArray:
    values = observe(hybrid, outputs, visits, found.states, parameters)
    # where a subject ended early nothing is known, formulas of time and parameters included
    late = (found.status != Status.OK)[:, None] & (visits[None, :] > found.ended[:, None])
    values[late] = np.nan
    return values
