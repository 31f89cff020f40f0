"""What ``ifntrial simulate`` prints: each regimen before and after its doses, and its non-compartmental measures."""

from collections.abc import Iterator, Sequence

from ifntrial.calendar import DAYS_PER_WEEK
from ifntrial.studies.simulate.result import (
    DosingInterval,
    FollowedRegimen,
    OverSubjects,
    ReadOut,
    Simulation,
)

ENGAGEMENTS = {
    "occupancy": "receptor occupancy",
    "ifn_alpha_bound": "IFN-alpha bound",
    "kinase_inhibition": "kinase inhibition",
}
MOST_ROWS = 14
_DRAWN = 1e-9
_A_DAY = 1.0 + _DRAWN


def simulation_lines(result: Simulation) -> Iterator[str]:
    """Yield every line of a simulation, regimen after regimen."""
    people = result.people
    yield f"{result.drug}, {people.subjects} virtual subjects: {people.meaning}"
    for name, words in result.replaced.items():
        yield f"Set: {name} = {words}"
    for note in result.notes:
        yield f"{note}."
    for each in result.followed:
        yield ""
        yield from _regimen_lines(result, each)
    yield ""
    yield "Median (5 to 95 % of subjects). (a) share of the IFNAR-driven signal removed;"
    yield "(b) 1 - post/pre of the fold-change score. Research only: not for diagnosis or treatment."


def _regimen_lines(result: Simulation, regimen: FollowedRegimen) -> Iterator[str]:
    factor, unit = _unit(regimen.concentration)
    columns = _columns(result, regimen)
    yield f"{result.drug} {regimen.regimen}: {regimen.doses} dose{'s' if regimen.doses > 1 else ''}"
    yield from _dose_rows(regimen, columns, factor, unit)
    yield from _asked_rows(regimen, columns, factor, unit)
    yield from _measures(result, regimen, factor, unit)
    yield from _swing(regimen)
    failed = {word: n for word, n in regimen.subjects_status.items() if word != "ok"}
    if failed:
        yield f"Not solved and left out of the percentiles: {failed}"
    yield from _observed_lines(result, regimen)


def _columns(result: Simulation, regimen: FollowedRegimen) -> dict[str, ReadOut]:
    at_target = regimen.at_target(result.engagement)
    return {
        ENGAGEMENTS[result.engagement or "occupancy"]: (at_target or (regimen.occupancy_blood,))[0],
        "suppression (a)": regimen.ifn_driven_suppression_blood,
        "suppression (b)": regimen.suppression_blood,
    }


def _dose_rows(
    regimen: FollowedRegimen, columns: dict[str, ReadOut], factor: float, unit: str
) -> Iterator[str]:
    """Yield a row for each n-th dose: what is there just before it, and the peak after it."""
    yield f"{'':>6}{'':>7}{'before the dose':>27}{'peak after it':>27}" + "".join(
        f"{each:>22}" for each in columns
    )
    yield (
        f"{'dose':>6}{'week':>7}"
        + f"{f'serum [{unit}]':>27}" * 2
        + f"{'blood, before [%]':>22}" * len(columns)
    )
    for interval in _each_nth(regimen.intervals):
        place = _place(regimen, interval.begins_day)
        cells = "".join(f"{_at(values, place, 100.0, 1):>22}" for values in columns.values())
        before, peak = _text(interval.trough_before, factor), _text(interval.peak, factor)
        yield f"{interval.dose:>6}{interval.begins_day / DAYS_PER_WEEK:>7.1f}{before:>27}{peak:>27}{cells}"
    last = len(regimen.time_days) - 1
    cells = "".join(f"{_at(values, last, 100.0, 1):>22}" for values in columns.values())
    end = _at(regimen.concentration, last, factor, 2)
    yield f"{'end':>6}{regimen.time_days[-1] / DAYS_PER_WEEK:>7.1f}{end:>27}{'':>27}{cells}"


def _each_nth(intervals: Sequence[DosingInterval]) -> list[DosingInterval]:
    """Return about fourteen intervals, the first and the last among them."""
    if len(intervals) <= MOST_ROWS:
        return list(intervals)
    step = (len(intervals) - 1) / (MOST_ROWS - 1)
    return [intervals[round(row * step)] for row in range(MOST_ROWS)]


def _asked_rows(
    regimen: FollowedRegimen, columns: dict[str, ReadOut], factor: float, unit: str
) -> Iterator[str]:
    if not regimen.asked_days:
        return
    yield "At the times asked for, before a dose that is due then"
    yield f"{'day':>10}{'week':>7}{f'serum [{unit}]':>24}" + "".join(
        f"{each + ' [%]':>24}" for each in columns
    )
    for day in regimen.asked_days:
        if not 0.0 <= day <= regimen.time_days[-1] + _DRAWN:
            continue
        place = _place(regimen, day)
        cells = "".join(f"{_at(values, place, 100.0, 1):>24}" for values in columns.values())
        serum = _at(regimen.concentration, place, factor, 2)
        yield f"{day:>10.4g}{day / DAYS_PER_WEEK:>7.2f}{serum:>24}{cells}"


