"""What one subject went through, for formulas that use the past."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.errors import SolverError
from ifntrial.solver.hybrid.functions import Function, Situation, compile_function, find_needed
from ifntrial.solver.hybrid.system import HybridSystem
from ifntrial.solver.system import symbol

# a jump becomes a kink when it comes back, and each time a smoother one; after so many times it is smooth enough
MOST_ECHOES = 6


@dataclass(frozen=True, slots=True)
class _Piece:
    """One step: when it began, moving states at a time within it, and still states throughout."""

    begin: float
    at: Callable[[float], FloatArray]
    still: FloatArray


@dataclass(frozen=True, slots=True)
class _Functions:
    """Of all that is looked back at; ``is_nested`` tells whether any of it holds something of the past itself."""

    values: Function
    before: Function
    lags: Function
    is_nested: bool


@lru_cache(maxsize=64)
def _compile(hybrid: HybridSystem) -> _Functions:
    values = tuple(one.value for one in hybrid.delayed)
    lags = tuple(one.lag for one in hybrid.delayed)
    names = {symbol(one.state) for one in hybrid.delayed}
    used = [*values, *lags, *(e for _, e in find_needed(hybrid.system, (*values, *lags)))]
    return _Functions(
        compile_function(hybrid, values),
        compile_function(hybrid, tuple(one.before for one in hybrid.delayed)),
        compile_function(hybrid, lags),
        any(e.free_symbols & names for e in used),
    )


class History:
    """The past of one subject, and the values that formulas take from it.

    Parameters
    ----------
    hybrid
        The system.
    start
        Where the subject starts.
    """

    def __init__(self, hybrid: HybridSystem, start: Situation) -> None:
        self.places = [hybrid.still.index(delayed.state) for delayed in hybrid.delayed]
        self.parameters = start.parameters
        self.functions = _compile(hybrid)
        moving = start.moving.copy()
        self.pieces = [_Piece(start.time, lambda _: moving, start.still.copy())]
        self.begins = [start.time]
        self.echoes: list[tuple[float, int]] = []

    def note(self, begin: float, at: Callable[[float], FloatArray], still: FloatArray) -> None:
        """Keep a step."""
        if self.places:
            if begin == self.begins[-1]:
                self.pieces.pop()
                self.begins.pop()
            self.pieces.append(_Piece(begin, at, still.copy()))
            self.begins.append(begin)

    def fill(self, here: Situation) -> Situation:
        """Return a situation with the values of the past in it."""
        if not self.places:
            return here
        still = here.still.copy()
        filled = Situation(here.time, here.moving, still, here.parameters)
        # something of the past may hang on something else of the past
        for _ in self.places if self.functions.is_nested else self.places[:1]:
            for k, lag in enumerate(self._find_lags(filled)):
                still[self.places[k]] = self._recall(k, filled, lag)
        return filled

    def _find_lags(self, here: Situation) -> list[float]:
        lags = [float(x) for x in here.of(self.functions.lags)]
        for lag in lags:
            if not lag >= 0:
                raise SolverError(
                    f"a formula uses the value of {lag:g} ago at time {here.time:g}",
                    allowed="a delay of zero or more",
                )
        return lags

    def _recall(self, k: int, here: Situation, lag: float) -> float:
        if lag == 0:
            return float(here.of(self.functions.values)[k])
        time = here.time - lag
        if time < self.begins[0]:
            return float(here.of(self.functions.before, time)[k])
        piece = self.pieces[max(bisect_right(self.begins, time) - 1, 0)]
        past = Situation(time, np.asarray(piece.at(time), dtype=float), piece.still, self.parameters)
        if self.functions.is_nested:
            past = self.fill(past)
        return float(past.of(self.functions.values)[k])

    def longest_step(self, here: Situation) -> float:
        """Return how far a step may go so that it uses nothing of itself."""
        lags = [lag for lag in self._find_lags(here) if lag > 0] if self.places else []
        return min(lags, default=float("inf"))

    def add_echoes(self, here: Situation, depth: int = 0) -> None:
        """Note when what happens now comes back."""
        if self.places and depth < MOST_ECHOES:
            fresh = {(here.time + lag, depth) for lag in self._find_lags(here) if lag > 0}
            self.echoes = sorted({*self.echoes, *fresh})

    def next_echo(self) -> float:
        """Return when something comes back next."""
        return self.echoes[0][0] if self.echoes else float("inf")

    def hear(self, here: Situation) -> None:
        """Let what comes back now come back once more."""
        while self.echoes and self.echoes[0][0] <= here.time:
            _, depth = self.echoes.pop(0)
            self.add_echoes(here, depth + 1)
