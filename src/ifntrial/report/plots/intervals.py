"""Rows of intervals: thin bar 5 to 95 %, thick bar 25 to 75 %, tick at the median, diamond at the mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from ifntrial.report.palette import INK, PAPER, QUIET
from ifntrial.report.plots.frame import axis, new_figure, padded
from ifntrial.report.wording import is_number

ROW_HEIGHT = 58


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its label stands above its bars, so that narrow screens have room."""

    label: str
    color: str
    band: Mapping[str, Any]
    mean: float | None = None
    note: str = ""


def height_of_rows(count: int) -> int:
    """Return the height [px] a figure of ``count`` rows needs."""
    return ROW_HEIGHT * count + 56


def plot_rows(
    rows: Sequence[Row],
    x_title: str,
    *,
    scale: float = 1.0,
    x_range: Sequence[float] | None = None,
    line_at: float | None = None,
    unit: str = "",
) -> go.Figure:
    """Return a figure with one interval per row, the first on top.

    Parameters
    ----------
    rows
        Bands with the keys ``5``, ``25``, ``50``, ``75`` and ``95``.
    x_title
        Title of the axis with its unit.
    scale
        Factor from the values to the axis, 100 for percentages.
    x_range
        Range of the axis, after scaling.
    line_at
        Where a reference line stands, after scaling.
    unit
        Unit behind the numbers shown under the pointer.
    """
    values = [scale * value for row in rows for value in row.band.values() if is_number(value)]
    ends = list(x_range) if x_range else padded([*values, *([] if line_at is None else [line_at])] or [0.0])
    figure = new_figure(
        height_of_rows(len(rows)),
        axis(x_title, range=ends),
        axis(range=[-0.45, len(rows) - 0.3], showticklabels=False, ticks="", showgrid=False, fixedrange=True),
    )
    if line_at is not None:
        figure.add_vline(x=line_at, line={"color": QUIET, "width": 1, "dash": "dot"}, layer="below")
    for place, row in enumerate(rows):
        _add_row(figure, row, len(rows) - 1 - place, scale, unit)
    return figure


def _add_row(figure: go.Figure, row: Row, y: float, scale: float, unit: str) -> None:
    text = f"<b>{row.label}</b>" + (f"  <span style='color:{INK}'>{row.note}</span>" if row.note else "")
    figure.add_annotation(
        x=0,
        xref="paper",
        y=y,
        text=text,
        showarrow=False,
        xanchor="left",
        yanchor="bottom",
        yshift=9,
        font={"size": 12, "color": row.color},
    )
    band = {key: scale * value for key, value in row.band.items() if is_number(value)}
    hover = {"hoverinfo": "text", "hovertext": _hover(row, band, scale, unit)}
    for low, high, width in (("5", "95", 3), ("25", "75", 11)):
        if low in band and high in band:
            line = {"color": row.color, "width": width}
            figure.add_scatter(
                x=[band[low], band[high]], y=[y, y], mode="lines", line=line, opacity=0.75, **hover
            )
    if "50" in band:
        tick = {"symbol": "line-ns", "size": 13, "line": {"color": PAPER, "width": 2.5}}
        figure.add_scatter(x=[band["50"]], y=[y], mode="markers", marker=tick, **hover)
    if is_number(row.mean):
        diamond = {"symbol": "diamond", "size": 10, "color": PAPER, "line": {"color": row.color, "width": 2}}
        figure.add_scatter(x=[scale * row.mean], y=[y], mode="markers", marker=diamond, **hover)


def _hover(row: Row, band: Mapping[str, float], scale: float, unit: str) -> str:
    parts = [row.label]
    if is_number(row.mean):
        parts.append(f"mean {scale * row.mean:.3g} {unit}")
    if "50" in band:
        parts.append(f"median {band['50']:.3g} {unit}")
    parts += [
        f"{low} to {high} %: {band[low]:.3g} to {band[high]:.3g} {unit}"
        for low, high in (("25", "75"), ("5", "95"))
        if low in band and high in band
    ]
    return "<br>".join(parts)
