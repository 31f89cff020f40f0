"""Words for how often: intervals, doses a day or a week, Latin and short forms, and doses given once."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from ifntrial.calendar import DAYS_PER_WEEK, HOURS_PER_DAY
from ifntrial.dosing.vocabulary import NUMBER
from ifntrial.errors import InputError

_PERIODS = r"(?P<period>hours?|hrs?|h|days?|d|weeks?|wks?|w|fortnights?|months?|mo|years?|yrs?)"
_TIMES = r"(?:\b(?P<word>once|twice|thrice)|(?<!\w)(?<!\bx )(?P<count>\d+)\s*(?:x|times?|doses?))"
_WORDS = {"once": 1.0, "twice": 2.0, "thrice": 3.0}
_LATIN = {
    "qod": 2.0, "eod": 2.0, "qow": 14.0, "eow": 14.0, "od": 1.0, "bid": 1 / 2, "bd": 1 / 2, "tid": 1 / 3,
    "tds": 1 / 3, "qid": 1 / 4, "qds": 1 / 4, "tiw": DAYS_PER_WEEK / 3,
}  # fmt: skip
_UNCLEAR = {
    "biweekly": "'twice a week' or 'every 2 weeks'",
    "bi-weekly": "'twice a week' or 'every 2 weeks'",
    "semiweekly": "'twice a week' or 'every 2 weeks'",
    "biw": "'twice a week' or 'every 2 weeks'",
    "bimonthly": "'every 2 weeks' or 'every 8 weeks'",
    "prn": "a fixed schedule such as 'once a day'",
    "as needed": "a fixed schedule such as 'once a day'",
    "if needed": "a fixed schedule such as 'once a day'",
    "qhs": "'once a day'; the hour of the day is not modelled",
    "hs": "'once a day'; the hour of the day is not modelled",
    "nocte": "'once a day'; the hour of the day is not modelled",
    "nightly": "'once a day'; the hour of the day is not modelled",
    "qam": "'once a day'; the hour of the day is not modelled",
    "qpm": "'once a day'; the hour of the day is not modelled",
    "at bedtime": "'once a day'; the hour of the day is not modelled",
    "in the morning": "'once a day'; the hour of the day is not modelled",
    "every morning": "'once a day'; the hour of the day is not modelled",
    "every evening": "'once a day'; the hour of the day is not modelled",
    "every night": "'once a day'; the hour of the day is not modelled",
    "in the evening": "'once a day'; the hour of the day is not modelled",
}
_ONCE = re.compile(
    r"\b(?:once(?: only)?|single[- ]dose|single(?=\s|$)|1[- ]time(?: only)?|only 1 dose|stat)\b(?!-)"
)
_LOADING = re.compile(r"\b(?:loading|initial|induction) dose\b|\b(?:loading|initially)\b")


@dataclass(frozen=True, slots=True)
class Schedule:
    """How often: the words, and days between doses, or None for a dose given once."""

    words: str
    interval_days: float | None


def in_days(number: float, period: str, text: str) -> float:
    """Return a span of time in days.

    Raises
    ------
    InputError
        If it is counted in months or years, which have no fixed length.
    """
    if period.startswith(("m", "y", "ann", "quarter")):
        unit = "month" if period.startswith("m") else "year or a part of it"
        raise InputError(
            f"a {unit} has no fixed length",
            given=text,
            allowed="days and weeks",
            fix="write 'every 4 weeks' or 'every 30 days', and 'for 52 weeks' for a year",
        )
    if period.startswith("h"):
        return number / HOURS_PER_DAY
    if period.startswith("f"):
        return number * 2 * DAYS_PER_WEEK
    return number * (DAYS_PER_WEEK if period.startswith("w") else 1.0)


def _number(word: str | None) -> float:
    if word is None or word == "single":
        return 1.0
    return 2.0 if word in ("other", "alternate") else float(word)


def _interval(found: re.Match[str], text: str) -> float:
    groups = found.groupdict()
    times = _WORDS[groups["word"]] if groups.get("word") else float(groups.get("count") or 1)
    days = in_days(_number(groups.get("n")), groups["period"], text)
    if days <= 0 or times <= 0:
        raise InputError(
            "the interval between doses is not positive",
            given=text,
            allowed="more than 0 days",
            fix="correct it",
        )
    # as 'three times a day' is written: a whole number of doses in a day
    return days / times


def _latin(found: re.Match[str], text: str) -> float:
    return _LATIN[found.group()]


_KINDS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str], float]], ...] = (
    (
        re.compile(
            rf"(?:{_TIMES}\s*)?(?:\b(?:every|each|per|a|an)\b|/)\s*"
            rf"(?:(?P<n>{NUMBER}|other|alternate|single)\s*-?\s*)?{_PERIODS}\b(?!-)"
        ),
        _interval,
    ),
    (re.compile(rf"{_TIMES}\s*(?:in|every|per)\s+(?:(?P<n>{NUMBER})\s*)?{_PERIODS}\b"), _interval),
    (re.compile(rf"{_TIMES}\s*(?P<period>daily|weekly|fortnightly|hourly|monthly|yearly)\b"), _interval),
    (
        re.compile(
            r"(?:\b(?P<n>\d+)-)?\b(?P<period>daily|weekly|fortnightly|hourly|monthly|yearly|annually|quarterly)\b"
        ),
        _interval,
    ),
    (re.compile(rf"\b(?:on )?alternate {_PERIODS}\b"), lambda m, t: in_days(2.0, m["period"], t)),
    (re.compile(r"(?<![\w-])(?:" + "|".join(_LATIN) + r")(?![\w-])"), _latin),
    (re.compile(rf"\bq\s?(?:(?P<n>{NUMBER})\s?-?\s?)?(?:{_PERIODS}|(?P<month>m))\b(?!-)"), _interval),
)


def read_schedules(rest: str, text: str) -> tuple[list[Schedule], str]:
    """Return every schedule in the words of a part, and the words that are left.

    Raises
    ------
    InputError
        If a schedule is unclear, in months, or not positive.
    """
    for word, clear in _UNCLEAR.items():
        if re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", rest):
            raise InputError(
                f"'{word}' is not one schedule", given=text, allowed=clear, fix=f"write {clear.split(';')[0]}"
            )
    found = []
    for pattern, days in _KINDS:
        for match in pattern.finditer(rest):
            if "month" in match.groupdict() and match["month"]:
                in_days(1.0, "month", text)
            found.append(Schedule(match.group().strip(), days(match, text)))
        rest = pattern.sub(" | ", rest)
    found += [Schedule(match.group().strip(), None) for match in _ONCE.finditer(rest)]
    rest = _ONCE.sub(" | ", rest)
    loading = _LOADING.search(rest)
    if loading is not None:
        rest = _LOADING.sub(" | ", rest)
        found = found or [Schedule(loading.group(), None)]
    return found, rest
