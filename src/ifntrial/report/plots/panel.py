"""A figure in a page: its title, its caption, its drawing as SVG, its numbers as a table and as CSV."""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass

from ifntrial.plain_text import to_cell
from ifntrial.report.plots.canvas import draw
from ifntrial.report.plots.frame import Drawing, Table
from ifntrial.report.plots.marks import Area, Bars, Cells, Dots, Stroke
from ifntrial.report.plots.svg import tidy

USUAL_WIDTH, NARROW_WIDTH = 400.0, 310.0
"""Width of a drawing [unit]: a phone shows one unit in nine tenths of a pixel, so that letters stay readable."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A figure with its title, its caption in words, and its numbers.

    ``columns`` is how many panels stand side by side on a wide screen and in print; ``width`` that of the drawing [unit],
    if it is not the usual one.
    """

    name: str
    title: str
    caption: str
    figure: Drawing
    columns: int = 1
    table: Table | None = None
    width: float = 0.0

    @property
    def anchor(self) -> str:
        """The name without what cannot stand in a link or in the name of a file."""
        return re.sub(r"[^\w.-]+", "-", self.name)

    @property
    def svg(self) -> str:
        """The figure as static SVG whose ids begin with the panel's name; the same bytes every time."""
        width = self.width or (NARROW_WIDTH if self.columns > 2 else USUAL_WIDTH)
        return tidy(*draw(self.figure, width), self.anchor, self.title, self.caption)

    @property
    def csv(self) -> str:
        """The numbers: those of the table, or else of what is drawn."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        if self.table is not None:
            writer.writerows([map(to_cell, row) for row in (self.table.headers, *self.table.rows)])
        else:
            writer.writerow(("what", "part", "x", "y", "x_end", "y_end"))
            writer.writerows((to_cell(what), *rest) for what, *rest in _drawn_numbers(self.figure))
        return text.getvalue()


def _drawn_numbers(drawing: Drawing) -> Iterable[tuple[str, *tuple[object, ...]]]:
    for mark in drawing.marks:
        if isinstance(mark, Stroke | Dots):
            yield from ((mark.label, mark.role, *at) for at in zip(mark.x, mark.y, strict=True))
        elif isinstance(mark, Bars):
            ends = zip(mark.x, mark.y, mark.x_end, mark.y_end, strict=True)
            yield from ((mark.label, mark.role, *at) for at in ends)
        elif isinstance(mark, Area):
            for x, low, high in zip(mark.x, mark.low, mark.high, strict=True):
                yield mark.label, mark.role, x, low, x, high
        elif isinstance(mark, Cells):
            for y, row in zip(mark.y_edges, mark.values, strict=False):
                yield from ((mark.label, value, x, y) for x, value in zip(mark.x_edges, row, strict=False))
