"""Solves everybody until the size of every state and the accuracy asked for agree with what came out."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
import sympy
from numpy.typing import ArrayLike

from ifntrial.arrays import BoolArray, FloatArray, IntArray
from ifntrial.solver.audit import compute_errors
from ifntrial.solver.hybrid.functions import compile_function
from ifntrial.solver.hybrid.piece import split
from ifntrial.solver.hybrid.pieces import Courses, solve_pieces
from ifntrial.solver.hybrid.stepwise import solve_stepwise
from ifntrial.solver.hybrid.system import HybridSystem
from ifntrial.solver.system import TIME
from ifntrial.solver.tolerance import TIGHTEST, Tolerance
from ifntrial.solver.trajectories import Status

# a state is solved again where it was taken to be this much larger than it turned out to be
TOO_LARGE = 4.0
MOST_ROUNDS = 8
# steps of SciPy, which take a tenth of a millisecond each; fewer where compiled code has given up before
MOST_STEPS, MOST_STEPS_MORE = 500_000, 50_000
MOST_MORE_STEPS, FEW_STEPS = 10, 1000
# no state is judged by less, as values near it are taken for zero
LEAST_SCALE = 1e-240
# below this a failure may be rounding
LEAST_DOUBTFUL = 1e-11
# how much tighter everybody is solved again, and how often at most
TIGHTER = 10.0
MOST_TIGHTER = 8


@dataclass(frozen=True, slots=True)
class Solution:
    """Courses that were solved twice at least, and how far the last two solves are apart.

    Parameters
    ----------
    courses
        Those of the last solve.
    errors
        Largest difference of each subject between the last two solves, shape (subjects,); see ``compute_errors``.
    relative
        Tightest relative tolerance of a last solve.
    """

    courses: Courses
    errors: FloatArray
    relative: float


class Solver:
    """One population, and how it is solved."""

    def __init__(
        self,
        hybrid: HybridSystem,
        parameters: FloatArray,
        visits: FloatArray,
        given: Mapping[str, ArrayLike],
        workers: int,
    ) -> None:
        self.hybrid, self.parameters, self.visits, self.workers = hybrid, parameters, visits, workers
        self.piece = split(hybrid)
        self.start = _start(hybrid, parameters)
        states = hybrid.system.states
        self.moving = [states.index(name) for name in hybrid.moving]
        self.given = np.full((len(parameters), len(self.moving)), np.nan)
        for name, value in given.items():
            self.given[:, hybrid.moving.index(name)] = value

    def solve(self, asked: Tolerance) -> Solution:
        """Return courses that changed by no more than the tolerance when they were solved again tenfold tighter.

        Each subject is solved until that holds, so its result depends on nobody else.
        """
        found, scales = self._solve_to_scale(asked)
        errors, used = np.full(len(self.parameters), np.nan), asked
        left = np.flatnonzero(found.status == Status.OK) if self.moving else np.empty(0, dtype=np.int64)
        for _ in range(MOST_TIGHTER):
            if not len(left) or used.relative <= TIGHTEST:
                break
            used = used.tightened(TIGHTER)
            again = self._solve(left, scales[left], used)
            is_better = again.status == Status.OK
            is_doubtful = ~is_better & np.isnan(errors[left]) & (used.relative >= LEAST_DOUBTFUL)
            # who gets through only where errors are let pass has no solution that can be relied on
            _put(found, left[is_doubtful], again, is_doubtful)
            left = left[is_better]
            errors[left] = compute_errors(
                found.states[left][:, :, self.moving],
                again.states[is_better][:, :, self.moving],
                asked.floor,
                np.maximum(found.largest[left], scales[left]),
            )
            _put(found, left, again, is_better)
            left = left[errors[left] > asked.relative]
        return Solution(found, errors, used.relative)

    def _solve_to_scale(self, tolerance: Tolerance) -> tuple[Courses, FloatArray]:
        """Return courses, and the size that each state was judged by: none much above what it turned out to be."""
        scales = _first_scales(np.abs(self.start[:, self.moving]))
        scales = np.where(np.isnan(self.given), scales, self.given)
        found = self._solve(np.arange(len(scales)), scales, tolerance)
        is_open = np.isnan(self.given) & (found.status == Status.OK)[:, None]
        for _ in range(MOST_ROUNDS):
            met = np.where(found.largest > 0, found.largest, scales)
            wanted = np.where(is_open & (scales > TOO_LARGE * met), np.maximum(met, LEAST_SCALE), scales)
            again = np.flatnonzero((wanted < scales).any(axis=1))
            if not len(again):
                break
            part = self._solve(again, wanted[again], tolerance, may_step=self.piece is None)
            # a state that is nothing but the rounding errors of others cannot be followed by its own size: it takes ever
            # more steps, and grows ever smaller
            is_noise = part.accepted > MOST_MORE_STEPS * found.accepted[again] + FEW_STEPS
            is_better = (part.status == Status.OK) & ~is_noise
            _put(found, again[is_better], part, is_better)
            scales[again[is_better]] = wanted[again[is_better]]
            is_open[again[~is_better]] = False
        return found, scales

    def _solve(
        self, chosen: IntArray, scales: FloatArray, tolerance: Tolerance, may_step: bool = True
    ) -> Courses:
        """Return the courses of chosen subjects: by compiled code where it can, and step by step where it cannot."""
        size, states = len(chosen), len(self.hybrid.system.states)
        if self.piece is None:
            found = _no_courses(size, len(self.visits), states, len(self.moving))
            slow = np.ones(size, dtype=np.bool_)
        else:
            found = solve_pieces(
                self.hybrid,
                self.piece,
                self.parameters[chosen],
                self.start[chosen],
                scales,
                self.visits,
                tolerance,
                self.workers,
            )
            # a parameter that is no number may stand where it does no harm; compiled code takes none
            failed = ~np.isin(found.status, [Status.OK, Status.BAD_INITIAL])
            slow = found.is_below | (failed & may_step)
        for i in np.flatnonzero(slow).tolist():
            self._step(found, i, int(chosen[i]), scales[i], tolerance)
        return found

    def _step(self, found: Courses, i: int, subject: int, scales: FloatArray, tolerance: Tolerance) -> None:
        course = solve_stepwise(
            self.hybrid,
            self.parameters[subject],
            self.start[subject],
            scales,
            self.visits,
            tolerance,
            MOST_STEPS if self.piece is None else MOST_STEPS_MORE,
        )
        found.states[i], found.final[i], found.largest[i] = course.states, course.final, course.largest
        is_blamed = found.status[i] == Status.BAD_PARAMETER and course.status != Status.OK
        found.status[i] = Status.BAD_PARAMETER if is_blamed else course.status
        found.ended[i] = course.ended
        found.accepted[i], found.rejected[i] = course.steps, 0


def _no_courses(size: int, visits: int, states: int, moving: int) -> Courses:
    return Courses(
        states=np.full((size, visits, states), np.nan),
        final=np.full((size, states), np.nan),
        largest=np.zeros((size, moving)),
        is_below=np.zeros(size, dtype=np.bool_),
        status=np.zeros(size, dtype=np.int64),
        ended=np.zeros(size),
        accepted=np.zeros(size, dtype=np.int64),
        rejected=np.zeros(size, dtype=np.int64),
    )


def _put(found: Courses, places: IntArray, part: Courses, chosen: BoolArray | None = None) -> None:
    """Write courses over others; ``chosen`` of them, in order."""
    for item in fields(Courses):
        values = getattr(part, item.name)
        getattr(found, item.name)[places] = values if chosen is None else values[chosen]


def _start(hybrid: HybridSystem, parameters: FloatArray) -> FloatArray:
    """Return the initial values, shape (subjects, states)."""
    system = hybrid.system
    initial = tuple(sympy.sympify(e).xreplace({TIME: sympy.Integer(0)}) for e in system.initial)
    function = compile_function(hybrid, initial)
    nothing = np.full(len(hybrid.moving), np.nan), np.full(len(hybrid.still), np.nan)
    with np.errstate(all="ignore"):
        rows = [function(0.0, *nothing, row) for row in parameters]
    return np.array(rows, dtype=float).reshape(len(parameters), len(system.states))


def _first_scales(sizes: FloatArray) -> FloatArray:
    """Return a first guess at typical sizes: what a state starts with, or the least that any other starts with."""
    is_known = np.isfinite(sizes) & (sizes > 0)
    least = np.min(np.where(is_known, sizes, np.inf), axis=1, initial=np.inf)
    rest = np.where(np.isfinite(least), least, 1.0)
    return np.maximum(np.where(is_known, sizes, rest[:, None]), LEAST_SCALE)
