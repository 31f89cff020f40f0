"""Words for the amount of a dose: a mass, or a mass per kg of body weight, and what is said where there is none."""

import re

from ifntrial.dosing.vocabulary import EXAMPLES, MASSES, NUMBER
from ifntrial.errors import InputError, UnitError
from ifntrial.units import convert

UNITS = "mg, g or ug, each also per kg of body weight"

_MASS = "|".join(sorted(MASSES, key=len, reverse=True))
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


def read_dose(match: re.Match[str]) -> tuple[float, bool]:
    """Return the dose in mg or mg/kg, and whether it goes by body weight."""
    milligrams = convert(float(match["dose"]), MASSES[match["mass"]], "mg")
    # a unit's factor leaves a last digit that nobody wrote
    return float(f"{milligrams:.12g}"), match["per_kg"] is not None


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
        fix="write the mass of one dose; volumes, units of activity and doses by body surface or by day are not read",
    )
