"""The typical values of a model's parameters, from the evidence."""

from collections.abc import Mapping

from ifntrial.errors import EvidenceError
from ifntrial.evidence.records import Evidence, ParameterValue
from ifntrial.model.build import Model, row_names
from ifntrial.units import convert


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
