"""One subject step by step with SciPy: crossings are found where they happen. Slow; for what compiled code cannot do."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.integrate import LSODA, Radau

from ifntrial.arrays import FloatArray
from ifntrial.solver.hybrid.crossings import INSIDE, Crossings
from ifntrial.solver.hybrid.functions import (
    Function,
    Situation,
    compile_function,
    find_powers,
    is_undershoot,
)
from ifntrial.solver.hybrid.history import History
from ifntrial.solver.hybrid.queue import EventQueue, just_after
from ifntrial.solver.hybrid.switches import LOOKS_PER_PERIOD, Stops, find_switches
from ifntrial.solver.hybrid.system import HybridSystem
from ifntrial.solver.tolerance import Tolerance
from ifntrial.solver.trajectories import Status

# errors of single steps add up, and SciPy's methods keep to their tolerance less closely than our own
TIGHTER, TIGHTEST = 1e-2, 1e-13
# where nothing else says how often to look, a course is looked at this often
LEAST_LOOKS = 200
# a gap between two moments below this share of the time is rounding
HARDLY_ANY = 1e-14
CRAWL, LEAST_PROGRESS = 5000, 1e-4
# SciPy's stubs allow one absolute tolerance for all states, and no end of a step but success
INTEGRATORS: tuple[Any, ...] = (LSODA, Radau)


@dataclass(slots=True)
class Course:
    """What came of one subject.

    ``states`` has the shape (visits, states), NaN from a failure on, ``final`` the shape (states,), ``largest`` (the size
    met of each moving state) the shape (moving,).
    """

    states: FloatArray
    final: FloatArray
    largest: FloatArray
    status: Status
    ended: float
    steps: int


@dataclass(frozen=True, slots=True)
class _Functions:
    rates: Function
    powers: Function
    waves: Function


@lru_cache(maxsize=64)
def _compile(hybrid: HybridSystem) -> _Functions:
    moving = tuple(rate for rate in hybrid.system.rates if rate != 0)
    powers = tuple(x for pair in find_powers(hybrid, moving) for x in pair)
    return _Functions(
        compile_function(hybrid, moving, is_forgiving=True),
        compile_function(hybrid, powers),
        compile_function(hybrid, find_switches(hybrid).waves),
    )


class _Stepper:
    """Leads one subject from its start to its last visit."""

    def __init__(
        self,
        hybrid: HybridSystem,
        parameters: FloatArray,
        start: FloatArray,
        scales: FloatArray,
        visits: FloatArray,
        tolerance: Tolerance,
        max_steps: int,
    ) -> None:
        states = hybrid.system.states
        self.visits, self.end, self.max_steps = visits, float(visits[-1]), max_steps
        self.functions = _compile(hybrid)
        self.moving = [states.index(name) for name in hybrid.moving]
        self.still = [states.index(name) for name in hybrid.still]
        self.relative = max(tolerance.relative * TIGHTER, TIGHTEST)
        self.absolute = self.relative * tolerance.floor * scales
        self.here = Situation(0.0, start[self.moving].copy(), start[self.still].copy(), parameters)
        self.history = History(hybrid, self.here)
        self.history.add_echoes(self.here)
        self.queue = EventQueue(hybrid)
        self.stops = Stops(hybrid, self.here, self.end)
        self.crossings = Crossings(hybrid, self.relative, self.absolute)
        self.longest = self._find_longest_step()
        self.found = np.full((len(visits), len(states)), np.nan)
        self.largest = np.abs(self.here.moving)
        self.largest_bases = np.zeros(0)
        self.recorded = self.steps = 0
        self.status, self.marked = Status.OK, 0.0

    def _find_longest_step(self) -> float:
        longest = max(self.end, 1e-300) / LEAST_LOOKS if self.crossings.is_needed else np.inf
        for frequency in self.here.of(self.functions.waves):
            if np.isfinite(frequency) and frequency != 0:
                longest = min(longest, 2 * np.pi / abs(frequency) / LOOKS_PER_PERIOD * INSIDE)
        return float(longest)

    def run(self) -> Course:
        """Return the course."""
        if not np.isfinite(self.here.moving).all():
            self.status = Status.BAD_INITIAL
        else:
            self._settle()
            while self.status == Status.OK and self.here.time < self.end:
                self._go_on()
        return Course(self.found, self._whole(), self.largest, self.status, self.here.time, self.steps)

    def _whole(self) -> FloatArray:
        states = np.empty(len(self.moving) + len(self.still))
        states[self.moving], states[self.still] = self.here.moving, self.here.still
        return states

    def _settle(self) -> None:
        """Do what is due now, record visits of now, and do what is due just after."""
        self.history.hear(self.here)
        self.here = self.history.fill(self.here)
        self._carry_out(None)
        self._record()
        if self.here.time < self.end:
            self._carry_out(just_after(self.here.time, self._next_stop()))
            self.crossings.renew(self.here, just_after(self.here.time, self._next_stop()))

    def _carry_out(self, look: float | None) -> None:
        if self.queue.settle(self.here, look):
            self.stops.renew(self.here)
            self.history.add_echoes(self.here)
            self.here = self.history.fill(self.here)

    def _next_stop(self) -> float:
        return min(self.stops.after(self.here.time), self.queue.next_due(), self.history.next_echo())

    def _record(self) -> None:
        while self.recorded < len(self.visits) and self.visits[self.recorded] <= self.here.time:
            self.found[self.recorded] = self._whole()
            self.recorded += 1

    def _go_on(self) -> None:
        """Step to the next stop, or to where something crosses on the way, and do what is due there."""
        stop = min(self._next_stop(), self.end)
        if not self.moving:
            self._pass_time(stop)
        elif stop - self.here.time <= HARDLY_ANY * stop:
            self._hop(stop)
        else:
            for method in INTEGRATORS:
                self.status = self._integrate(method, stop)
                if self.status in (Status.OK, Status.TOO_MANY_STEPS):
                    break
        if self.status == Status.OK:
            self._settle()
        if self.crossings.is_stuck(self.end):
            self.status = Status.TOO_MANY_STEPS

    def _hop(self, stop: float) -> None:
        """Go over a gap that is rounding, between two moments meant as one."""
        rates = np.array(self.here.of(self.functions.rates), dtype=float)
        self.here.moving = self.here.moving + (stop - self.here.time) * rates
        self.here.time = stop

    def _pass_time(self, stop: float) -> None:
        """Go to a stop where nothing has a rate."""
        longest = min(self.longest, self.history.longest_step(self.here))
        while self.here.time < stop:
            time, self.steps = self.here.time, self.steps + 1
            if self._look(time, min(stop, time + longest), lambda _: self.here.moving):
                return
            if self.steps >= self.max_steps:
                self.status = Status.TOO_MANY_STEPS
                return

    def _integrate(self, method: Any, stop: float) -> Status:  # noqa: ANN401 - one of INTEGRATORS
        begin = self.here.time
        # comparisons of time are those of the open interval, also where a step ends at the stop
        first, last = float(np.nextafter(begin, stop)), float(np.nextafter(stop, begin))

        def rate(time: float, y: FloatArray) -> FloatArray:
            there = Situation(min(max(float(time), first), last), y, self.here.still, self.here.parameters)
            there = self.history.fill_for_rates(there)
            return np.array(there.of(self.functions.rates), dtype=float)

        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            if not np.isfinite(rate(begin, self.here.moving)).all():
                return Status.NON_FINITE
            solver = method(
                rate,
                begin,
                self.here.moving,
                stop,
                rtol=self.relative,
                atol=self.absolute,
                max_step=min(self.longest, self.history.longest_step(self.here)),
            )
            while solver.status == "running":
                solver.step()
                self.steps += 1
                if not np.isfinite(solver.y).all():
                    return Status.NON_FINITE
                if solver.status == "failed":
                    return Status.STEP_TOO_SMALL
                is_crossed = self._look(float(solver.t_old), float(solver.t), solver.dense_output())
                if self._has_undershot():
                    return Status.NON_FINITE
                if is_crossed:
                    return Status.OK
                if self.steps >= self.max_steps or self._crawls(float(solver.t)):
                    return Status.TOO_MANY_STEPS
        return Status.OK

    def _crawls(self, time: float) -> bool:
        """Return whether thousands of steps have not got on, as where a state slides along a threshold."""
        if self.steps % CRAWL:
            return False
        before, self.marked = self.marked, time
        return time - before < LEAST_PROGRESS * self.end

    def _stand(self, time: float, moving: FloatArray) -> Situation:
        return self.history.fill(Situation(time, moving, self.here.still, self.here.parameters))

    def _has_undershot(self) -> bool:
        """Return whether a base of a power with a broken exponent lies below zero by more than rounding."""
        found = np.array(self.here.of(self.functions.powers), dtype=float).reshape(-1, 2)
        if not len(found):
            return False
        bases, exponents = found.T
        if not len(self.largest_bases):
            self.largest_bases = np.zeros(len(bases))
        self.largest_bases = np.fmax(self.largest_bases, np.abs(bases))
        both = np.array([bases, self.largest_bases])
        return bool(is_undershoot(both, np.array([exponents, exponents]), axis=0)[0].any())

    def _look(self, before: float, after: float, at: Callable[[float], FloatArray]) -> bool:
        """Go to the end of a step, or to the first crossing in it; return whether there was one."""

        def stand(time: float) -> Situation:
            return self._stand(time, np.asarray(at(time), dtype=float))

        self.history.note(before, after, at, self.here.still)
        crossing = self.crossings.find(before, after, stand)
        reached = after if crossing is None else crossing
        while self.recorded < len(self.visits) and self.visits[self.recorded] < reached:
            self.here = stand(float(self.visits[self.recorded]))
            self._record()
        self.history.known_until = reached
        self.here = stand(reached)
        self.here.moving = self.here.moving.copy()
        self.largest = np.maximum(self.largest, np.abs(self.here.moving))
        return crossing is not None


def solve_stepwise(
    hybrid: HybridSystem,
    parameters: FloatArray,
    start: FloatArray,
    scales: FloatArray,
    visits: FloatArray,
    tolerance: Tolerance,
    max_steps: int,
) -> Course:
    """Return the course of one subject from time zero.

    Parameters
    ----------
    hybrid
        The system.
    parameters
        Shape (parameters,).
    start
        Initial values, shape (states,).
    scales
        Typical size of each moving state, shape (moving,).
    visits
        Rising times from zero on, shape (visits,). A visit at the time of an event comes after it.
    tolerance
        Accuracy asked for.
    max_steps
        Steps allowed.

    Raises
    ------
    SolverError
        If events go on without end, or something has a delay below zero.
    """
    return _Stepper(hybrid, parameters, start, scales, visits, tolerance, max_steps).run()
