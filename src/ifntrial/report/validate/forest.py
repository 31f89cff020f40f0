"""Distances of simulated from published values, one row each."""

from collections.abc import Iterator, Sequence

from ifntrial.levels import NORMAL_95
from ifntrial.report.palette import ACTIVE, GRID, INK, QUIET
from ifntrial.report.plots.frame import Axis, Drawing, Table
from ifntrial.report.plots.marks import Area, Dots, Level, Mark, Note
from ifntrial.report.plots.panel import Panel
from ifntrial.report.validate.history import USES
from ifntrial.report.wording import number
from ifntrial.studies.validate.result import Compared

MISS = "#b8470a"
FARTHEST = 8.0
"""Farther misses stand at the edge of the figure; their number is written beside them."""

ROW_HEIGHT = 32.0
LABEL_LENGTH = 50


def distances(rows: Sequence[Compared]) -> list[tuple[Compared, float]]:
    """Return the rows with a distance, in standard deviations of worlds, trial effect and sampling together."""
    return [(row, row.predicted.standardized) for row in rows if row.predicted is not None]


def forest(name: str, heading: str, rows: Sequence[Compared]) -> Panel:
    """Return the distances of expected from published values, one row each, in table order."""
    shown = distances(rows)
    ends = (-FARTHEST - 0.8, FARTHEST + 0.8)
    height = ROW_HEIGHT * len(shown) + 4
    marks: list[Mark] = [
        Area((-NORMAL_95, NORMAL_95), (height, height), (0.0, 0.0), GRID, opacity=1.0),
        Level(0.0, "x"),
    ]
    for place, (row, distance) in enumerate(shown):
        marks.append(Note(ends[0], ROW_HEIGHT * place + 15, _label(row.observation), has_halo=False))
        if abs(distance) > FARTHEST:
            marks.append(_far_number(place, distance))
    marks += [*_sampling_ticks(shown), *_marks(shown)]
    caption = (
        f"Grey: within {NORMAL_95:.2f} standard deviations. Circles are there for fits, diamonds are kept for tests; "
        "filled marks are misses. Marks at the edge lie farther out. Small ticks: the same by sampling error alone."
    )
    figure = Drawing(
        height,
        Axis("Expected less published [SD of worlds, trials and sampling]", ends),
        Axis(limits=(height, 0.0), ticks=(), has_grid=False),
        marks,
    )
    return Panel(f"forest-{name}", f"{heading}: distance from published", caption, figure, 1, _table(shown))


def _table(shown: Sequence[tuple[Compared, float]]) -> Table:
    headers = (
        "Observation",
        "Use",
        "Published",
        "Simulated",
        "Unit",
        "Distance [SD]",
        "By sampling alone [SD]",
    )
    rows = tuple(
        (row.observation, row.use, number(row.published), number(row.simulated), row.unit, number(distance, 2),
         "" if row.z is None else number(row.z, 2))
        for row, distance in shown
    )  # fmt: skip
    return Table(headers, rows)


def _label(id: str) -> str:
    return id if len(id) <= LABEL_LENGTH else f"…{id[-LABEL_LENGTH + 1 :]}"


def _on_figure(distance: float) -> float:
    return max(-FARTHEST, min(FARTHEST, distance))


def _height(place: int) -> float:
    return ROW_HEIGHT * place + 24


def _far_number(place: int, distance: float) -> Note:
    is_high = distance > 0
    anchor, right = ("end", -9.0) if is_high else ("start", 9.0)
    return Note(_on_figure(distance), _height(place) + 4, number(distance, 2), INK, anchor, right)


def _sampling_ticks(shown: Sequence[tuple[Compared, float]]) -> Iterator[Dots]:
    found = [(_on_figure(row.z), _height(place)) for place, (row, _) in enumerate(shown) if row.z is not None]
    if found:
        yield Dots(
            [x for x, _ in found], [y for _, y in found], QUIET, "", "by sampling alone", "upright", size=9.0
        )


def _marks(shown: Sequence[tuple[Compared, float]]) -> Iterator[Dots]:
    """Yield the distances of each use, hits and misses apart."""
    for use, (symbol, _) in USES.items():
        for is_miss in (False, True):
            found = [
                (_on_figure(distance), _height(place))
                for place, (row, distance) in enumerate(shown)
                if row.use == use and (row.verdict == "miss") == is_miss
            ]
            if found:
                color, role = (MISS, "miss") if is_miss else (ACTIVE, "within")
                x, y = [x for x, _ in found], [y for _, y in found]
                yield Dots(x, y, color, use, role, symbol, is_miss, 9.0)
