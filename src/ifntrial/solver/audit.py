"""A second look at a random part of a population, at a far tighter tolerance."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
import sympy
from numpy.typing import ArrayLike

from ifntrial.arrays import FloatArray, IntArray
from ifntrial.seeds import Stream
from ifntrial.solver.engine import Progress, solve_audited
from ifntrial.solver.problem import Problem
from ifntrial.solver.system import OdeSystem, symbol
from ifntrial.solver.trajectories import AuditReport, Status, Trajectories

TIGHTER = 100.0
SHARE = 0.01
# fewer subjects are not a population, and are not audited unless asked for
POPULATION = 100


def solve_and_audit(
    problem: Problem, share: float = SHARE, workers: int = 1, progress: Progress | None = None
) -> Trajectories:
    """Return the solution of a problem, with the errors of a random share of its subjects.

    Parameters
    ----------
    share
        Share of subjects to solve twice, above 0 and at most 1; at least one is.
    workers
        Threads.
    progress
        Called now and then with (solutions begun, solutions in all).
    """
    tolerance = problem.tolerance.tightened(TIGHTER)
    chosen = _choose(problem, share)
    found, first, again = solve_audited(problem, chosen, tolerance, workers, progress=progress)
    is_solved = found.is_ok[chosen]
    audited = chosen[is_solved]
    # States are judged, not outputs: an output may be a difference whose true value is zero, and has no scale.
    errors = compute_errors(
        first[is_solved],
        again[is_solved],
        problem.tolerance.floor,
        state_scales(problem.system, problem.parameters[audited]),
    )
    largest = float(np.nanmax(errors)) if np.isfinite(errors).any() else float("nan")
    return replace(found, audit=AuditReport(audited, tolerance.relative, errors, largest))


def _choose(problem: Problem, share: float) -> IntArray:
    """Return a random share of the subjects that can be solved, in order."""
    able = np.flatnonzero(problem.status == Status.OK)
    count = min(len(able), max(1, round(share * problem.subjects)))
    lots = Stream(0, "solver audit").uniform(problem.subjects)[able]
    return np.sort(able[np.argsort(lots, kind="stable")[:count]])


def state_scales(system: OdeSystem, parameters: FloatArray) -> FloatArray:
    """Return the declared size of each state of each subject, shape (subjects, states)."""
    columns = [np.broadcast_to(scale, len(parameters)) for scale in _scale_function(system)(*parameters.T)]
    return np.stack(columns, axis=1).astype(np.float64)


@lru_cache(maxsize=8)
def _scale_function(system: OdeSystem) -> Callable[..., Sequence[ArrayLike]]:
    constants = [symbol(name) for name in system.parameters]
    scales = system.scales or (sympy.Integer(1),) * len(system.states)
    # assignments stay lines of their own: to put them into one another takes seconds
    function: Callable[..., Sequence[ArrayLike]] = sympy.lambdify(
        constants, scales, "numpy", cse=lambda found: (_assignments_behind(system, found), found)
    )
    return function


def _assignments_behind(
    system: OdeSystem, expressions: Sequence[sympy.Expr]
) -> list[tuple[sympy.Symbol, sympy.Expr]]:
    """Return the assignments that expressions need, each after those that it needs itself."""
    needed = set().union(*(sympy.sympify(each).free_symbols for each in expressions))
    found: list[tuple[sympy.Symbol, sympy.Expr]] = []
    for name, expression in reversed(system.assignments):
        if symbol(name) in needed:
            found.append((symbol(name), sympy.sympify(expression)))
            needed |= found[-1][1].free_symbols
    return found[::-1]


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
