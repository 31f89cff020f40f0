"""The parts a mechanism is made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from ifntrial.errors import ModelError

Law = Callable[["Values", "Values"], Any]
"""A rate or an expression: ``law(s, p)`` with species, assignments and ``s.time``, and parameters ``p``."""


class Values:
    """Values by name, as attributes or items; an unknown name is an error that says so."""

    __slots__ = ("_kind", "_values")

    def __init__(self, values: Mapping[str, Any], kind: str = "value") -> None:
        self._values = dict(values)
        self._kind = kind

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - a number, an array, a quantity or a symbol
        if name not in self._values:
            raise AttributeError(f"{self._kind} '{name}' does not exist")
        return self._values[name]

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - as above
        return self[name]

    def add(self, name: str, value: object) -> None:
        """Make ``value`` known under ``name``."""
        self._values[name] = value


@dataclass(frozen=True, slots=True)
class Species:
    """An amount that changes with time.

    Parameters
    ----------
    name, unit, meaning
        As shown to people.
    initial
        Value at time zero, before any dose: the untreated state.
    compartment
        Where it is.
    scale
        Typical size, for the solver's absolute tolerance; the initial value if absent.
    """

    name: str
    unit: str
    meaning: str
    initial: Law
    compartment: str = "body"
    scale: Law | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A constant of one subject; its value comes from the evidence tables or from the virtual patient.

    Parameters
    ----------
    name, unit, meaning
        As shown to people.
    row
        The evidence row that holds it; empty where that is the row of the same name.
    """

    name: str
    unit: str
    meaning: str
    row: str = ""


@dataclass(frozen=True, slots=True)
class Assignment:
    """A named expression of species, parameters, time and earlier assignments."""

    name: str
    unit: str
    meaning: str
    law: Law


@dataclass(frozen=True, slots=True)
class Reaction:
    """A flow: how fast it runs and which species it adds to (+1) or removes from (-1)."""

    name: str
    change: Mapping[str, int]
    rate: Law


@dataclass(frozen=True, slots=True, eq=False)
class Mechanism:
    """A named group of reactions that is switched on or off as a whole.

    Switched off, its species stay at their untreated values; if it has no reactions, its assignments, which then are
    relative to untreated, stay at one. ``observables`` are read-outs that no rate uses.
    """

    name: str
    meaning: str
    species: tuple[Species, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    reactions: tuple[Reaction, ...] = ()
    observables: tuple[Assignment, ...] = ()

    def __reduce__(self) -> tuple[Callable[[str, str], "Mechanism"], tuple[str, str]]:
        """Send the mechanism to another process as the place where it is declared: laws may be functions without names.

        Raises
        ------
        ModelError
            If it is not a name of the module of its laws.
        """
        laws = (*(x.law for x in (*self.assignments, *self.observables)), *(x.rate for x in self.reactions))
        for module in dict.fromkeys(law.__module__ for law in laws):
            for name, value in vars(import_module(module)).items():
                if value is self:
                    return _declared, (module, name)
        raise ModelError(
            f"mechanism '{self.name}' cannot be sent to another process",
            allowed="a mechanism that has a name in the module of one of its laws",
            fix="declare it there, or use one worker",
        )


def _declared(module: str, name: str) -> Mechanism:
    found: Mechanism = getattr(import_module(module), name)
    return found


def zero(s: Values, p: Values) -> int:
    """Return nothing: the initial value of what is absent before treatment."""
    del s, p
    return 0


def one(s: Values, p: Values) -> int:
    """Return one: the untreated value of what is measured relative to itself."""
    del s, p
    return 1
