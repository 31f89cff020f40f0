"""A dosing regimen, and the words that describe one: ``120 mg SC every week``, ``5 mg/kg IV weekly x 4``."""

import re
from dataclasses import dataclass, field

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.calendar import DAYS_PER_WEEK, HOURS_PER_DAY
from ifntrial.dosing.regimen_words import (
    EXAMPLES,
    HEAD,
    TIMES,
    read_dose,
    read_extras,
    read_schedule,
)
from ifntrial.errors import InputError, closest, resolve_name

DEFAULT_INFUSION_HOURS = 0.5

# Bounds that no regimen of a drug comes near; beyond them a slip of the unit is likelier than an intention.
MOST_MG = 20_000.0
MOST_MG_PER_KG = 200.0
MOST_DOSES = 5_000
MOST_INFUSION_HOURS = HOURS_PER_DAY

ROUTES = {
    "sc": "SC",
    "s.c.": "SC",
    "subcutaneous": "SC",
    "subcutaneously": "SC",
    "iv": "IV",
    "i.v.": "IV",
    "intravenous": "IV",
    "intravenously": "IV",
    "oral": "oral",
    "orally": "oral",
    "po": "oral",
    "p.o.": "oral",
}
NOT_INFUSED = {"SC": "a subcutaneous", "oral": "an oral"}


@dataclass(frozen=True, slots=True)
class Regimen:
    """A plan of equal doses.

    Parameters
    ----------
    route
        ``SC``, ``IV`` or ``oral``.
    dose_mg
        Amount of each dose [mg]; None if the dose goes by body weight.
    dose_mg_per_kg
        Amount per body weight [mg/kg]; None if the dose is flat.
    interval_days
        Time between doses [day]; None for a single dose.
    n_doses
        Number of doses; None: until the end of treatment.
    infusion_hours
        Length of an infusion [hour]; zero for an injection.
    first_dose_day
        Day of the first dose after the start of treatment [day].
    text
        The words it was read from; not compared.
    """

    route: str
    dose_mg: float | None = None
    dose_mg_per_kg: float | None = None
    interval_days: float | None = None
    n_doses: int | None = None
    infusion_hours: float = 0.0
    first_dose_day: float = 0.0
    text: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        problems = _check(self)
        if problems:
            raise InputError(
                f"regimen '{self.text or self.route}' is not possible",
                problems=problems,
                fix=f"write it like one of {EXAMPLES}",
            )

    @property
    def is_placebo(self) -> bool:
        """Whether every dose is zero."""
        return not (self.dose_mg or self.dose_mg_per_kg)

    def dose_times_days(self, until_days: float) -> FloatArray:
        """Return the times of the doses given before ``until_days`` [day], shape (doses,)."""
        if self.interval_days is None:
            times = np.array([self.first_dose_day])
        else:
            planned = int(np.ceil((until_days - self.first_dose_day) / self.interval_days - 1e-9))
            count = max(planned, 0) if self.n_doses is None else min(max(planned, 0), self.n_doses)
            times = self.first_dose_day + self.interval_days * np.arange(count, dtype=np.float64)
        return times[times < until_days]

    def dose_amounts_mg(self, body_weight_kg: FloatArray) -> FloatArray:
        """Return the amount of one dose for each subject [mg], shape (subjects,)."""
        if self.dose_mg is not None:
            return np.full(np.shape(body_weight_kg), self.dose_mg, dtype=np.float64)
        return np.asarray(body_weight_kg, dtype=np.float64) * float(self.dose_mg_per_kg or 0.0)

    def words(self) -> str:
        """Return the regimen in words that ``parse_regimen`` reads back."""
        flat = self.dose_mg is not None
        route = "orally" if self.route == "oral" else self.route
        parts = [f"{self.dose_mg if flat else self.dose_mg_per_kg:g} {'mg' if flat else 'mg/kg'} {route}"]
        parts.append("once" if self.interval_days is None else _interval_words(self.interval_days))
        if self.interval_days is not None and self.n_doses is not None:
            parts.append(f"x {self.n_doses}")
        if self.route == "IV" and self.infusion_hours != DEFAULT_INFUSION_HOURS:
            parts.append(f"over {self.infusion_hours:g} h")
        if self.first_dose_day:
            parts.append(f"from day {self.first_dose_day:g}")
        return " ".join(parts)


