"""What each quantity of an SBML model is: a state, a formula or a constant, and what it starts with."""

from typing import Any

import sympy

from ifntrial.errors import InputError
from ifntrial.formats.sbml.draft import Draft
from ifntrial.formats.sbml.math import rate_name
from ifntrial.solver.system import TIME, symbol

# libsbml's and SymPy's classes say nothing of types
Element = Any
Expression = Any


def collect(draft: Draft) -> None:
    """Note everything that has an identifier and a value, and what decides it. Without a formula a rule is absent."""
    model = draft.model
    reactions = list(model.getListOfReactions())
    references = [
        side
        for reaction in reactions
        for side in (*reaction.getListOfReactants(), *reaction.getListOfProducts())
        if side.isSetId() and draft.model.getLevel() > 2
    ]
    things = (
        *model.getListOfCompartments(),
        *model.getListOfParameters(),
        *model.getListOfSpecies(),
        *references,
    )
    for thing in things:
        name = thing.getIdAttribute()
        draft.things[name] = thing
        draft.symbols[name] = symbol(draft.fresh(f"{name}_") if name == TIME.name else name)
    for reaction in reactions:
        name = reaction.getId()
        draft.symbols[name] = symbol(draft.fresh(f"{name}_") if name == TIME.name else name)
    for rule in model.getListOfRules():
        if not rule.isAlgebraic() and rule.isSetMath():
            draft.rules[rule.getVariable()] = rule.getMath()
            if rule.isRate():
                draft.rated.add(rule.getVariable())
    for item in model.getListOfInitialAssignments():
        if item.isSetMath():
            draft.starts[item.getSymbol()] = item.getMath()
    for event in model.getListOfEvents():
        draft.touched |= {x.getVariable() for x in event.getListOfEventAssignments() if x.isSetMath()}
    _hold_amounts(draft)


def _hold_amounts(draft: Draft) -> None:
    """Let a species be its amount where the size of its compartment may change; its concentration gets another name."""
    model = draft.model
    has_algebra = any(rule.isAlgebraic() for rule in model.getListOfRules())
    changing = {
        place.getId()
        for place in model.getListOfCompartments()
        if place.getId() in draft.rules
        or place.getId() in draft.touched
        or (has_algebra and (model.getLevel() == 1 or not place.getConstant()))
    }
    for name, species in draft.species():
        has_formula = name in draft.rules and name not in draft.rated
        if species.getCompartment() in changing and not draft.is_amount(species) and not has_formula:
            draft.held[name] = draft.name_of(name)
            draft.symbols[name] = symbol(draft.fresh(f"concentration_of_{name}"))


def find_reacting(draft: Draft) -> set[str]:
    """Return the species that reactions change."""
    return {
        side.getSpecies()
        for reaction in draft.model.getListOfReactions()
        for side in (*reaction.getListOfReactants(), *reaction.getListOfProducts())
        if not draft.model.getSpecies(side.getSpecies()).getBoundaryCondition()
        and not draft.model.getSpecies(side.getSpecies()).getConstant()
    }


def sort_quantities(draft: Draft) -> None:
    """Decide of every quantity whether it is a state, a formula or a constant, and note what it starts with."""
    reacting = find_reacting(draft)
    for name, thing in draft.things.items():
        if (name in draft.rules and name not in draft.rated) or name in draft.solved:
            continue
        is_state = name in draft.rated or name in reacting or name in draft.touched
        own = draft.name_of(name)
        start = _find_start(draft, name, thing)
        if name in draft.held:
            _start_amount(draft, name, thing, start, is_state)
        elif is_state:
            draft.rates[own] = sympy.Integer(0)
            draft.initial[own] = start if start is not None else _file_start(draft, name, thing)
        elif start is not None:
            draft.initial[own] = start
        else:
            _keep_constant(draft, name, thing)


def _start_amount(
    draft: Draft, name: str, species: Element, start: Expression | None, is_state: bool
) -> None:
    held = draft.held[name]
    size = draft.symbols[species.getCompartment()]
    if start is None and species.isSetInitialAmount():
        amount = draft.add_parameter(f"initial_{name}", float(species.getInitialAmount()))
    else:
        amount = size * (start if start is not None else _file_start(draft, name, species))
    draft.initial[held] = amount
    if is_state:
        draft.rates[held] = sympy.Integer(0)
    draft.formulas[draft.name_of(name)] = symbol(held) / size


