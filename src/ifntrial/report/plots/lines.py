"""Curves over a number, such as chance of success over size or cost, one line for each choice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import plotly.graph_objects as go

from ifntrial.report.palette import INK, PAPER, QUIET, see_through
from ifntrial.report.plots.frame import axis, new_figure

_COLORS = (INK, "#005f9e", "#b8470a", "#00795a", "#7a3e9d", "#9c3f77", "#8a5a00", "#00737a", "#a3262f")
_DASHES = ("solid", "dash", "dot")


@dataclass(frozen=True, slots=True)
class Line:
    """One curve.

    Attributes
    ----------
    label
        Shown under the pointer; the page's key names it too.
    color, dash
        How it is drawn.
    x, y
        Shape (points,).
    low, high
        Ends of a band, shape (points,); empty for none.
    marked
        Which points are drawn filled; empty for none.
    """

    label: str
    color: str
    x: Sequence[float]
    y: Sequence[float]
    dash: str = "solid"
    low: Sequence[float] = ()
    high: Sequence[float] = ()
    marked: Sequence[bool] = field(default=())


def line_styles(names: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return a colour and a dash for each name; the first, which others are compared with, is in ink."""
    count = len(_COLORS)
    return {
        name: (_COLORS[place % count], _DASHES[place // count % len(_DASHES)])
        for place, name in enumerate(names)
    }


def plot_lines(
    lines: Sequence[Line],
    x_title: str,
    y_title: str,
    *,
    height: int = 340,
    log_x: bool = False,
    x_ticks: Sequence[float] = (),
    y_range: Sequence[float] | None = None,
    levels: Sequence[float] = (),
) -> go.Figure:
    """Return a figure of lines.

    Parameters
    ----------
    levels
        Heights of dotted reference lines.
    x_ticks
        Where the horizontal axis is labelled; empty for an even grid.
    """
    x_settings: dict[str, object] = {"type": "log"} if log_x else {}
    if x_ticks:
        x_settings |= {"tickvals": list(x_ticks), "ticktext": [f"{tick:g}" for tick in x_ticks]}
    y_settings = {"range": list(y_range)} if y_range else {}
    figure = new_figure(height, axis(x_title, **x_settings), axis(y_title, **y_settings))
    for level in levels:
        figure.add_hline(y=level, line={"color": QUIET, "width": 1, "dash": "dot"}, layer="below")
    for line in lines:
        _add_band(figure, line)
    for line in lines:
        _add_line(figure, line, x_title)
    return figure


def _add_band(figure: go.Figure, line: Line) -> None:
    if not line.low:
        return
    edge = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    figure.add_scatter(x=list(line.x), y=list(line.high), **edge)
    figure.add_scatter(
        x=list(line.x), y=list(line.low), fill="tonexty", fillcolor=see_through(line.color, 0.12), **edge
    )


def _add_line(figure: go.Figure, line: Line, x_title: str) -> None:
    fills = [line.color if is_marked else PAPER for is_marked in line.marked] or line.color
    figure.add_scatter(
        x=list(line.x),
        y=list(line.y),
        mode="lines+markers" if line.marked else "lines",
        line={"color": line.color, "width": 2, "dash": line.dash},
        marker={"size": 8, "color": fills, "line": {"color": line.color, "width": 1.5}},
        name=line.label,
        hovertemplate=f"{line.label}<br>{x_title}: %{{x:.4~g}}<br>%{{y:.3~g}}<extra></extra>",
    )
