"""The parts of a regimen put together: what each takes from the one before, when it begins, and how many doses it has."""

import re
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ifntrial.dosing.dose_words import NO_DOSE, Dose
from ifntrial.dosing.regimen_words import Part, read_part
from ifntrial.dosing.schedule_words import Schedule
from ifntrial.dosing.tidy_words import tidy
from ifntrial.dosing.vocabulary import EXAMPLES, ROUTES
from ifntrial.errors import InputError

_THEN = re.compile(r"[,;]?\s*\b(?:and\s+)?(?:then|followed by|thereafter|afterwards)\b,?\s*")
_LATER = re.compile(r"[,;]\s*(?:and\s+)?(?=[^,;]*\b(?:thereafter|afterwards)\s*$)")


MOST_SIGNS = 1_000


@dataclass(frozen=True, slots=True)
class Plan:
    """One part of a regimen, whole: see ``Regimen`` for what each number means."""

    dose: Dose
    route: str
    interval_days: float | None
    n_doses: int | None
    infusion_hours: float
    first_day: float
    drug: str


def compose_plans(text: str, usual_infusion_hours: float) -> list[Plan]:
    """Return the parts of the regimen that ``text`` describes.

    Parameters
    ----------
    usual_infusion_hours
        Length of an infusion whose length is not said [hour].

    Raises
    ------
    InputError
        If a part is absent, not understood, or contradicts another.
    """
    if len(text) > MOST_SIGNS:
        raise InputError(
            f"the regimen has {len(text)} signs",
            given=f"'{text[:60]}…'",
            allowed=f"up to {MOST_SIGNS}, like {EXAMPLES}",
            fix="write one regimen",
        )
    words = _split(tidy(text).strip(" .,;"), text)
    if words == ["placebo"]:
        return [Plan(NO_DOSE, "SC", None, 1, 0.0, 0.0, "")]
    parts = [read_part(each, text, is_first=place == 0) for place, each in enumerate(words)]
    _inherit(parts)
    expanded = [each for part in parts for each in _one_by_one(part, text)]
    _require_whole(expanded, text)
    return _lay_out(expanded, text, usual_infusion_hours)


def _split(words: str, text: str) -> list[str]:
    pieces = _LATER.split(words, maxsplit=1)
    parts = [piece.strip(" ,;") for one in pieces for piece in _THEN.split(one)]
    if len(pieces) == 2:
        parts = [part for part in parts if part]
    if len(parts) > 1 and re.fullmatch(r"(?:stop|off|nothing|stopped)", parts[-1]):
        parts = parts[:-1]
        if not re.search(
            r"\bfor\b|\bx\b|\bdoses\b|\bonce\b|\bsingle\b|\buntil\b|\bthrough\b|\bto (?:week|day)\b", words
        ):
            raise InputError(
                "it is not said when to stop",
                given=text,
                allowed="'for 12 weeks' or 'x 4'",
                fix="say how long",
            )
    if len(parts) > 1 and not all(parts):
        raise InputError(
            "a part of the regimen is empty",
            given=text,
            allowed="'600 mg IV once, then 300 mg IV every 4 weeks'",
            fix="say what comes before and after 'then'",
        )
    return parts


def _inherit(parts: list[Part]) -> None:
    """Let each part take from the one before it what it does not say."""
    for before, part in pairwise(parts):
        part.dose = part.dose or before.dose
        part.drug = part.drug or before.drug
        if part.route is None:
            part.route = before.route
        if part.infusion_hours is None and part.route == before.route:
            part.infusion_hours = before.infusion_hours
        if part.schedule is None and not part.days and part.n_doses != 1:
            part.schedule = before.schedule


def _one_by_one(part: Part, text: str) -> list[Part]:
    """Return a part as it is, or one single dose for each of its listed days."""
    if not part.days:
        return [part]
    said = [part.n_doses, part.length_days, part.end, part.first_day]
    if part.schedule is not None or any(each is not None for each in said):
        raise InputError(
            "the regimen lists days and also says how often, how long or from when",
            given=text,
            allowed="'300 mg IV at weeks 0, 2 and 6', and what follows after 'then'",
            fix="leave out one of the two",
        )
    steps = np.diff(part.days)
    if np.all(steps == steps[0]):
        part.schedule, part.n_doses, part.first_day = (
            Schedule("listed", steps[0]),
            len(part.days),
            part.days[0],
        )
        return [part]
    once = Schedule("once", None)
    return [
        Part(part.dose, part.route, once, infusion_hours=part.infusion_hours, first_day=day, drug=part.drug)
        for day in part.days
    ]


