"""Time courses: a median line with its 5 to 95 % band for each arm or tissue."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import plotly.graph_objects as go

from ifntrial.report.palette import see_through
from ifntrial.report.plots.frame import Table, axis, new_figure, week_axis
from ifntrial.report.wording import decimals_for, fixed, is_number


@dataclass(frozen=True, slots=True)
class Course:
    """One line with a band.

    Attributes
    ----------
    label
        Written at the end of the line.
    color
        Hexadecimal.
    low, middle, high
        The 5, 50 and 95 % values, one for each time; ``None`` where there is none.
    dash
        ``solid``, ``dash`` or ``dot``.
    """

    label: str
    color: str
    low: Sequence[Any]
    middle: Sequence[Any]
    high: Sequence[Any]
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
    height: int = 320,
    y_range: Sequence[float] | None = None,
    markers: bool = False,
    unit: str = "",
) -> go.Figure:
    """Return a figure of courses over time, each labelled at its end.

    Parameters
    ----------
    weeks
        Times [week], shape (times,).
    courses
        One for each line; values of shape (times,).
    y_title
        Title of the vertical axis with its unit.
    height
        Height [px].
    y_range
        Fixed range of the vertical axis, so that neighbours can be compared.
    markers
        Whether the times are visits, each shown with a point.
    unit
        Unit behind the numbers shown under the pointer.
    """
    settings: dict[str, Any] = {"range": list(y_range)} if y_range else {"rangemode": "tozero"}
    figure = new_figure(
        height, week_axis(max(weeks, default=1.0)), axis(y_title, **settings), hovermode="x unified"
    )
    for one in courses:
        _add_course(figure, weeks, one, markers, unit)
    _label_ends(figure, weeks, courses)
    return figure


def _add_course(figure: go.Figure, weeks: Sequence[float], one: Course, markers: bool, unit: str) -> None:
    edge = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    figure.add_scatter(x=list(weeks), y=list(one.high), **edge)
    figure.add_scatter(
        x=list(weeks), y=list(one.low), fill="tonexty", fillcolor=see_through(one.color, 0.15), **edge
    )
    figure.add_scatter(
        x=list(weeks),
        y=list(one.middle),
        mode="lines+markers" if markers else "lines",
        line={"color": one.color, "width": 2, "dash": one.dash},
        marker={"size": 5},
        name=one.label,
        customdata=list(zip(one.low, one.high, strict=True)),
        hovertemplate=f"%{{y:.3~g}} {unit} (%{{customdata[0]:.3~g}} to %{{customdata[1]:.3~g}})",
    )


def _label_ends(figure: go.Figure, weeks: Sequence[float], courses: Sequence[Course]) -> None:
    """Write each label by its line: the upper line's above, the lower line's below."""
    ended = [(one, [value for value in one.middle if is_number(value)]) for one in courses]
    ended = [(one, values) for one, values in ended if values]
    ended.sort(key=lambda pair: pair[1][-1], reverse=True)
    for place, (one, values) in enumerate(ended):
        is_upper = place == 0
        figure.add_annotation(
            x=max(weeks),
            y=values[-1],
            text=f"<b>{one.label}</b>",
            showarrow=False,
            xanchor="right",
            yanchor="bottom" if is_upper else "top",
            yshift=4 if is_upper else -4,
            font={"size": 11, "color": one.color},
            bgcolor="rgba(255,255,255,0.7)",
            borderpad=1,
        )


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