def _interval_words(days: float) -> str:
    weeks = days / DAYS_PER_WEEK
    for words, times in TIMES.items():
        if days == 1 / times:
            return f"{words} a day"
    if days * HOURS_PER_DAY < HOURS_PER_DAY:
        return f"every {days * HOURS_PER_DAY:g} hours"
    if weeks == int(weeks):
        return "every week" if weeks == 1 else f"every {weeks:g} weeks"
    return "every day" if days == 1 else f"every {days:g} days"


def _check(regimen: Regimen) -> list[str]:
    """Return what makes a regimen impossible, in words."""
    problems = []
    if regimen.route not in set(ROUTES.values()):
        problems.append(f"route '{regimen.route}' is neither SC, IV nor oral")
    doses = {"mg": (regimen.dose_mg, MOST_MG), "mg/kg": (regimen.dose_mg_per_kg, MOST_MG_PER_KG)}
    given = [(unit, dose, most) for unit, (dose, most) in doses.items() if dose is not None]
    if len(given) != 1:
        problems.append("exactly one of dose_mg and dose_mg_per_kg must be given")
    for unit, dose, most in given:
        if not 0 <= dose <= most:
            problems.append(f"dose {dose:g} {unit} is not between 0 and {most:g} {unit}")
    if regimen.interval_days is not None and not 0 < regimen.interval_days <= 366:
        problems.append(f"interval {regimen.interval_days:g} days is not between 0 and 366 days")
    if regimen.n_doses is not None and not 1 <= regimen.n_doses <= MOST_DOSES:
        problems.append(f"number of doses {regimen.n_doses} is not between 1 and {MOST_DOSES}")
    if not 0 <= regimen.infusion_hours <= MOST_INFUSION_HOURS:
        problems.append(
            f"infusion of {regimen.infusion_hours:g} h is not between 0 and {MOST_INFUSION_HOURS:g} h"
        )
    if regimen.route in NOT_INFUSED and regimen.infusion_hours:
        problems.append(f"{NOT_INFUSED[regimen.route]} dose has no length of infusion")
    if not 0 <= regimen.first_dose_day < float("inf"):
        problems.append(f"first dose on day {regimen.first_dose_day:g} is before day 0")
    return problems


def parse_regimen(text: str) -> Regimen:
    """Return the regimen that ``text`` describes.

    Parameters
    ----------
    text
        Dose, unit, route and schedule, e.g. ``300 mg IV every 4 weeks``, ``1 mg/kg IV once``,
        ``5 mg/kg IV weekly x 4 over 60 min from week 2``, ``placebo SC every week`` (zero dose), or ``placebo`` alone.
        An infusion lasts 30 minutes unless the text says otherwise.

    Raises
    ------
    InputError
        If a part is absent, not understood or out of range.
    UnitError
        If the unit of the dose is not a mass, or a mass per kg.

    Examples
    --------
    >>> parse_regimen("120 mg SC every week").interval_days
    7.0
    """
    clean = re.sub(r"^placebo(?=\s|$)", "0 mg", " ".join(str(text).lower().split()))
    head = HEAD.fullmatch("0 mg sc once" if clean == "0 mg" else clean)
    if head is None:
        raise InputError(
            "the regimen is not understood",
            given=f"'{text}'",
            allowed=f"dose, unit, route and schedule, like {EXAMPLES}",
            fix="start with a number, its unit and the route",
        )
    dose, per_kg = read_dose(float(head["dose"]), head["unit"], text)
    route = resolve_name(head["route"].rstrip(","), ROUTES, "route")
    schedule, rest = read_schedule(head["rest"], text)
    extras, rest = read_extras(rest, schedule["interval_days"], text)
    leftover = rest.strip(" ,;")
    if leftover:
        raise InputError(
            f"'{leftover}' in the regimen is not understood",
            given=str(text),
            allowed=f"words like those in {EXAMPLES}",
            fix=closest(
                leftover,
                ("every week", "every 4 weeks", "weekly", "once", "x 4", "over 60 min", "from week 2"),
            )
            or "remove it",
        )
    if route == "IV":
        extras.setdefault("infusion_hours", DEFAULT_INFUSION_HOURS)
    n_doses = extras.get("n_doses", schedule["n_doses"])
    return Regimen(
        route=route,
        dose_mg=None if per_kg else dose,
        dose_mg_per_kg=dose if per_kg else None,
        interval_days=schedule["interval_days"],
        n_doses=None if n_doses is None else int(n_doses),
        infusion_hours=extras.get("infusion_hours", 0.0),
        first_dose_day=extras.get("first_dose_day", 0.0),
        text=" ".join(str(text).split()),
    )
