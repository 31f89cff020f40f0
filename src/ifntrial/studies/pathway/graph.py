"""What acts on what, read from the equations of a model: links between the boxes of the map."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sympy

from ifntrial.course.system import build_system
from ifntrial.model import Model
from ifntrial.model.drugs import Drug
from ifntrial.model.drugs.action import NEUTRAL
from ifntrial.model.mechanisms.drug_effect import DRUG_EFFECT
from ifntrial.model.mechanisms.tissues import TISSUES
from ifntrial.solver import TIME, OdeSystem
from ifntrial.studies.pathway.nodes import BOXES, DRUG_STEP, Box

Equations = Mapping[str, sympy.Expr]
"""Name of a quantity to its rate of change, its definition, or its read-out."""


@dataclass(frozen=True, slots=True)
class Link:
    """One box acts on another: the names of the two."""

    source: str
    target: str


def equations_of(system: OdeSystem) -> Equations:
    """Return the equation of every quantity."""
    rates = zip(system.states, system.rates, strict=True)
    return dict([*rates, *system.assignments, *system.outputs])


def changing(system: OdeSystem) -> tuple[str, ...]:
    """Return the quantities that change with time or treatment: all but what only parameters define."""
    states = set(system.states)
    found: set[str] = set()
    for name, expression in (*system.assignments, *system.outputs):
        if _read(expression) & (states | found) or TIME in expression.free_symbols:
            found.add(name)
    return tuple(name for name in equations_of(system) if name in states | found)


def box_of() -> Mapping[str, Box]:
    """Return the box of every quantity."""
    return {quantity: box for box in BOXES for quantity in box.quantities}


def links_of(model: Model) -> tuple[Link, ...]:
    """Return who acts on whom, in the order of the boxes."""
    system = build_system(model)
    equations, known, moves = equations_of(system), box_of(), set(changing(system))
    found = {
        Link(known[read].name, known[name].name)
        for name in moves
        for read in _read(equations[name]) & moves
        if known[read] is not known[name]
    }
    order = {box.name: place for place, box in enumerate(BOXES)}
    return tuple(sorted(found, key=lambda each: (order[each.source], order[each.target])))


def _read(expression: sympy.Expr) -> set[str]:
    return {str(symbol) for symbol in expression.free_symbols}


def is_unknown(link: Link, equations: Equations) -> bool:
    """Return whether the strength of a link is one of those that no trial of blockade has told."""
    known = box_of()
    sources = set(known[link.source].quantities)
    return any(
        sources & _read(equations[name]) and set(DRUG_EFFECT) & _read(equations[name])
        for name in known[link.target].quantities
        if name in equations
    )


def raises(link: Link, system: OdeSystem, values: Mapping[str, float]) -> bool | None:
    """Return whether more of a link's source makes more of what its target shows, at given values; None if neither.

    Parameters
    ----------
    values
        Of every quantity and parameter, and of ``time`` [day].
    """
    known, definitions = box_of(), dict(system.assignments)
    inside = {name: definitions[name] for name in known[link.target].others if name in definitions}
    law = equations_of(system)[link.target]
    for _ in inside:
        law = law.xreplace({x: inside[str(x)] for x in law.free_symbols if str(x) in inside})
    moved = {name for name in known[link.source].quantities if name in _read(law)}
    at = {x: sympy.Float(values[str(x)]) for x in law.free_symbols}
    up, down = (
        law.xreplace({x: value * factor if str(x) in moved else value for x, value in at.items()})
        for factor in (1 + _NEAR, 1 - _NEAR)
    )
    difference = float(up - down)
    return None if abs(difference) < _NOTHING else difference > 0


_NEAR = 1e-3
_NOTHING = 1e-300


def acts_on(drug: Drug) -> tuple[str, ...]:
    """Return the boxes on which a drug acts: those of the actions that are not neutral."""
    neutral = {each.name: each.law for each in NEUTRAL}
    actions = [
        each.name
        for each in drug.structure.assignments
        if each.name in neutral and each.law is not neutral[each.name]
    ]
    known = box_of()
    boxes = [
        box
        for action in actions
        for box in ([f"ifn_activity_{x}" for x in TISSUES] if action == _ADDED else [known[action].name])
    ]
    return tuple(name for name in dict.fromkeys(boxes) if known[name].step != DRUG_STEP)


_ADDED = "ifn_alpha_added"
"""Interferon that is given acts wherever interferon does."""


def parameters_in(names: Iterable[str], equations: Equations, system: OdeSystem) -> tuple[str, ...]:
    """Return the parameters that equations of quantities hold, those of what stands in them for constants too."""
    moves, parameters = set(changing(system)), set(system.parameters)
    found: dict[str, None] = {}
    open_names = [name for name in names if name in equations]
    seen = set(open_names)
    while open_names:
        for read in sorted(_read(equations[open_names.pop(0)])):
            if read in parameters:
                found[read] = None
            elif read in equations and read not in moves and read not in seen:
                seen.add(read)
                open_names.append(read)
    return tuple(found)
