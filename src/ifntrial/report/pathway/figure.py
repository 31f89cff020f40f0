"""The map as a drawing: boxes shaded by what the treatment does, arrows, and the drug where it acts."""

from collections.abc import Iterable, Iterator, Sequence

from ifntrial.items import ITEMS
from ifntrial.report.palette import ACTIVE, HIGHER, INK, LINK, LOWER, PAPER, QUIET, RULE, WASH
from ifntrial.report.pathway.arrange import HIGH, LANES, Arrangement, Point, arrangement
from ifntrial.report.pathway.arrows import Arrow, arrow_of
from ifntrial.report.plots.frame import Axis, Drawing
from ifntrial.report.plots.marks import Area, Bars, Mark, Note, Stroke
from ifntrial.report.wording import number, unit_label
from ifntrial.studies.pathway.nodes import DRUG_STEP
from ifntrial.studies.pathway.result import PathwayBox, PathwayMap

SHADES = (0.01, 0.05, 0.2, 0.5)
"""Relative changes from which a box has the next shade."""

CORNER = 2.5


Rectangle = tuple[float, float, float, float]
"""Left, top, right and bottom."""


def draw_pathway(result: PathwayMap, kind: str) -> Drawing:
    """Return the map in one arrangement, ``wide`` or ``narrow``.

    Axes are in units of the drawing, one each, and the upright one points down.
    """
    places = arrangement(kind)
    width, height = places.size
    foot = height + (56.0 if kind == "wide" else 78.0)
    marks: list[Mark] = [
        *_lanes(kind),
        *_arrows(result, places),
        *_boxes(result, places),
        *_key(kind, height),
    ]
    return Drawing(
        foot,
        Axis(limits=(0.0, width), ticks=(), has_grid=False),
        Axis(limits=(foot, 0.0), ticks=(), has_grid=False),
        marks,
    )


def shade_of(change: float | None) -> str:
    """Return the colour of a relative change: blue for lower, orange for higher, paper for next to none."""
    step = 0 if change is None else sum(abs(change) >= each for each in SHADES)
    return PAPER if change is None or not step else (LOWER if change < 0 else HIGHER)[step - 1]


def change_of(box: PathwayBox) -> float | None:
    """Return the relative change of the mean of a box."""
    return None if box.ratio_of_means is None else box.ratio_of_means - 1.0


def value_in_box(box: PathwayBox) -> str:
    """Return what stands below the name: the change, in the unit of a score, or what is there of what was not before."""
    change = change_of(box)
    if change is None:
        return f"{number(box.with_drug.q50, 2)} {unit_label(box.unit)}" if box.with_drug.q50 else "none"
    if box.unit in SCORES:
        return f"{_signed(box.change_of_mean)}{SCORES[box.unit]}"
    digits = 3 if change < -0.985 else 2
    return f"{_signed(100.0 * change, digits)} %"


SCORES = {
    ITEMS["mrss"].unit: " points",
    ITEMS["haq_di"].unit: "",
    ITEMS["patient_global"].unit: " points",
    ITEMS["fvc_percent"].unit: " %pred",
    ITEMS["capillary_density"].unit: " /mm",
    **{ITEMS[name].unit: f" {ITEMS[name].unit}" for name in ("nt_probnp", "troponin")},
}
"""Units in which clinicians think: what stands behind a change."""


def _signed(value: float, digits: int = 2) -> str:
    if abs(value) < 0.005:
        return "±0"
    return f"{'−' if value < 0 else '+'}{number(abs(value), digits if abs(value) >= 1 else 1)}"


def _lanes(kind: str) -> Iterator[Mark]:
    """Yield what lies behind: a lane for each part of the body, with its name."""
    yield _filled([rectangle for lane in LANES[kind] for rectangle in lane.rectangles], WASH, 4.0)
    for lane in LANES[kind]:
        left, top = lane.rectangles[0][:2]
        yield Note(left + 9.0, top + 17.0, "", lead=lane.name, lead_color=QUIET, has_halo=False)


def _arrows(result: PathwayMap, places: Arrangement) -> Iterator[Mark]:
    """Yield the arrows, those of a kind together."""
    kinds: dict[tuple[bool, bool], list[Arrow]] = {}
    for link in result.links:
        way = places.routes[link.from_box, link.to_box]
        kinds.setdefault((link.is_attack, link.is_unknown), []).append(arrow_of(way, link))
    for is_attack, is_unknown in sorted(kinds):
        found = kinds[is_attack, is_unknown]
        color, width = (ACTIVE, 2.6) if is_attack else (LINK, 1.2)
        x, y = _in_pieces(arrow.line for arrow in found)
        yield Stroke(x, y, color, width=width, dash="dash" if is_unknown else "solid")
        heads = [arrow.head for arrow in found if arrow.head]
        if heads:
            yield _areas(heads, color)
        bars = [arrow.bar for arrow in found if arrow.bar]
        if bars:
            (a, b), (c, d) = (zip(*(bar[end] for bar in bars), strict=True) for end in (0, 1))
            yield Bars(a, b, c, d, color, width=width + 1.0)


