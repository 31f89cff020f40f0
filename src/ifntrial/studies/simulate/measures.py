"""Non-compartmental measures of a followed plan: by dosing interval, at steady state, and after the last dose."""

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.course.follow import Followed
from ifntrial.course.looks import DoseInterval
from ifntrial.course.noncompartmental import areas, terminal_half_lives, time_above
from ifntrial.levels import BAND
from ifntrial.studies.simulate.result import AtSteadyState, DosingInterval, OverSubjects

STEADY_CHANGE = 0.05
NEXT_TO_NOTHING = 1e-6
"""Of the peak: below this a concentration is what the solver's tolerance leaves."""


def spread(values: FloatArray) -> OverSubjects | None:
    """Return the quantiles of values, shape (subjects,), over those that are known; None where none is."""
    known = values[np.isfinite(values)]
    if not len(known):
        return None
    low, middle, high = (float(each) for each in np.percentile(known, BAND))
    return OverSubjects(low, middle, high, len(known) / len(values))


def _spread(values: FloatArray) -> OverSubjects:
    found = spread(values)
    return OverSubjects(0.0, 0.0, 0.0, 0.0) if found is None else found


def dosing_intervals(followed: Followed, level: float | None) -> tuple[DosingInterval, ...]:
    """Return the measures of every interval that was looked at closely."""
    concentration = followed.values["concentration"][followed.solved]
    return tuple(_measured(followed, concentration, each, level) for each in followed.looks.intervals)


def _measured(
    followed: Followed, concentration: FloatArray, interval: DoseInterval, level: float | None
) -> DosingInterval:
    part = slice(interval.first, interval.last + 1)
    days, values = followed.looks.days[part], concentration[:, part]
    start, end, shift = float(days[0]), float(days[-1]), followed.plan.shift_days
    area = areas(days, values)
    peak = np.argmax(values, axis=1)
    return DosingInterval(
        # doses of a run-in have no number
        dose=interval.dose - int((np.unique(followed.plan.start_days) < shift).sum()),
        begins_day=start - shift,
        ends_day=end - shift,
        is_complete=interval.is_complete,
        trough_before=_spread(values[:, 0]),
        trough_after=_spread(values[:, -1]),
        peak=_spread(values.max(axis=1)),
        peak_days=_spread(days[peak] - start),
        lowest=_spread(values.min(axis=1)),
        area=_spread(area),
        average=_spread(area / (end - start)),
        days_above=None if level is None else _spread(time_above(days, values, level)),
    )


def at_steady_state(followed: Followed) -> AtSteadyState | None:
    """Return the last complete interval beside the first; None unless both follow equal doses and are as long."""
    whole = [each for each in followed.looks.intervals if each.is_complete]
    if len(whole) < 2:
        return None
    first, last = whole[0], whole[-1]
    days = followed.looks.days
    lengths = [float(days[each.last] - days[each.first]) for each in (first, last)]
    sizes = [_given(followed, each) for each in (first, last)]
    if abs(lengths[0] - lengths[1]) > 1e-6 or sizes[0] != sizes[1] or sizes[0] == 0.0:
        return None
    values = followed.values["concentration"][followed.solved]
    parts = [values[:, each.first : each.last + 1] for each in (first, last)]
    area = [
        areas(days[each.first : each.last + 1], part) for each, part in zip((first, last), parts, strict=True)
    ]
    change = _spread(_ratio(parts[1][:, -1], parts[1][:, 0]) - 1.0)
    return AtSteadyState(
        dose=last.dose,
        trough_change=change,
        is_reached=abs(change.q50) < STEADY_CHANGE and change.known > 0,
        accumulation_area=_spread(_ratio(area[1], area[0])),
        accumulation_peak=_spread(_ratio(parts[1].max(axis=1), parts[0].max(axis=1))),
        accumulation_trough=_spread(_ratio(parts[1][:, -1], parts[0][:, -1])),
    )


def _given(followed: Followed, interval: DoseInterval) -> float:
    at = followed.plan.start_days == followed.looks.days[interval.first]
    return float(followed.plan.sizes[at].sum())


def _ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    return np.where(below > 0, above / np.where(below > 0, below, 1.0), np.nan)


def half_life(followed: Followed) -> OverSubjects | None:
    """Return the half-life of the terminal phase after the last dose [day]."""
    last = followed.looks.intervals[-1]
    days = followed.looks.days[last.first :]
    values = followed.values["concentration"][followed.solved][:, last.first :]
    left = np.where(values > NEXT_TO_NOTHING * values.max(axis=1, keepdims=True), values, 0.0)
    return spread(terminal_half_lives(days, left)) if len(values) else None
