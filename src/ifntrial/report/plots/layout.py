"""Where things stand in a drawing: how wide words are, which ticks an axis has, and how much room is left for them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from ifntrial.report.plots.frame import Axis, Drawing, Key
from ifntrial.report.wording import MINUS

TEXT = 12.5
"""Size of letters [unit]: 11 px on a phone of 390 px."""


EDGE = 10.0


@dataclass(frozen=True, slots=True)
class Placed:
    """A text of a line above the axes with its key, if it has one, and how far from the left it begins."""

    words: str
    key: Key | None = None
    left: float = 0.0


def width_of(words: str, size: float = TEXT) -> float:
    """Return about how wide a text is [unit]."""
    return size * sum(_letter(each) for each in words)


def _letter(letter: str) -> float:
    """Return the width of a letter as a share of its size, rather too wide."""
    if letter in "iljtfr.,:;'|()[] ":
        return 0.38
    return 0.95 if letter in "mwMW%" else 0.72 if letter.isupper() else 0.62


def broken(words: str, width: float, size: float = TEXT) -> list[str]:
    """Return a text in lines that fit a width [unit]."""
    return wrap(words, max(8, int(width * len(words) / max(width_of(words, size), 1.0)))) or [""]


def tick_words(axis: Axis, ticks: Sequence[float]) -> list[str]:
    """Return what stands at each tick."""
    return list(axis.tick_words) or [f"{round(tick, 9):g}".replace("-", MINUS) for tick in ticks]


def log_ticks(low: float, high: float) -> tuple[float, ...]:
    """Return round numbers between two, about five."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for steps in ((1, 2, 5), (1, 3), (1,)):
        found = tuple(
            step * 10.0**power for power in powers for step in steps if low <= step * 10.0**power <= high
        )
        if len(found) <= 6:
            return found
    return found[:: -(-len(found) // 6)]


def ticks_of(axis: Axis, ends: tuple[float, float], most: int) -> tuple[float, ...]:
    """Return where an axis has labels."""
    from matplotlib.ticker import MaxNLocator

    if axis.ticks is not None:
        return tuple(axis.ticks)
    low, high = sorted(ends)
    if axis.is_log:
        return log_ticks(low, high)
    found = MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    return tuple(float(tick) for tick in found if low <= tick <= high)


def heads(drawing: Drawing, width: float) -> list[list[Placed]]:
    """Return the lines above the axes, each of texts with their key and place: title of the upright axis, and keys."""
    rows = [[Placed(words)] for words in broken(drawing.y.title, width)] if drawing.y.title else []
    keys: list[list[Placed]] = []
    at = width
    for key in drawing.keys:
        room = 26 + width_of(key.label)
        if at + room > width or not keys:
            keys.append([])
            at = 0.0
        keys[-1].append(Placed(key.label, key, at))
        at += room + 14
    return [*rows, *keys]


def sides(drawing: Drawing) -> tuple[float, float]:
    """Return the room at the left, for the labels of ticks, and at the right."""
    ticks = ticks_of(drawing.y, drawing.ends_of("y"), 5)
    widest = max((width_of(words) for words in tick_words(drawing.y, ticks)), default=0.0)
    across = ticks_of(drawing.x, drawing.ends_of("x"), 6)
    last = width_of(tick_words(drawing.x, across)[-1]) / 2 if across else 0.0
    return (widest + 8 if ticks else 6.0), max(EDGE, last)


def foot(axis: Axis, width: float) -> list[str]:
    """Return the lines below the axes."""
    return broken(axis.title, width) if axis.title else []
