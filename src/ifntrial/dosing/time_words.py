"""Times in words: ``0, 4, 12`` weeks, ``28 days``, ``12 h``."""

import re

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.calendar import DAYS_PER_WEEK, HOURS_PER_DAY
from ifntrial.errors import InputError

_TIME = re.compile(r"(?P<n>\d+(?:\.\d+)?(?:e[-+]?\d+)?)\s*(?P<unit>[a-z]*)")
_UNITS = {
    **dict.fromkeys(("", "w", "wk", "wks", "week", "weeks"), DAYS_PER_WEEK),
    **dict.fromkeys(("d", "day", "days"), 1.0),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 1.0 / HOURS_PER_DAY),
}
MOST_TIMES = 2_000


def read_times(text: str, option: str) -> FloatArray:
    """Return times [day], increasing, shape (times,), of a text such as ``0, 4, 12`` or ``28 days, 12 h``.

    A number without a unit has that of the next one with a unit, as in ``2, 9 days``; without any, numbers count weeks.

    Raises
    ------
    InputError
        If a time is not understood.
    """
    parts = [part.strip().lower() for part in text.split(",")]
    times, unit = [], ""
    for part in reversed(parts):
        found = _TIME.fullmatch(part)
        unit = found["unit"] if found is not None and found["unit"] else unit
        times.append(
            _time(part if found is None or found["unit"] else f"{part} {unit}".strip(), text, option)
        )
    return np.unique(np.array(times))


def read_every(text: str, until_days: float, option: str) -> FloatArray:
    """Return times from 0 on [day], shape (times,), a step apart, until a day.

    Raises
    ------
    InputError
        If the step is not understood, not above zero, or gives too many times.
    """
    step = _time(text.strip().lower().removeprefix("every").strip(), text, option)
    if not step > 0 or until_days / step > MOST_TIMES:
        raise InputError(
            f"{option} gives no times, or too many",
            given=text,
            allowed=f"a step above 0 that gives up to {MOST_TIMES} times",
            fix="choose another step",
        )
    return step * np.arange(int(until_days / step + 1e-9) + 1, dtype=np.float64)


def _time(part: str, text: str, option: str) -> float:
    found = _TIME.fullmatch(part)
    if found is None or found["unit"] not in _UNITS:
        raise InputError(
            f"a time of {option} is not understood",
            given=text,
            allowed="numbers of weeks, or with a unit: '0, 4, 12', '28 days, 36 h'",
            fix=f"correct '{part}'",
        )
    return round(float(found["n"]) * _UNITS[found["unit"]], 9)
