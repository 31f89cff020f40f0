"""Rows of intervals: thin bar 5 to 95 %, thick bar 25 to 75 %, tick at the median, diamond at the mean."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

from ifntrial.report.palette import PAPER
from ifntrial.report.plots.frame import Axis, Drawing, Table, padded
from ifntrial.report.plots.marks import Bars, Dots, Level, Mark, Note
from ifntrial.report.wording import is_number, number
from ifntrial.worlds.quantiles import Band

_LINE, _BARS = 16.0, 24.0
"""Height of a line of text above the bars of a row, and of the bars [unit]."""

_LETTERS = 52
"""How many fit a line."""


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


def plot_rows(
    rows: Sequence[Row],
    x_title: str,
    *,
    scale: float = 1.0,
    x_range: tuple[float, float] | None = None,
    line_at: float | None = None,
) -> Drawing:
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
    """
    ends_of = [end for row in rows for bar in (row.outer, row.inner) for end in bar or ()]
    values = [scale * value for value in (*ends_of, *(row.middle for row in rows)) if is_number(value)]
    values += [scale * row.mean for row in rows if is_number(row.mean)]
    low, high = x_range or padded([*values, *([] if line_at is None else [line_at])] or [0.0])
    marks: list[Mark] = [] if line_at is None else [Level(line_at, "x")]
    top = 4.0
    for row in rows:
        texts = label_lines(row.label, row.note)
        marks += _texts(texts, row, low, top)
        top += _LINE * len(texts) + _BARS
        marks += _bars(row, top - 13.0, scale)
    return Drawing(top, Axis(x_title, (low, high)), Axis(limits=(top, 0.0), ticks=(), has_grid=False), marks)


def rows_table(rows: Sequence[Row]) -> Table:
    """Return the numbers of rows of intervals."""
    cells = tuple(
        (row.label, row.note, _number(row.mean), _number(row.middle), _range(row.inner), _range(row.outer))
        for row in rows
    )
    return Table(("Row", "Note", "Published or mean", "Median", "25 to 75 %", "5 to 95 %"), cells)


def _number(value: float | None) -> str:
    return number(value) if is_number(value) else ""


def _range(ends: tuple[float, float] | None) -> str:
    return f"{number(ends[0])} to {number(ends[1])}" if ends else ""


def label_lines(label: str, note: str = "") -> list[tuple[str, str]]:
    """Return a label and its note in lines that fit: of each the label's part and the note's.

    Examples
    --------
    >>> label_lines("Mixture", "34 %")
    [('Mixture', '34 %')]
    """
    if len(label) + 2 + len(note) <= _LETTERS:
        return [(label, note)]
    lines = [(part, "") for part in _broken_name(label, _LETTERS - 4)]
    return [*lines, *(("", part) for part in wrap(note, _LETTERS))]


def _broken_name(name: str, most: int) -> list[str]:
    """Return a text in lines, broken after spaces, dots and underscores."""
    lines = [""]
    for piece in re.split(r"(?<=[._ ])", name):
        if len(lines[-1]) + len(piece.strip()) > most and lines[-1]:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines]


def _texts(texts: Sequence[tuple[str, str]], row: Row, left: float, top: float) -> Iterator[Note]:
    for place, (label, note) in enumerate(texts):
        y = top + _LINE * (place + 1) - 3
        yield Note(left, y, note, lead=label, lead_color=row.color)


def _bars(row: Row, y: float, scale: float) -> Iterator[Mark]:
    shown = ((row.outer, 3.0, row.outer_level), (row.inner, 10.0, "25 to 75 %"))
    for bar, width, role in shown:
        if bar is not None:
            low, high = (scale * end for end in bar)
            yield Bars([low], [y], [high], [y], row.color, row.label, role, width)
    if row.middle is not None:
        yield Dots([scale * row.middle], [y], PAPER, row.label, "median", "upright", size=12.0)
    if is_number(row.mean):
        yield Dots([scale * row.mean], [y], row.color, row.label, "mean", "diamond", filled=False, size=10.0)
