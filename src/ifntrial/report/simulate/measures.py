"""Tables of the page: what is there before each dose and at its peak, and the non-compartmental measures."""

from ifntrial.calendar import DAYS_PER_WEEK
from ifntrial.report.plots.frame import Table
from ifntrial.report.wording import ABSENT, number, unit_label
from ifntrial.studies.simulate.result import DosingInterval, FollowedRegimen, OverSubjects, Simulation

MOST_ROWS = 14


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
    whole = [each for each in regimen.intervals if each.is_complete] or list(regimen.intervals)
    shown = whole if len(whole) < 2 else [whole[0], whole[-1]]
    unit = unit_label(result.units.concentration_unit)
    rows = [
        (f"Cmax [{unit}]", [text(each.peak) for each in shown]),
        ("tmax [day]", [text(each.peak_days) for each in shown]),
        (f"Cmin [{unit}]", [text(each.lowest) for each in shown]),
        (f"Before the next dose [{unit}]", [text(each.trough_after) for each in shown]),
        (f"Cavg [{unit}]", [text(each.average) for each in shown]),
        ("AUC [day µg/mL]", [text(each.area) for each in shown]),
    ]
    if result.counted_above is not None:
        rows.append(
            (f"Days above {number(result.counted_above)} {unit}", [text(each.days_above) for each in shown])
        )
    steady = regimen.steady_state
    if steady is not None:
        reached = "reached" if steady.is_reached else "not yet reached"
        first = [""] * (len(shown) - 1)
        rows.append(("Accumulation of the AUC", [*first, text(steady.accumulation_area)]))
        label = f"Change of the trough in this interval [%], steady state {reached}"
        rows.append((label, [*first, text(steady.trough_change, 100.0)]))
    if regimen.half_life_days is not None:
        rows.append(
            ("Half-life after the last dose [day]", [*[""] * (len(shown) - 1), text(regimen.half_life_days)])
        )
    return Table(("Measure", *(_head(each) for each in shown)), tuple((name, *cells) for name, cells in rows))


def _head(interval: DosingInterval) -> str:
    begins, ends = (number(day / DAYS_PER_WEEK) for day in (interval.begins_day, interval.ends_day))
    return f"Dose {interval.dose}, week {begins} to {ends}"


def text(values: OverSubjects | None, factor: float = 1.0) -> str:
    """Return "median (5 to 95 %)", three digits each, times a factor."""
    if values is None or not values.known:
        return ABSENT
    middle, low, high = (number(factor * each) for each in (values.q50, values.q05, values.q95))
    return f"{middle} ({low} to {high})"
