"""A dosing regimen, and the words that describe one: ``120 mg SC every week``, ``5 mg/kg IV weekly x 4``."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.calendar import HOURS_PER_DAY
from ifntrial.dosing.canonical_words import figure, infusion_words, interval_words, start_words
from ifntrial.dosing.compose import compose_plans
from ifntrial.dosing.vocabulary import EXAMPLES
from ifntrial.errors import InputError

DEFAULT_INFUSION_HOURS = 0.5

# Bounds that no regimen of a drug comes near; beyond them a slip of the unit is likelier than an intention.
MOST_MG = 20_000.0
MOST_MG_PER_KG = 200.0
MOST_DOSES = 5_000
MOST_PARTS = 20
MOST_INFUSION_HOURS = HOURS_PER_DAY
SHORTEST_INTERVAL_DAYS = 0.01
LONGEST_INTERVAL_DAYS = 366.0

NOT_INFUSED = {"SC": "a subcutaneous", "oral": "an oral"}
ALLOWED_ROUTES = ("SC", "IV", "oral")


@dataclass(frozen=True, slots=True)
class Regimen:
    """A plan of equal doses, and perhaps another plan that follows it.

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
    then
        The part that follows, with a first day after the last dose of this one; None where this is all.
    drug
        Name of the drug, where the words name one; not compared.
    text
        The words it was read from; not compared.

    Raises
    ------
    InputError
        If the plan is not possible; lists every problem.
    """

    route: str
    dose_mg: float | None = None
    dose_mg_per_kg: float | None = None
    interval_days: float | None = None
    n_doses: int | None = None
    infusion_hours: float = 0.0
    first_dose_day: float = 0.0
    then: "Regimen | None" = None
    drug: str = field(default="", compare=False)
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
    def parts(self) -> "tuple[Regimen, ...]":
        """Each part by itself, in order."""
        return tuple(_parts(self))

    @property
    def is_placebo(self) -> bool:
        """Whether every dose is zero."""
        return not any(part.dose_mg or part.dose_mg_per_kg for part in _parts(self))

    def dose_times_days(self, until_days: float) -> FloatArray:
        """Return the times of the doses of all parts given before ``until_days`` [day], shape (doses,).

        Raises
        ------
        InputError
            If there are more than ``MOST_DOSES``.
        """
        return np.concatenate([_times(part, until_days) for part in _parts(self)])

    def dose_amounts_mg(self, body_weight_kg: FloatArray) -> FloatArray:
        """Return the amount of one dose of the first part for each subject [mg], shape (subjects,)."""
        if self.dose_mg is not None:
            return np.full(np.shape(body_weight_kg), self.dose_mg, dtype=np.float64)
        return np.asarray(body_weight_kg, dtype=np.float64) * float(self.dose_mg_per_kg or 0.0)

    def starting_on(self, day: float) -> "Regimen":
        """Return the regimen with its first dose on a day [day], later parts shifted alike."""
        shift = day - self.first_dose_day
        later = None if self.then is None else self.then.starting_on(self.then.first_dose_day + shift)
        return replace(self, first_dose_day=day, then=later)

    def words(self) -> str:
        """Return the regimen in words that ``parse_regimen`` reads back."""
        return ", then ".join(_words(part) for part in _parts(self))


def _parts(regimen: Regimen) -> Iterator[Regimen]:
    rest: Regimen | None = regimen
    while rest is not None:
        yield rest if rest.then is None else replace(rest, then=None)
        rest = rest.then


def _times(part: Regimen, until_days: float) -> FloatArray:
    if part.interval_days is None:
        times = np.array([part.first_dose_day])
    else:
        planned = max(int(np.ceil((until_days - part.first_dose_day) / part.interval_days - 1e-9)), 0)
        count = planned if part.n_doses is None else min(planned, part.n_doses)
        if count > MOST_DOSES:
            raise InputError(
                f"{count} doses are planned within {until_days:g} days",
                given=part.text or part.words(),
                allowed=f"up to {MOST_DOSES} doses",
                fix="lengthen the interval or shorten the time",
            )
        times = part.first_dose_day + part.interval_days * np.arange(count, dtype=np.float64)
    return times[times < until_days]


def _words(part: Regimen) -> str:
    flat = part.dose_mg is not None
    amount = part.dose_mg if part.dose_mg is not None else float(part.dose_mg_per_kg or 0.0)
    route = "orally" if part.route == "oral" else part.route
    words = [f"{figure(amount)} {'mg' if flat else 'mg/kg'} {route}"]
    words.append("once" if part.interval_days is None else interval_words(part.interval_days))
    if part.interval_days is not None and part.n_doses is not None:
        words.append(f"x {part.n_doses}")
    if part.route == "IV" and part.infusion_hours != DEFAULT_INFUSION_HOURS:
        words.append(infusion_words(part.infusion_hours))
    if part.first_dose_day:
        words.append(start_words(part.first_dose_day))
    return " ".join(words)


def _check(regimen: Regimen) -> list[str]:
    """Return what makes a regimen impossible, in words."""
    problems = []
    if regimen.route not in ALLOWED_ROUTES:
        problems.append(f"route '{regimen.route}' is neither SC, IV nor oral")
    problems += _check_dose(regimen)
    interval = regimen.interval_days
    if interval is not None and not SHORTEST_INTERVAL_DAYS <= interval <= LONGEST_INTERVAL_DAYS:
        problems.append(
            f"interval {interval:g} days is not between {SHORTEST_INTERVAL_DAYS:g} and {LONGEST_INTERVAL_DAYS:g} days"
        )
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
    return problems or _check_sequence(regimen)


def _check_dose(regimen: Regimen) -> list[str]:
    doses = {"mg": (regimen.dose_mg, MOST_MG), "mg/kg": (regimen.dose_mg_per_kg, MOST_MG_PER_KG)}
    given = [(unit, dose, most) for unit, (dose, most) in doses.items() if dose is not None]
    problems = [
        f"dose {dose:g} {unit} is not between 0 and {most:g} {unit}"
        for unit, dose, most in given
        if not 0 <= dose <= most
    ]
    return (
        problems
        if len(given) == 1
        else ["exactly one of dose_mg and dose_mg_per_kg must be given", *problems]
    )


def _check_sequence(regimen: Regimen) -> list[str]:
    if regimen.then is None:
        return []
    if len(regimen.then.parts) >= MOST_PARTS:
        return [f"it has more than {MOST_PARTS} parts"]
    if regimen.interval_days is not None and regimen.n_doses is None:
        return ["a part without an end is followed by another"]
    last = regimen.first_dose_day + (regimen.interval_days or 0.0) * ((regimen.n_doses or 1) - 1)
    if regimen.then.first_dose_day <= last:
        return [
            f"a part begins on day {regimen.then.first_dose_day:g}, before the last dose of the one before it on day "
            f"{last:g}"
        ]
    return []


def require_same_drug(regimen: Regimen, drug: str) -> None:
    """Require that words which name a drug name the one that is given.

    Raises
    ------
    InputError
        If they name another.
    """
    if regimen.drug and regimen.drug != drug:
        raise InputError(
            f"the regimen is one of {regimen.drug}, and {drug} is given",
            given=regimen.text,
            allowed=f"regimens of {drug}",
            fix="name the drug of the regimen (--drug, or 'drug' of an arm), or leave its name out of the words",
        )


def parse_regimen(text: str) -> Regimen:
    """Return the regimen that ``text`` describes.

    Parameters
    ----------
    text
        Dose, unit, route and schedule in any order, e.g. ``300 mg IV every 4 weeks``, ``1 mg/kg IV once``,
        ``5 mg/kg IV weekly x 4 over 60 min from week 2``, ``600 mg IV loading dose, then 300 mg every 4 weeks``,
        ``placebo SC every week`` (zero dose), or ``placebo`` alone. An infusion lasts 30 minutes unless the text says
        otherwise. Days count from 0. A part after ``then`` takes from the one before what it does not say; it begins one
        interval after the last dose of a repeated part, or at the end of its stated length, and one interval of its own
        after a single dose, unless it says a day.

    Raises
    ------
    InputError
        If a part is absent, not understood, contradicts another or is out of range.
    UnitError
        If the unit of the dose is not a mass, or a mass per kg.

    Examples
    --------
    >>> parse_regimen("120 mg SC every week").interval_days
    7.0
    >>> parse_regimen("600 mg IV once, then 300 mg q4w").words()
    '600 mg IV once, then 300 mg IV every 4 weeks from day 28, counted from day 0'
    """
    plans = compose_plans(str(text), DEFAULT_INFUSION_HOURS)
    found: Regimen | None = None
    for plan in reversed(plans):
        found = Regimen(
            route=plan.route,
            dose_mg=None if plan.is_per_kg else plan.dose,
            dose_mg_per_kg=plan.dose if plan.is_per_kg else None,
            interval_days=plan.interval_days,
            n_doses=plan.n_doses,
            infusion_hours=plan.infusion_hours,
            first_dose_day=plan.first_day,
            then=found,
            drug=plan.drug,
            text=" ".join(str(text).split()),
        )
    if found is None:
        raise InputError(
            "the regimen is not understood", given=f"'{text}'", allowed=EXAMPLES, fix="write a dose"
        )
    return found
