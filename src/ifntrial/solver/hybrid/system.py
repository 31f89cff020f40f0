"""What a system with events is: equations, and what happens when a condition becomes true."""

from dataclasses import dataclass, field
from functools import cached_property

import sympy

from ifntrial.solver.system import OdeSystem


@dataclass(frozen=True, slots=True)
class Change:
    """A new value of one state.

    Parameters
    ----------
    state
        Name.
    value
        What it becomes, divided by ``factor``.
    factor
        Multiplies ``value``; taken when the changes are made, before any of them is.
    """

    state: str
    value: sympy.Expr
    factor: sympy.Expr = field(default_factory=lambda: sympy.Integer(1))


@dataclass(frozen=True, slots=True)
class Event:
    """Changes that are made when a condition becomes true, at once or later.

    Parameters
    ----------
    name
        Identifier.
    trigger
        Condition in states, parameters, assignments and time.
    starts_true
        Whether the condition counts as true just before the start, so that being true at the start is no change.
    is_persistent
        Whether what waits to be done is done even where the condition has become false meanwhile.
    delay
        How long after the condition became true the changes are made [time unit], taken at that time.
    priority
        Of changes due at one moment those of the highest priority come first, those of one priority in an order by lot;
        None comes last.
    takes_early_values
        Whether the new values are those of the time when the condition became true, not of when they are set.
    changes
        All values are taken before any is set.
    """

    name: str
    trigger: sympy.Basic
    starts_true: bool
    is_persistent: bool
    delay: sympy.Expr
    priority: sympy.Expr | None
    takes_early_values: bool
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Delayed:
    """What something was some time ago.

    Parameters
    ----------
    state
        Name of the state without a rate that stands for it.
    value
        What is looked back at.
    before
        What it was before the start, in parameters and time.
    lag
        How long ago [time unit], zero or more.
    """

    state: str
    value: sympy.Expr
    before: sympy.Expr
    lag: sympy.Expr


@dataclass(frozen=True, eq=False)
class HybridSystem:
    """Equations with events. Formulas may jump wherever a comparison, a floor or a ceiling changes.

    Two are equal only if they are one: what is compiled for a system is looked up at every event.

    Parameters
    ----------
    system
        The equations; its initial values are in parameters alone. It may have no state.
    events
        In the order in which those without a priority are carried out.
    delayed
        What formulas use of the past.
    """

    system: OdeSystem
    events: tuple[Event, ...] = ()
    delayed: tuple[Delayed, ...] = ()

    @cached_property
    def moving(self) -> tuple[str, ...]:
        """States that have a rate."""
        pairs = zip(self.system.states, self.system.rates, strict=True)
        return tuple(name for name, rate in pairs if rate != 0)

    @cached_property
    def still(self) -> tuple[str, ...]:
        """States that nothing but events changes."""
        moving = set(self.moving)
        return tuple(name for name in self.system.states if name not in moving)
