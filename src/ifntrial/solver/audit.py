"""A second look at a random part of a population, at a far tighter tolerance."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ifntrial.seeds import Stream
from ifntrial.solver.engine import solve_problem
from ifntrial.solver.problem import Problem, take_subjects
from ifntrial.solver.trajectories import AuditReport, Trajectories

FloatArray = NDArray[np.float64]

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
    again = solve_problem(replace(take_subjects(problem, chosen), tolerance=tolerance), workers)
    errors = compute_errors(found.values[chosen], again.values, problem.tolerance.floor)
    largest = float(np.nanmax(errors)) if np.isfinite(errors).any() else float("nan")
    return AuditReport(chosen, tolerance.relative, errors, largest)


def compute_errors(values: FloatArray, reference: FloatArray, floor: float) -> FloatArray:
    """Return each subject's largest ``|difference| / (|reference| + floor * largest |reference| over visits)``.

    Parameters
    ----------
    values, reference
        Shape (subjects, visits, outputs); NaN in either is passed over.
    floor
        Share of an output's largest value below which digits no longer count.

    Returns
    -------
    Shape (subjects,); NaN for a subject with nothing to compare.
    """
    size = np.abs(reference)
    typical = np.max(size, axis=1, keepdims=True, initial=0.0, where=~np.isnan(size))
    with np.errstate(invalid="ignore", divide="ignore"):
        errors = np.abs(values - reference) / (size + floor * typical)
    # what is zero throughout has no error
    errors = np.where(values == reference, 0.0, errors)
    is_known = ~np.isnan(errors)
    largest: FloatArray = np.max(errors, axis=(1, 2), initial=0.0, where=is_known)
    return np.where(is_known.any(axis=(1, 2)), largest, np.nan)
