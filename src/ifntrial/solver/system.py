"""A system of ordinary differential equations as names and expressions, with no biology in it."""

from dataclasses import dataclass, field

import sympy

TIME = sympy.Symbol("time", real=True)


@dataclass(frozen=True, slots=True)
class OdeSystem:
    """Names and SymPy expressions of one initial value problem; every subject has its own parameters.

    Expressions hold ``sympy.Symbol(name, real=True)`` of states, parameters and assignments, and ``TIME``.

    Parameters
    ----------
    name
        Shown in messages and used in cache keys together with the content.
    states
        Names, in the order of ``rates``, ``initial`` and ``scales``.
    parameters
        Names of constants of one subject.
    assignments
        Pairs (name, expression), in an order in which each uses only states, parameters, time and earlier names.
    rates
        Time derivative of each state [state unit / time unit].
    initial
        Value of each state at time zero, in parameters (and assignments that hold only parameters).
    scales
        Typical size of each state, in parameters; the absolute tolerance is relative to it. Must be positive.
    outputs
        Pairs (name, expression) that can be asked for beside states and assignments.
    time_unit
        Unit of time, for labels.
    """

    name: str
    states: tuple[str, ...]
    parameters: tuple[str, ...]
    rates: tuple[sympy.Expr, ...]
    initial: tuple[sympy.Expr, ...]
    assignments: tuple[tuple[str, sympy.Expr], ...] = ()
    scales: tuple[sympy.Expr, ...] = ()
    outputs: tuple[tuple[str, sympy.Expr], ...] = ()
    time_unit: str = "day"
    description: str = field(default="", compare=False)


def symbol(name: str) -> sympy.Symbol:
    """Return the symbol that stands for ``name`` in every expression of a system."""
    return sympy.Symbol(name, real=True)
