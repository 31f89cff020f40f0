"""Words of one part of a regimen: what is said of dose, route, schedule, number of doses, infusion and first day."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from ifntrial.dosing.dose_words import DOSE, DOSE_TIMES, Dose, missing_dose, read_dose
from ifntrial.dosing.schedule_words import Schedule, in_days, read_schedules
from ifntrial.dosing.vocabulary import (
    AT_ONCE,
    DRUG_NAMES,
    EXAMPLES,
    FILLERS,
    FORMS,
    NOT_MODELLED,
    NUMBER,
    ROUTES,
    one_of,
)
from ifntrial.errors import InputError

_T = TypeVar("_T")

MINUTES_PER_HOUR = 60.0

_SPAN = r"(?P<period>hours?|hrs?|h|days?|d|weeks?|wks?|w|fortnights?|months?|mo|years?|yrs?)"
_DRUG, _ROUTE, _FORM = (re.compile(one_of(words)) for words in (DRUG_NAMES, ROUTES, FORMS))
_OTHER_ROUTE = re.compile(one_of(NOT_MODELLED))
_LENGTH = re.compile(
    rf"\bover\s+(?:a period of\s+)?(?P<n>{NUMBER}|an?)\s*-?\s*(?P<period>minutes?|mins?|hours?|hrs?|h)\b"
    rf"|(?<![\w.])(?P<m>\d+(?:\.\d+)?)\s*-?\s*(?P<span>minutes?|mins?|hours?|hrs?|h)(?=\s+(?:iv\s+|intravenous\s+)?infusion)"
)
_OVER_DAYS = re.compile(rf"\bover\s+(?:{NUMBER}|an?)\s*-?\s*(?:days?|weeks?|wks?|months?|years?)\b")
_COUNTED = r"(?:,?\s*counted from day (?P<origin>[01])\b)?"
_START = re.compile(
    r"\b(?:from|(?:starting|beginning|commencing|first dose)(?:\s+(?:on|at|in|from))?|(?P<single>on|at))\s+"
    rf"(?P<study>(?:study|protocol)\s+)?(?P<period>day|week)\s+(?P<n>{NUMBER}){_COUNTED}"
)
_END = re.compile(
    r"\b(?P<how>(?:up )?(?:to|until|till)(?: and including)?|through|thru)\s+"
    rf"(?P<period>day|week)\s+(?P<n>{NUMBER})\b"
)
_LIST = re.compile(
    rf"\b(?:(?:on|at|in)\s+)?(?P<period>weeks|days)\s+(?P<list>{NUMBER}(?:\s*(?:,\s*and\b|,|\band\b|&)\s*{NUMBER})+)"
    + _COUNTED
)
_LENGTH_OF_PLAN = re.compile(
    rf"(?:\bfor|\bduring|\bx)\s*(?:a total of\s+|the first\s+)?(?P<n>{NUMBER}|an?)\s*-?\s*{_SPAN}(?!\w)"
)
_HOURS_OF_PLAN = re.compile(rf"\bfor\s+(?:{NUMBER}|an?)\s*-?\s*(?:hours?|hrs?|h|minutes?|mins?)\b")
_COUNT = re.compile(
    r"(?:\bx)\s*(?P<n>[-+]?\d+)\b(?:\s+(?:doses?|times|infusions?|injections?|administrations?))?"
    r"|(?:\bfor\s+)?(?:a\s+)?(?:total\s+of\s+|total\s+)?(?<![\w.-])(?P<m>\d+|[-+]\d+)\s+(?:doses?|times|infusions?"
    r"|injections?|administrations?)\b(?:\s+in\s+total|\s+total)?"
)


@dataclass(frozen=True, slots=True)
class End:
    """A day [day] until which doses are given, and whether one is given on that day."""

    day: float
    is_included: bool


@dataclass(slots=True)
class Part:
    """What the words say of one part of a regimen; None where they say nothing.

    Parameters
    ----------
    dose
        Amount and unit.
    days
        Days of single doses, where they are listed.
    """

    dose: Dose | None = None
    route: str | None = None
    schedule: Schedule | None = None
    n_doses: int | None = None
    length_days: float | None = None
    end: End | None = None
    infusion_hours: float | None = None
    first_day: float | None = None
    days: tuple[float, ...] = ()
    drug: str | None = None
    problems: list[str] = field(default_factory=list)


def read_part(words: str, text: str, *, is_first: bool) -> Part:
    """Return what the words of one part say.

    Parameters
    ----------
    words
        The part, as ``tidy`` leaves it.
    text
        The whole regimen as given, for messages.
    is_first
        Whether it must name a dose, as no part before it does.

    Raises
    ------
    InputError
        If words are not understood, or say two different things, or a first part has no dose.
    UnitError
        If the unit of the dose is not a mass, a mass per kg or an activity.
    """
    part, reader = Part(), _Reader(words, text)
    part.drug = reader.take(_DRUG, "drugs", lambda m: DRUG_NAMES[m.group()])
    part.infusion_hours = reader.take(_LENGTH, "lengths of the infusion", _hours)
    reader.refuse(_OVER_DAYS, "'{0}' is longer than an infusion", "write 'for' for the length of treatment")
    reader.refuse(
        DOSE_TIMES,
        "'{0}' may be a dose in two pieces or a number of doses",
        "write the whole dose, and 'x 4' after how often it is given",
    )
    part.days = reader.take(_LIST, "lists of days", lambda m: _list_of_days(m, text)) or ()
    start = reader.take(_START, "first days", lambda m: (_first_day(m, text), bool(m["single"])))
    part.end = reader.take(_END, "last days", lambda m: _end(m, text))
    part.length_days = reader.take(
        _LENGTH_OF_PLAN, "lengths of treatment", lambda m: in_days(_one(m["n"]), m["period"], text)
    )
    reader.rest = re.sub(r"\bplacebo\b", " 0 mg ", reader.rest)
    part.dose = reader.take(DOSE, "doses", read_dose)
    schedules, reader.rest = read_schedules(reader.rest, text)
    part.schedule = _only(schedules, "schedules", text)
    part.n_doses = reader.take(_COUNT, "numbers of doses", lambda m: int(m["n"] or m["m"]))
    reader.refuse(_OTHER_ROUTE, "route '{0}' is not modelled", "write SC, IV or orally, as the drug is given")
    part.route = reader.take(_ROUTE, "routes", lambda m: ROUTES[m.group()])
    if start is not None:
        _set_start(part, *start, text)
    _read_forms(part, reader)
    if part.route == "IV":
        what = "'{0}' may be the length of the infusion or of the treatment"
        _Reader(words, text).refuse(_HOURS_OF_PLAN, what, "write 'over 2 hours' for the infusion")
    if part.dose is None and is_first:
        raise missing_dose(reader.rest, words, text)
    reader.finish(_what_is_missing(part) if is_first else "")
    return part


def _what_is_missing(part: Part) -> str:
    missing = [] if part.route else ["the route is missing"]
    if part.schedule is None and not part.days and part.n_doses != 1:
        missing.append("the regimen has no schedule")
    return " and ".join(missing)


@dataclass(slots=True)
class _Reader:
    """The words that nothing has been made of yet."""

    rest: str
    text: str

    def take(self, pattern: re.Pattern[str], what: str, read: Callable[[re.Match[str]], _T]) -> _T | None:
        """Return what the only match says, and remove it; several may say the same."""
        found = [(match.group().strip(" ,;|"), read(match)) for match in pattern.finditer(self.rest)]
        self.rest = pattern.sub(" | ", self.rest)
        # the same dose twice may be two doses
        if any(value != found[0][1] for _, value in found) or (what == "doses" and len(found) > 1):
            raise _contradiction(what, [words for words, _ in found], self.text)
        return found[0][1] if found else None

    def refuse(self, pattern: re.Pattern[str], what: str, fix: str) -> None:
        """Refuse words that have a meaning which is not read."""
        found = pattern.search(self.rest)
        if found is not None:
            raise InputError(
                what.format(found.group()),
                given=self.text,
                allowed=f"words like those in {EXAMPLES}",
                fix=fix,
            )

    def finish(self, missing: str) -> None:
        """Refuse whatever is left but words that say nothing; say what is missing too."""
        left = [
            " ".join(word for word in piece.split() if word not in FILLERS)
            for piece in re.split(r"[|,;]", self.rest)
        ]
        leftover = ", ".join(piece for piece in left if piece)
        if not leftover:
            return
        # no hint by spelling: a near word may be another drug, route or rhythm
        raise InputError(
            f"'{leftover}' in the regimen is not understood" + (f", and {missing}" if missing else ""),
            given=self.text,
            allowed=f"words like those in {EXAMPLES}",
            fix="remove it, or say it in such words",
        )


def _contradiction(what: str, words: list[str], text: str) -> InputError:
    return InputError(
        f"the regimen gives two {what}: " + " and ".join(f"'{each}'" for each in words),
        given=text,
        allowed="one; what follows later is joined with 'then'",
        fix="leave out all but one",
    )


def _only(schedules: list[Schedule], what: str, text: str) -> Schedule | None:
    said = [each.words for each in schedules]
    if any(each.interval_days != schedules[0].interval_days for each in schedules) or len(set(said)) < len(
        said
    ):
        raise _contradiction(what, said, text)
    return schedules[0] if schedules else None


def _one(word: str) -> float:
    return 1.0 if word in ("a", "an") else float(word)


def _hours(match: re.Match[str]) -> float:
    number, period = _one(match["n"] or match["m"]), match["period"] or match["span"]
    return number / (MINUTES_PER_HOUR if period.startswith("m") else 1.0)


def _end(match: re.Match[str], text: str) -> End:
    is_included = "including" in match["how"] or match["how"].startswith("thr")
    return End(in_days(float(match["n"]), match["period"], text), is_included)


def _first_day(match: re.Match[str], text: str) -> float:
    number, is_day = float(match["n"]), match["period"] == "day"
    if match["study"] or match["origin"] == "1":
        if not is_day or number < 1:
            raise _unclear_first(text)
        return number - 1.0
    if number == 1 and match["origin"] is None:
        raise _unclear_first(text)
    return in_days(number, match["period"], text)


def _list_of_days(match: re.Match[str], text: str) -> tuple[float, ...]:
    numbers = [float(each) for each in re.findall(NUMBER, match["list"])]
    if numbers != sorted(set(numbers)):
        raise InputError(
            "the days of the doses do not increase", given=text, allowed="weeks 0, 2 and 6", fix="sort them"
        )
    if numbers[0] == 1 and match["origin"] is None:
        raise _unclear_first(text)
    shift = 1.0 if match["origin"] == "1" else 0.0
    if shift and match["period"] == "weeks":
        raise _unclear_first(text)
    return tuple(in_days(each, match["period"], text) - shift for each in numbers)


def _unclear_first(text: str) -> InputError:
    return InputError(
        "day 1 or week 1 may be the first or the one after it",
        given=text,
        allowed="days from day 0, the first; 'from day 8, counted from day 1' for a protocol's day 8",
        fix="leave it out if treatment starts with it, or count from 0",
    )


def _set_start(part: Part, day: float, is_single: bool, text: str) -> None:
    """Keep the first day; ``on day 14`` is the day of one dose."""
    part.first_day = day
    if is_single and part.schedule is None:
        part.schedule = Schedule("on a day", None)
    if is_single and part.schedule is not None and part.schedule.interval_days is not None:
        raise InputError(
            "a day is given beside a repeated dose",
            given=text,
            allowed="'from day 14' or 'from week 2' for the first dose",
            fix="write 'from' before the day of the first dose",
        )


def _read_forms(part: Part, reader: _Reader) -> None:
    """Take forms such as 'infusion', which must go with the route."""
    said = [match.group() for match in _FORM.finditer(reader.rest)]
    reader.rest = _FORM.sub(" | ", reader.rest)
    for word in said:
        if part.route is not None and part.route not in FORMS[word]:
            raise InputError(
                f"'{word}' does not go with the route {part.route}",
                given=reader.text,
                allowed="an IV infusion over 30 min, an IV bolus, an SC injection, tablets orally",
                fix="leave out one of the two",
            )
    if any(word in AT_ONCE for word in said):
        if part.infusion_hours or any(word not in AT_ONCE for word in said):
            stated = [f"over {part.infusion_hours:g} h"] if part.infusion_hours else []
            raise _contradiction("lengths of the infusion", [*said, *stated], reader.text)
        part.infusion_hours = 0.0
