"""Distances of simulated from published values, one row each."""

from collections.abc import Sequence

import plotly.graph_objects as go

from ifntrial.levels import NORMAL_95
from ifntrial.report.palette import ACTIVE, INK, PAPER, QUIET
from ifntrial.report.plots.frame import Panel, axis, new_figure
from ifntrial.report.validate.history import USES
from ifntrial.report.wording import number
from ifntrial.studies.validate.result import Compared

MISS = "#b8470a"
FARTHEST = 8.0
"""Farther misses stand at the edge of the figure; their number is written beside them."""

ROW_HEIGHT, MARGINS = 19, 70
LABEL_LENGTH = 58


def distances(rows: Sequence[Compared]) -> list[tuple[Compared, float]]:
    """Return the rows with a distance, in standard deviations of worlds, trial effect and sampling together."""
    return [(row, row.predicted.standardized) for row in rows if row.predicted is not None]


def forest(name: str, heading: str, rows: Sequence[Compared]) -> Panel:
    """Return the distances of expected from published values, one row each, in table order."""
    shown = distances(rows)
    height = ROW_HEIGHT * len(shown) + MARGINS
    figure = new_figure(
        height,
        axis(
            "Expected less published [SD of worlds, trials and sampling]",
            range=[-FARTHEST - 0.8, FARTHEST + 0.8],
        ),
        axis(
            tickmode="array",
            tickvals=list(range(len(shown))),
            ticktext=[_label(row.observation) for row, _ in shown],
            range=[len(shown) - 0.4, -0.6],
            showgrid=False,
            ticks="",
            fixedrange=True,
        ),
    )
    figure.add_vrect(x0=-NORMAL_95, x1=NORMAL_95, fillcolor="#eceff2", line_width=0, layer="below")
    figure.add_vline(x=0, line={"color": QUIET, "width": 1, "dash": "dot"}, layer="below")
    for place, (row, distance) in enumerate(shown):
        _mark(figure, place, row, distance)
    caption = (
        f"Grey: within {NORMAL_95:.2f} standard deviations. Circles are there for fits, diamonds are kept for tests; "
        "filled marks are misses. Marks at the edge lie farther out. Small ticks: the same by sampling error alone."
    )
    return Panel(f"forest-{name}", f"{heading}: distance from published", caption, figure, height)


def _label(id: str) -> str:
    return id if len(id) <= LABEL_LENGTH else f"…{id[-LABEL_LENGTH + 1 :]}"


def _on_figure(distance: float) -> float:
    return max(-FARTHEST, min(FARTHEST, distance))


def _mark(figure: go.Figure, place: int, row: Compared, distance: float) -> None:
    is_miss = row.verdict == "miss"
    color = MISS if is_miss else ACTIVE
    at = _on_figure(distance)
    symbol, use = USES[row.use]
    hover = (
        f"{row.observation}<br>published {number(row.published)}, simulated {number(row.simulated)} "
        f"{row.unit}<br>{number(distance, 2)} SD, by sampling alone {number(row.z, 2)}, {use}"
    )
    if row.z is not None:
        tick = {"symbol": "line-ns", "size": 8, "line": {"color": QUIET, "width": 1.5}}
        figure.add_scatter(x=[_on_figure(row.z)], y=[place], mode="markers", marker=tick, hoverinfo="skip")
    figure.add_scatter(
        x=[at],
        y=[place],
        mode="markers+text" if abs(distance) > FARTHEST else "markers",
        text=[number(distance, 2)],
        textposition="middle left" if at > 0 else "middle right",
        textfont={"size": 10, "color": INK},
        marker={
            "symbol": symbol,
            "size": 9,
            "color": color if is_miss else PAPER,
            "line": {"color": color, "width": 2},
        },
        hoverinfo="text",
        hovertext=hover,
    )
