"""Rows of intervals: thin bar 5 to 95 %, thick bar 25 to 75 %, tick at the median, diamond at the mean."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from ifntrial.report.palette import INK, PAPER, QUIET
from ifntrial.report.plots.frame import axis, new_figure, padded
from ifntrial.report.wording import is_number
from ifntrial.worlds.quantiles import Band

ROW_HEIGHT = 58


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its label stands above its bars, so that narrow screens have room.

    Parameters
    ----------
    outer, inner
        Ends of the thin bar (5 to 95 %) and of the thick one (25 to 75 %).
    middle, mean
        Where the tick and the diamond stand.
    note
        Written behind the label.
    outer_level
        What the thin bar holds.
    """

    label: str
    color: str
    outer: tuple[float, float] | None = None
    inner: tuple[float, float] | None = None
    middle: float | None = None
    mean: float | None = None
    note: str = ""
    outer_level: str = "5 to 95 %"


def band_row(label: str, color: str, band: Band | None, mean: float | None = None, note: str = "") -> Row:
    """Return the row of a band; one that could not be estimated draws nothing."""
    if band is None:
        return Row(label, color, mean=mean, note=note)
    return Row(label, color, (band.q05, band.q95), (band.q25, band.q75), band.q50, mean, note)


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
        The intervals.
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
    ends_of = [end for row in rows for bar in (row.outer, row.inner) for end in bar or ()]
    values = [scale * value for value in (*ends_of, *(row.middle for row in rows)) if is_number(value)]
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
    hover = {"hoverinfo": "text", "hovertext": _hover(row, scale, unit)}
    for bar, width in ((row.outer, 3), (row.inner, 11)):
        if bar is not None:
            line = {"color": row.color, "width": width}
            figure.add_scatter(
                x=[scale * end for end in bar], y=[y, y], mode="lines", line=line, opacity=0.75, **hover
            )
    if row.middle is not None:
        tick = {"symbol": "line-ns", "size": 13, "line": {"color": PAPER, "width": 2.5}}
        figure.add_scatter(x=[scale * row.middle], y=[y], mode="markers", marker=tick, **hover)
    if is_number(row.mean):
        diamond = {"symbol": "diamond", "size": 10, "color": PAPER, "line": {"color": row.color, "width": 2}}
        figure.add_scatter(x=[scale * row.mean], y=[y], mode="markers", marker=diamond, **hover)


def _hover(row: Row, scale: float, unit: str) -> str:
    parts = [row.label]
    if is_number(row.mean):
        parts.append(f"mean {scale * row.mean:.3g} {unit}")
    if row.middle is not None:
        parts.append(f"median {scale * row.middle:.3g} {unit}")
    parts += [
        f"{levels}: {scale * bar[0]:.3g} to {scale * bar[1]:.3g} {unit}"
        for levels, bar in (("25 to 75 %", row.inner), (row.outer_level, row.outer))
        if bar is not None
    ]
    return "<br>".join(parts)