def _measures(result: Simulation, regimen: FollowedRegimen, factor: float, unit: str) -> Iterator[str]:
    whole = [each for each in regimen.intervals if each.is_complete] or list(regimen.intervals)
    if not whole:
        return
    shown = [whole[0]] if len(whole) == 1 else [whole[0], whole[-1]]
    heads = "".join(
        f"{f'dose {each.dose}, week {each.begins_day / DAYS_PER_WEEK:.3g} to {each.ends_day / DAYS_PER_WEEK:.3g}':>30}"
        for each in shown
    )
    yield f"{'Non-compartmental':<26}{heads}"
    rows = [
        (f"Cmax [{unit}]", [_text(each.peak, factor) for each in shown]),
        ("tmax [day]", [_text(each.peak_days, digits=3) for each in shown]),
        (f"Cmin [{unit}]", [_text(each.lowest, factor) for each in shown]),
        (f"Ctrough [{unit}]", [_text(each.trough_after, factor) for each in shown]),
        (f"Cavg [{unit}]", [_text(each.average, factor) for each in shown]),
        (f"AUC [day*{unit}]", [_text(each.area, factor, 1) for each in shown]),
    ]
    if result.counted_above is not None:
        above = [_text(each.days_above) if each.days_above else "" for each in shown]
        rows.append((f"days above {result.counted_above:g} ug/mL", above))
    for name, cells in rows:
        yield f"{name:<26}" + "".join(f"{cell:>30}" for cell in cells)
    steady = regimen.steady_state
    if steady is not None:
        words = "at steady state" if steady.is_reached else "not yet at steady state"
        change = f"{100 * steady.trough_change.q50:+.1f} % in the last complete interval"
        yield f"{'accumulation, AUC':<26}{_text(steady.accumulation_area):>30}   ({words}: trough {change})"
    if regimen.half_life_days is not None:
        few = (
            "" if regimen.half_life_days.known > 0.995 else f", of {100 * regimen.half_life_days.known:.0f} %"
        )
        yield f"{'half-life at the end [day]':<26}{_text(regimen.half_life_days):>30}{few}"


def _swing(regimen: FollowedRegimen) -> Iterator[str]:
    """Yield how far a drug that is taken every day lets the signature swing between two doses."""
    whole = [each for each in regimen.intervals if each.is_complete]
    if not whole or whole[-1].ends_day - whole[-1].begins_day > _A_DAY:
        return
    begins, ends = whole[-1].begins_day - _DRAWN, whole[-1].ends_day + _DRAWN
    looks = zip(regimen.time_days, regimen.suppression_blood.q50, strict=True)
    values = [100.0 * value for day, value in looks if begins <= day <= ends]
    yield (
        f"Between the last two doses suppression (b) of the median subject swings from {min(values):.1f} to "
        f"{max(values):.1f} %"
    )


def _observed_lines(result: Simulation, regimen: FollowedRegimen) -> Iterator[str]:
    """Yield how many measurements of each read-out lie within the band."""
    for name in dict.fromkeys(each.read_out for each in result.observed):
        points = [each for each in result.observed if each.read_out == name]
        band: ReadOut = getattr(regimen, name)
        inside = sum(
            _between(regimen, band.q05, each.day) <= each.measured <= _between(regimen, band.q95, each.day)
            for each in points
        )
        yield f"Own measurements of {name}: {inside} of {len(points)} within 5 to 95 % of subjects"


def _between(regimen: FollowedRegimen, values: Sequence[float], day: float) -> float:
    """Return a value between two looks, along a line."""
    days = regimen.time_days
    place = next((each for each, one in enumerate(days) if one >= day - _DRAWN), len(days) - 1)
    if place == 0 or abs(days[place] - day) <= _DRAWN:
        return values[place]
    share = (day - days[place - 1]) / (days[place] - days[place - 1])
    return values[place - 1] + share * (values[place] - values[place - 1])


def _place(regimen: FollowedRegimen, day: float) -> int:
    """Return the look nearest to a day; before a dose that is given then."""
    return min(range(len(regimen.time_days)), key=lambda place: abs(regimen.time_days[place] - day))


def _unit(values: ReadOut) -> tuple[float, str]:
    return (1.0, "ug/mL") if max(values.q50) >= 1.0 else (1000.0, "ng/mL")


def _at(values: ReadOut, place: int, factor: float, digits: int) -> str:
    return _three(values.q50[place], values.q05[place], values.q95[place], factor, digits)


def _text(values: OverSubjects, factor: float = 1.0, digits: int = 2) -> str:
    return _three(values.q50, values.q05, values.q95, factor, digits) if values.known else "not known"


def _three(middle: float, low: float, high: float, factor: float, digits: int) -> str:
    # adding zero turns a rounded -0.0 into 0.0
    shown = [f"{round(each * factor, digits) + 0.0:.{digits}f}" for each in (middle, low, high)]
    return f"{shown[0]} ({shown[1]} to {shown[2]})"
