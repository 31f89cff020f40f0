"""Rates of the states of an SBML model, from its rules and reactions."""

from typing import Any

import sympy

from ifntrial.formats.sbml.draft import Draft
from ifntrial.formats.sbml.math import UnsupportedMathError, rate_name
from ifntrial.solver.system import TIME

# libsbml's and SymPy's classes say nothing of types
Element = Any
Expression = Any


def read_equations(draft: Draft) -> None:
    """Note the formulas and rates that rules and reactions give."""
    for name, math in draft.rules.items():
        if name not in draft.rated:
            draft.formulas[draft.name_of(name)] = draft.read(f"rule of '{name}'", math)
    for reaction in draft.model.getListOfReactions():
        _read_reaction(draft, reaction)
    for name in draft.rated & draft.rules.keys():
        if name not in draft.held:
            draft.rates[draft.name_of(name)] = draft.read(f"rule of '{name}'", draft.rules[name])
    for name in sorted(draft.rated & draft.held.keys()):
        _rate_of_held(draft, name)


def _rate_of_held(draft: Draft, name: str) -> None:
    """Let the amount follow the rule of a concentration: (c V)' = c' V + c V'."""
    place = draft.things[name].getCompartment()
    size = draft.symbols[place]
    rate = draft.read(f"rule of '{name}'", draft.rules[name])
    growth = find_slope(draft, size)
    draft.rates[draft.held[name]] = rate * size + draft.symbols[name] * growth


def _read_reaction(draft: Draft, reaction: Element) -> None:
    law, name = reaction.getKineticLaw(), reaction.getId()
    flow: Expression = sympy.Integer(0)
    if law is not None and law.isSetMath():
        flow = _read_law(draft, name, law)
    elif _changes_anything(draft, reaction):
        draft.problems.append(f"reaction '{name}' has no rate")
    own = draft.symbols[name]
    draft.formulas[own.name] = flow
    for side, sign in ((reaction.getListOfReactants(), -1), (reaction.getListOfProducts(), 1)):
        for reference in side:
            _add_flow(draft, name, reference, sign * own)


def _changes_anything(draft: Draft, reaction: Element) -> bool:
    del draft
    return bool(reaction.getNumReactants() or reaction.getNumProducts())


def _read_law(draft: Draft, name: str, law: Element) -> Expression:
    local = {}
    listed = law.getListOfLocalParameters() if draft.model.getLevel() > 2 else law.getListOfParameters()
    for parameter in listed:
        value = float(parameter.getValue()) if parameter.isSetValue() else None
        local[parameter.getId()] = draft.add_parameter(f"{name}__{parameter.getId()}", value)
    try:
        return draft.reader.read_law(law.getMath(), local)
    except UnsupportedMathError as error:
        draft.problems.append(f"reaction '{name}': {error}")
        return sympy.Integer(0)


def _add_flow(draft: Draft, reaction: str, reference: Element, flow: Expression) -> None:
    name = reference.getSpecies()
    species = draft.model.getSpecies(name)
    if species.getBoundaryCondition() or species.getConstant():
        return
    if name in draft.rules:
        draft.problems.append(f"species '{name}' is set by a rule and by reaction '{reaction}'")
        return
    change = flow * _stoichiometry(draft, reaction, reference)
    factor = (
        species.getConversionFactor()
        if species.isSetConversionFactor()
        else draft.model.getConversionFactor()
        if draft.model.isSetConversionFactor()
        else ""
    )
    if factor:
        change = change * draft.symbols[factor]
    if name in draft.held:
        draft.rates[draft.held[name]] += change
    else:
        size = 1 if draft.is_amount(species) else draft.symbols[species.getCompartment()]
        draft.rates[draft.name_of(name)] += change / size


def _stoichiometry(draft: Draft, reaction: str, reference: Element) -> Expression:
    if draft.model.getLevel() > 2 and reference.isSetId():
        return draft.symbols[reference.getId()]
    if reference.isSetStoichiometryMath() and reference.getStoichiometryMath().isSetMath():
        return draft.read(
            f"stoichiometry in reaction '{reaction}'", reference.getStoichiometryMath().getMath()
        )
    if draft.model.getLevel() > 2 and not reference.isSetStoichiometry():
        # level 3 names no default, and everybody writes and reads one where nothing is said
        return sympy.Integer(1)
    value = float(reference.getStoichiometry())
    if draft.model.getLevel() < 3 and reference.getDenominator() != 1:
        return sympy.Rational(int(value), reference.getDenominator())
    return sympy.Integer(int(value)) if value == int(value) else sympy.Float(value)


def add_rates_of_change(draft: Draft) -> None:
    """Give every ``rateOf`` that formulas use its formula."""
    done: set[str] = set()
    while draft.reader.rates - done:
        for name in sorted(draft.reader.rates - done):
            draft.formulas[rate_name(name)] = find_slope(draft, draft.symbols[name])
            done.add(name)


def find_slope(draft: Draft, expression: Expression) -> Expression:
    """Return the derivative of an expression by time.

    Raises
    ------
    UnsupportedMathError
        If it hangs on the past.
    """
    if expression.free_symbols & {sympy.Symbol(name, real=True) for name in draft.delayed.values()}:
        raise UnsupportedMathError("the rate of change of something delayed is not imported")
    total = sympy.diff(expression, TIME)
    for x in sorted(expression.free_symbols - {TIME}, key=str):
        if x.name in draft.rates:
            inner = draft.rates[x.name]
        elif x.name in draft.formulas:
            inner = find_slope(draft, draft.formulas[x.name])
        else:
            continue
        if inner != 0:
            total += sympy.diff(expression, x) * inner
    return total
