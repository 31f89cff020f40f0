"""Order visits by the time their names tell: units, dates, numbers, words for before and after; never by chance."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from ifntrial.calendar import DAYS_PER_MONTH, DAYS_PER_WEEK, DAYS_PER_YEAR, HOURS_PER_DAY, MINUTES_PER_DAY
from ifntrial.errors import InputError, closest, listed

DATE_ORDERS = ("dmy", "mdy")
_DAYS = {
    "minute": 1 / MINUTES_PER_DAY,
    "hour": 1 / HOURS_PER_DAY,
    "day": 1.0,
    "week": DAYS_PER_WEEK,
    "month": DAYS_PER_MONTH,
    "year": DAYS_PER_YEAR,
}
_UNITS = {
    "minute": ("minutes", "minute", "mins", "min"),
    "hour": ("hours", "hour", "hrs", "hr", "h"),
    "day": ("days", "day", "d"),
    "week": ("weeks", "week", "wks", "wk", "w"),
    "month": ("months", "month", "mths", "mth", "mos", "mo", "m"),
    "year": ("years", "year", "yrs", "yr", "y"),
}
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words}
_UNIT = "|".join(sorted(_UNIT_OF, key=len, reverse=True))
_NUMBER = r"\d+(?:[.,]\d+)?"
_TIME = re.compile(
    rf"(?<![a-z])(?P<unit>{_UNIT})\s*[_.:]?\s*(?P<sign>[-+\u2212]?)(?P<number>{_NUMBER})(?![\d.])|"
    rf"(?P<sign2>(?<![\w)])[-+\u2212])?(?P<number2>{_NUMBER})[\s_-]*(?P<unit2>{_UNIT})(?![a-z])"
)
_ORDINAL = re.compile(
    r"(?<![a-z])(?:visit|visits|v|timepoint|time ?point|tp|t|cycle|c|sample|follow-?up|fu)[\s_.-]*(\d+)(?![\d.])"
)
_CYCLE = re.compile(r"(?<![a-z])c(ycle)?[\s_-]*\d")
_PLAIN = re.compile(rf"^[-+\u2212]?{_NUMBER}$")
_FIRST = {"baseline", "bl", "pre", "before", "pretreatment", "predose", "pretherapy", "untreated", "base"}
_EARLIEST = {"screening", "screen", "scr"}
_AFTER = {"post", "after", "posttreatment", "postdose", "posttherapy", "treated", "ontreatment"}
_LAST = {"end", "endoftreatment", "eot", "endofstudy", "eos", "last", "final"}
_WORDS = {
    **dict.fromkeys(_EARLIEST, -1.0),
    **dict.fromkeys(_FIRST, 0.0),
    **dict.fromkeys(_AFTER, 1.0),
    **dict.fromkeys(_LAST, 2.0),
}
_MONTHS = {
    name: i for i, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)
}
_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ].*)?$")
_NAMED = re.compile(
    r"^(\d{1,2})[-/. ]([a-z]{3})[a-z]*[-/. ,]+(\d{4}|\d{2})$|^([a-z]{3})[a-z]*[-. ](\d{1,2})[-., ]+(\d{4})$"
)
_NUMERIC_DATE = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})$")
_FIX = "name the first visit with --baseline VISIT (baseline= in Python), or write times with units, e.g. week 12"


@dataclass(frozen=True, slots=True)
class VisitTime:
    """When a visit is.

    Parameters
    ----------
    kind
        ``time`` [days], ``number`` (unit not known), ``ordinal``, ``date`` [days] or ``word``.
    value
        On the scale of the kind; words are -1 (screening), 0 (before), 1 (after), 2 (end).
    """

    kind: str
    value: float


def order_visits(
    visits: Iterable[object], *, baseline: str | None = None, dates: str | None = None
) -> dict[str, float]:
    """Return the visits in order, each with its place; visits at the same time share a place.

    Parameters
    ----------
    baseline
        The first visit, where the names do not tell it; all visits that are not told to be earlier come after it.
    dates
        ``dmy`` or ``mdy``, for dates such as 01/02/2023.

    Raises
    ------
    InputError
        If the names do not tell an order, or tell two.

    Examples
    --------
    >>> list(order_visits(["W12", "Day 29", "Day 29", "baseline", "month 1"]))
    ['baseline', 'Day 29', 'month 1', 'W12']
    """
    names = list(dict.fromkeys(str(visit).strip() for visit in visits if str(visit).strip()))
    if baseline is not None and baseline not in names:
        raise InputError(
            "the baseline visit is not in the data",
            given=baseline,
            allowed=listed(names) or "no visits",
            fix=closest(baseline, names),
        )
    if len(names) < 2:
        return dict.fromkeys(names, 0.0)
    times = {name: parse_visit(name, names, dates) for name in names}
    unclear = _find_unclear(times)
    if unclear and baseline is None:
        raise InputError(
            "the order of the visits does not follow from their names",
            problems=unclear[:10],
            given=listed(names),
            fix=_FIX,
        )
    if unclear:
        return {name: float(name != baseline) for name in sorted(names, key=lambda name: name != baseline)}
    placed = {name: _place(time) for name, time in times.items() if time is not None}
    return dict(sorted(placed.items(), key=lambda item: item[1]))


def baseline_place(visits: Mapping[str, float]) -> float:
    """Return the place of the visit that others are compared with: the last one at or before time 0, else the first.

    Examples
    --------
    >>> baseline_place({"week -2": -14.0, "baseline": -0.001, "week 4": 28.0})
    -0.001
    """
    before = [place for place in visits.values() if place <= 0.0]
    return max(before) if before else min(visits.values(), default=0.0)


def list_visits(visits: Iterable[object]) -> list[str]:
    """Return visits in the order of their times to be shown, or as they come where that is not known."""
    names = [str(visit) for visit in visits]
    try:
        return list(order_visits(names))
    except InputError:
        return list(dict.fromkeys(name.strip() for name in names if name.strip()))


def parse_visit(name: str, all_names: Iterable[str] = (), dates: str | None = None) -> VisitTime | None:
    """Return when a visit is, None where its name does not tell.

    Raises
    ------
    InputError
        If it is a date that can be read in two ways.

    Examples
    --------
    >>> parse_visit("week 12"), parse_visit("V3"), parse_visit("2023-02-01").kind, parse_visit("Day -1").value
    (VisitTime(kind='time', value=84.0), VisitTime(kind='ordinal', value=3.0), 'date', -1.0)
    """
    text = name.strip().lower()
    found = _parse_date(text, [each.strip().lower() for each in all_names], dates)
    if found is not None:
        return VisitTime("date", float(found.toordinal()))
    if _PLAIN.match(text):
        return VisitTime("number", float(text.replace(",", ".").replace("\u2212", "-")))
    ordinal = _ORDINAL.search(text)
    time = _parse_time(_ORDINAL.sub(" ", text), [each.lower() for each in all_names])
    if time is not None:
        # the length of a cycle is not in its name
        return None if _CYCLE.search(text) else VisitTime("time", time)
    if ordinal:
        return VisitTime("ordinal", float(ordinal[1]))
    words = re.findall(r"[a-z]+", text)
    joined = "".join(words)
    value = _WORDS.get(joined, next((_WORDS[word] for word in words if word in _WORDS), None))
    return None if value is None else VisitTime("word", value)


def _parse_time(text: str, all_names: list[str]) -> float | None:
    """Return days: the sum of all times in the name ("week 12 day 3")."""
    parts = list(_TIME.finditer(text))
    if not parts:
        return None
    days = 0.0
    for part in parts:
        unit = _UNIT_OF[part["unit"] or part["unit2"]]
        number = float((part["number"] or part["number2"]).replace(",", "."))
        sign = part["sign"] or part["sign2"] or ""
        is_minus = sign in ("-", "\u2212") and not _is_hyphen(part, all_names)
        days += (-1.0 if is_minus else 1.0) * number * _DAYS[unit]
    return days


def _is_hyphen(part: re.Match[str], all_names: list[str]) -> bool:
    """Return whether the sign is a hyphen: no blank before it, and the same writing is used for 0 or for all."""
    if not part["unit"] or re.search(r"\s[-\u2212]", part[0]):
        return False
    joined = re.compile(rf"(?<![a-z])(?:{_UNIT})[-\u2212]\d")
    with_sign = [name for name in all_names if joined.search(name)]
    return any(re.search(r"[a-z][-\u2212]0(?!\d)", name) for name in with_sign) or len(with_sign) > 2


def _parse_date(text: str, all_names: list[str], dates: str | None) -> date | None:
    if match := _ISO.match(text):
        return _make_date(text, int(match[1]), int(match[2]), int(match[3]))
    if match := _NAMED.match(text):
        day, month, year = (match[1], match[2], match[3]) if match[1] else (match[5], match[4], match[6])
        return _make_date(text, _year(year), _MONTHS[month], int(day)) if month in _MONTHS else None
    if match := _NUMERIC_DATE.match(text):
        order = dates or _order_of_dates(all_names)
        first, second = int(match[1]), int(match[2])
        day, month = (first, second) if order == "dmy" else (second, first)
        return _make_date(text, _year(match[3]), month, day)
    return None


def _order_of_dates(all_names: list[str]) -> str:
    """Return the order that all dates allow, where only one does."""
    found = [match for name in all_names if (match := _NUMERIC_DATE.match(name))]
    dmy = all(int(match[2]) <= 12 for match in found)
    mdy = all(int(match[1]) <= 12 for match in found)
    if dmy != mdy:
        return "dmy" if dmy else "mdy"
    raise InputError(
        "dates can be read in two ways, or in none",
        given=listed(match[0] for match in found),
        allowed="--dates dmy (day first) or --dates mdy (month first)",
        fix="say the order, or write dates as 2023-02-01",
    )


def _year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)


def _make_date(text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise InputError("a visit is a date that does not exist", given=text, fix="mend it") from error


def _find_unclear(times: dict[str, VisitTime | None]) -> list[str]:
    unclear = [f"'{name}' tells no time" for name, time in times.items() if time is None]
    kinds = {time.kind for time in times.values() if time is not None}
    timed = kinds - {"word"}
    if timed == {"time", "number"} and all(
        time.value == 0.0 for time in times.values() if time is not None and time.kind == "number"
    ):
        timed = {"time"}
    if len(timed) > 1:
        examples = {time.kind: name for name, time in times.items() if time is not None}
        unclear.append(
            "names of different kinds: " + ", ".join(f"'{examples[kind]}'" for kind in sorted(timed))
        )
    words = [name for name, time in times.items() if time is not None and time.kind == "word"]
    values = [times[name].value for name in words]  # type: ignore[union-attr]
    if len(set(values)) < len(values):
        unclear.append(f"which comes first: {listed(words)}?")
    elif timed and any(value == 1.0 for value in values):
        unclear.append(f"when is {listed(words)}, beside visits with a time?")
    elif (
        timed
        and 0.0 in values
        and any(t is not None and t.kind in timed and t.value == 0.0 for t in times.values())
    ):
        unclear.append(f"{listed(words)} and another visit are both the start")
    return unclear


def _place(time: VisitTime) -> float:
    """Return a number by which visits are sorted; words stand before or after all times."""
    if time.kind != "word":
        return time.value
    # Times before the start (day -7) lie within a year or two of it.
    return {-1.0: -1e7, 0.0: -0.001, 1.0: 1e7, 2.0: 2e7}[time.value]
