"""Arrows of the map: a line with round corners, and at its end a head, or a bar where the one lowers the other."""

from collections.abc import Sequence
from dataclasses import dataclass

from ifntrial.report.pathway.arrange import Point
from ifntrial.studies.pathway.result import PathwayLink

BEND, HEAD, BAR = 3.0, 6.0, 7.0
"""Radius of corners, length of a head and of a bar [unit of the drawing]."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """One arrow.

    Parameters
    ----------
    line
        Its points.
    head
        Corners of the head, each as x, upper and lower end, from left to right; empty where it ends in a bar.
    bar
        The two ends of the bar; empty where it ends in a head.
    """

    line: Sequence[Point]
    head: Sequence[tuple[float, float, float]]
    bar: tuple[Point, ...]


def arrow_of(way: Sequence[Point], link: PathwayLink) -> Arrow:
    """Return the arrow of a link along a way of level and upright steps, whose last point is on its target."""
    lowers = link.raises is False
    ahead = _toward(way[-2], way[-1])
    across = (-ahead[1], ahead[0])
    room = min(HEAD, _length(way[-2], way[-1]))
    end = _moved(way[-1], ahead, -2.5 if lowers else -room)
    line = _rounded([*way[:-1], end])
    if lowers:
        half = BAR / 2 + (2.0 if link.is_attack else 0.0)
        return Arrow(line, (), (_moved(end, across, half), _moved(end, across, -half)))
    half = room / 2 + (1.0 if link.is_attack else 0.0)
    return Arrow(line, _head(way[-1], _moved(end, across, half), _moved(end, across, -half)), ())


def _toward(a: Point, b: Point) -> Point:
    """Return the step of length one from a to b, which lie level or upright of each other."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = abs(dx) + abs(dy) or 1.0
    return dx / length, dy / length


def _moved(place: Point, way: Point, far: float) -> Point:
    return place[0] + way[0] * far, place[1] + way[1] * far


def _rounded(way: Sequence[Point]) -> list[Point]:
    found = [way[0]]
    for before, here, after in zip(way, way[1:], way[2:], strict=False):
        back, on = _toward(here, before), _toward(here, after)
        room = min(BEND, _length(here, before) / 2, _length(here, after) / 2)
        a, b = _moved(here, back, room), _moved(here, on, room)
        found += [a, b]
    return [*found, way[-1]]


def _length(a: Point, b: Point) -> float:
    return abs(a[0] - b[0]) + abs(a[1] - b[1])


def _head(tip: Point, one: Point, other: Point) -> list[tuple[float, float, float]]:
    if one[0] == other[0]:  # it points to the left or to the right
        base = (one[0], min(one[1], other[1]), max(one[1], other[1]))
        return sorted([base, (tip[0], tip[1], tip[1])])
    left, right = sorted((one, other))
    middle = (tip[0], min(tip[1], one[1]), max(tip[1], one[1]))
    return [(left[0], left[1], left[1]), middle, (right[0], right[1], right[1])]
