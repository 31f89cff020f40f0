"""Draws a record of a figure by matplotlib, whose axes, scales and SVG it uses; loaded when a figure is drawn."""

import io
import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ifntrial.report.palette import GRID, PAPER, QUIET, RULE
from ifntrial.report.plots.frame import Drawing
from ifntrial.report.plots.layout import TEXT, Placed, foot, heads, sides, tick_words, ticks_of
from ifntrial.report.plots.marks import Area, Bars, Cells, Dots, Level, Mark, Note, Stroke, Values
from ifntrial.report.plots.shapes import Point, Shape, area, bars, cells, dots, line
from ifntrial.report.wording import is_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LINE = 16.0
_SETTINGS = {
    "svg.fonttype": "none",
    "svg.hashsalt": "ifntrial",
    "text.parse_math": False,
    "font.size": TEXT,
    "path.simplify": False,
    "axes.unicode_minus": True,
}
_DASHES: Mapping[str, tuple[float, ...]] = {"solid": (), "dash": (6.0, 3.0), "dot": (1.5, 2.5)}

Told = Mapping[str, Mapping[str, str]]
"""Id of an element in the drawing to its data and other attributes."""

LEAD, LEAD_COLOR = "lead", "lead-color"
"""Attributes that are no attributes: how a text begins in bold type."""


def draw(drawing: Drawing, width: float) -> tuple[bytes, Told]:
    """Return the SVG that matplotlib writes of a drawing, and the data that belong to its elements.

    Parameters
    ----------
    width
        Of the whole [unit]; one unit is one point of matplotlib.
    """
    import matplotlib.style
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with warnings.catch_warnings(), matplotlib.style.context(["default", _SETTINGS]):
        # Letters are measured with one type and shown in the reader's, which may know more of them.
        warnings.simplefilter("ignore")
        head = heads(drawing, width)
        left, right = sides(drawing)
        below = foot(drawing.x, width - left - right)
        top = LINE * len(head) + 8
        bottom = LINE * (len(below) + (drawing.x.ticks != ())) + 10
        height = top + drawing.height + bottom
        figure = Figure(figsize=(width / 72, height / 72), dpi=72)
        FigureCanvasSVG(figure)
        inside = (left / width, bottom / height, 1 - (left + right) / width, drawing.height / height)
        axes = figure.add_axes(inside)
        _set_axes(axes, drawing)
        for row, texts in enumerate(head):
            _write_row(axes, texts, height - LINE * row - 12)
        for row, words in enumerate(below):
            middle = left + (width - left - right) / 2
            _text(axes, middle, LINE * (len(below) - row) - 6, words, QUIET, "middle")
        told: dict[str, Mapping[str, str]] = {}
        for place, mark in enumerate(drawing.marks):
            _add(axes, mark, f"mark{place}", told)
        written = io.BytesIO()
        figure.savefig(written, format="svg", metadata={"Date": None})
    return written.getvalue(), told


def _write_row(axes: "Axes", texts: Sequence[Placed], y: float) -> None:
    for placed in texts:
        key, at = placed.key, placed.left
        if key is None:
            _text(axes, at, y, placed.words, QUIET)
            continue
        if key.symbol:
            sample = dots([(at + 9, y + 4)], key.symbol, key.color, key.filled, 8.0)
        else:
            sample = line([[(at, y + 4), (at + 18, y + 4)]], key.color, 2.5, _DASHES[key.dash])
        for shape in sample:
            _put(axes, shape, "", None)
        _text(axes, at + 24, y, placed.words, QUIET if key.symbol else key.color)


def _set_axes(axes: "Axes", drawing: Drawing) -> None:
    axes.set_axisbelow(True)
    axes.set_facecolor("none")
    for side, spine in axes.spines.items():
        spine.set_visible(side == "bottom" and drawing.x.ticks != ())
        spine.set_edgecolor(RULE)
    both = (("x", axes.xaxis, drawing.x, 6), ("y", axes.yaxis, drawing.y, 5))
    for name, shown, axis, most in both:
        ends = drawing.ends_of(name)
        (axes.set_xlim if name == "x" else axes.set_ylim)(*ends)
        if axis.is_log:
            (axes.set_xscale if name == "x" else axes.set_yscale)("log")
            shown.minorticks_off()
        ticks = ticks_of(axis, ends, most)
        shown.set_ticks(list(ticks), labels=tick_words(axis, ticks))
        # so far below that the first label stands clear of that of the upright axis
        pad = 8 if name == "x" else 5
        shown.set_tick_params(length=0, width=0, pad=pad, labelcolor=QUIET, labelsize=TEXT)
        if axis.has_grid:
            shown.grid(True, color=GRID, linewidth=1.0)
        for tick in shown.get_major_ticks():
            tick.tick1line.set_visible(False)
            tick.tick2line.set_visible(False)


def _text(
    axes: "Axes", x: float, y: float, words: str, color: str, anchor: str = "start", gid: str | None = None
) -> None:
    """Write a text whose foot stands at a place of the drawing [unit from its lower left corner]."""
    from matplotlib.transforms import IdentityTransform

    side = {"start": "left", "middle": "center", "end": "right"}[anchor]
    axes.text(
        x, y, words, color=color, ha=side, va="baseline", fontsize=TEXT, transform=IdentityTransform(),
        gid=gid, clip_on=False,
    )  # fmt: skip


