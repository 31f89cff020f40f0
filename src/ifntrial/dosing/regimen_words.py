"""Words of a dosing regimen: dose, schedule, number of doses, length of an infusion, first day."""

import re

import numpy as np

from ifntrial.calendar import DAYS_PER_WEEK, HOURS_PER_DAY
from ifntrial.errors import InputError, UnitError, closest, listed
from ifntrial.units import convert

MINUTES_PER_HOUR = 60.0
TIMES = {"twice": 2.0, "three times": 3.0, "four times": 4.0}
LATIN = {"bid": "twice", "tid": "three times", "qid": "four times"}
DOSE_UNITS = {
    unit.lower(): unit for unit in ("mg", "g", "ug", "µg", "mcg", "mg/kg", "g/kg", "ug/kg", "µg/kg", "mcg/kg")
}
EXAMPLES = (
    '"120 mg SC every week", "300 mg IV every 4 weeks", "1 mg/kg IV once", "5 mg/kg IV weekly x 4 over 60 min", '
    '"5 mg orally twice a day"'
)

_NUMBER = r"[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?"
_UNIT_OF_TIME = r"(?P<period>hours?|days?|weeks?|months?|h|d|wk|wks|w)"
HEAD = re.compile(rf"(?P<dose>{_NUMBER})\s*(?P<unit>[^\W\d][^\s\d]*)\s+(?P<route>\S+)(?P<rest>.*)")
_SCHEDULE = (
    ("once", re.compile(r"\b(?:once only|once(?!\s+(?:a|per|every|daily|weekly))|single dose)\b")),
    (
        "times",
        re.compile(
            r"\b(?P<times>twice|three times|four times)\s+(?:(?:a|per|every)\s+)?(?P<period>day|daily|week|weekly)\b"
        ),
    ),
    ("latin", re.compile(r"\b(?P<times>bid|tid|qid|b\.i\.d\.|t\.i\.d\.|q\.i\.d\.)(?=\s|$)")),
    (
        "interval",
        re.compile(rf"\b(?:once\s+)?(?:every|per|a)\s+(?:(?P<n>{_NUMBER}|other)\s+)?{_UNIT_OF_TIME}\b"),
    ),
    ("short", re.compile(r"\bq(?P<n>\d+)?(?P<period>[dwmh])\b")),
    ("adverb", re.compile(r"\b(?:once\s+)?(?P<period>daily|weekly|monthly)\b")),
)
_EXTRAS = (
    ("n_doses", re.compile(r"(?:\bx|×)\s*(?P<n>[-+]?\d+)\b(?:\s+doses)?|\bfor\s+(?P<m>[-+]?\d+)\s+doses?\b")),
    ("length", re.compile(rf"\bfor\s+(?P<n>{_NUMBER})\s+{_UNIT_OF_TIME}\b")),
    ("infusion", re.compile(rf"\bover\s+(?P<n>{_NUMBER})\s*(?P<period>minutes?|min|hours?|h)\b")),
    (
        "start",
        re.compile(rf"\b(?:from|starting(?:\s+(?:on|at|in))?)\s+(?P<period>day|week)\s+(?P<n>{_NUMBER})"),
    ),
)


def read_dose(dose: float, unit: str, text: str) -> tuple[float, bool]:
    """Return the dose in mg or mg/kg, and whether it goes by body weight."""
    if unit not in DOSE_UNITS:
        hint = closest(unit, DOSE_UNITS)
        raise UnitError(
            f"unit '{unit}' of the dose is not known",
            given=str(text),
            allowed=listed(DOSE_UNITS.values()),
            fix=hint or "use mg or mg/kg",
        )
    mass, per_kg, _ = unit.partition("/kg")
    return convert(dose, {"mcg": "ug"}.get(mass, mass), "mg"), bool(per_kg)


def read_schedule(rest: str, text: str) -> tuple[dict[str, float | None], str]:
    """Return interval and number of doses, and the words that are left."""
    for kind, pattern in _SCHEDULE:
        match = pattern.search(rest)
        if match is None:
            continue
        left = (rest[: match.start()] + rest[match.end() :]).strip()
        if kind == "once":
            return {"interval_days": None, "n_doses": 1}, left
        groups = match.groupdict()
        if "times" in groups:
            words = LATIN.get(groups["times"].replace(".", ""), groups["times"])
            return {
                "interval_days": _in_days(1.0, groups.get("period") or "day", text) / TIMES[words],
                "n_doses": None,
            }, left
        count = {"other": 2.0, None: 1.0}.get(groups.get("n")) or float(groups["n"])
        interval = _in_days(count, groups["period"], text)
        if interval <= 0:
            raise InputError(
                "the interval between doses is not positive",
                given=str(text),
                allowed="more than 0 days",
                fix="correct it",
            )
        return {"interval_days": interval, "n_doses": None}, left
    raise InputError(
        "the regimen has no schedule",
        given=str(text),
        allowed="once, daily, twice a day, weekly, every N hours, every N days, every N weeks, q4w",
        fix=f"write it like one of {EXAMPLES}",
    )


def _in_days(number: float, period: str, text: str) -> float:
    if period.startswith("m"):
        raise InputError(
            "a month has no fixed length",
            given=str(text),
            allowed="days and weeks",
            fix="write 'every 4 weeks' or 'every 30 days'",
        )
    if period.startswith("h"):
        return number / HOURS_PER_DAY
    return number * (DAYS_PER_WEEK if period.startswith("w") else 1.0)


def read_extras(rest: str, interval_days: float | None, text: str) -> tuple[dict[str, float], str]:
    """Return number of doses, length of infusion and first day where given, and the words that are left."""
    extras: dict[str, float] = {}
    for kind, pattern in _EXTRAS:
        match = pattern.search(rest)
        if match is None:
            continue
        rest = rest[: match.start()] + rest[match.end() :]
        number = float(match["n"] or match["m"]) if kind == "n_doses" else float(match["n"])
        if kind == "n_doses":
            extras["n_doses"] = number
        elif kind == "infusion":
            extras["infusion_hours"] = number / (MINUTES_PER_HOUR if match["period"].startswith("m") else 1.0)
        elif kind == "start":
            extras["first_dose_day"] = _in_days(number, match["period"], text)
        else:
            extras["n_doses"] = np.ceil(
                _in_days(number, match["period"], text) / (interval_days or 1.0) - 1e-9
            )
    if interval_days is None and extras.get("n_doses", 1) != 1:
        raise InputError(
            "a dose given once cannot be repeated",
            given=str(text),
            allowed="an interval such as 'weekly'",
            fix="say how often",
        )
    return extras, rest