def _require_whole(parts: list[Part], text: str) -> None:
    for part in parts:
        if part.schedule is None and part.n_doses == 1:
            part.schedule = Schedule("1 dose", None)
        if part.route is None:
            raise InputError(
                "the route is missing",
                given=text,
                allowed="SC, IV or orally, and other words for them: " + ", ".join(sorted(ROUTES)),
                fix="write how the dose is given",
            )
        if part.schedule is None:
            raise InputError(
                "the regimen has no schedule",
                given=text,
                allowed="once, daily, twice a day, weekly, every N hours, every N days, every N weeks, q4w",
                fix=f"write it like one of {EXAMPLES}",
            )
    named = dict.fromkeys(part.drug for part in parts if part.drug)
    if len(named) > 1:
        raise InputError(
            "the regimen names two drugs",
            given=text,
            allowed="one drug; others are not given beside it",
            fix="leave out all but one",
        )


def _lay_out(parts: list[Part], text: str, usual_infusion_hours: float) -> list[Plan]:
    plans: list[Plan] = []
    following: float | None = 0.0
    for place, part in enumerate(parts):
        interval = part.schedule.interval_days if part.schedule else None
        first = _first_day(part, following, interval, plans[-1] if plans else None, text)
        later = parts[place + 1].first_day if place + 1 < len(parts) else None
        n_doses = _count(part, first, interval, later, text)
        hours = usual_infusion_hours if part.route == "IV" else 0.0
        plans.append(
            Plan(
                part.dose or NO_DOSE,
                str(part.route),
                interval,
                n_doses,
                hours if part.infusion_hours is None else part.infusion_hours,
                first,
                part.drug or "",
            )
        )
        following = _following(part, plans[-1])
    return plans


def _first_day(
    part: Part, following: float | None, interval: float | None, before: Plan | None, text: str
) -> float:
    if part.first_day is not None:
        return part.first_day
    if before is None:
        return 0.0
    if following is not None:
        return following
    if before.interval_days is not None and before.n_doses is None:
        raise InputError(
            "the part before 'then' has no end",
            given=text,
            allowed="'x 4', 'for 12 weeks' or 'until week 12' before 'then', or 'from week 12' after it",
            fix="say how long it is given",
        )
    if interval is None:
        raise InputError(
            "it is not said when the dose after 'then' is given",
            given=text,
            allowed="'then 300 mg IV once from day 14'",
            fix="say its day",
        )
    # after single doses the next one is due after its own interval
    return before.first_day + (before.interval_days or 0.0) * ((before.n_doses or 1) - 1) + interval


def _following(part: Part, plan: Plan) -> float | None:
    """Return the day on which what follows a part begins; None where the part does not tell."""
    if part.length_days is not None and plan.interval_days is not None:
        return plan.first_day + part.length_days
    if part.days or plan.interval_days is None or plan.n_doses is None:
        return None
    return plan.first_day + plan.interval_days * plan.n_doses


def _count(part: Part, first: float, interval: float | None, later: float | None, text: str) -> int | None:
    """Return the number of doses that the words of a part agree on."""
    said: dict[str, int] = {} if part.n_doses is None else {f"{part.n_doses} doses": part.n_doses}
    step = interval or 1.0
    if part.length_days is not None:
        said[f"{part.length_days:g} days"] = int(np.ceil(part.length_days / step - 1e-9))
    if part.end is not None:
        days = part.end.day - first
        count = (
            int(np.floor(days / step + 1e-9)) + 1
            if part.end.is_included
            else int(np.ceil(days / step - 1e-9))
        )
        said[f"the end on day {part.end.day:g}"] = count
    if interval is None:
        if any(count != 1 for count in said.values()):
            raise InputError(
                "a dose given once cannot be repeated",
                given=text,
                allowed="an interval such as 'weekly'",
                fix="say how often",
            )
        return 1
    if later is not None and not said:
        said[f"the next part from day {later:g}"] = int(np.ceil((later - first) / step - 1e-9))
    if len(set(said.values())) > 1:
        told = " and ".join(f"{words} ({count} due)" for words, count in said.items())
        raise InputError(
            f"the regimen contradicts itself: {told}",
            given=text,
            allowed="a number of doses or a length of treatment that agree",
            fix="leave out one of the two",
        )
    return next(iter(said.values()), None)
