"""What of an SBML model is refused, and its assignments in order."""

from collections.abc import Mapping
from typing import Any

import sympy

from ifntrial.errors import InputError

# libsbml's classes say nothing of types
Element = Any

# adds functions to the formulas of level 3 version 1, all of which are read
HARMLESS_PACKAGES = {"l3v2extendedmath"}


def find_unsupported(model: Element, document: Element) -> list[str]:
    """Return what of a model is not imported, in words.

    Parameters
    ----------
    model, document
        As read by libsbml.
    """
    problems = []
    if document.getLevel() > 2:
        for index in range(document.getNumPlugins()):
            name = document.getPlugin(index).getPackageName()
            if name not in HARMLESS_PACKAGES and document.getPackageRequired(name):
                problems.append(f"package '{name}' is not imported")
            elif name == "fbc" and model.getPlugin(name).getNumObjectives() > 0:
                problems.append("package 'fbc' is not imported: a balance of fluxes has no course in time")
    for reaction in model.getListOfReactions():
        if reaction.isSetFast() and reaction.getFast():
            problems.append(f"fast reaction '{reaction.getId()}' is not imported")
    return problems


def order_formulas(formulas: Mapping[str, sympy.Expr]) -> list[str]:
    """Return assignments so that each comes after those it uses.

    Raises
    ------
    InputError
        If they go round in a circle.
    """
    order: dict[str, None] = {}
    waiting = {name: {x.name for x in e.free_symbols} & formulas.keys() for name, e in formulas.items()}
    while waiting:
        ready = [name for name, needs in waiting.items() if needs <= order.keys()]
        if not ready:
            raise InputError("assignments of the SBML model go round in a circle", problems=sorted(waiting))
        for name in ready:
            order[name] = None
            del waiting[name]
    return list(order)
