"""The one way in which a regimen is written: words that read back as the same regimen, to the last digit."""

from ifntrial.calendar import DAYS_PER_WEEK, HOURS_PER_DAY

MINUTES_PER_HOUR = 60.0
_A_DAY = {"twice a day": 2.0, "three times a day": 3.0, "four times a day": 4.0}
_A_WEEK = {"three times a week": 3.0}


def figure(value: float) -> str:
    """Return the shortest digits that read back as the same number."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))


def interval_words(days: float) -> str:
    """Return the time between doses, ``every 4 weeks``."""
    for words, times in _A_DAY.items():
        if days == 1.0 / times:
            return words
    for words, times in _A_WEEK.items():
        if days == DAYS_PER_WEEK / times:
            return words
    hours, weeks = round(days * HOURS_PER_DAY, 9), days / DAYS_PER_WEEK
    if days < 1.0 and hours / HOURS_PER_DAY == days:
        return "every hour" if hours == 1 else f"every {figure(hours)} hours"
    if weeks == int(weeks):
        return "every week" if weeks == 1 else f"every {figure(weeks)} weeks"
    return "every day" if days == 1 else f"every {figure(days)} days"


def infusion_words(hours: float) -> str:
    """Return the length of an infusion, ``over 90 min`` where that is a whole number and the hours are not."""
    minutes = round(hours * MINUTES_PER_HOUR, 9)
    is_short = len(figure(hours)) <= 6
    if not is_short and minutes / MINUTES_PER_HOUR == hours:
        return f"over {figure(minutes)} min"
    return f"over {figure(hours)} h"


def start_words(day: float) -> str:
    """Return the first day; a protocol counts from 1, which is said."""
    return f"from day {figure(day)}, counted from day 0"
