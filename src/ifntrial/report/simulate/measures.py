"""Tables of the page: what is there before each dose and at its peak, and the non-compartmental measures."""

from collections.abc import Iterator, Sequence

from ifntrial.calendar import DAYS_PER_WEEK, HOURS_PER_DAY
from ifntrial.report.plots.frame import Table
from ifntrial.report.wording import ABSENT, number, unit_label
from ifntrial.studies.simulate.result import (
    DosingInterval,
    FollowedRegimen,
    OverSubjects,
    ReadOut,
    Simulation,
)

MOST_ROWS = 14


def end_table(result: Simulation, engagement: str) -> Table:
    """Return what there is at the end of the time followed: drug, target and signature, a row for each regimen.

    Parameters
    ----------
    engagement
        What shows that the drug is at its target, in words; empty without such a read-out.
    """
    unit = unit_label(result.units.concentration_unit)
    headers = ["Regimen", f"Serum [{unit}]"]
    names = []
    if engagement:
        headers += [f"{engagement}, {tissue} [%]" for tissue in ("blood", "skin")]
        names += [f"{result.engagement}_{tissue}" for tissue in ("blood", "skin")]
    headers += [f"Signature lowered, {tissue} [%]" for tissue in ("blood", "skin")]
    names += ["suppression_blood", "suppression_skin"]
    rows = tuple(
        (
            each.regimen,
            _at_end(each.concentration),
            *(_at_end(getattr(each, name), 100.0) for name in names),
        )
        for each in result.followed
    )
    return Table(tuple(headers), rows)


def _at_end(values: ReadOut, factor: float = 1.0) -> str:
    low, middle, high = (number(factor * each[-1], 2) for each in (values.q05, values.q50, values.q95))
    return middle if low == middle == high else f"{middle} ({low} to {high})"


def dose_table(result: Simulation, regimen: FollowedRegimen) -> Table:
    """Return about fourteen doses: concentration just before, peak after, area until the next one."""
    unit, area = unit_label(result.units.concentration_unit), "day µg/mL"
    headers = ("Dose", "Week", f"Before it [{unit}]", f"Peak after it [{unit}]", f"AUC to the next [{area}]")
    rows = tuple(
        (
            str(each.dose),
            number(each.begins_day / DAYS_PER_WEEK),
            text(each.trough_before),
            text(each.peak),
            text(each.area),
        )
        for each in _each_nth(regimen)
    )
    return Table(headers, rows)


def before_doses(regimen: FollowedRegimen) -> list[float]:
    """Return the times just before about fourteen doses [week]."""
    return [each.begins_day / DAYS_PER_WEEK for each in _each_nth(regimen)]


def _each_nth(regimen: FollowedRegimen) -> list[DosingInterval]:
    count = len(regimen.intervals)
    step = max(1.0, (count - 1) / (MOST_ROWS - 1)) if count > 1 else 1.0
    places = sorted({round(row * step) for row in range(MOST_ROWS) if round(row * step) < count})
    return [regimen.intervals[place] for place in places]


def measure_table(result: Simulation, regimen: FollowedRegimen) -> Table:
    """Return the non-compartmental measures of the first and the last complete interval."""
    shown = _first_and_last(regimen)
    rows = list(_measures(result, shown))
    empty = [""] * (len(shown) - 1)
    rows += [(label, [*empty, cell]) for label, cell in _of_all(regimen)]
    return Table(("Measure", *(_head(each) for each in shown)), tuple((name, *cells) for name, cells in rows))


def last_interval_table(result: Simulation, regimens: Sequence[FollowedRegimen]) -> Table:
    """Return the measures of the last complete interval of each regimen, side by side."""
    last = [_first_and_last(each)[-1] for each in regimens]
    rows = [("Interval", [_head(each) for each in last])]
    rows += _measures(result, last)
    told = [dict(_of_all(each)) for each in regimens]
    labels = dict.fromkeys(label for each in told for label in each)
    rows += [(label, [each.get(label, "") for each in told]) for label in labels]
    headers = ("Measure", *(each.regimen for each in regimens))
    return Table(headers, tuple((name, *cells) for name, cells in rows))


def _first_and_last(regimen: FollowedRegimen) -> list[DosingInterval]:
    whole = [each for each in regimen.intervals if each.is_complete] or list(regimen.intervals)
    return whole if len(whole) < 2 else [whole[0], whole[-1]]


def _measures(result: Simulation, shown: Sequence[DosingInterval]) -> Iterator[tuple[str, list[str]]]:
    """Yield the label of each measure with what it is, once for each interval."""
    unit = unit_label(result.units.concentration_unit)
    yield f"Peak, Cmax [{unit}]", [text(each.peak) for each in shown]
    yield "Time of the peak, tmax", [time_text(each.peak_days) for each in shown]
    yield f"Lowest, Cmin [{unit}]", [text(each.lowest) for each in shown]
    yield f"Before the next dose [{unit}]", [text(each.trough_after) for each in shown]
    yield f"Average, Cavg [{unit}]", [text(each.average) for each in shown]
    yield "Area under the curve, AUC [day µg/mL]", [text(each.area) for each in shown]
    if result.counted_above is not None:
        yield f"Days above {number(result.counted_above)} {unit}", [text(each.days_above) for each in shown]


def _of_all(regimen: FollowedRegimen) -> Iterator[tuple[str, str]]:
    """Yield what is told of a whole regimen."""
    steady = regimen.steady_state
    if steady is not None:
        yield "Accumulation of the AUC", text(steady.accumulation_area)
        yield "Steady state", "reached" if steady.is_reached else "not yet reached"
        yield "Change of the trough in the last interval [%]", text(steady.trough_change, 100.0)
    if regimen.half_life_days is not None:
        yield "Half-life after the last dose [day]", text(regimen.half_life_days)


def _head(interval: DosingInterval) -> str:
    begins, ends = (number(day / DAYS_PER_WEEK) for day in (interval.begins_day, interval.ends_day))
    return f"Dose {interval.dose}, week {begins} to {ends}"


def time_text(days: OverSubjects | None) -> str:
    """Return a time in days, or in hours where it is shorter than a day, as ``text`` does.

    Examples
    --------
    >>> time_text(OverSubjects(0.02083, 0.02083, 0.02083, 1.0)), time_text(OverSubjects(1.9, 2.2, 2.6, 1.0))
    ('0.5 h', '2.2 (1.9 to 2.6) days')
    """
    if days is None or not days.known:
        return ABSENT
    return f"{text(days, HOURS_PER_DAY)} h" if days.q95 < 1.0 else f"{text(days)} days"


def text(values: OverSubjects | None, factor: float = 1.0) -> str:
    """Return "median (5 to 95 %)", two digits each, times a factor; one number where all are the same.

    Examples
    --------
    >>> text(OverSubjects(45.0, 90.4, 181.2, 1.0)), text(OverSubjects(0.5, 0.5, 0.5, 1.0))
    ('90 (45 to 181)', '0.5')
    """
    if values is None or not values.known:
        return ABSENT
    middle, low, high = (number(factor * each, 2) for each in (values.q50, values.q05, values.q95))
    return middle if low == middle == high else f"{middle} ({low} to {high})"
