"""Where boxes and arrows of the map stand: two arrangements, for a wide screen and for a phone, kept in tables.

Boxes are set by hand in ``places.csv``; the ways of arrows in ``routes.csv`` are found by ``.ci/pathway_routes.py``.
All in units of the drawing, from the left and from the top.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

Point = tuple[float, float]

HIGH = 36.0
"""Height of a box."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A part of the body, as rectangles behind its boxes: left, top, right and bottom; its name is in the first."""

    name: str
    rectangles: tuple[tuple[float, float, float, float], ...]


LANES: Mapping[str, tuple[Lane, ...]] = {
    "wide": (
        Lane("Blood, immunity and the patient", ((4.0, 6.0, 218.0, 612.0), (200.0, 6.0, 326.0, 252.0))),
        Lane("Vessels", ((222.0, 256.0, 326.0, 612.0),)),
        Lane("Skin", ((330.0, 6.0, 542.0, 612.0),)),
        Lane("Lung", ((546.0, 6.0, 758.0, 612.0),)),
        Lane("Heart", ((762.0, 6.0, 974.0, 612.0),)),
    ),
    "narrow": (
        Lane("Blood", ((4.0, 58.0, 102.0, 1226.0),)),
        Lane("Skin", ((106.0, 58.0, 202.0, 1036.0),)),
        Lane("Lung", ((206.0, 58.0, 302.0, 1036.0),)),
        Lane("Heart", ((306.0, 58.0, 404.0, 1036.0),)),
        Lane("Vessels", ((106.0, 1040.0, 404.0, 1226.0),)),
    ),
}
"""Where the parts of the body are in each arrangement."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """One arrangement.

    Parameters
    ----------
    boxes
        Box to left, top and width.
    routes
        Source and target to the corners of the arrow's way, from border to border.
    """

    boxes: Mapping[str, tuple[float, float, float]]
    routes: Mapping[tuple[str, str], tuple[Point, ...]]

    @property
    def size(self) -> Point:
        """Width and height that hold everything."""
        ends = [(left + width, top + HIGH) for left, top, width in self.boxes.values()]
        ways = [point for way in self.routes.values() for point in way]
        return (
            max(x for x, _ in (*ends, *ways)) + _EDGE,
            max(y for _, y in (*ends, *ways)) + _EDGE,
        )


_EDGE = 8.0


@lru_cache(maxsize=2)
def arrangement(kind: str) -> Arrangement:
    """Return an arrangement, one of ``ARRANGEMENTS``."""
    boxes = {
        row["box"]: (float(row[f"{kind}_left"]), float(row[f"{kind}_top"]), float(row[f"{kind}_width"]))
        for row in _rows("places.csv")
    }
    routes = {(row["source"], row["target"]): _points(row[kind]) for row in _rows("routes.csv")}
    return Arrangement(boxes, routes)


def _rows(name: str) -> list[dict[str, str]]:
    text = files("ifntrial.report.pathway").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _points(text: str) -> tuple[Point, ...]:
    pairs = (pair.split(",") for pair in text.split())
    return tuple((float(x), float(y)) for x, y in pairs)
