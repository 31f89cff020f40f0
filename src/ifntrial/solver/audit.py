"""A second look at a random part of a population, at a far tighter tolerance."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import numpy as np
import sympy

from ifntrial.arrays import FloatArray
from ifntrial.seeds import Stream
from ifntrial.solver.engine import solve_problem
from ifntrial.solver.problem import Problem, take_subjects
from ifntrial.solver.reference import substitute_assignments
from ifntrial.solver.system import OdeSystem, symbol
from ifntrial.solver.trajectories import AuditReport, Trajectories

TIGHTER = 100.0
SHARE = 0.01
# fewer subjects are not a population, and are not audited unless asked for
POPULATION = 100


def audit(problem: Problem, found: Trajectories, *, share: float = SHARE, workers: int = 1) -> AuditReport:
    """Return the errors of a random share of the subjects that were solved.

    Parameters
    ----------
    problem, found
        What was asked, and what came out.
    share
        Share of subjects to solve again, above 0 and at most 1; at least one is.
    workers
        Threads.
    """
    solved = np.flatnonzero(found.is_ok)
    count = min(len(solved), max(1, round(share * problem.subjects)))
    lots = Stream(0, "solver audit").uniform(problem.subjects)[solved]
    chosen = np.sort(solved[np.argsort(lots, kind="stable")[:count]])
    tolerance = problem.tolerance.tightened(TIGHTER)
    if not count:
        return AuditReport(chosen, tolerance.relative, np.empty(0), float("nan"))
    # States are judged, not outputs: an output may be a difference whose true value is zero, and has no scale.
    states = replace(take_subjects(problem, chosen), outputs=problem.system.states)
    first = solve_problem(states, workers)
    again = solve_problem(replace(states, tolerance=tolerance), workers)
    errors = compute_errors(first.values, again.values, problem.tolerance.floor, state_scales(states))
    largest = float(np.nanmax(errors)) if np.isfinite(errors).any() else float("nan")
    return AuditReport(chosen, tolerance.relative, errors, largest)


def state_scales(problem: Problem) -> FloatArray:
    """Return the declared size of each state of each subject, shape (subjects, states)."""
    columns = [
        np.broadcast_to(scale(*problem.parameters.T), problem.subjects)
        for scale in _scale_functions(problem.system)
    ]
    return np.stack(columns, axis=1).astype(np.float64)


@lru_cache(maxsize=8)
def _scale_functions(system: OdeSystem) -> tuple[Callable[..., FloatArray], ...]:
    constants = [symbol(name) for name in system.parameters]
    scales = system.scales or (sympy.Integer(1),) * len(system.states)
    return tuple(
        sympy.lambdify(constants, scale, "numpy") for scale in substitute_assignments(system, scales)
    )


def compute_errors(
    values: FloatArray, reference: FloatArray, floor: float, scales: FloatArray | None = None
) -> FloatArray:
    """Return each subject's largest ``|difference| / (|reference| + floor * typical size)``.

    Parameters
    ----------
    values, reference
        Shape (subjects, visits, outputs); NaN in either is passed over.
    floor
        Share of the typical size below which digits no longer count.
    scales
        Typical size of each output, shape (subjects, outputs), where it is larger than all values at the visits.

    Returns
    -------
    Shape (subjects,); NaN for a subject with nothing to compare.
    """
    size = np.abs(reference)
    typical = np.max(size, axis=1, keepdims=True, initial=0.0, where=~np.isnan(size))
    if scales is not None:
        typical = np.maximum(typical, scales[:, None, :])
    with np.errstate(invalid="ignore", divide="ignore"):
        errors = np.abs(values - reference) / (size + floor * typical)
    # what is zero throughout has no error
    errors = np.where(values == reference, 0.0, errors)
    is_known = ~np.isnan(errors)
    largest: FloatArray = np.max(errors, axis=(1, 2), initial=0.0, where=is_known)
    return np.where(is_known.any(axis=(1, 2)), largest, np.nan)
