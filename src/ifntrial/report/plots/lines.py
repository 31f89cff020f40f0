"""Curves over a number, such as chance of success over size or cost, one line for each choice."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ifntrial.report.palette import INK
from ifntrial.report.plots.frame import Axis, Drawing
from ifntrial.report.plots.marks import Area, Dots, Level, Mark, Stroke

_COLORS = (INK, "#005f9e", "#b8470a", "#00795a", "#7a3e9d", "#9c3f77", "#8a5a00", "#00737a", "#a3262f")
_DASHES = ("solid", "dash", "dot")


@dataclass(frozen=True, slots=True)
class Line:
    """One curve.

    Attributes
    ----------
    label
        Named in the page's key too.
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
    height: float = 260,
    log_x: bool = False,
    x_ticks: Sequence[float] = (),
    y_range: tuple[float, float] | None = None,
    from_zero: bool = False,
    levels: Sequence[float] = (),
) -> Drawing:
    """Return a figure of lines.

    Parameters
    ----------
    x_ticks
        Where the horizontal axis is labelled; empty for an even grid.
    from_zero
        Whether the upright axis holds zero.
    levels
        Heights of dotted reference lines.
    """
    marks = [
        *(Level(level, "y") for level in levels),
        *(mark for line in lines for mark in _band(line)),
        *(mark for line in lines for mark in _curve(line)),
    ]
    x = Axis(x_title, is_log=log_x)
    if x_ticks:
        low, high = Drawing(height, x, Axis(), marks).ends_of("x")
        x = Axis(x_title, (low, high), tuple(each for each in x_ticks if low <= each <= high), is_log=log_x)
    return Drawing(height, x, Axis(y_title, y_range, has_zero=from_zero), marks)


def _band(line: Line) -> Iterator[Mark]:
    if line.low:
        yield Area(line.x, line.low, line.high, line.color, line.label, "band", 0.12)


def _curve(line: Line) -> Iterator[Mark]:
    yield Stroke(line.x, line.y, line.color, line.label, "line", dash=line.dash)
    for is_filled in (False, True):
        chosen = [place for place, each in enumerate(line.marked) if each is is_filled]
        if chosen:
            x, y = [line.x[place] for place in chosen], [line.y[place] for place in chosen]
            yield Dots(x, y, line.color, filled=is_filled, size=8.0)
