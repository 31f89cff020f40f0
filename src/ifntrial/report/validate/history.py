"""Figures of natural history: what worlds say of untreated patients, and the published points beside it."""

from collections.abc import Iterator, Mapping, Sequence

from ifntrial.items import ITEMS
from ifntrial.report.palette import ACTIVE, INK
from ifntrial.report.plots.frame import Axis, Drawing, Table
from ifntrial.report.plots.intervals import Row, band_row, plot_rows, rows_table
from ifntrial.report.plots.marks import Area, Dots, Mark, Stroke
from ifntrial.report.plots.panel import Panel
from ifntrial.report.wording import number, unit_label
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
            yield Panel(
                f"history-{curve.name}", curve.heading, _POINTS, _over_duration(curve), 1, _curve_table(curve)
            )
        else:
            yield _by_class(curve)


def _by_class(curve: UntreatedCurve) -> Panel:
    shown = [band_row(label, ACTIVE, band) for label, band in zip(curve.labels, curve.bands, strict=True)]
    unit = UNITS.get(curve.unit, curve.unit)
    known = " Mycophenolate was chosen, not drawn by lot." if curve.name == BACKGROUND else ""
    caption = f"Thin: 5 to 95 % of worlds, each with the luck of a whole trial; thick: 25 to 75 %; tick: median.{known}"
    figure = plot_rows(shown, f"Change in a year [{unit}]", line_at=0.0)
    return Panel(f"history-{curve.name}", curve.heading, caption, figure, 1, rows_table(shown))


def _over_duration(curve: UntreatedCurve) -> Drawing:
    unit = UNITS.get(curve.unit, curve.unit)
    x = list(curve.middles)
    middle = [band.q50 for band in curve.bands]
    marks: list[Mark] = [
        Area(
            x,
            [band.q05 for band in curve.bands],
            [band.q95 for band in curve.bands],
            ACTIVE,
            "worlds",
            "5 to 95 %",
        ),
        Stroke(x, middle, ACTIVE, "worlds", "median"),
        Dots(x, middle, ACTIVE, size=5.0),
    ]
    for point in curve.points:
        symbol, use = USES[point.use]
        marks.append(Dots([point.position], [point.published], INK, point.observation, use, symbol, size=9.0))
    return Drawing(220, Axis("Disease duration [year]", has_zero=True), Axis(f"In a year [{unit}]"), marks)


def _curve_table(curve: UntreatedCurve) -> Table:
    """Return the bands of a curve, and the published points at their durations."""
    headers = ("Disease duration [year]", "Median (5 to 95 % of worlds)", "Published")
    bands = zip(curve.labels, curve.middles, curve.bands, strict=True)
    rows = [
        (f"{label} ({number(middle)})", f"{number(band.q50)} ({number(band.q05)} to {number(band.q95)})", "")
        for label, middle, band in bands
    ]
    rows += [
        (number(point.position), "", f"{number(point.published)}: {point.observation}, {USES[point.use][1]}")
        for point in curve.points
    ]
    return Table(headers, tuple(rows))


def _families(rows: Sequence[Compared]) -> Iterator[Panel]:
    for name, (title, endpoints) in FAMILIES.items():
        shown = [row for row in rows if row.predicted is not None and _endpoint(row) in endpoints]
        if shown:
            drawn = [_row(row) for row in shown]
            figure = plot_rows(drawn, _unit(shown[0]))
            yield Panel(f"history-{name}", title, _ROWS, figure, 1, rows_table(drawn))


def _endpoint(row: Compared) -> str:
    return row.observation.split(".")[2]


def _unit(row: Compared) -> str:
    return UNITS.get(row.unit) or unit_label(row.unit)


def _row(row: Compared) -> Row:
    band = None if row.predicted is None else row.predicted.band
    note = f"{row.use}, {row.verdict}"
    return band_row(row.observation, ACTIVE, band, row.published, note)
