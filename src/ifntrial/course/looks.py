"""When to look at a course so that every peak and trough is seen: never on a grid that beats against the doses."""

from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.course.dose_plans import DosePlan
from ifntrial.read_only import read_only

MOST_LOOKS = 2_500
FEWEST_LOOKS = 300
BYTES = 8e8
"""Of all read-outs of all subjects at all looks."""
READ_OUTS = 13

JUST_AFTER_DAYS = 1e-9
"""A look at the time of a dose is before it; this much later it is after a dose that goes into the blood at once."""

_EVENLY = read_only(np.arange(1, 16) / 16.0)
_SHARES = read_only(np.unique(np.concatenate([_EVENLY, 2.0 ** -np.arange(1.0, 7.0, 0.5)])))
_SHARES_OF_SHORT = read_only(np.unique(np.concatenate([_EVENLY, 2.0 ** -np.arange(1.0, 9.0, 0.25)])))
"""Where a dosing interval is looked at: evenly, and closer together soon after the dose, most where it is short."""
SHORT_DAYS = 2.0


@dataclass(frozen=True, slots=True)
class DoseInterval:
    """From a dose to the next one, or to the end.

    Parameters
    ----------
    dose
        Number of the dose, from 1.
    first, last
        Places of its first look, before the dose, and its last, before the next one, in ``Looks.days``.
    is_complete
        Whether it is as long as the interval before it.
    """

    dose: int
    first: int
    last: int
    is_complete: bool


@dataclass(frozen=True, slots=True)
class Looks:
    """When a course is looked at [day], increasing, shape (looks,), and the intervals that are looked at closely."""

    days: FloatArray
    intervals: tuple[DoseInterval, ...]


def choose_looks(plan: DosePlan, until_days: float, asked_days: FloatArray, subjects: int) -> Looks:
    """Return the looks at a course until a day.

    Every interval between doses is looked at closely, or, of very many, some at the start, some at the end and some
    between; a look that is asked for is among them.
    """
    budget = int(np.clip(BYTES / (8 * READ_OUTS * subjects), FEWEST_LOOKS, MOST_LOOKS))
    starts = np.unique(plan.start_days)
    starts = starts[starts < until_days]
    chosen = _spread(len(starts), max(6, budget // 40))
    ends = np.append(starts[1:], until_days)[: len(starts)]
    usual = starts[-1] - starts[-2] if len(starts) > 1 else np.inf
    tail = np.empty(0)
    if len(starts) and starts[-1] + 1.5 * usual < until_days:
        # the last dose was some time ago: its interval is as long as the one before, and then it washes out
        ends[-1] = starts[-1] + usual
        tail = np.linspace(ends[-1], until_days, max(9, min(60, int(until_days - ends[-1]) + 1)))
    early = np.linspace(0.0, starts[0], 5) if len(starts) and starts[0] > 0 else np.zeros(1)
    inner = [_within(plan, starts[each], ends[each]) for each in chosen]
    days = np.unique(np.concatenate([early, *inner, tail, asked_days, [until_days]]))
    days = days[(days >= 0) & (days <= until_days)]
    intervals = tuple(
        DoseInterval(
            int(each) + 1,
            int(np.searchsorted(days, starts[each])),
            int(np.searchsorted(days, ends[each])),
            bool(
                each + 1 < len(starts) or ends[each] - starts[each] >= usual * (1 - 1e-9) or len(starts) == 1
            ),
        )
        for each in chosen
    )
    return Looks(days, intervals)


def _spread(count: int, most: int) -> list[int]:
    """Return which intervals are looked at: all, or the first and last thirds of ``most`` and some between."""
    if count <= most:
        return list(range(count))
    third = most // 3
    between = np.linspace(third, count - third - 1, most - 2 * third).round().astype(int).tolist()
    return sorted({*range(third), *between, *range(count - third, count)})


def _within(plan: DosePlan, start: float, end: float) -> FloatArray:
    """Return the looks from just before a dose to just before the next one."""
    mine = plan.start_days == start
    stops = start + plan.length_days[mine]
    stops = stops[(stops > start) & (stops <= end)]
    rest = stops.max() if len(stops) else start
    shares = _SHARES_OF_SHORT if end - start <= SHORT_DAYS else _SHARES
    looks = [np.array([start, end]), stops, rest + (end - rest) * shares, start + (stops - start) / 2.0]
    if np.any(plan.is_at_once[mine]):
        looks.append(np.array([start + JUST_AFTER_DAYS]))
    if end - rest > 7.0:
        looks.append(rest + np.arange(1.0, min(end - rest, 400.0)))
        looks.append(rest + 2.0 ** -np.arange(1.0, 6.0))
    # infusions of earlier doses may end within this interval
    overlapping = plan.start_days + plan.length_days
    looks.append(overlapping[(overlapping > start) & (overlapping < end) & (plan.length_days > 0)])
    return np.concatenate(looks)
