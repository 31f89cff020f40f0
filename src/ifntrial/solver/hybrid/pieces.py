"""A population solved by compiled code in the pieces between moments that are known beforehand."""

from dataclasses import dataclass, replace

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray, IntArray
from ifntrial.solver.hybrid.functions import MOST_UNDERSHOOT, Situation, compile_function
from ifntrial.solver.hybrid.piece import Piece
from ifntrial.solver.hybrid.queue import EventQueue, just_after
from ifntrial.solver.hybrid.switches import Stops
from ifntrial.solver.hybrid.system import HybridSystem
from ifntrial.solver.solve import simulate
from ifntrial.solver.tolerance import Tolerance
from ifntrial.solver.trajectories import Checkpoint, Status

# looks at the size of states, beside the visits
LOOKS = 48


@dataclass(slots=True)
class Courses:
    """What came of a population.

    Parameters
    ----------
    states
        Shape (subjects, visits, states), in the order of the system; NaN from a failure on.
    final
        Shape (subjects, states).
    largest
        Largest size met of each moving state, shape (subjects, moving).
    is_below
        Whether a base of a power with a broken or unknown exponent went below zero, shape (subjects,).
    status, ended, accepted, rejected
        Shape (subjects,).
    """

    states: FloatArray
    final: FloatArray
    largest: FloatArray
    is_below: BoolArray
    status: IntArray
    ended: FloatArray
    accepted: IntArray
    rejected: IntArray