def _in_pieces(lines: Iterable[Sequence[Point]]) -> tuple[list[float | None], list[float | None]]:
    x: list[float | None] = []
    y: list[float | None] = []
    for line in lines:
        x += [*(place[0] for place in line), None]
        y += [*(place[1] for place in line), None]
    return x, y


def _areas(heads: Sequence[Sequence[tuple[float, float, float]]], color: str) -> Area:
    """Return areas of one colour, each as x, low and high of its corners from left to right."""
    columns: tuple[list[float | None], list[float | None], list[float | None]] = ([], [], [])
    for head in heads:
        for corner in head:
            for column, value in zip(columns, corner, strict=True):
                column.append(value)
        for column in columns:
            column.append(None)
    x, low, high = columns
    return Area(x, low, high, color, opacity=1.0)


def _boxes(result: PathwayMap, places: Arrangement) -> Iterator[Mark]:
    attacked = {link.to_box for link in result.links if link.is_attack}
    shades: dict[str, list[Rectangle]] = {}
    outlines: dict[tuple[str, float], list[Rectangle]] = {}
    for box in result.boxes:
        left, top, width = places.boxes[box.name]
        ends = (left, top, left + width, top + HIGH)
        shade = shade_of(change_of(box))
        shades.setdefault(shade, []).append(ends)
        if box.name in attacked or _is_drug(box):
            outlines.setdefault((ACTIVE, 2.2 if box.name in attacked else 1.2), []).append(ends)
        elif shade == PAPER:
            outlines.setdefault((RULE, 1.0), []).append(ends)
    for color, rectangles in sorted(shades.items()):
        yield _filled(rectangles, color, CORNER)
    for (color, wide), rectangles in sorted(outlines.items()):
        x, y = _in_pieces(_outline(each) for each in rectangles)
        yield Stroke(x, y, color, width=wide)
    for box in result.boxes:
        left, top, width = places.boxes[box.name]
        middle = left + width / 2
        color = ACTIVE if _is_drug(box) else INK
        yield Note(middle, top + 15.0, box.label, color, "middle", has_halo=False)
        yield Note(middle, top + 30.0, value_in_box(box), color, "middle", has_halo=False)


def _is_drug(box: PathwayBox) -> bool:
    return box.step == DRUG_STEP


def _corners(ends: Rectangle, corner: float) -> list[tuple[float, float, float]]:
    left, top, right, bottom = ends
    across, inset = (left, left + corner, right - corner, right), (corner, 0.0, 0.0, corner)
    return [(x, top + each, bottom - each) for x, each in zip(across, inset, strict=True)]


def _filled(rectangles: Sequence[Rectangle], color: str, corner: float) -> Area:
    return _areas([_corners(each, corner) for each in rectangles], color)


def _outline(ends: Rectangle) -> list[Point]:
    corners = _corners(ends, CORNER)
    above, below = [(x, low) for x, low, _ in corners], [(x, high) for x, _, high in corners]
    return [*above, *reversed(below), above[0]]


def _key(kind: str, top: float) -> Iterator[Mark]:
    """Yield what shades and lines mean, below the map."""
    shades = (*reversed(LOWER), PAPER, *HIGHER)
    left, y = 12.0, top + 10.0
    words = "lower by 50, 20, 5, 1 % · higher by 1, 5, 20, 50 %"
    if kind == "wide":
        yield Note(left, y + 12.0, "Than untreated", QUIET, has_halo=False)
        yield from _squares(shades, left + 112.0, y)
        yield Note(left + 352.0, y + 12.0, words, QUIET, has_halo=False)
        yield from _line_key(left, y + 22.0, (0.0, 112.0, 224.0, 352.0))
    else:
        yield from _squares(shades, left, y)
        yield Note(left + 232.0, y + 12.0, "than untreated:", QUIET, has_halo=False)
        yield Note(left, y + 32.0, words, QUIET, has_halo=False)
        yield from _line_key(left, y + 42.0, (0.0, 80.0, 158.0, 250.0))


def _squares(colors: Sequence[str], left: float, top: float) -> Iterator[Mark]:
    middle = top + 8.0
    for place, color in enumerate(colors):
        at = left + 25.0 * place
        if color == PAPER:
            yield Bars([at - 1.0], [middle], [at + 23.0], [middle], RULE, width=18.0)
        yield Bars([at], [middle], [at + 22.0], [middle], color, width=16.0)


def _line_key(left: float, top: float, places: Sequence[float]) -> Iterator[Mark]:
    middle = top + 8.0
    for place, (color, words, dash, width, is_bar) in zip(places, _LINES, strict=True):
        at = left + place
        yield Stroke([at, at + 20.0], [middle, middle], color, width=width, dash=dash)
        if is_bar:
            yield Bars([at + 20.0], [middle - 4.0], [at + 20.0], [middle + 4.0], color, width=width + 1.0)
        else:
            head = [(at + 19.0, middle - 3.0, middle + 3.0), (at + 25.0, middle, middle)]
            yield _areas([head], color)
        yield Note(at + 30.0, top + 12.0, words, QUIET, has_halo=False)


_LINES = (
    (LINK, "raises", "solid", 1.2, False),
    (LINK, "lowers", "solid", 1.2, True),
    (ACTIVE, "the drug", "solid", 2.6, True),
    (LINK, "strength assumed", "dash", 1.2, False),
)
