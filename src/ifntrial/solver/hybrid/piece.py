"""The system of one piece between two moments at which formulas jump, for compiled code."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sympy

from ifntrial.errors import SolverError
from ifntrial.solver.compiler.translate import build_graph
from ifntrial.solver.hybrid.functions import find_needed, find_powers
from ifntrial.solver.hybrid.switches import find_switches
from ifntrial.solver.hybrid.system import HybridSystem
from ifntrial.solver.system import TIME, OdeSystem, symbol


@dataclass(frozen=True, slots=True)
class Piece:
    """A hybrid system between two moments, for compiled code.

    Parameters
    ----------
    system
        Only what moves. Its parameters are ``used`` and then ``still``, one each for ``timed``, one each for scales.
    used
        Places of parameters of the whole system.
    still
        Places of still states among the still.
    timed
        Comparisons, floors and ceilings that keep their value in a piece.
    bases
        Names of outputs that a power with a broken or unknown exponent is taken of.
    """

    system: OdeSystem
    used: tuple[int, ...]
    still: tuple[int, ...]
    timed: tuple[Any, ...]
    bases: tuple[str, ...]


@lru_cache(maxsize=64)
def split(hybrid: HybridSystem) -> Piece | None:
    """Return the system of one piece; None where compiled code cannot solve it."""
    switches = find_switches(hybrid)
    known = {symbol(name) for name in hybrid.system.parameters}
    is_known = all(event.delay.free_symbols <= known for event in hybrid.events)
    if not hybrid.moving or not switches.is_settled or not is_known or hybrid.delayed:
        return None
    piece = _cut(hybrid, switches.timed)
    try:
        build_graph(piece.system)
    except SolverError:
        return None
    return piece


def _cut(hybrid: HybridSystem, timed: tuple[Any, ...]) -> Piece:
    system = hybrid.system
    rates = tuple(rate for rate in system.rates if rate != 0)
    bases = tuple(dict.fromkeys(base for base, _ in find_powers(hybrid, rates)))
    needed = find_needed(system, (*rates, *bases))
    names = {*system.states, *system.parameters, TIME.name, *(name for name, _ in system.assignments)}
    levels = {
        atom: symbol(name) for atom, name in zip(timed, _fresh(names, "level", len(timed)), strict=True)
    }
    swap = {
        atom: level > 0 if isinstance(atom, sympy.logic.boolalg.Boolean) else level
        for atom, level in levels.items()
    }
    scales = _fresh(names, "scale", len(hybrid.moving))
    base_names = _fresh(names, "base", len(bases))
    expressions = [e.xreplace(swap) for e in (*rates, *bases, *(e for _, e in needed))]
    free = {x.name for e in expressions for x in e.free_symbols}
    used = tuple(i for i, name in enumerate(system.parameters) if name in free)
    still = tuple(i for i, name in enumerate(hybrid.still) if name in free)
    small = OdeSystem(
        name=system.name,
        states=hybrid.moving,
        parameters=(
            *(system.parameters[i] for i in used),
            *(hybrid.still[i] for i in still),
            *(level.name for level in levels.values()),
            *scales,
        ),
        rates=tuple(expressions[: len(rates)]),
        initial=(sympy.Integer(0),) * len(rates),
        assignments=tuple(
            (name, e) for (name, _), e in zip(needed, expressions[len(rates) + len(bases) :], strict=True)
        ),
        scales=tuple(symbol(name) for name in scales),
        outputs=tuple(zip(base_names, expressions[len(rates) : len(rates) + len(bases)], strict=True)),
        time_unit=system.time_unit,
    )
    return Piece(small, used, still, timed, base_names)


def _fresh(taken: set[str], word: str, count: int) -> tuple[str, ...]:
    """Return names that nothing has yet, and take them."""
    names: list[str] = []
    number = 0
    while len(names) < count:
        number += 1
        name = f"{word}_{number}"
        if name not in taken:
            taken.add(name)
            names.append(name)
    return tuple(names)
