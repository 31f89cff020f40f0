"""What all figures share: type, axes, margins, and how a figure is put into a page."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from ifntrial.report.palette import FONT, GRID, INK, PAPER, QUIET, RULE


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers behind a figure, already in words."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """A figure with its title, its caption in words, and its numbers.

    ``columns`` is how many panels stand side by side on a wide screen and in print.
    """

    name: str
    title: str
    caption: str
    figure: go.Figure
    height: int = 320
    columns: int = 1
    table: Table | None = None

    def to_json(self) -> str:
        """Return the figure as JSON that is safe inside a script element."""
        shown = json.loads(self.figure.to_json())
        text = json.dumps({"data": shown["data"], "layout": shown["layout"]}, separators=(",", ":"))
        return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def axis(title: str = "", **settings: object) -> dict[str, Any]:
    """Return the settings of an axis: thin grid, outside ticks, title with its unit."""
    return {
        "title": {"text": title, "font": {"size": 12, "color": QUIET}, "standoff": 8},
        "gridcolor": GRID,
        "linecolor": RULE,
        "tickcolor": RULE,
        "zeroline": False,
        "ticks": "outside",
        "ticklen": 4,
        "tickfont": {"size": 11, "color": QUIET},
        "automargin": True,
        "fixedrange": False,
        **settings,
    }


def new_figure(height: int, x: dict[str, Any], y: dict[str, Any], **layout: object) -> go.Figure:
    """Return an empty figure in the house style.

    Parameters
    ----------
    height
        Height [px]; the width follows the page.
    x, y
        Axis settings from ``axis``.
    """
    figure = go.Figure()
    figure.update_layout(
        template="none",
        height=height,
        autosize=True,
        margin={"l": 8, "r": 12, "t": 10, "b": 8},
        paper_bgcolor=PAPER,
        plot_bgcolor=PAPER,
        font={"family": FONT, "size": 12, "color": INK},
        hoverlabel={"bgcolor": PAPER, "bordercolor": RULE, "font": {"color": INK, "size": 12}},
        showlegend=False,
        xaxis=x,
        yaxis=y,
        **layout,
    )
    return figure


def week_axis(last_week: float, **settings: object) -> dict[str, Any]:
    """Return a time axis in weeks with ticks where visits usually are."""
    steps = (1, 2, 4, 8, 12, 13, 26, 52)
    step = next((step for step in steps if last_week / step <= 7), 52)
    return axis("Week", range=[0, last_week], tick0=0, dtick=step, **settings)


def padded(values: Sequence[float], share: float = 0.06) -> list[float]:
    """Return a range that holds all values with a little room at both ends."""
    low, high = min(values), max(values)
    room = (high - low) * share or abs(high) * share or 1.0
    return [low - room, high + room]
