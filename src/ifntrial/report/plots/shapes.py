"""The outlines of marks in units of the drawing, thinned to what an eye can tell apart."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ifntrial.report.palette import PAPER
from ifntrial.report.plots.marks import Cells
from ifntrial.report.wording import is_number

Point = tuple[float, float]

MOVE, DRAW, CLOSE = 1, 2, 79
"""What is done at a point, in the codes of matplotlib's paths."""

NEAR = 0.25
"""How far a line may leave its points [unit]; doubled until it has few enough."""

MOST_POINTS = 500


@dataclass(frozen=True, slots=True)
class Shape:
    """An outline with its colours; no colour for none."""

    points: Sequence[Point]
    codes: Sequence[int]
    fill: str = ""
    stroke: str = ""
    width: float = 0.0
    dash: tuple[float, ...] = ()
    opacity: float = 1.0
    is_round: bool = False


def line(
    pieces: Sequence[Sequence[Point]],
    color: str,
    width: float,
    dash: tuple[float, ...] = (),
    opacity: float = 1.0,
) -> Iterator[Shape]:
    """Yield a line in pieces; one of a single point is drawn as a dot."""
    ends = [thinned(piece) if len(piece) > 1 else [piece[0], piece[0]] for piece in pieces]
    points, codes = _joined(ends)
    single = any(len(piece) == 1 for piece in pieces)
    yield Shape(points, codes, "", color, width, dash, opacity, is_round=single)


def area(
    pieces: Sequence[tuple[Sequence[Point], Sequence[Point]]], color: str, opacity: float
) -> Iterator[Shape]:
    """Yield what lies between the lower and the upper line of each piece."""
    outlines = [[*thinned(low), *reversed(thinned(high))] for low, high in pieces]
    points, codes = _joined([[*outline, outline[0]] for outline in outlines], is_closed=True)
    yield Shape(points, codes, color, opacity=opacity)


def bars(ends: Sequence[tuple[Point, Point]], color: str, width: float, opacity: float) -> Iterator[Shape]:
    """Yield bars between pairs of points."""
    points, codes = _joined(ends)
    yield Shape(points, codes, "", color, width, (), opacity)


def dots(
    places: Sequence[Point], symbol: str, color: str, filled: bool, size: float, opacity: float = 1.0
) -> Iterator[Shape]:
    """Yield symbols at places: circles as lines of no length with round ends, which take few letters."""
    half = size / 2
    if symbol == "circle":
        points, codes = _joined([(place, place) for place in places])
        yield Shape(points, codes, "", color, size, (), opacity, is_round=True)
        if not filled:
            yield Shape(points, codes, "", PAPER, size - 3.6, (), 1.0, is_round=True)
    elif symbol == "diamond":
        corners = ((-half, 0.0), (0.0, half), (half, 0.0), (0.0, -half), (-half, 0.0))
        outlines = [[(x + dx, y + dy) for dx, dy in corners] for x, y in places]
        points, codes = _joined(outlines, is_closed=True)
        yield Shape(points, codes, color if filled else PAPER, color, 1.8, (), opacity)
    else:
        dx, dy = (0.0, half) if symbol == "upright" else (half, 0.0)
        points, codes = _joined([((x - dx, y - dy), (x + dx, y + dy)) for x, y in places])
        yield Shape(points, codes, "", color, 2.2, (), opacity)


def cells(mark: Cells, x: Sequence[float], y: Sequence[float]) -> Iterator[Shape]:
    """Yield outlines of one colour each, between edges in units of the drawing; neighbours of one colour are one."""
    found: dict[tuple[int, float], list[Sequence[Point]]] = {}
    for row, values in enumerate(mark.values):
        middle, high = (y[row] + y[row + 1]) / 2, round(abs(y[row + 1] - y[row]), 2)
        for begin, end, step in _runs(mark, values):
            ends = [(x[begin] + mark.gap / 2, middle), (x[end] - mark.gap / 2, middle)]
            found.setdefault((step, high), []).append(ends)
    for step, high in sorted(found):
        points, codes = _joined(found[step, high])
        yield Shape(points, codes, "", mark.colors[step], high - mark.gap)


def _runs(mark: Cells, values: Sequence[float | None]) -> Iterator[tuple[int, int, int]]:
    """Yield first column, last column and one, and step of the scale."""
    steps = [step_of(mark, value) if is_number(value) else None for value in values]
    begin = 0
    for place in range(1, len(steps) + 1):
        if place == len(steps) or steps[place] != steps[begin] or mark.gap:
            here = steps[begin]
            if here is not None:
                yield begin, place, here
            begin = place


def step_of(mark: Cells, value: float) -> int:
    """Return which of the colours a value has."""
    share = (value - mark.low) / ((mark.high - mark.low) or 1.0)
    return min(len(mark.colors) - 1, max(0, int(share * len(mark.colors))))


def thinned(points: Sequence[Point], most: int = MOST_POINTS) -> list[Point]:
    """Return the points that a line needs to look the same, its ends among them."""
    near = NEAR
    kept = _needed(points, near)
    while len(kept) > most:
        near *= 1.5
        kept = _needed(points, near)
    return kept


def _needed(points: Sequence[Point], near: float) -> list[Point]:
    """Return the points of Ramer's algorithm: none that is left out lies farther than ``near`` from the line."""
    keep = {0, len(points) - 1}
    open_pieces = [(0, len(points) - 1)]
    while open_pieces:
        first, last = open_pieces.pop()
        (x0, y0), (x1, y1) = points[first], points[last]
        length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        worst, place = near, -1
        for each in range(first + 1, last):
            x, y = points[each]
            off = (
                abs((x1 - x0) * (y0 - y) - (x0 - x) * (y1 - y0)) / length
                if length
                else abs(y - y0) + abs(x - x0)
            )
            if off > worst:
                worst, place = off, each
        if place >= 0:
            keep.add(place)
            open_pieces += [(first, place), (place, last)]
    return [points[each] for each in sorted(keep)]


def _joined(pieces: Sequence[Sequence[Point]], *, is_closed: bool = False) -> tuple[list[Point], list[int]]:
    points: list[Point] = []
    codes: list[int] = []
    for piece in pieces:
        points += piece
        codes += [MOVE, *[DRAW] * (len(piece) - 1)]
        if is_closed:
            codes[-1] = CLOSE
    return points, codes
