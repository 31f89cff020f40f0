"""What one subject went through, for formulas that use the past."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.errors import SolverError
from ifntrial.solver.hybrid.functions import Function, Situation, compile_function, find_needed
from ifntrial.solver.hybrid.system import HybridSystem
from ifntrial.solver.system import symbol

# a jump becomes a kink when it comes back, and each time a smoother one; after so many times it is smooth enough
MOST_ECHOES = 6
ROUNDING = 1e-12


# SymPy's classes say nothing of types
Expression = Any


@dataclass(frozen=True, slots=True)
class _Piece:
    """One step: when it began, moving states at a time within it, and still states throughout."""

    begin: float
    at: Callable[[float], FloatArray]
    still: FloatArray


@dataclass(frozen=True, slots=True)
class _Functions:
    """Of all that is looked back at.

    ``needs`` tells which of the others each holds, ``moves`` whether it can be unknown, ``of_rates`` what rates hold.
    """

    values: Function
    before: Function
    lags: Function
    needs: tuple[tuple[int, ...], ...]
    moves: tuple[bool, ...]
    of_rates: tuple[int, ...]


@lru_cache(maxsize=64)
def _compile(hybrid: HybridSystem) -> _Functions:
    values = tuple(one.value for one in hybrid.delayed)
    lags = tuple(one.lag for one in hybrid.delayed)
    places = {symbol(one.state): k for k, one in enumerate(hybrid.delayed)}
    moving = {symbol(name) for name in hybrid.moving}
    found = [_find_symbols(hybrid, one.value) for one in hybrid.delayed]
    lagged = [_find_symbols(hybrid, one.lag) for one in hybrid.delayed]
    return _Functions(
        compile_function(hybrid, values),
        compile_function(hybrid, tuple(one.before for one in hybrid.delayed)),
        compile_function(hybrid, lags),
        tuple(
            tuple(sorted(places[x] for x in (value | lag) & places.keys()))
            for value, lag in zip(found, lagged, strict=True)
        ),
        tuple(bool(value & moving) for value in found),
        tuple(
            sorted({places[x] for e in hybrid.system.rates for x in _find_symbols(hybrid, e) & places.keys()})
        ),
    )


def _find_symbols(hybrid: HybridSystem, e: Expression) -> set[Expression]:
    return {x for used in (e, *(e for _, e in find_needed(hybrid.system, (e,)))) for x in used.free_symbols}


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
        self.known_until = start.time
        self.echoes: list[tuple[float, int]] = []

    def note(self, begin: float, end: float, at: Callable[[float], FloatArray], still: FloatArray) -> None:
        """Keep a step."""
        self.known_until = end
        if self.places:
            if begin == self.begins[-1]:
                self.pieces.pop()
                self.begins.pop()
            self.pieces.append(_Piece(begin, at, still.copy()))
            self.begins.append(begin)

    def fill(self, here: Situation) -> Situation:
        """Return a situation with the values of the past in it.

        Raises
        ------
        SolverError
            If something is looked back at from less than a step ago, or from later.
        """
        if not self.places:
            return here
        return self._fill(here, tuple(range(len(self.places))))

    def fill_for_rates(self, here: Situation) -> Situation:
        """Return a situation with those values of the past in it that rates use; raises as ``fill`` does."""
        return self._fill(here, self.functions.of_rates) if self.functions.of_rates else here

    def _fill(self, here: Situation, wanted: tuple[int, ...]) -> Situation:
        still = here.still.copy()
        filled = Situation(here.time, here.moving, still, here.parameters)
        done: set[int] = set()
        # what one holds of another is there first
        while len(done) < len(wanted):
            ready = [
                k for k in wanted if k not in done and done >= set(self.functions.needs[k]) & set(wanted)
            ]
            for k in ready or [k for k in wanted if k not in done]:
                still[self.places[k]] = self._recall(k, filled)
                done.add(k)
        return filled

    def _find_lag(self, k: int, here: Situation) -> float:
        lag = float(here.of(self.functions.lags)[k])
        if not lag >= 0:
            raise SolverError(
                f"a formula uses the value of {lag:g} ago at time {here.time:g}",
                allowed="a delay of zero or more",
            )
        return lag

    def _recall(self, k: int, here: Situation) -> float:
        lag = self._find_lag(k, here)
        if lag == 0:
            return float(here.of(self.functions.values)[k])
        time = here.time - lag
        if time < self.begins[0]:
            return float(here.of(self.functions.before, time)[k])
        if self.functions.moves[k] and time > self.known_until + ROUNDING * abs(self.known_until):
            raise SolverError(
                f"a formula looks back {lag:g} at time {here.time:g}, which is less than a step",
                fix="write the model with a delay that does not change",
            )
        piece = self.pieces[max(bisect_right(self.begins, time) - 1, 0)]
        past = Situation(time, np.asarray(piece.at(time), dtype=float), piece.still, self.parameters)
        try:
            past = self._fill(past, self.functions.needs[k]) if self.functions.needs[k] else past
        except RecursionError as error:
            raise SolverError(
                f"a formula looks back through itself without end at time {here.time:g}"
            ) from error
        return float(past.of(self.functions.values)[k])

    def _find_lags(self, here: Situation) -> list[float]:
        return [self._find_lag(k, here) for k in range(len(self.places))]

    def longest_step(self, here: Situation) -> float:
        """Return how far a step may go so that it uses nothing of itself."""
        lags = [lag for k in self.functions.of_rates if (lag := self._find_lag(k, here)) > 0]
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
