"""Where on a step something crosses a threshold that is known only while solving."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import sympy

from ifntrial.arrays import FloatArray
from ifntrial.solver.hybrid.functions import Function, Situation, compile_function
from ifntrial.solver.hybrid.switches import find_switches
from ifntrial.solver.hybrid.system import HybridSystem
from ifntrial.solver.reference import substitute_assignments
from ifntrial.solver.system import symbol

# looks within one step
INSIDE = 8
# a state is taken to have passed a threshold where it is this many times its error beyond it
CERTAINTY = 10.0
# so many crossings in less than this share of the time are no course
AT_ONCE, LEAST_PROGRESS = 200, 1e-3

Course = Callable[[float], Situation]
"""Where a subject stands at a time within a step."""


@dataclass(frozen=True, slots=True)
class _Functions:
    """``gaps`` is what passes zero, or a whole number, in each of ``levels``; ``slopes`` is how it hangs on states.

    ``owners`` has the place of a level and of a moving state for each slope.
    """

    levels: Function
    gaps: Function
    slopes: Function
    owners: tuple[tuple[int, int], ...]


@lru_cache(maxsize=64)
def _compile(hybrid: HybridSystem) -> _Functions:
    watched = find_switches(hybrid).watched
    gaps = [_find_gap(hybrid, atom) for atom in watched]
    slopes = {
        (row, column): sympy.diff(gap, symbol(name))
        for row, gap in enumerate(gaps)
        for column, name in enumerate(hybrid.moving)
        if symbol(name) in gap.free_symbols
    }
    plain = tuple(e.replace(_is_marker, lambda _: sympy.Integer(0)) for e in slopes.values())
    return _Functions(
        compile_function(hybrid, watched),
        compile_function(hybrid, tuple(gaps)),
        compile_function(hybrid, plain),
        tuple(slopes),
    )


def _find_gap(hybrid: HybridSystem, atom: Any) -> Any:  # noqa: ANN401 - SymPy's classes say nothing of types
    (e,) = substitute_assignments(hybrid.system, (atom,))
    if isinstance(e, sympy.core.relational.Relational):
        return e.args[0] - e.args[1]
    return e.args[0] if isinstance(e, sympy.floor | sympy.ceiling) else sympy.Integer(0)


def _is_marker(e: Any) -> bool:  # noqa: ANN401 - as above
    # the derivative of a jump, which has none
    return isinstance(e, sympy.Derivative | sympy.Subs | sympy.DiracDelta)


class Crossings:
    """What is true for one subject, and when that changes.

    Parameters
    ----------
    hybrid
        The system.
    relative, absolute
        Errors that its moving states may have; the second has the shape (moving,).
    """

    def __init__(self, hybrid: HybridSystem, relative: float, absolute: FloatArray) -> None:
        self.is_needed = bool(find_switches(hybrid).watched)
        self.functions = _compile(hybrid)
        self.relative, self.absolute = relative, absolute
        self.levels: list[Any] = []
        self.latest: deque[float] = deque(maxlen=AT_ONCE)

    def renew(self, here: Situation, look: float) -> None:
        """Note what is true here, judged at a time just after."""
        if self.is_needed:
            self.levels = here.of(self.functions.levels, look)

    def find(self, before: float, after: float, at: Course) -> float | None:
        """Return the first time of a step at which something else is true; None without one.

        What changed by less than the errors of states is left open until it is certain.
        """
        if not self.is_needed:
            return None
        low = before
        for time in np.linspace(before, after, INSIDE + 1)[1:]:
            here = at(float(time))
            seen = here.of(self.functions.levels)
            if seen != self.levels and self._is_certain(seen, here):
                self.latest.append(before)
                return self._narrow(low, float(time), at)
            low = float(time)
        return None

    def is_stuck(self, end: float) -> bool:
        """Return whether a state slides along a threshold, crossing it to and fro without getting on."""
        return len(self.latest) == AT_ONCE and self.latest[-1] - self.latest[0] < LEAST_PROGRESS * end

    def _narrow(self, low: float, high: float, at: Course) -> float:
        """Return the time of a change between two times, to the last digit."""
        while (middle := low + (high - low) / 2) not in (low, high):
            is_old = at(middle).of(self.functions.levels) == self.levels
            low, high = (middle, high) if is_old else (low, middle)
        return high

    def _is_certain(self, seen: list[Any], here: Situation) -> bool:
        changed = [row for row, level in enumerate(seen) if level != self.levels[row]]
        gaps = here.of(self.functions.gaps)
        errors = self.relative * np.abs(here.moving) + self.absolute
        margins = np.zeros(len(gaps))
        slopes = here.of(self.functions.slopes)
        for (row, column), slope in zip(self.functions.owners, slopes, strict=True):
            margins[row] += abs(slope) * errors[column]
        return any(
            margins[row] == 0 or not _distance(gaps[row], seen[row]) <= CERTAINTY * margins[row]
            for row in changed
        )


def _distance(gap: float, level: Any) -> float:  # noqa: ANN401 - a number or a truth value
    """Return how far a comparison is from changing, or the argument of a floor from a whole number."""
    return float(abs(gap) if isinstance(level, bool | np.bool_) else abs(gap - np.round(gap)))
