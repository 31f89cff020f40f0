"""SBML models (levels 2 and 3, core, ordinary differential equations) as systems for the solver.

What is read: species, compartments of constant or changing size, parameters, reactions, rate and assignment rules,
initial assignments, function definitions, piecewise, time, and events whose triggers depend on time and parameters
alone. Anything else is refused by name: never a wrong answer.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sympy

from ifntrial.errors import FileError, InputError
from ifntrial.extras import load_extra
from ifntrial.formats.sbml.events import find_breakpoints, read_event
from ifntrial.formats.sbml.limits import find_unsupported, order_formulas
from ifntrial.formats.sbml.math import MathReader, UnsupportedMathError
from ifntrial.formats.sbml.model import SbmlModel, TimedEvent
from ifntrial.solver.system import TIME, OdeSystem, symbol

# libsbml's classes say nothing of types
Element = Any
Expression = Any


def load_sbml(path: Path | str) -> SbmlModel:
    """Return the model in an SBML file.

    Raises
    ------
    FileError
        If the file cannot be read or is not valid SBML.
    ExtraError
        If the library that reads it is not installed.
    InputError
        If the model holds something that is not imported; lists every problem.
    """
    libsbml = load_extra("libsbml", "SBML files")
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(f"{path} cannot be read: {error}", fix="check the name") from error
    document = libsbml.readSBMLFromString(text)
    errors = [document.getError(i) for i in range(document.getNumErrors())]
    serious = [error for error in errors if error.getSeverity() >= libsbml.LIBSBML_SEV_ERROR]
    model = document.getModel()
    if serious or model is None:
        problems = [
            f"line {error.getLine()}: {' '.join(error.getShortMessage().split())}" for error in serious
        ]
        raise FileError(f"{path} is not valid SBML", problems=problems or ["it holds no model"])
    return _Importer(libsbml, model, document).build()


class _Importer:
    """Holds what is known while one model is read."""

    def __init__(self, libsbml: Element, model: Element, document: Element) -> None:
        self.libsbml, self.model, self.document = libsbml, model, document
        self.problems: list[str] = []
        self.parameters: dict[str, float] = {}
        self.rules = {rule.getVariable(): rule for rule in model.getListOfRules() if not rule.isAlgebraic()}
        self.start = {item.getSymbol(): item.getMath() for item in model.getListOfInitialAssignments()}
        self.touched = {
            item.getVariable()
            for event in model.getListOfEvents()
            for item in event.getListOfEventAssignments()
        }
        self.symbols: dict[str, Expression] = {}
        self.formulas: dict[str, Expression] = {}
        self.rates: dict[str, Expression] = {}
        self.initial: dict[str, Expression] = {}
        functions = {item.getId(): item.getMath() for item in model.getListOfFunctionDefinitions()}
        self.reader = MathReader(libsbml, self.symbols, functions)

    def build(self) -> SbmlModel:
        computed = self.rules.keys() | self.start.keys() | self.touched
        self.problems += find_unsupported(self.model, self.document, computed)
        self._name_everything()
        if not self.problems:
            self._read_rules()
            self._read_reactions()
            self._dilute()
        events = self._read_events()
        if self.problems:
            raise InputError("the SBML model cannot be imported", problems=self.problems)
        order = order_formulas(self.formulas)
        states = tuple(self.rates)
        system = OdeSystem(
            name=self.model.getId() or "imported model",
            states=states,
            parameters=tuple(self.parameters),
            rates=tuple(self.rates.values()),
            initial=tuple(self._resolve_initial(name, ()) for name in states),
            assignments=tuple((name, self.formulas[name]) for name in order),
            time_unit=self.model.getTimeUnits() or "time unit",
        )
        jumps = find_breakpoints([*self.formulas.values(), *self.rates.values()], self.formulas)
        return SbmlModel(system, self.parameters, events, jumps)

    def _read(self, math: Element, local: Mapping[str, Expression] | None = None) -> Expression:
        """Return a formula, or zero and one problem more."""
        try:
            return self.reader.read(math, local)
        except UnsupportedMathError as error:
            self.problems.append(str(error))
            return sympy.Integer(0)

    def _read_events(self) -> tuple[TimedEvent, ...]:
        events = []
        for event in self.model.getListOfEvents():
            try:
                events.append(read_event(self.reader, event))
            except UnsupportedMathError as error:
                self.problems.append(str(error))
        return tuple(events)

    def _name_everything(self) -> None:
        """Decide for every identifier whether it is a state, an assignment or a parameter."""
        reactions = self.model.getListOfReactions()
        used = {
            side.getSpecies() for r in reactions for side in (*r.getListOfReactants(), *r.getListOfProducts())
        }
        things = (
            *self.model.getListOfCompartments(),
            *self.model.getListOfParameters(),
            *self.model.getListOfSpecies(),
        )
        for thing in things:
            name = thing.getId()
            self.symbols[name] = symbol(f"{name}_" if name == TIME.name else name)
        for reaction in reactions:
            self.symbols[reaction.getId()] = symbol(reaction.getId())
        for thing in things:
            name = thing.getId()
            rule = self.rules.get(name)
            is_species = thing.getTypeCode() == self.libsbml.SBML_SPECIES
            made = is_species and name in used and not thing.getBoundaryCondition()
            if rule is not None and rule.isAssignment():
                continue
            if (rule is not None and rule.isRate()) or made or name in self.touched:
                self.rates[self.symbols[name].name] = sympy.Integer(0)
                self.initial[self.symbols[name].name] = self._find_start(thing, name)
            elif name in self.start:
                self.formulas[self.symbols[name].name] = sympy.Integer(0)
            else:
                self.parameters[self.symbols[name].name] = self._find_value(thing, name)

    def _find_value(self, thing: Element, name: str) -> float:
        kind = thing.getTypeCode()
        if kind == self.libsbml.SBML_COMPARTMENT:
            return float(thing.getSize()) if thing.isSetSize() else 1.0
        if kind == self.libsbml.SBML_PARAMETER:
            if not thing.isSetValue():
                self.problems.append(f"parameter '{name}' has no value")
            return float(thing.getValue())
        return self._find_species_value(thing, name)

    def _find_species_value(self, species: Element, name: str) -> float:
        compartment = self.model.getCompartment(species.getCompartment())
        size = float(compartment.getSize()) if compartment.isSetSize() else 1.0
        if not species.isSetInitialAmount() and not species.isSetInitialConcentration():
            self.problems.append(f"species '{name}' has no initial value")
        if self._is_amount(species):
            amount = (
                species.getInitialAmount()
                if species.isSetInitialAmount()
                else species.getInitialConcentration() * size
            )
            return float(amount)
        if species.isSetInitialConcentration():
            return float(species.getInitialConcentration())
        return float(species.getInitialAmount() / size)

    def _find_start(self, thing: Element, name: str) -> Expression:
        if name in self.start:
            return None
        parameter = f"initial_{name}"
        self.parameters[parameter] = self._find_value(thing, name)
        return symbol(parameter)

    def _is_amount(self, species: Element) -> bool:
        compartment = self.model.getCompartment(species.getCompartment())
        return bool(species.getHasOnlySubstanceUnits() or compartment.getSpatialDimensions() == 0)

    def _read_rules(self) -> None:
        for name, rule in self.rules.items():
            formula = self._read(rule.getMath())
            target = self.symbols[name].name
            if rule.isRate():
                self.rates[target] = formula
            else:
                self.formulas[target] = formula
        for name, math in self.start.items():
            if self.symbols[name].name in self.formulas and name not in self.rules:
                self.formulas[self.symbols[name].name] = self._read(math)

    def _read_reactions(self) -> None:
        for reaction in self.model.getListOfReactions():
            law = reaction.getKineticLaw()
            if law is None:
                self.problems.append(f"reaction '{reaction.getId()}' has no rate")
                continue
            local = {}
            for parameter in (*law.getListOfParameters(), *law.getListOfLocalParameters()):
                name = f"{reaction.getId()}__{parameter.getId()}"
                self.parameters[name] = float(parameter.getValue())
                local[parameter.getId()] = symbol(name)
            flow = self._read(law.getMath(), local)
            self.formulas[reaction.getId()] = flow
            for side, sign in ((reaction.getListOfReactants(), -1), (reaction.getListOfProducts(), 1)):
                for reference in side:
                    self._add_flow(reference, sign, symbol(reaction.getId()))

    def _add_flow(self, reference: Element, sign: int, flow: Expression) -> None:
        species = self.model.getSpecies(reference.getSpecies())
        name = species.getId()
        rule = self.rules.get(name)
        if species.getBoundaryCondition() or species.getConstant():
            return
        if rule is not None:
            self.problems.append(f"species '{name}' is set by a rule and by a reaction")
            return
        count = reference.getStoichiometry() if reference.isSetStoichiometry() else 1.0
        change = sign * (sympy.Integer(int(count)) if count == int(count) else sympy.Float(count)) * flow
        if not self._is_amount(species):
            change = change / self.symbols[species.getCompartment()]
        self.rates[self.symbols[name].name] += change

    def _dilute(self) -> None:
        """Let concentrations follow the size of a compartment that changes: amounts stay, c' = ... - c V' / V."""
        for species in self.model.getListOfSpecies():
            name, place = self.symbols[species.getId()], self.symbols[species.getCompartment()]
            if self._is_amount(species) or self._is_constant(place.name) or species.getId() in self.rules:
                continue
            growth = self._slope(self.formulas.get(place.name, place))
            if species.getCompartment() in self.touched or name.name not in self.rates or growth is None:
                self.problems.append(
                    f"species '{species.getId()}' is a concentration in compartment '{species.getCompartment()}', "
                    "which changes size in a way that is not imported"
                )
                continue
            self.rates[name.name] -= name * growth / place

    def _slope(self, expression: Expression) -> Expression | None:
        """Return the derivative by time; None if the expression depends on states other than by their rate rules."""
        total = sympy.diff(expression, TIME)
        for x in expression.free_symbols - {TIME}:
            if x.name in self.formulas:
                inner = self._slope(self.formulas[x.name])
            elif x.name in self.rates:
                inner = self.rates[x.name] if x.name in self.rules else None
            else:
                continue
            if inner is None:
                return None
            total += sympy.diff(expression, x) * inner
        return total

    def _is_constant(self, name: str) -> bool:
        """Return whether a symbol keeps its value, here and in all it is made from."""
        if name == TIME.name or name in self.rates:
            return False
        return all(self._is_constant(x.name) for x in self.formulas.get(name, sympy.Integer(0)).free_symbols)

    def _resolve_initial(self, name: str, seen: tuple[str, ...]) -> Expression:
        """Return the value of a symbol at time zero, in parameters alone."""
        if name in seen:
            raise InputError(
                "initial assignments of the SBML model go round in a circle", problems=[*seen, name]
            )
        start = {self.symbols[key].name: math for key, math in self.start.items()}
        if name in start:
            expression = self.reader.read(start[name])
        elif name in self.initial:
            expression = self.initial[name]
        elif name in self.formulas:
            expression = self.formulas[name]
        else:
            return sympy.Integer(0) if name == TIME.name else symbol(name)
        return expression.xreplace(
            {x: self._resolve_initial(x.name, (*seen, name)) for x in expression.free_symbols}
        )
