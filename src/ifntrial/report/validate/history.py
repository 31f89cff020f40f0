"""Figures of natural history: what worlds say of untreated patients, and the published points beside it."""

from collections.abc import Iterator, Mapping, Sequence

import plotly.graph_objects as go

from ifntrial.items import ITEMS
from ifntrial.report.palette import ACTIVE, INK, PAPER, see_through
from ifntrial.report.plots.frame import Panel, axis, new_figure
from ifntrial.report.plots.intervals import Row, band_row, height_of_rows, plot_rows
from ifntrial.studies.validate.curves import BACKGROUND, UntreatedCurve
from ifntrial.studies.validate.result import Compared

USES = {"fit": ("circle", "there for fits"), "test": ("diamond", "kept for tests")}
OF_SKIN = "skin_course"
UNITS = {ITEMS["mrss"].unit: ITEMS["mrss"].spoken_unit, "percent": "%"}

FAMILIES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    OF_SKIN: ("Change of the skin score in a year, by trial or cohort", ("mrss_change",)),
    "skin_categories": (
        "Better, the same or worse in a year",
        ("skin_improved", "skin_stable", "skin_progressed", "skin_worsening"),
    ),
    "lung_course": ("Change of lung function", ("fvc_percent_change",)),
    "lung_categories": (
        "Loss of lung function",
        ("fvc_decline_5_percent", "fvc_decline_10_percent", "any_fvc_decline"),
    ),
    "change_correlations": (
        "How changes go together",
        ("correlation_mrss_change_haq_di_change", "correlation_mrss_slope_haq_di_slope"),
    ),
    "entry_correlations": (
        "How items go together at entry",
        ("correlation_mrss_haq_di", "correlation_physician_global_mrss", "correlation_troponin_t_skin"),
    ),
}
"""Figure to its title and the endpoints that are in it."""

_POINTS = (
    "Band: 5 to 95 % of worlds, each with the luck of a whole trial; line: median. Filled marks are published: circles "
    "are there for fits, diamonds kept for tests, each of a cohort with entry rules of its own."
)
_ROWS = (
    "Thin: 5 to 95 % of what a study of the published size would print, thick: 25 to 75 %, tick: median; white diamond: "
    "published. After the name: its use."
)


def history_panels(curves: Sequence[UntreatedCurve], rows: Sequence[Compared]) -> list[Panel]:
    """Return the figures of natural history; one without any simulated band is left out."""
    return [*_curves(curves), *_families(rows)]


def _curves(curves: Sequence[UntreatedCurve]) -> Iterator[Panel]:
    for curve in curves:
        if not curve.bands:
            continue
        if curve.points or curve.name.endswith("duration"):
            yield Panel(f"history-{curve.name}", curve.heading, _POINTS, _over_duration(curve), 320)
        else:
            yield _by_class(curve)


def _by_class(curve: UntreatedCurve) -> Panel:
    shown = [band_row(label, ACTIVE, band) for label, band in zip(curve.labels, curve.bands, strict=True)]
    unit = UNITS.get(curve.unit, curve.unit)
    known = " Mycophenolate was chosen, not drawn by lot." if curve.name == BACKGROUND else ""
    caption = f"Thin: 5 to 95 % of worlds, each with the luck of a whole trial; thick: 25 to 75 %; tick: median.{known}"
    figure = plot_rows(shown, f"Change in a year [{unit}]", line_at=0.0, unit=unit)
    return Panel(f"history-{curve.name}", curve.heading, caption, figure, height_of_rows(len(shown)))


def _over_duration(curve: UntreatedCurve) -> go.Figure:
    unit = UNITS.get(curve.unit, curve.unit)
    figure = new_figure(320, axis("Disease duration [year]", rangemode="tozero"), axis(f"In a year [{unit}]"))
    x = list(curve.middles)
    edge = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    figure.add_scatter(x=x, y=[band.q95 for band in curve.bands], **edge)
    figure.add_scatter(
        x=x,
        y=[band.q05 for band in curve.bands],
        fill="tonexty",
        fillcolor=see_through(ACTIVE, 0.15),
        **edge,
    )
    figure.add_scatter(
        x=x,
        y=[band.q50 for band in curve.bands],
        mode="lines+markers",
        line={"color": ACTIVE, "width": 2},
        marker={"size": 5},
        hoverinfo="text",
        hovertext=list(curve.labels),
    )
    for point in curve.points:
        symbol, use = USES[point.use]
        figure.add_scatter(
            x=[point.position],
            y=[point.published],
            mode="markers",
            marker={"symbol": symbol, "size": 10, "color": INK, "line": {"color": PAPER, "width": 1}},
            hoverinfo="text",
            hovertext=f"{point.observation}<br>{point.published:.3g} {unit} at {point.position:.2g} years, {use}",
        )
    return figure


def _families(rows: Sequence[Compared]) -> Iterator[Panel]:
    for name, (title, endpoints) in FAMILIES.items():
        shown = [row for row in rows if row.predicted is not None and _endpoint(row) in endpoints]
        if shown:
            figure = plot_rows([_row(row) for row in shown], _unit(shown[0]), unit=_unit(shown[0]))
            yield Panel(f"history-{name}", title, _ROWS, figure, height_of_rows(len(shown)))


def _endpoint(row: Compared) -> str:
    return row.observation.split(".")[2]


def _unit(row: Compared) -> str:
    return UNITS.get(row.unit, row.unit)


def _row(row: Compared) -> Row:
    band = None if row.predicted is None else row.predicted.band
    note = f"{row.use}, {row.verdict}"
    return band_row(row.observation, ACTIVE, band, row.published, note)