def _add(axes: "Axes", mark: Mark, gid: str, told: dict[str, Mapping[str, str]]) -> None:
    if isinstance(mark, Note):
        ((x, y),) = _at(axes, [mark.x], [mark.y])[0]
        _text(axes, x + mark.right, y, f"{mark.lead}  {mark.text}".strip(), mark.color, mark.anchor, gid)
        halo = {"stroke": PAPER, "stroke-width": "3", "paint-order": "stroke"} if mark.has_halo else {}
        lead = {LEAD: mark.lead, LEAD_COLOR: mark.lead_color} if mark.lead else {}
        told[gid] = halo | lead
        return
    if not isinstance(mark, Level):
        told[gid] = _data(mark)
    for part, shape in enumerate(_shapes(axes, mark)):
        _put(axes, shape, "" if part else gid, None if isinstance(mark, Dots) else axes)


def _shapes(axes: "Axes", mark: Mark) -> Iterator[Shape]:
    if isinstance(mark, Stroke):
        yield from line(_at(axes, mark.x, mark.y), mark.color, mark.width, _DASHES[mark.dash], mark.opacity)
    elif isinstance(mark, Area):
        known = [is_number(low) and is_number(high) for low, high in zip(mark.low, mark.high, strict=True)]
        there = [value if both else None for value, both in zip(mark.x, known, strict=True)]
        low, high = _at(axes, there, mark.low), _at(axes, there, mark.high)
        yield from area(list(zip(low, high, strict=True)), mark.color, mark.opacity)
    elif isinstance(mark, Bars):
        ends = zip(_each(axes, mark.x, mark.y), _each(axes, mark.x_end, mark.y_end), strict=True)
        yield from bars([(a, b) for a, b in ends if a and b], mark.color, mark.width, mark.opacity)
    elif isinstance(mark, Dots):
        places = [place for place in _each(axes, mark.x, mark.y) if place]
        yield from dots(places, mark.symbol, mark.color, mark.filled, mark.size, mark.opacity)
    elif isinstance(mark, Cells):
        x = [place[0] for place in _each(axes, mark.x_edges, [mark.y_edges[0]] * len(mark.x_edges)) if place]
        y = [place[1] for place in _each(axes, [mark.x_edges[0]] * len(mark.y_edges), mark.y_edges) if place]
        yield from cells(mark, x, y)
    elif isinstance(mark, Level):
        yield from line([_across(axes, mark)], mark.color, mark.width, _DASHES[mark.dash])


def _across(axes: "Axes", mark: Level) -> list[Point]:
    """Return the ends of a reference line."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    ends = ((mark.at, mark.at), (bottom, top)) if mark.axis == "x" else ((left, right), (mark.at, mark.at))
    return [place for place in _each(axes, *ends) if place]


def _each(axes: "Axes", x: Values, y: Values) -> list[Point | None]:
    """Return each point in units of the drawing; None where a number is missing."""
    return [_point(axes, a, b) if is_number(a) and is_number(b) else None for a, b in zip(x, y, strict=True)]


def _point(axes: "Axes", x: float, y: float) -> Point:
    across, up = axes.transData.transform((x, y))
    return float(across), float(up)


def _at(axes: "Axes", x: Values, y: Values) -> list[list[Point]]:
    """Return the points in pieces without gaps."""
    pieces: list[list[Point]] = [[]]
    for place in _each(axes, x, y):
        if place is not None:
            pieces[-1].append(place)
        elif pieces[-1]:
            pieces.append([])
    return [piece for piece in pieces if piece]


def _put(axes: "Axes", shape: Shape, gid: str, inside: "Axes | None") -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path
    from matplotlib.transforms import IdentityTransform

    if not shape.points:
        return
    patch = PathPatch(
        Path(shape.points, shape.codes),
        facecolor=shape.fill or "none",
        edgecolor=shape.stroke or "none",
        linewidth=shape.width if shape.stroke else 0.0,
        linestyle=(0, shape.dash) if shape.dash else "solid",
        capstyle="round" if shape.is_round else "butt",
        joinstyle="round",
        alpha=shape.opacity if shape.opacity < 1 else None,
        transform=IdentityTransform(),
        clip_on=inside is not None,
    )
    if gid:
        patch.set_gid(gid)
    axes.add_artist(patch)
    # added artists take the clip of the axes; what stands beside them has none
    if inside is None:
        patch.set_clip_path(None)


MOST_TOLD = 12
"""Marks with more points than these carry their name only: the table holds their numbers."""


def _data(mark: Stroke | Bars | Area | Dots | Cells) -> Mapping[str, str]:
    found = {"data-label": mark.label} if mark.label else {}
    if isinstance(mark, Cells):
        return found
    if mark.role:
        found["data-role"] = mark.role
    if mark.label and len(mark.x) <= MOST_TOLD:
        columns = {"data-x": mark.x}
        if isinstance(mark, Area):
            columns |= {"data-low": mark.low, "data-high": mark.high}
        else:
            columns["data-y"] = mark.y
        if isinstance(mark, Bars):
            columns |= {"data-x-end": mark.x_end, "data-y-end": mark.y_end}
        found |= {name: " ".join(_short(value) for value in values) for name, values in columns.items()}
    return found


def _short(value: float | None) -> str:
    return f"{value:.6g}" if is_number(value) else "-"
