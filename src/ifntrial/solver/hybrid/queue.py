"""Which events wait for one subject, and in which order they are carried out."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import sympy

from ifntrial.arrays import FloatArray
from ifntrial.errors import SolverError
from ifntrial.read_only import returns_read_only
from ifntrial.seeds import Stream
from ifntrial.solver.hybrid.functions import Function, Situation, compile_function
from ifntrial.solver.hybrid.system import HybridSystem

# events that go on setting each other off at one moment
MOST_AT_ONCE = 10_000
LOTS = 1024


@dataclass(frozen=True, slots=True)
class _Waiting:
    """An event whose condition became true: which, when its changes are due, and values that are taken early."""

    event: int
    due: float
    early: tuple[float, ...] | None


@dataclass(frozen=True, slots=True)
class _Rules:
    """Functions of all events of a system."""

    triggers: Function
    delays: Function
    priorities: Function
    values: tuple[Function, ...]
    factors: tuple[Function, ...]


@lru_cache(maxsize=64)
def _compile(hybrid: HybridSystem) -> _Rules:
    events = hybrid.events
    no_priority = sympy.Float("-inf")
    return _Rules(
        compile_function(hybrid, tuple(event.trigger for event in events)),
        compile_function(hybrid, tuple(event.delay for event in events)),
        compile_function(
            hybrid, tuple(no_priority if event.priority is None else event.priority for event in events)
        ),
        tuple(compile_function(hybrid, tuple(x.value for x in event.changes)) for event in events),
        tuple(compile_function(hybrid, tuple(x.factor for x in event.changes)) for event in events),
    )


@dataclass(slots=True)
class EventQueue:
    """The events of one subject: what was true, and what waits."""

    hybrid: HybridSystem
    was_true: list[bool] = field(init=False)
    waiting: list[_Waiting] = field(init=False)
    lots: int = 0
    rules: _Rules = field(init=False)

    def __post_init__(self) -> None:
        self.was_true = [event.starts_true for event in self.hybrid.events]
        self.waiting = []
        self.rules = _compile(self.hybrid)

    def next_due(self) -> float:
        """Return when something that waits is due next; infinity if nothing waits."""
        return min((item.due for item in self.waiting), default=float("inf"))

    def settle(self, here: Situation, look: float | None = None) -> bool:
        """Carry out whatever is due at this moment, and what that sets off; return whether anything was changed.

        Parameters
        ----------
        here
            Where the subject stands; its states are changed in place.
        look
            Time at which conditions are judged, where it is not that of ``here``: just after it.
        """
        if not self.hybrid.events:
            return False
        is_changed = False
        for _ in range(MOST_AT_ONCE):
            self._notice(here, look)
            chosen = self._choose(here)
            if chosen is None:
                return is_changed
            self.waiting.remove(chosen)
            self._carry_out(chosen, here)
            is_changed = True
        raise SolverError(
            f"events set each other off without end at time {here.time:g}",
            fix="let each change make its own condition false",
        )

    def _notice(self, here: Situation, look: float | None) -> None:
        rules = self.rules
        is_true = [bool(value) for value in here.of(rules.triggers, look)]
        risen = [i for i, now in enumerate(is_true) if now and not self.was_true[i]]
        delays = here.of(rules.delays) if risen else []
        for index in risen:
            event, delay = self.hybrid.events[index], float(delays[index])
            if not delay >= 0:
                raise SolverError(
                    f"event '{event.name}' has a delay of {delay:g} at time {here.time:g}",
                    allowed="a delay of zero or more",
                )
            early = tuple(here.of(rules.values[index])) if event.takes_early_values else None
            self.waiting.append(_Waiting(index, here.time + delay, early))
        gone = {
            i
            for i, now in enumerate(is_true)
            if not now and self.was_true[i] and not self.hybrid.events[i].is_persistent
        }
        self.waiting = [item for item in self.waiting if item.event not in gone]
        self.was_true = is_true

    def _choose(self, here: Situation) -> _Waiting | None:
        """Return what comes next of all that is due; equals of a priority by lot, those without one in order."""
        due = [item for item in self.waiting if item.due <= here.time]
        if len(due) < 2:
            return due[0] if due else None
        ranks = [_rank(value) for value in here.of(self.rules.priorities)]
        first = max(ranks[item.event] for item in due)
        equal = [item for item in due if ranks[item.event] == first]
        if len(equal) == 1 or first == -np.inf:
            return equal[0]
        self.lots += 1
        return equal[int(_draw(self.lots) * len(equal))]

    def _carry_out(self, item: _Waiting, here: Situation) -> None:
        rules, changes = self.rules, self.hybrid.events[item.event].changes
        values = here.of(rules.values[item.event]) if item.early is None else item.early
        factors = here.of(rules.factors[item.event])
        pairs = zip(changes, values, factors, strict=True)
        self._set(here, ((change.state, value * factor) for change, value, factor in pairs))

    def _set(self, here: Situation, pairs: Iterable[tuple[str, float]]) -> None:
        moving, still = self.hybrid.moving, self.hybrid.still
        for name, value in pairs:
            if name in moving:
                here.moving[moving.index(name)] = value
            else:
                here.still[still.index(name)] = value


def just_after(time: float, stop: float) -> float:
    """Return a time after one, and well before the next stop, at which comparisons are judged that change at it."""
    gap = stop - time
    return time + min(gap / 2, max(1e-9 * gap, 1e-13 * abs(time)))


@lru_cache(maxsize=8)
@returns_read_only
def _draw_block(block: int) -> FloatArray:
    return Stream(0, "events of equal priority").uniform(LOTS, draw=block)


def _draw(number: int) -> float:
    """Return the lot of a number, from 0 up to 1; the same in every run and for every subject."""
    return float(_draw_block(number // LOTS)[number % LOTS])


def _rank(priority: float) -> float:
    return -float("inf") if np.isnan(priority) else float(priority)
