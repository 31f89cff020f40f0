"""A model becomes the solver's neutral system of equations, and evidence its typical parameter values."""

from collections.abc import Mapping
from functools import lru_cache

import sympy

from ifntrial.errors import EvidenceError
from ifntrial.evidence.records import Evidence, ParameterValue
from ifntrial.model import Model, row_names
from ifntrial.model.build import MODEL_VERSION
from ifntrial.model.parts import Law, Values
from ifntrial.solver import TIME, OdeSystem, symbol
from ifntrial.units import convert


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


def evidence_row(model: Model, evidence: Evidence, name: str) -> ParameterValue | None:
    """Return the row of a model parameter, or of ``bioavailability``: the first of ``row_names`` that exists."""
    rows = {row.name: row for row in evidence.parameters}
    return _first(rows, model, name)


def _first(rows: Mapping[str, ParameterValue], model: Model, name: str) -> ParameterValue | None:
    return next((rows[known] for known in row_names(model.drug, name) if known in rows), None)


def typical_values(model: Model, evidence: Evidence) -> dict[str, float]:
    """Return the typical value of every model parameter, in the model's units.

    Raises
    ------
    EvidenceError
        If a parameter has no row, or a row's unit is of another kind; lists every problem.
    """
    rows = {row.name: row for row in evidence.parameters}
    values, problems = {}, []
    for parameter in model.parameters:
        row = _first(rows, model, parameter.name)
        if row is None:
            problems.append(f"parameter '{parameter.name}' [{parameter.unit}] has no row")
        else:
            values[parameter.name] = convert(row.value, row.unit, parameter.unit)
    if problems:
        raise EvidenceError("the model needs values that no table holds", problems=problems)
    return values
