"""A model becomes the solver's neutral system of equations, and evidence its typical parameter values."""

from functools import lru_cache

import sympy

from ifntrial.model import Model
from ifntrial.model.build import MODEL_VERSION
from ifntrial.model.parts import Law, Values
from ifntrial.solver import TIME, OdeSystem, symbol


@lru_cache(maxsize=8)
def build_system(model: Model) -> OdeSystem:
    """Return the equations of a model as expressions; observables become outputs."""
    s = Values({x.name: symbol(x.name) for x in model.species}, "species or assignment")
    s.add("time", TIME)
    p = Values({x.name: symbol(x.name) for x in model.parameters}, "parameter")

    def expression(law: Law) -> sympy.Expr:
        return sympy.sympify(law(s, p))

    assignments = []
    for assignment in model.assignments:
        assignments.append((assignment.name, expression(assignment.law)))
        s.add(assignment.name, symbol(assignment.name))
    rates = {x.name: sympy.Integer(0) for x in model.species}
    for reaction in model.reactions:
        flow = expression(reaction.rate)
        for name, sign in reaction.change.items():
            rates[name] += sign * flow
    return OdeSystem(
        name=f"ifntrial {model.drug.name} v{MODEL_VERSION}",
        states=tuple(rates),
        parameters=tuple(x.name for x in model.parameters),
        rates=tuple(rates.values()),
        initial=tuple(expression(x.initial) for x in model.species),
        scales=tuple(expression(x.scale or x.initial) for x in model.species),
        assignments=tuple(assignments),
        outputs=tuple((x.name, expression(x.law)) for x in model.observables),
        time_unit="day",
    )
