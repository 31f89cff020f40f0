"""Shares of a whole as one bar each, with the share written at its end."""

from collections.abc import Sequence

from ifntrial.report.plots.frame import Axis, Drawing
from ifntrial.report.plots.marks import Bars, Mark, Note
from ifntrial.report.wording import percent

BAR_COLOR = "#4a6b82"
ROW_HEIGHT = 42.0


def plot_shares(labels: Sequence[str], shares: Sequence[float], x_title: str) -> Drawing:
    """Return horizontal bars, the first on top; ``shares`` are fractions."""
    marks: list[Mark] = []
    for place, (label, share) in enumerate(zip(labels, shares, strict=True)):
        y = ROW_HEIGHT * place
        marks.append(Note(0.0, y + 16, "", lead=label))
        marks.append(Bars([0.0], [y + 29], [100 * share], [y + 29], BAR_COLOR, label, "share", width=14.0))
        marks.append(Note(100 * share, y + 33, percent(share), right=5.0))
    height = ROW_HEIGHT * len(labels) + 4
    upright = Axis(limits=(height, 0.0), ticks=(), has_grid=False)
    return Drawing(height, Axis(x_title, (0.0, 112.0), (0, 20, 40, 60, 80, 100)), upright, marks)
