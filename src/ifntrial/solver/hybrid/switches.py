"""Where the formulas of a system jump: moments known beforehand, and comparisons that have to be watched."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import sympy

from ifntrial.arrays import FloatArray
from ifntrial.errors import SolverError
from ifntrial.solver.hybrid.functions import Function, Situation, compile_function, find_needed
from ifntrial.solver.hybrid.system import HybridSystem
from ifntrial.solver.reference import substitute_assignments
from ifntrial.solver.system import TIME, symbol

# SymPy's classes say nothing of types
Expression = Any

_STEPPED = (sympy.floor, sympy.ceiling)
_BROKEN = (*_STEPPED, sympy.Piecewise, sympy.Max, sympy.Min, sympy.Abs, sympy.core.relational.Relational)
_WAVES = (sympy.sin, sympy.cos, sympy.tan)
MOST_STOPS = 100_000
# a wave is looked at this often in a period, so that no crossing is passed over
LOOKS_PER_PERIOD = 16


@dataclass(frozen=True, slots=True)
class Switches:
    """What makes formulas jump.

    Parameters
    ----------
    moments
        Times, in parameters and still states, at which a comparison of time changes.
    ladders
        Pairs (slope, offset), as above: where ``slope * time + offset`` is whole a floor or a ceiling changes.
    timed
        Comparisons, floors and ceilings that change at these times and nowhere else, as they stand in the formulas.
    watched
        Comparisons, floors and ceilings that change at times known only while solving.
    waves
        Angular frequencies of waves in time, as above.
    is_settled
        Whether nothing has to be watched: formulas that change when states do have a kink there, and no jump.
    """

    moments: tuple[Expression, ...]
    ladders: tuple[tuple[Expression, Expression], ...]
    timed: tuple[Expression, ...]
    watched: tuple[Expression, ...]
    waves: tuple[Expression, ...]
    is_settled: bool


@lru_cache(maxsize=64)
def find_switches(hybrid: HybridSystem) -> Switches:
    """Return what makes the rates and the events of a system jump.

    Raises
    ------
    SolverError
        If an event waits for two things that move to be equal, which they are for no time at all.
    """
    moments: dict[Expression, None] = {}
    ladders: dict[tuple[Expression, Expression], None] = {}
    timed: dict[Expression, None] = {}
    watched: dict[Expression, None] = {}
    waves: dict[Expression, None] = {}
    sorter = _Sorter(hybrid)
    triggers = [event.trigger for event in hybrid.events]
    for atom in _find_atoms(hybrid, [*hybrid.system.rates, *triggers]):
        kind = sorter.sort(atom)
        if isinstance(kind, _Moment):
            moments[kind.time] = None
            timed[atom] = None
        elif isinstance(kind, _Ladder):
            ladders[kind.slope, kind.offset] = None
            timed[atom] = None
        elif kind == "watched":
            watched[atom] = None
    for e in substitute_assignments(hybrid.system, (*hybrid.system.rates, *triggers)):
        for wave in e.atoms(*_WAVES):
            slope = sorter.find_slope(wave.args[0])
            if slope is not None:
                waves[slope[0]] = None
    _refuse_equality(sorter, _find_atoms(hybrid, triggers))
    of_events = set(_find_atoms(hybrid, triggers)) & watched.keys()
    is_settled = not of_events and all(
        _is_continuous(hybrid, sorter, e) for e in _needed_expressions(hybrid, hybrid.system.rates)
    )
    return Switches(tuple(moments), tuple(ladders), tuple(timed), tuple(watched), tuple(waves), is_settled)


@dataclass(frozen=True, slots=True)
class _Moment:
    time: Expression


@dataclass(frozen=True, slots=True)
class _Ladder:
    slope: Expression
    offset: Expression


class _Sorter:
    """Knows of each comparison, floor and ceiling when it changes."""

    def __init__(self, hybrid: HybridSystem) -> None:
        self.hybrid = hybrid
        # what was some time ago moves as well
        of_the_past = {symbol(delayed.state) for delayed in hybrid.delayed}
        self.moving = {symbol(name) for name in hybrid.moving} | of_the_past
        self.still = {symbol(name) for name in hybrid.still}

    def expand(self, e: Expression) -> Expression:
        """Return an expression in states, parameters and time."""
        return substitute_assignments(self.hybrid.system, (e,))[0]

    def sort(self, atom: Expression) -> "_Moment | _Ladder | str":
        """Return when an atom changes: known, ``watched``, or ``never`` but in an event."""
        e = self.expand(atom)
        if not isinstance(e, (sympy.core.relational.Relational, *_STEPPED)):
            # what is always true, or a number
            return "never" if not e.free_symbols & ({TIME} | self.moving) else "watched"
        argument = e.args[0] if isinstance(e, _STEPPED) else e.args[0] - e.args[1]
        if not argument.free_symbols & ({TIME} | self.moving):
            return "never"
        slope = self.find_slope(argument)
        if slope is None:
            return "watched"
        return _Ladder(*slope) if isinstance(e, _STEPPED) else _Moment(-slope[1] / slope[0])

    def find_slope(self, argument: Expression) -> tuple[Expression, Expression] | None:
        """Return (a, b) where an expression is ``a * time + b`` and neither moves; None where it is not."""
        if argument.free_symbols & self.moving or TIME not in argument.free_symbols:
            return None
        if any(TIME in x.free_symbols for x in argument.atoms(*_BROKEN)):
            return None
        slope = sympy.expand(sympy.diff(argument, TIME))
        if TIME in slope.free_symbols:
            return None
        return slope, argument.xreplace({TIME: sympy.Integer(0)})

    def moves(self, e: Expression) -> bool:
        """Return whether an expression changes other than by jumps."""
        plain = self.expand(e)
        plain = plain.replace(lambda x: isinstance(x, _STEPPED), lambda x: sympy.Integer(0))
        while isinstance(plain, sympy.Basic) and plain.has(sympy.Piecewise):
            plain = plain.replace(
                lambda x: isinstance(x, sympy.Piecewise),
                lambda x: sympy.Add(*(sympy.Dummy(real=True) * piece.expr for piece in x.args)),
            )
        return bool(plain.free_symbols & ({TIME} | self.moving))


def _needed_expressions(hybrid: HybridSystem, expressions: Iterable[Expression]) -> list[Expression]:
    listed = list(expressions)
    return [*(e for _, e in find_needed(hybrid.system, listed)), *listed]


def _find_atoms(hybrid: HybridSystem, expressions: Iterable[Expression]) -> list[Expression]:
    """Return the comparisons, floors and ceilings that expressions use, those within others first."""
    found: dict[Expression, None] = {}
    for e in _needed_expressions(hybrid, expressions):
        for atom in sorted(e.atoms(sympy.core.relational.Relational, *_STEPPED), key=sympy.default_sort_key):
            found[atom] = None
    return list(found)


def _refuse_equality(sorter: _Sorter, atoms: Iterable[Expression]) -> None:
    for atom in atoms:
        if not isinstance(atom, sympy.Equality | sympy.Unequality) or isinstance(sorter.sort(atom), _Moment):
            continue
        if sorter.moves(atom.args[0] - atom.args[1]):
            raise SolverError(
                f"an event asks whether two things that change are equal: {str(atom)[:80]}",
                fix="compare with >= or <=, so that the moment can be found",
            )


def _is_continuous(hybrid: HybridSystem, sorter: _Sorter, e: Expression) -> bool:
    """Return whether an expression has kinks at most where states pass each other."""
    if any(sorter.sort(x) == "watched" for x in e.atoms(*_STEPPED)):
        return False
    return all(_has_no_jump(sorter, piecewise) for piecewise in e.atoms(sympy.Piecewise))


def _has_no_jump(sorter: _Sorter, piecewise: Expression) -> bool:
    conditions = [piece.cond for piece in piecewise.args]
    atoms = {x for cond in conditions for x in cond.atoms(sympy.core.relational.Relational)}
    if not any(sorter.sort(x) == "watched" for x in atoms):
        return True
    if len(piecewise.args) != 2 or not isinstance(conditions[0], sympy.core.relational.Relational):
        return False
    if isinstance(conditions[0], sympy.Equality | sympy.Unequality):
        return False
    left, right = conditions[0].args
    gap = piecewise.args[0].expr - piecewise.args[1].expr
    for side, other in ((left, right), (right, left)):
        if side.is_Symbol and side not in other.free_symbols:
            return bool(sympy.expand(gap.xreplace({side: other})) == 0)
    return False


@lru_cache(maxsize=64)
def _compile(hybrid: HybridSystem) -> tuple[Function, Function, bool]:
    """Return moments and ladders as functions, and whether they stay as they are when events set states."""
    switches = find_switches(hybrid)
    ladders = tuple(x for pair in switches.ladders for x in pair)
    still = {symbol(name) for name in hybrid.still}
    needed = _needed_expressions(hybrid, (*switches.moments, *ladders))
    is_fixed = not any(e.free_symbols & still for e in needed)
    return compile_function(hybrid, switches.moments), compile_function(hybrid, ladders), is_fixed


class Stops:
    """The moments at which one subject has to stop because a formula jumps there, as far as they are known."""

    def __init__(self, hybrid: HybridSystem, here: Situation, end: float) -> None:
        self.hybrid, self.end = hybrid, end
        self.times = self._list(here)

    def renew(self, here: Situation) -> None:
        """Work out anew what hangs on states that an event has set."""
        if not _compile(self.hybrid)[2]:
            self.times = self._list(here)

    def after(self, time: float) -> float:
        """Return the first stop after a time; the end at the latest."""
        place = int(np.searchsorted(self.times, time, side="right"))
        return min(float(self.times[place]), self.end) if place < len(self.times) else self.end

    def _list(self, here: Situation) -> FloatArray:
        moments, ladders, _ = _compile(self.hybrid)
        times = [float(x) for x in here.of(moments)]
        pairs = np.array(here.of(ladders), dtype=float).reshape(-1, 2)
        for slope, offset in pairs:
            if slope != 0 and np.isfinite(slope + offset):
                times += _list_rungs(slope, offset, here.time, self.end)
        return np.unique(np.array([x for x in times if here.time < x <= self.end]))


def _list_rungs(slope: float, offset: float, start: float, end: float) -> list[float]:
    low, high = sorted((slope * start + offset, slope * end + offset))
    if high - low > MOST_STOPS:
        raise SolverError(f"a floor or ceiling jumps more than {MOST_STOPS:,} times until the last visit")
    rungs = np.arange(np.floor(low), np.ceil(high) + 1)
    return [float(x) for x in (rungs - offset) / slope]
