"""Words for the amount of a dose: a mass, a mass per kg of body weight or an activity; and what is said without one."""

import re
from dataclasses import dataclass
from typing import Literal

from ifntrial.dosing.vocabulary import ACTIVITIES, EXAMPLES, MASSES, NUMBER
from ifntrial.errors import InputError, UnitError
from ifntrial.units import convert

UNITS = "mg, g or ug, each also per kg of body weight; MU or IU for a drug that is dosed by activity"

_MASS = "|".join(sorted((*MASSES, *ACTIVITIES), key=len, reverse=True))
_PER_KG = r"\s*(?:/|\bper\b)\s*(?:kgs?|kilograms?|kilogrammes?)\b(?:\s*(?:of\s+)?(?:body[ -]?weight|bw))?"
DOSE = re.compile(
    rf"(?<![\w.,/+-])(?P<dose>{NUMBER})\s*-?\s*(?P<mass>{_MASS})(?![^\W\d])"
    rf"(?P<per_kg>{_PER_KG})?(?:/dose\b)?(?![\w/])"
)
DOSE_TIMES = re.compile(
    rf"{NUMBER}\s*-?\s*(?:{_MASS})\b(?:/kg)?,?\s*x\s*\d+\b(?!\s*(?:-|x|hours?|days?|weeks?|wks?|w\b|d\b|times))"
    rf"|(?<!\bx )\b\d+\s*x\s*{NUMBER}\s*(?:{_MASS})\b"
)
_NO_DOSE = re.compile(rf"(?<![\w.,/+-])(?P<dose>{NUMBER})\s*-?\s*(?P<word>[^\W\d][^\s,;|]*)?")


@dataclass(frozen=True, slots=True)
class Dose:
    """An amount and its unit."""

    amount: float
    unit: Literal["mg", "mg/kg", "MIU"]


NO_DOSE = Dose(0.0, "mg")


def read_dose(match: re.Match[str]) -> Dose:
    """Return the dose.

    Raises
    ------
    UnitError
        If it is an activity per kg of body weight.
    """
    is_per_kg, word = match["per_kg"] is not None, match["mass"]
    if word in ACTIVITIES and is_per_kg:
        raise UnitError(
            "a dose by activity does not go by body weight here",
            given=match.group().strip(),
            allowed=UNITS,
            fix="write the activity of one dose, or its mass per kg",
        )
    unit = "MIU" if word in ACTIVITIES else "mg"
    amount = convert(float(match["dose"]), ACTIVITIES.get(word) or MASSES[word], unit)
    # a unit's factor leaves a last digit that nobody wrote
    return Dose(float(f"{amount:.12g}"), "MIU" if unit == "MIU" else "mg/kg" if is_per_kg else "mg")


def missing_dose(rest: str, words: str, text: str) -> InputError:
    """Return why a part has no dose, from the words that are left: no number, no unit, or a unit that is no mass."""
    found = _NO_DOSE.search(rest)
    if found is None:
        return InputError(
            "the regimen is not understood: the dose is missing",
            given=f"'{text}'",
            allowed=f"dose, unit, route and schedule, like {EXAMPLES}",
            fix="start with a number, its unit and the route",
        )
    rated = re.search(rf"{re.escape(found['dose'])}\s*((?:{_MASS})/[^\s,;]+)", words)
    said = rated[1] if rated else found["word"]
    if said is None:
        return UnitError(
            "the unit of the dose is missing",
            given=text,
            allowed=UNITS,
            fix=f"write it after {found['dose']}",
        )
    return UnitError(
        f"unit '{said}' of the dose is not known",
        given=text,
        allowed=UNITS,
        fix="write the mass of one dose, or its activity; volumes and doses by body surface or by day are not read",
    )
