"""What is known while an SBML model is read, by identifier."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import sympy

from ifntrial.formats.sbml.math import MathReader, UnsupportedMathError
from ifntrial.solver.system import TIME, symbol

# libsbml's and SymPy's classes say nothing of types
Element = Any
Expression = Any


@dataclass(slots=True)
class Draft:
    """A model being read.

    Parameters
    ----------
    libsbml, model
        The library, and the model as it read it.
    problems
        What cannot be imported, in words.
    things
        Identifier to compartment, parameter, species or species reference.
    rules, starts
        Identifier to the formula of its rule, and of its initial assignment.
    rated
        Identifiers whose rule is a rate.
    touched
        Identifiers that events set.
    solved
        Identifiers that algebraic rules decide.
    symbols
        Identifier to symbol.
    parameters
        Name to value.
    unset
        Names of parameters for which the file has no value.
    formulas
        Name to what it always is, in symbols.
    rates
        Name of a state to its rate.
    initial
        Name to what it is at time zero, where it is neither parameter nor formula.
    held
        Identifier of a species to the name of what holds its amount, where formulas mean its concentration and the size
        of its compartment may change.
    delayed
        What is looked back at and how long ago, to the name of the state that stands for it.
    """

    libsbml: Element
    model: Element
    problems: list[str] = field(default_factory=list)
    things: dict[str, Element] = field(default_factory=dict)
    rules: dict[str, Element] = field(default_factory=dict)
    starts: dict[str, Element] = field(default_factory=dict)
    rated: set[str] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)
    solved: set[str] = field(default_factory=set)
    symbols: dict[str, Expression] = field(default_factory=dict)
    parameters: dict[str, float] = field(default_factory=dict)
    unset: set[str] = field(default_factory=set)
    formulas: dict[str, Expression] = field(default_factory=dict)
    rates: dict[str, Expression] = field(default_factory=dict)
    initial: dict[str, Expression] = field(default_factory=dict)
    held: dict[str, str] = field(default_factory=dict)
    delayed: dict[tuple[Expression, Expression], str] = field(default_factory=dict)
    reader: MathReader = field(init=False)
    _taken: set[str] = field(init=False)
    _numbers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        elements = self.model.getListOfAllElements()
        self._taken = {TIME.name} | {element.getIdAttribute() for element in elements}
        functions = {item.getId(): item.getMath() for item in self.model.getListOfFunctionDefinitions()}
        self.reader = MathReader(self.libsbml, self.symbols, functions, self._name_number, self._name_delayed)

    def fresh(self, wish: str) -> str:
        """Return a name that nothing in the model has, the one wished for if it is free."""
        name, number = wish, 1
        while name in self._taken:
            number += 1
            name = f"{wish}_{number}"
        self._taken.add(name)
        return name

    def _name_number(self, value: float) -> str:
        if repr(value) not in self._numbers:
            name = self.fresh("number")
            self._numbers[repr(value)] = name
            self.parameters[name] = value
        return self._numbers[repr(value)]

    @property
    def not_a_number(self) -> str:
        """Name of the parameter that stands for what is not a number, empty where no formula holds it."""
        return self._numbers.get(repr(float("nan")), "")

    def _name_delayed(self, value: Expression, lag: Expression) -> str:
        if (value, lag) not in self.delayed:
            name = self.fresh("delayed")
            self.delayed[value, lag] = name
            self.rates[name] = sympy.Integer(0)
        return self.delayed[value, lag]

    def add_parameter(self, wish: str, value: float | None) -> Expression:
        """Return the symbol of a new parameter; without a value it may be there but not be used."""
        name = self.fresh(wish)
        self.set_parameter(name, value)
        return symbol(name)

    def set_parameter(self, name: str, value: float | None) -> None:
        """Give a parameter its value, or note that it has none."""
        self.parameters[name] = float("nan") if value is None else value
        if value is None:
            self.unset.add(name)

    def read(self, what: str, math: Element) -> Expression:
        """Return a formula as a number; where it cannot be read zero, and one problem more."""
        try:
            return self.reader.read_number(math)
        except UnsupportedMathError as error:
            self.problems.append(f"{what}: {error}")
            return sympy.Integer(0)

    def species(self) -> Iterator[tuple[str, Element]]:
        """Yield identifier and species."""
        for species in self.model.getListOfSpecies():
            yield species.getId(), species

    def is_amount(self, species: Element) -> bool:
        """Return whether a species is its amount in formulas, and not its concentration."""
        place = self.model.getCompartment(species.getCompartment())
        return bool(species.getHasOnlySubstanceUnits() or place.getSpatialDimensions() == 0)

    def name_of(self, identifier: str) -> str:
        """Return the name that the system has for an identifier."""
        return str(self.symbols[identifier].name)
