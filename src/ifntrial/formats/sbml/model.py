"""What an imported SBML model is: equations, values, and what happens at given times."""

from dataclasses import dataclass

import sympy

from ifntrial.solver.system import OdeSystem


@dataclass(frozen=True, slots=True)
class TimedEvent:
    """Something that happens once, at a time that depends on parameters alone.

    Parameters
    ----------
    name
        Identifier.
    time
        When it happens [time unit].
    condition
        Whether it happens at all.
    is_at_start
        Whether it also happens where ``time`` is not after the start.
    assignments
        Pairs (state, new value); all values are taken before any is set.
    """

    name: str
    time: sympy.Expr
    condition: sympy.Basic
    is_at_start: bool
    assignments: tuple[tuple[str, sympy.Expr], ...]


@dataclass(frozen=True, slots=True)
class SbmlModel:
    """An imported model; solve it with ``simulate_sbml``.

    Parameters
    ----------
    system
        The equations. A species is its concentration, or its amount if the file says so, as in the file's formulas.
    parameters
        Values of all parameters, among them sizes of compartments and initial values (``initial_`` and a name).
    events
        What happens at given times.
    breakpoints
        Times, in parameters, at which a formula jumps.
    """

    system: OdeSystem
    parameters: dict[str, float]
    events: tuple[TimedEvent, ...]
    breakpoints: tuple[sympy.Expr, ...]