def _find_start(draft: Draft, name: str, thing: Element) -> Expression | None:
    """Return what an initial assignment gives, None without one."""
    if name not in draft.starts:
        return None
    del thing
    return draft.read(f"initial assignment of '{name}'", draft.starts[name])


def _file_start(draft: Draft, name: str, thing: Element) -> Expression:
    """Return the start of a state in a parameter of its own, converted to what the state is."""
    value, is_set_as_amount = _file_value(draft, thing)
    start = draft.add_parameter(f"initial_{name}", value)
    return _convert(draft, thing, start, is_set_as_amount)


def _keep_constant(draft: Draft, name: str, thing: Element) -> None:
    value, is_set_as_amount = _file_value(draft, thing)
    own = draft.symbols[name]
    if _convert(draft, thing, own, is_set_as_amount) == own:
        draft.set_parameter(own.name, value)
    else:
        start = draft.add_parameter(f"initial_{name}", value)
        draft.initial[own.name] = _convert(draft, thing, start, is_set_as_amount)


def _convert(draft: Draft, thing: Element, start: Expression, is_set_as_amount: bool) -> Expression:
    if thing.getTypeCode() != draft.libsbml.SBML_SPECIES:
        return start
    size = draft.symbols[thing.getCompartment()]
    if draft.is_amount(thing):
        return start if is_set_as_amount else start * size
    return start / size if is_set_as_amount else start


def _file_value(draft: Draft, thing: Element) -> tuple[float | None, bool]:
    """Return the value in the file, None without one, and whether it is an amount."""
    lib, kind = draft.libsbml, thing.getTypeCode()
    if kind == lib.SBML_COMPARTMENT:
        return (float(thing.getSize()) if thing.isSetSize() else 1.0), False
    if kind == lib.SBML_PARAMETER:
        return (float(thing.getValue()) if thing.isSetValue() else None), False
    if kind == lib.SBML_SPECIES_REFERENCE:
        return (float(thing.getStoichiometry()) if thing.isSetStoichiometry() else 1.0), False
    if thing.isSetInitialAmount():
        return float(thing.getInitialAmount()), True
    if thing.isSetInitialConcentration():
        return float(thing.getInitialConcentration()), False
    return None, draft.is_amount(thing)


class StartResolver:
    """Values at time zero in parameters alone; or before it in parameters and time, when no state had a rate yet."""

    def __init__(self, draft: Draft, is_before: bool = False) -> None:
        self.draft = draft
        self.known: dict[str, Expression] = {TIME.name: TIME if is_before else sympy.Integer(0)}
        self.delayed = {name: pair for pair, name in draft.delayed.items()}
        if is_before:
            self.known |= {rate_name(name): sympy.Integer(0) for name in draft.reader.rates}
        for name, math in draft.starts.items():
            own = draft.name_of(name)
            # what an algebraic rule or nothing else decides may still have an initial assignment
            if own not in draft.initial and own not in draft.formulas:
                draft.initial[own] = draft.read(f"initial assignment of '{name}'", math)

    def resolve(self, name: str, seen: tuple[str, ...] = ()) -> Expression:
        """Return the value of a symbol at time zero.

        Raises
        ------
        InputError
            If values at time zero go round in a circle.
        """
        if name in self.known:
            return self.known[name]
        if name in seen:
            raise InputError(
                "values of the SBML model at time zero go round in a circle", problems=[*seen, name]
            )
        draft = self.draft
        if name in self.delayed:
            value, lag = self.delayed[name]
            earlier = StartResolver(draft, is_before=True).expand(value, (*seen, name))
            self.known[name] = earlier.xreplace(
                {TIME: self.known[TIME.name] - self.expand(lag, (*seen, name))}
            )
            return self.known[name]
        expression = draft.initial.get(name, draft.formulas.get(name))
        if expression is None:
            return symbol(name)
        expression = sympy.sympify(expression)
        self.known[name] = self.expand(expression, (*seen, name))
        return self.known[name]

    def expand(self, expression: Expression, seen: tuple[str, ...] = ()) -> Expression:
        """Return the value of an expression; raises as ``resolve`` does."""
        return expression.xreplace({x: self.resolve(x.name, seen) for x in expression.free_symbols})
