"""Time courses: a median line with its 5 to 95 % band for each arm or tissue."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ifntrial.report.plots.frame import Axis, Drawing, Key, Table, week_ticks
from ifntrial.report.plots.marks import Area, Dots, Mark, Stroke, Values
from ifntrial.report.wording import decimals_for, fixed, is_number


@dataclass(frozen=True, slots=True)
class Course:
    """One line with a band.

    Attributes
    ----------
    label
        Named in the key.
    color
        Hexadecimal.
    low, middle, high
        The 5, 50 and 95 % values, one for each time; ``None`` where there is none.
    dash
        ``solid``, ``dash`` or ``dot``.
    """

    label: str
    color: str
    low: Values
    middle: Values
    high: Values
    dash: str = "solid"


class OverTime(Protocol):
    """Quantiles at 5, 50 and 95 % of something, each of shape (times,)."""

    @property
    def q05(self) -> Sequence[float | None]: ...  # noqa: D102

    @property
    def q50(self) -> Sequence[float | None]: ...  # noqa: D102

    @property
    def q95(self) -> Sequence[float | None]: ...  # noqa: D102


def course(label: str, color: str, band: OverTime, scale: float = 1.0, dash: str = "solid") -> Course:
    """Return a course from a band, times ``scale``."""
    low, middle, high = (
        [scale * each if is_number(each) else None for each in line]
        for line in (band.q05, band.q50, band.q95)
    )
    return Course(label, color, low, middle, high, dash)


def plot_courses(
    weeks: Sequence[float],
    courses: Sequence[Course],
    y_title: str,
    *,
    height: float = 220,
    y_range: tuple[float, float] | None = None,
    markers: bool = False,
    more: Sequence[Dots] = (),
) -> Drawing:
    """Return a figure of courses over time, with a key above if there are several.

    Parameters
    ----------
    weeks
        Times [week], shape (times,).
    courses
        One for each line; values of shape (times,).
    y_title
        Title of the vertical axis with its unit.
    height
        Height inside the axes [unit].
    y_range
        Fixed range of the vertical axis, so that neighbours can be compared.
    markers
        Whether the times are visits, each shown with a point.
    more
        Points drawn over the courses.
    """
    last = max(weeks, default=1.0)
    marks: list[Mark] = [Area(weeks, one.low, one.high, one.color, one.label, "5 to 95 %") for one in courses]
    marks += [Stroke(weeks, one.middle, one.color, one.label, "median", dash=one.dash) for one in courses]
    if markers:
        marks += [Dots(weeks, one.middle, one.color, size=5.0) for one in courses]
    x = Axis("Week", (0.0, last), week_ticks(last, weeks if markers else ()))
    keys = [Key(one.label, one.color, one.dash) for one in courses]
    return Drawing(height, x, Axis(y_title, y_range, has_zero=True), [*marks, *more], keys)


def course_table(
    weeks: Sequence[float], lines: Sequence[Course], unit: str, at_weeks: Sequence[float] = ()
) -> Table:
    """Return about eight times of each course in numbers, the last among them.

    Parameters
    ----------
    at_weeks
        The times to show, where an even choice would beat against doses; the nearest of ``weeks`` are taken.
    """
    step = max(1, -(-len(weeks) // 8))
    places = list(range(len(weeks) - 1, -1, -step))[::-1]
    if at_weeks:
        near = [min(range(len(weeks)), key=lambda each: abs(weeks[each] - week)) for week in at_weeks]
        places = sorted({*near, len(weeks) - 1})
    digits = decimals_for(span_of(lines))
    headers = ("Week", *(f"{line.label} [{unit}]: median (5 to 95 %)" for line in lines))
    rows = tuple(
        (f"{weeks[place]:.3g}", *(course_at(line, place, digits) for line in lines)) for place in places
    )
    return Table(headers, rows)


def course_at(line: Course, place: int, digits: int = 1) -> str:
    """Return "median (5 to 95 %)" of a course at one of its times."""
    low, middle, high = (fixed(values[place], digits) for values in (line.low, line.middle, line.high))
    return f"{middle} ({low} to {high})"


def values_of(lines: Sequence[Course]) -> list[float]:
    """Return every number of the courses."""
    every = (values for line in lines for values in (line.low, line.middle, line.high))
    return [value for values in every for value in values if is_number(value)]


def span_of(lines: Sequence[Course]) -> float:
    """Return how far the numbers of the courses lie apart."""
    values = values_of(lines)
    return max(values, default=0.0) - min(values, default=0.0)
