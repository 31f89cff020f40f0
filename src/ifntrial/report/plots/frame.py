"""What all figures share: axes, keys, and the record of what is drawn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ifntrial.report.plots.marks import Area, Bars, Cells, Dots, Mark, Stroke
from ifntrial.report.wording import is_number


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers behind a figure, already in words."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis.

    Attributes
    ----------
    title
        With its unit.
    limits
        Its ends; ``None`` for those of what is drawn, with a little room. The first may be the greater.
    ticks, tick_words
        Where it is labelled and with what; ``ticks`` of ``None`` are chosen, words are those of the numbers if absent.
    is_log
        Whether equal steps are equal ratios.
    has_grid
        Whether a line is drawn at each tick.
    has_zero
        Whether chosen ends hold zero.
    """

    title: str = ""
    limits: tuple[float, float] | None = None
    ticks: tuple[float, ...] | None = None
    tick_words: tuple[str, ...] = ()
    is_log: bool = False
    has_grid: bool = True
    has_zero: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """What one colour, dash or symbol means."""

    label: str
    color: str
    dash: str = "solid"
    symbol: str = ""
    filled: bool = True


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure as a record of its marks, drawn by ``canvas``.

    Attributes
    ----------
    height
        Of the part inside the axes [unit].
    marks
        In the order in which they are drawn.
    keys
        Shown in a line above.
    """

    height: float
    x: Axis
    y: Axis
    marks: Sequence[Mark]
    keys: Sequence[Key] = ()

    def ends_of(self, name: str) -> tuple[float, float]:
        """Return the ends of axis ``x`` or ``y``: its own, or those of what is drawn."""
        axis: Axis = getattr(self, name)
        if axis.limits is not None:
            return axis.limits
        values = [value for mark in self.marks for value in _numbers(mark, name)]
        if axis.is_log:
            values = [value for value in values if value > 0] or [1.0]
            return min(values) / 1.15, max(values) * 1.15
        values = values or [0.0]
        if not axis.has_zero:
            return padded(values)[0], padded(values)[1]
        low, high = padded([0.0, *values])
        return (0.0 if min(values) >= 0 else low), (0.0 if max(values) <= 0 < -min(values) else high)


def week_ticks(last_week: float, visits: Sequence[float] = ()) -> tuple[float, ...]:
    """Return ticks in weeks: the visits that have room, or else steps that end with the last week if they can."""
    if visits:
        return with_room(visits, last_week / 14)
    steps = (1, 2, 4, 8, 12, 13, 26, 52)
    fits = [step for step in steps if last_week / step <= 7] or [52 * -(-int(last_week) // 364)]
    step = next((each for each in fits if last_week % each == 0 and last_week / each >= 3), fits[0])
    return tuple(float(week) for week in range(0, int(last_week) + 1, step))


def with_room(ticks: Sequence[float], room: float) -> tuple[float, ...]:
    """Return the first and last of sorted ticks, and those between that stand at least ``room`` apart.

    Examples
    --------
    >>> with_room([0, 1, 4, 8, 9], 3)
    (0, 4, 9)
    """
    ordered = sorted(ticks)
    kept = list(ordered[:1])
    for tick in ordered[1:-1]:
        if tick - kept[-1] >= room and ordered[-1] - tick >= room:
            kept.append(tick)
    return tuple(dict.fromkeys((*kept, *ordered[-1:])))


def padded(values: Sequence[float], share: float = 0.06) -> list[float]:
    """Return a range that holds all values with a little room at both ends."""
    low, high = min(values), max(values)
    room = (high - low) * share or abs(high) * share or 1.0
    return [low - room, high + room]


def _numbers(mark: Mark, name: str) -> Iterable[float]:
    if isinstance(mark, Stroke | Dots):
        found = [mark.x if name == "x" else mark.y]
    elif isinstance(mark, Bars):
        found = [mark.x, mark.x_end] if name == "x" else [mark.y, mark.y_end]
    elif isinstance(mark, Area):
        found = [mark.x] if name == "x" else [mark.low, mark.high]
    elif isinstance(mark, Cells):
        found = [mark.x_edges if name == "x" else mark.y_edges]
    else:
        found = []
    return (value for values in found for value in values if is_number(value))
