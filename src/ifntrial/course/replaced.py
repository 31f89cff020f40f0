"""Values of a drug that a user puts in the place of the evidence's, for one simulation."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.errors import InputError, closest, find_name, listed
from ifntrial.evidence.records import Evidence
from ifntrial.model import Model
from ifntrial.model.values import evidence_row
from ifntrial.units import convert

_WRITTEN = re.compile(
    r"\s*(?P<name>[\w.]+)\s*=\s*(?P<value>[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*(?P<unit>.*?)\s*"
)
MOST_FOLD = 1e3
"""A value this many times the evidence's, or its part, is a slip of the unit."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """A typical value in the place of the evidence's.

    Parameters
    ----------
    name
        Of the evidence row, such as ``anifrolumab.clearance``.
    parameter
        Of the model.
    value, before
        The new and the old typical value in the model's unit.
    words
        Both as people write them, with the unit of the row.
    is_share
        Whether it is a share between 0 and 1.
    """

    name: str
    parameter: str
    value: float
    before: float
    words: str
    is_share: bool


def read_replacements(texts: Sequence[str], model: Model, evidence: Evidence) -> tuple[Replacement, ...]:
    """Return what texts such as ``anifrolumab.clearance=0.2 L/day`` put in the place of the evidence's values.

    Raises
    ------
    InputError
        If a text is not of this form, names what is no parameter of the drug, or a value that is not possible.
    UnitError
        If the unit is unknown or of another kind.
    """
    names = _names(model, evidence)
    found = [_read(text, names, model, evidence) for text in texts]
    twice = {each.name for each in found if sum(other.name == each.name for other in found) > 1}
    if twice:
        raise InputError(
            "a parameter is set twice", given=listed(sorted(twice)), allowed="once each", fix="leave one out"
        )
    return tuple(found)


def _names(model: Model, evidence: Evidence) -> dict[str, str]:
    """Return the rows of the drug that can be set, to the parameters of the model that they hold."""
    own = [parameter.name for parameter in model.drug.structure.parameters]
    rows = {name: evidence_row(model, evidence, name) for name in (*own, "bioavailability")}
    prefix = f"{model.drug.name}."
    return {row.name: name for name, row in rows.items() if row is not None and row.name.startswith(prefix)}


def _read(text: str, names: Mapping[str, str], model: Model, evidence: Evidence) -> Replacement:
    written = _WRITTEN.fullmatch(text)
    if written is None:
        raise InputError(
            "a value to set is not understood",
            given=f"'{text}'",
            allowed="NAME=VALUE with a unit, such as 'anifrolumab.clearance=0.2 L/day'",
            fix="write name, number and unit",
        )
    name = find_name(written["name"], names) or written["name"]
    if name not in names:
        raise InputError(
            f"'{name}' is no value of {model.drug.name} that can be set",
            given=text,
            allowed=listed(sorted(names)),
            fix=closest(name, names) or "choose one of these",
        )
    row = evidence_row(model, evidence, names[name])
    assert row is not None  # noqa: S101 - the name was found by its row
    if not written["unit"] and row.unit not in ("", "1"):
        raise InputError(
            f"the value of {name} has no unit",
            given=text,
            allowed=row.unit,
            fix=f"write '{text.strip()} {row.unit}'",
        )
    unit = {x.name: x.unit for x in model.parameters}.get(names[name], row.unit)
    value = convert(float(written["value"]), written["unit"] or row.unit, unit)
    before = convert(row.value, row.unit, unit)
    is_share = names[name] == "bioavailability" and before < 1.0
    _require_possible(text, value, before, is_share)
    new = convert(float(written["value"]), written["unit"] or row.unit, row.unit)
    shown = "" if row.unit in ("", "1") else f" {row.unit}"
    return Replacement(
        name, names[name], value, before, f"{new:g}{shown}, not {row.value:g}{shown}", is_share
    )


def _require_possible(text: str, value: float, before: float, is_share: bool) -> None:
    if is_share:
        if not 0.0 < value < 1.0:
            raise InputError(
                "a share is not possible", given=text, allowed="above 0 and below 1", fix="correct it"
            )
        return
    ratio = value / before if before else np.inf
    if not 1 / MOST_FOLD <= ratio <= MOST_FOLD:
        raise InputError(
            "a value to set is not possible",
            given=text,
            allowed=f"the sign of the evidence's value, and within {MOST_FOLD:g}-fold of it",
            fix="check the unit",
        )


def replace_values(
    values: Mapping[str, FloatArray], replacements: Sequence[Replacement]
) -> dict[str, FloatArray]:
    """Return parameters with typical values replaced; each subject keeps its own distance from the typical one.

    Distances are ratios, and ratios of odds for a share.

    Parameters
    ----------
    values
        Each (subjects,).
    """
    changed = dict(values)
    for each in replacements:
        own = changed[each.parameter]
        if each.is_share:
            odds = (
                own
                / np.maximum(1.0 - own, 1e-12)
                * (each.value / (1 - each.value))
                / (each.before / (1 - each.before))
            )
            changed[each.parameter] = odds / (1.0 + odds)
        else:
            changed[each.parameter] = own * (each.value / each.before)
    return changed
