"""The calendar: how long days, weeks and years are, and on which days what is planned in weeks falls."""

import numpy as np
from numpy.typing import ArrayLike

from ifntrial.arrays import FloatArray

SECONDS_PER_DAY = 86_400
HOURS_PER_DAY = 24.0
MINUTES_PER_DAY = 1_440.0
DAYS_PER_WEEK = 7.0
DAYS_PER_YEAR = 365.25
DAYS_PER_MONTH = DAYS_PER_YEAR / 12.0
WEEKS_PER_YEAR = DAYS_PER_YEAR / DAYS_PER_WEEK


def planned_days(weeks: ArrayLike) -> FloatArray:
    """Return the whole days nearest to planned weeks [day].

    Whole, because 29 / 7 * 7 lies above 29 and 61 / 7 * 7 below 61: a visit would be after the dose of its day, or two
    visits on one day.
    """
    return np.rint(DAYS_PER_WEEK * np.asarray(weeks, dtype=np.float64))


def event_days(event_week: ArrayLike, visit_week: ArrayLike) -> FloatArray:
    """Return when events told in weeks of a plan happen [day]; an event at a planned visit happens on its day."""
    week = np.asarray(event_week, dtype=np.float64)
    return np.where(np.isin(week, visit_week), planned_days(week), DAYS_PER_WEEK * week)
