"""The one unit registry of the package."""

from functools import lru_cache

import pint

from ifntrial.errors import UnitError

units: pint.UnitRegistry[float] = pint.UnitRegistry(cache_folder=None)
SCORES_AND_COUNTS = {
    "cell": "cells",
    "mrss_point": "skin_score",
    "percent_predicted": "lung_function",
    "haq_point": "disability",
    "global_point": "global_assessment",
    "ulcer": "ulcers",
    "event": "events",
    "international_unit": "biological_activity",
}
"""Units of no other system to their dimension: what one of them counts is never added to what another counts."""

for definition in (
    *(f"{name} = [{dimension}]" for name, dimension in SCORES_AND_COUNTS.items()),
    "@alias international_unit = IU",
    "patient_year = year",
    "hundred_patient_years = 100 * year",
):
    units.define(definition)


@lru_cache(maxsize=1024)
def parse_unit(text: str) -> pint.Unit:
    """Return the unit that ``text`` names; an empty text or ``1`` is dimensionless.

    Raises
    ------
    UnitError
        If the text is not a unit.
    """
    if text in ("", "1"):
        return units.dimensionless
    try:
        return units.Unit(text)
    except Exception as error:
        raise UnitError(
            f"unit '{text}' is not known",
            allowed="a unit expression such as ug/mL, nmol/L, mg, L/day, 1/day or 1",
            fix="check the spelling; units are case sensitive",
        ) from error


def convert(value: float, unit: str, to: str) -> float:
    """Return ``value`` in the unit ``to``.

    Raises
    ------
    UnitError
        If either unit is unknown or the two are of different kinds.
    """
    return value * _factor(unit, to)


@lru_cache(maxsize=4096)
def _factor(unit: str, to: str) -> float:
    source, target = parse_unit(unit), parse_unit(to)
    try:
        return float(units.Quantity(1.0, source).to(target).magnitude)
    except pint.DimensionalityError as error:
        raise UnitError(
            f"{unit} cannot be converted to {to}", allowed=f"a unit of the kind of {to}", fix="check the unit"
        ) from error