class _Population:
    """Leads a population from stop to stop."""

    def __init__(
        self,
        hybrid: HybridSystem,
        piece: Piece,
        parameters: FloatArray,
        start: FloatArray,
        scales: FloatArray,
        visits: FloatArray,
    ) -> None:
        states, size = hybrid.system.states, len(parameters)
        self.hybrid, self.piece, self.parameters, self.scales = hybrid, piece, parameters, scales
        self.visits, self.end = visits, float(visits[-1])
        self.moving = [states.index(name) for name in hybrid.moving]
        self.still = [states.index(name) for name in hybrid.still]
        self.here = [
            Situation(0.0, start[i, self.moving].copy(), start[i, self.still].copy(), parameters[i])
            for i in range(size)
        ]
        self.queues = [EventQueue(hybrid) for _ in range(size)]
        self.stops = [Stops(hybrid, one, self.end) for one in self.here]
        self.looks = np.linspace(0.0, self.end, LOOKS + 1)[1:]
        self.levels = compile_function(hybrid, piece.timed)
        self.recorded = np.zeros(size, dtype=np.int64)
        self.lowest_base = np.zeros((size, len(piece.bases)))
        self.largest_base = np.zeros((size, len(piece.bases)))
        self.found = Courses(
            states=np.full((size, len(visits), len(states)), np.nan),
            final=start.copy(),
            largest=np.abs(start[:, self.moving]),
            is_below=np.zeros(size, dtype=np.bool_),
            status=np.full(size, Status.OK, dtype=np.int64),
            ended=np.zeros(size),
            accepted=np.zeros(size, dtype=np.int64),
            rejected=np.zeros(size, dtype=np.int64),
        )

    def run(self, tolerance: Tolerance, workers: int) -> Courses:
        """Return the courses."""
        changed = np.array([self._settle(i) for i in range(len(self.here))])
        resume: Checkpoint | None = None
        while True:
            begin = np.array([one.time for one in self.here])
            active = (self.found.status == Status.OK) & (begin < self.end)
            if not active.any():
                break
            stop = np.array([self._next_stop(i) for i in range(len(self.here))])
            resume = self._advance(resume, changed, begin, stop, active, tolerance, workers)
            changed = np.array([active[i] and self._arrive(i, stop[i]) for i in range(len(self.here))])
        for i, one in enumerate(self.here):
            self.found.final[i, self.moving], self.found.final[i, self.still] = one.moving, one.still
        self.found.is_below = np.any(self.lowest_base < -MOST_UNDERSHOOT * self.largest_base, axis=1)
        return self.found

    def _next_stop(self, i: int) -> float:
        return min(self.stops[i].after(self.here[i].time), self.queues[i].next_due())

    def _settle(self, i: int) -> bool:
        here = self.here[i]
        is_changed = self._carry_out(i)
        visits = self.visits
        while self.recorded[i] < len(visits) and visits[self.recorded[i]] <= here.time:
            self.found.states[i, self.recorded[i], self.moving] = here.moving
            self.found.states[i, self.recorded[i], self.still] = here.still
            self.recorded[i] += 1
        if here.time < self.end:
            is_changed |= self._carry_out(i, just_after(here.time, self._next_stop(i)))
        return is_changed

    def _carry_out(self, i: int, look: float | None = None) -> bool:
        is_changed = self.queues[i].settle(self.here[i], look)
        if is_changed:
            self.stops[i].renew(self.here[i])
        return is_changed

    def _arrive(self, i: int, stop: float) -> bool:
        if self.found.status[i] != Status.OK:
            return False
        self.here[i].time = stop
        return self._settle(i)

    def _table(self, begin: FloatArray, stop: FloatArray) -> FloatArray:
        """Return the parameters of a piece, shape (subjects, parameters of the piece)."""
        rows = []
        for i, one in enumerate(self.here):
            middle = begin[i] + (stop[i] - begin[i]) / 2
            levels = [
                (1.0 if value else -1.0) if isinstance(value, bool | np.bool_) else float(value)
                for value in one.of(self.levels, middle)
            ]
            row = self.parameters[i, list(self.piece.used)]
            rows.append(np.concatenate([row, one.still[list(self.piece.still)], levels, self.scales[i]]))
        return np.array(rows)

    def _advance(
        self,
        resume: Checkpoint | None,
        changed: BoolArray,
        begin: FloatArray,
        stop: FloatArray,
        active: BoolArray,
        tolerance: Tolerance,
        workers: int,
    ) -> Checkpoint:
        rows, wanted = self._rows(begin, stop)
        size = len(self.here)
        moving = np.array([one.moving for one in self.here]).reshape(size, -1)
        if resume is not None:
            resume = replace(
                resume,
                time=begin,
                states=moving,
                step=np.where(changed, resume.restart_step, resume.step),
                status=np.where(active, Status.OK, Status.STOPPED).astype(np.int8),
            )
        part = simulate(
            self.piece.system,
            self._table(begin, stop),
            None,
            rows,
            outputs=(*self.piece.system.states, *self.piece.bases),
            initial=None if resume is not None else moving,
            resume=resume,
            tolerance=tolerance,
            workers=workers,
            audit_share=0.0,
        )
        count = len(self.moving)
        for i in np.flatnonzero(active).tolist():
            self._take(i, part.values[i, :, :count], part.values[i, :, count:], wanted[i])
            self.here[i].moving = part.final.states[i].copy()
        self.found.status = np.where(active, part.status, self.found.status)
        self.found.ended = np.where(active, part.time_ended, self.found.ended)
        self.found.accepted += np.where(active, part.accepted, 0)
        self.found.rejected += np.where(active, part.rejected, 0)
        return part.final

    def _rows(self, begin: FloatArray, stop: FloatArray) -> tuple[FloatArray, list[BoolArray]]:
        """Return times to record in a piece, and which of them are visits."""
        rows, wanted = [], []
        for i in range(len(self.here)):
            visits = self.visits[(self.visits > begin[i]) & (self.visits < stop[i])]
            looks = self.looks[(self.looks > begin[i]) & (self.looks < stop[i])]
            times = np.unique(np.concatenate([visits, looks, [stop[i]]]))
            rows.append(times)
            wanted.append(np.isin(times, visits))
        table = np.full((len(rows), max(map(len, rows))), np.nan)
        for i, times in enumerate(rows):
            table[i, : len(times)] = times
        return table, wanted

    def _take(self, i: int, moving: FloatArray, bases: FloatArray, wanted: BoolArray) -> None:
        moving, bases = moving[: len(wanted)], bases[: len(wanted)]
        count = int(wanted.sum())
        places = np.arange(self.recorded[i], self.recorded[i] + count)
        for column, values in zip(self.moving, moving[wanted].T, strict=True):
            self.found.states[i, places, column] = values
        is_known = np.isfinite(moving[wanted]).all(axis=1)
        for column, value in zip(self.still, self.here[i].still, strict=True):
            self.found.states[i, places, column] = np.where(is_known, value, np.nan)
        self.recorded[i] += count
        self.found.largest[i] = np.fmax(self.found.largest[i], np.nanmax(np.abs(moving), axis=0, initial=0.0))
        if bases.shape[1]:
            self.lowest_base[i] = np.fmin(self.lowest_base[i], np.nanmin(bases, axis=0, initial=0.0))
            self.largest_base[i] = np.fmax(
                self.largest_base[i], np.nanmax(np.abs(bases), axis=0, initial=0.0)
            )


def solve_pieces(
    hybrid: HybridSystem,
    piece: Piece,
    parameters: FloatArray,
    start: FloatArray,
    scales: FloatArray,
    visits: FloatArray,
    tolerance: Tolerance,
    workers: int,
) -> Courses:
    """Return the courses of a population from time zero.

    Parameters
    ----------
    hybrid, piece
        The system, and what ``split`` made of it.
    parameters
        Shape (subjects, parameters).
    start
        Initial values, shape (subjects, states).
    scales
        Typical size of each moving state, shape (subjects, moving).
    visits
        Rising times from zero on, shape (visits,). A visit at the time of an event comes after it.
    tolerance, workers
        See ``simulate``.
    """
    return _Population(hybrid, piece, parameters, start, scales, visits).run(tolerance, workers)
