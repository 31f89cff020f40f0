"""What of an SBML model is refused, and its assignments in order."""

from collections.abc import Mapping, Set
from typing import Any

import sympy

from ifntrial.errors import InputError

# libsbml's classes say nothing of types
Element = Any


def find_unsupported(model: Element, document: Element, computed: Set[str]) -> list[str]:
    """Return what of a model is not imported, in words.

    Parameters
    ----------
    model, document
        As read by libsbml.
    computed
        Identifiers whose value a rule, an initial assignment or an event sets.
    """
    problems = []
    for rule in model.getListOfRules():
        if rule.isAlgebraic():
            problems.append("an algebraic rule is not imported")
    for index in range(document.getNumPlugins()):
        plugin = document.getPlugin(index)
        if document.getLevel() > 2 and plugin.isSetRequired() and plugin.getRequired():
            problems.append(f"package '{plugin.getPackageName()}' is not imported")
    for reaction in model.getListOfReactions():
        if reaction.isSetFast() and reaction.getFast():
            problems.append(f"fast reaction '{reaction.getId()}' is not imported")
        for side in (*reaction.getListOfReactants(), *reaction.getListOfProducts()):
            if side.isSetStoichiometryMath() or side.getId() in computed:
                problems.append(f"reaction '{reaction.getId()}' has a stoichiometry that is a formula")
    if model.isSetConversionFactor() or any(s.isSetConversionFactor() for s in model.getListOfSpecies()):
        problems.append("a conversion factor is not imported")
    return problems


def order_formulas(formulas: Mapping[str, sympy.Expr]) -> list[str]:
    """Return assignments so that each comes after those it uses."""
    order: list[str] = []
    waiting = dict(formulas)
    while waiting:
        ready = [n for n, e in waiting.items() if not {str(x) for x in e.free_symbols} & waiting.keys()]
        if not ready:
            raise InputError("assignments of the SBML model go round in a circle", problems=sorted(waiting))
        for name in ready:
            order.append(name)
            del waiting[name]
    return order
