"""The typical values of a model's parameters, from the evidence."""

from ifntrial.errors import EvidenceError
from ifntrial.evidence.records import Evidence, ParameterValue
from ifntrial.model.build import Model, row_names
from ifntrial.units import convert


def evidence_row(model: Model, evidence: Evidence, name: str) -> ParameterValue | None:
    """Return the row of a model parameter, or of ``bioavailability``: the first of ``row_names`` that exists."""
    return evidence.first_parameter(row_names(model.drug, model.shared, name))


def typical_values(model: Model, evidence: Evidence) -> dict[str, float]:
    """Return the typical value of every model parameter, in the model's units.

    Raises
    ------
    EvidenceError
        If a parameter has no row, or a row's unit is of another kind; lists every problem.
    """
    values, problems = {}, []
    for parameter in model.parameters:
        row = evidence_row(model, evidence, parameter.name)
        if row is None:
            problems.append(f"parameter '{parameter.name}' [{parameter.unit}] has no row")
        else:
            values[parameter.name] = convert(row.value, row.unit, parameter.unit)
    if problems:
        raise EvidenceError("the model needs values that no table holds", problems=problems)
    return values
