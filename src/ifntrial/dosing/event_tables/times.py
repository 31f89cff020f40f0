"""Times of an event table in days: numbers, clock times and dates, and where a new occasion begins."""

import re
from datetime import date

import numpy as np

from ifntrial.arrays import FloatArray, IntArray
from ifntrial.calendar import HOURS_PER_DAY, MINUTES_PER_DAY
from ifntrial.dosing.event_tables.text_table import MISSING, TextTable
from ifntrial.errors import InputError, listed

TIME_UNITS = {
    "day": 1.0,
    "days": 1.0,
    "hour": 1 / HOURS_PER_DAY,
    "hours": 1 / HOURS_PER_DAY,
    "h": 1 / HOURS_PER_DAY,
}
"""Units of TIME and II to days."""

_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eEdD][-+]?\d+)?")
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def number(text: str) -> float:
    """Return a number as NONMEM writes it; NaN if the text is none. A point for a missing value is NaN too."""
    if _NUMBER.fullmatch(text) is None:
        return float("nan")
    return float(text.replace("d", "e").replace("D", "e"))


def day_factor(unit: str, table: TextTable) -> float:
    """Return days in one unit of TIME; a CDISC column AFRLTU must agree.

    Raises
    ------
    InputError
        If the unit is not known, or the table says another.
    """
    if unit not in TIME_UNITS:
        raise InputError(
            f"unit of time '{unit}' is not known", allowed="day or hour", fix="choose one of these"
        )
    said = {text.lower() for text in table.columns.get("AFRLTU", []) if text not in MISSING}
    if said and any(TIME_UNITS.get(each) != TIME_UNITS[unit] for each in said):
        raise InputError(
            "the table says another unit of time (AFRLTU)",
            given=listed(sorted(said)),
            allowed=unit,
            fix="say the unit of the table: day or hour",
        )
    return TIME_UNITS[unit]


def read_times(table: TextTable, subject: IntArray, factor: float) -> tuple[FloatArray, list[str]]:
    """Return the time of each record [day], shape (records,), and what is wrong, with rows.

    Numbers are days (or what ``factor`` makes days). With a DATE, or where TIME is a clock time, days count from the
    first record of each subject, and TIME is a clock time.
    """
    rows = len(table.rows)
    texts = table.columns.get("TIME", ["0:00"] * rows)
    is_clock = np.array([":" in text for text in texts])
    if "DATE" not in table.columns and not is_clock.any():
        times = np.array([number(text) for text in texts]) * factor
        return times, _told(table, {"TIME is missing or not a number": ~np.isfinite(times)})
    days = np.array([_date(text) for text in table.columns.get("DATE", ["0"] * rows)])
    clock = np.array([_clock(text) for text in texts])
    problems = _told(
        table,
        {
            "DATE is neither a whole number of days nor year-month-day, such as 2026-11-28": ~np.isfinite(
                days
            ),
            "TIME beside a DATE or a clock time is not a clock time, such as 08:30": ~np.isfinite(clock),
        },
    )
    times = days + clock
    first = np.unique(subject, return_index=True)[1]
    # whole minutes, so that a week from 8:30 to 8:30 is seven days to the last bit
    return np.round((times - times[first[subject]]) * MINUTES_PER_DAY * 60.0) / (
        MINUTES_PER_DAY * 60.0
    ), problems


def _date(text: str) -> float:
    found = _DATE.fullmatch(text)
    if found is None:
        value = number(text)
        return value if np.isfinite(value) and value == int(value) else float("nan")
    try:
        return float(date(int(found[1]), int(found[2]), int(found[3])).toordinal())
    except ValueError:
        return float("nan")


def _clock(text: str) -> float:
    if number(text) == 0.0 or text in MISSING:
        return 0.0 if text not in MISSING else float("nan")
    found = _CLOCK.fullmatch(text)
    if found is None:
        return float("nan")
    hours, minutes, seconds = int(found[1]), int(found[2]), int(found[3] or 0)
    if hours > 24 or minutes > 59 or seconds > 59 or (hours == 24 and (minutes or seconds)):
        return float("nan")
    return hours / HOURS_PER_DAY + (minutes + seconds / 60.0) / MINUTES_PER_DAY


def _told(table: TextTable, checks: dict[str, np.ndarray]) -> list[str]:
    rows = np.array(table.rows)
    return [f"{what}: row {listed(rows[wrong])}" for what, wrong in checks.items() if wrong.any()]
