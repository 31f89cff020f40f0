"""A dosing regimen, and the words that describe one: ``120 mg SC every week``, ``5 mg/kg IV weekly x 4``."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.dosing.canonical_words import figure, infusion_words, interval_words, start_words
from ifntrial.dosing.compose import compose_plans
from ifntrial.dosing.regimen_limits import MOST_DOSES, regimen_problems
from ifntrial.dosing.vocabulary import EXAMPLES
from ifntrial.errors import InputError

DEFAULT_INFUSION_HOURS = 0.5


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
    dose_miu
        Biological activity of each dose [million international units]; None if the dose is a mass.
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
    dose_miu: float | None = None
    interval_days: float | None = None
    n_doses: int | None = None
    infusion_hours: float = 0.0
    first_dose_day: float = 0.0
    then: "Regimen | None" = None
    drug: str = field(default="", compare=False)
    text: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        problems = regimen_problems(self)
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
        return not any(part.dose_size for part in _parts(self))

    @property
    def dose_size(self) -> float:
        """Amount of one dose of the first part, in the unit it is written in."""
        return float(self.dose_mg or self.dose_mg_per_kg or self.dose_miu or 0.0)

    def dose_times_days(self, until_days: float) -> FloatArray:
        """Return the times of the doses of all parts given before ``until_days`` [day], shape (doses,).

        Raises
        ------
        InputError
            If there are more than ``MOST_DOSES``.
        """
        return np.concatenate([_times(part, until_days) for part in _parts(self)])

    def dose_amounts_mg(
        self, body_weight_kg: FloatArray, activity_miu_per_mg: FloatArray | None = None
    ) -> FloatArray:
        """Return the amount of one dose of the first part for each subject [mg], shape (subjects,).

        Parameters
        ----------
        activity_miu_per_mg
            Specific activity of the drug for each subject [million international units/mg], shape (subjects,); None if
            it has none.

        Raises
        ------
        InputError
            If the dose is an activity and the drug has none.
        """
        if self.dose_miu is not None:
            if activity_miu_per_mg is None:
                raise InputError(
                    "the drug is not dosed by activity here",
                    given=self.text or self.words(),
                    allowed="a dose in mg, g or ug",
                    fix="write the mass of one dose, or name a drug with a specific activity",
                )
            return np.asarray(self.dose_miu / activity_miu_per_mg, dtype=np.float64)
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
    unit = "mg" if part.dose_mg is not None else "MU" if part.dose_miu is not None else "mg/kg"
    route = "orally" if part.route == "oral" else part.route
    words = [f"{figure(part.dose_size)} {unit} {route}"]
    words.append("once" if part.interval_days is None else interval_words(part.interval_days))
    if part.interval_days is not None and part.n_doses is not None:
        words.append(f"x {part.n_doses}")
    if part.route == "IV" and part.infusion_hours != DEFAULT_INFUSION_HOURS:
        words.append(infusion_words(part.infusion_hours))
    if part.first_dose_day:
        words.append(start_words(part.first_dose_day))
    return " ".join(words)


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
        ``5 mg/kg IV weekly x 4 over 60 min from week 2``, ``4.5 MU SC three times a week``,
        ``600 mg IV loading dose, then 300 mg every 4 weeks``, ``placebo SC every week`` (zero dose), or ``placebo``
        alone. An infusion lasts 30 minutes unless the text says
        otherwise. Days count from 0. A part after ``then`` takes from the one before what it does not say; it begins one
        interval after the last dose of a repeated part, or at the end of its stated length, and one interval of its own
        after a single dose, unless it says a day.

    Raises
    ------
    InputError
        If a part is absent, not understood, contradicts another or is out of range.
    UnitError
        If the unit of the dose is not a mass, a mass per kg or an activity.

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
            dose_mg=plan.dose.amount if plan.dose.unit == "mg" else None,
            dose_mg_per_kg=plan.dose.amount if plan.dose.unit == "mg/kg" else None,
            dose_miu=plan.dose.amount if plan.dose.unit == "MIU" else None,
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
