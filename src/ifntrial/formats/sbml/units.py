"""Units of the model as unit definitions of SBML.

SBML has no units for scores, percentages predicted, events or cells: those are dimensionless there, with our name
kept. Molecules are items.
"""

import re
from math import log10
from typing import Any

from ifntrial.calendar import DAYS_PER_YEAR, SECONDS_PER_DAY
from ifntrial.errors import ModelError
from ifntrial.units import SCORES_AND_COUNTS, parse_unit, units

_SBML_NAME = {"mole": "mole", "liter": "litre", "gram": "gram", "meter": "metre", "particle": "item"}
_SECONDS = {"day": SECONDS_PER_DAY, "year": DAYS_PER_YEAR * SECONDS_PER_DAY}


class UnitDefinitions:
    """Adds a unit definition to an SBML model the first time a unit is asked for."""

    def __init__(self, sbml_model: Any, libsbml: Any) -> None:  # noqa: ANN401 - libsbml has no types
        self._model, self._libsbml = sbml_model, libsbml
        self._known: dict[str, str] = {}

    def id_of(self, unit: str) -> str:
        """Return the SBML id of one of our units, ``dimensionless`` for none."""
        if unit in ("", "1"):
            return "dimensionless"
        if unit not in self._known:
            self._known[unit] = self._define(unit)
        return self._known[unit]

    def _define(self, unit: str) -> str:
        definition = self._model.createUnitDefinition()
        id = unit_id(unit)
        definition.setId(id)
        definition.setName(unit)
        for name, exponent in parse_unit(unit)._units.items():
            self._add(definition, str(name), float(str(exponent)), unit)
        return id

    def _add(self, definition: Any, name: str, exponent: float, unit: str) -> None:  # noqa: ANN401 - as above
        part = definition.createUnit()
        part.setExponent(exponent)
        part.setScale(0)
        part.setMultiplier(1.0)
        if name in SCORES_AND_COUNTS:
            part.setKind(self._libsbml.UNIT_KIND_DIMENSIONLESS)
        elif name in _SECONDS:
            part.setKind(self._libsbml.UNIT_KIND_SECOND)
            part.setMultiplier(_SECONDS[name])
        else:
            prefix, base, _ = units.parse_unit_name(name)[0]
            if base not in _SBML_NAME:
                raise ModelError(f"unit '{unit}' has no counterpart in SBML", given=name)
            part.setKind(self._libsbml.UnitKind_forName(_SBML_NAME[base]))
            if prefix:
                part.setScale(round(_power_of_ten(name, base)))


def _power_of_ten(name: str, base: str) -> float:
    return log10(float(units.Quantity(1.0, name).to(base).magnitude))


def unit_id(unit: str) -> str:
    """Return a unit as an SBML identifier.

    Examples
    --------
    >>> unit_id("ug/mL/(nmol/L)")
    'ug_per_mL_per_nmol_per_L'
    """
    words = re.sub(r"[()]", "", unit).replace("/", " per ").replace("*", " ")
    return "_".join(words.replace("1 per", "per").split())
