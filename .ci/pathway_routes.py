"""Find the ways of the arrows of the map around its boxes, and write ``src/ifntrial/report/pathway/routes.csv``.

Run it when a box or an equation was added: places are set by hand in ``places.csv`` beside it, and a test says when the
routes no longer are those of the model. Each way is a path of steps across and up or down on a grid, the cheapest one
by length, bends and crossings; ways of one source may run together, others may not.
"""

import csv
import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from ifntrial.catalog import shipped
from ifntrial.studies.pathway.graph import Link, links_of
from ifntrial.studies.pathway.nodes import BOXES

HERE = Path(__file__).resolve().parent.parent / "src" / "ifntrial" / "report" / "pathway"
STEP, HIGH = 4, 36
BEND, CROSS, SHARED, CLOSE, SIDE = 5.0, 3.0, 0.35, 0.4, 5.0
NEAR_END = 4.0
STEPS = ((1, 0), (0, 1), (-1, 0), (0, -1))

Point = tuple[int, int]
Ends = tuple[int, int, int, int]
"""Left, top, right and bottom of a box [step of the grid]."""


@dataclass(frozen=True)
class Ground:
    """What stands in the way: boxes, and who has used an edge or a point of the grid."""

    boxes: dict[str, Ends]
    blocked: frozenset[Point]
    edges: dict[tuple[Point, Point], set[str]]
    points: dict[Point, set[str]]
    size: Point


def net_of(link: Link) -> str:
    """Return whom a way runs together with: systemic interferons act as one."""
    systemic = ("ifn_alpha", "ifn_beta", "ifn_omega")
    return "interferon" if link.source in systemic else link.source


def ground_of(kind: str) -> Ground:
    """Return an arrangement with nothing in it but boxes."""
    boxes: dict[str, Ends] = {}
    with (HERE / "places.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            left, top, width = (int(row[f"{kind}_{part}"]) // STEP for part in ("left", "top", "width"))
            boxes[row["box"]] = (left, top, left + width, top + HIGH // STEP)
    blocked = frozenset(
        (x, y)
        for left, top, right, bottom in boxes.values()
        for x in range(left, right + 1)
        for y in range(top, bottom + 1)
    )
    right = max(ends[2] for ends in boxes.values()) + 2
    bottom = max(ends[3] for ends in boxes.values()) + 3
    return Ground(boxes, blocked, {}, {}, (right, bottom))


def doors(ends: Ends) -> Iterator[tuple[Point, int]]:
    """Yield the points at which ways leave a box, and the way out of each: right, down, left, up."""
    left, top, right, bottom = ends
    for x in range(left + 2, right - 1, 2):
        yield (x, bottom), 1
        yield (x, top), 3
    for y in (top + 2, (top + bottom) // 2, bottom - 2):
        yield (right, y), 0
        yield (left, y), 2


def door_cost(ends: Ends, place: Point, way: int, wanted: int) -> float:
    """Return what it costs to leave a box here: far from the middle of a side, or at another side than the wanted."""
    left, top, right, bottom = ends
    off = abs(place[0] - (left + right) / 2) if way in (1, 3) else abs(place[1] - (top + bottom) / 2)
    return 0.12 * off + (0.0 if way == wanted else SIDE)


def wanted_ways(source: Ends, target: Ends) -> tuple[int, int]:
    """Return by which side a way best leaves the one box, and by which it best comes to the other."""
    if target[1] > source[3]:
        return 1, 3
    if target[3] < source[1]:
        return 3, 1
    return (0, 2) if target[0] > source[2] else (2, 0)


def begins(ground: Ground, net: str, source: Ends, way_out: int) -> Iterator[tuple[float, Point, int]]:
    """Yield cost, place and direction of every free door of the source."""
    for place, way in doors(source):
        if not ground.points.get(place, set()) - {net}:
            used = 0.3 if ground.points.get(place) else 1.0
            yield used * door_cost(source, place, way, way_out), place, way


def find(ground: Ground, link: Link) -> list[Point]:
    """Return the cheapest way as its points on the grid."""
    net, source, target = net_of(link), ground.boxes[link.source], ground.boxes[link.target]
    way_out, way_in = wanted_ways(source, target)
    goals = {
        place: (way, door_cost(target, place, way, way_in))
        for place, way in doors(target)
        if not ground.points.get(place, set()) - {net}
    }
    middle = ((target[0] + target[2]) / 2, (target[1] + target[3]) / 2)
    best: dict[tuple[Point, int], float] = {}
    came: dict[tuple[Point, int], tuple[Point, int]] = {}
    heap: list[tuple[float, float, Point, int]] = []
    for cost, place, way in begins(ground, net, source, way_out):
        best[place, way] = cost
        heapq.heappush(heap, (cost, cost, place, way))
    while heap:
        _, cost, here, way = heapq.heappop(heap)
        if here in goals:
            return trace(came, here, way)
        if cost > best[here, way]:
            continue
        for turn, there, step in steps(ground, goals, here, way, net):
            late = NEAR_END if there in goals and turned_late(came, here, way) else 0.0
            new = cost + step + late
            if new < best.get((there, turn), 1e9) - 1e-9:
                best[there, turn] = new
                came[there, turn] = (here, way)
                guess = 0.28 * (abs(there[0] - middle[0]) + abs(there[1] - middle[1]))
                heapq.heappush(heap, (new + guess, new, there, turn))
    raise SystemExit(f"no way from {link.source} to {link.target}")


def steps(
    ground: Ground, goals: dict[Point, tuple[int, float]], here: Point, way: int, net: str
) -> Iterator[tuple[int, Point, float]]:
    """Yield direction, place and cost of every step that can be made."""
    for turn in range(4):
        there = (here[0] + STEPS[turn][0], here[1] + STEPS[turn][1])
        is_inside = 0 <= there[0] <= ground.size[0] and 0 <= there[1] <= ground.size[1]
        # out of a box a way goes straight on, and never back
        if not is_inside or (turn + 2) % 4 == way or (here in ground.blocked and turn != way):
            continue
        cost = step_cost(ground, here, there, net) + (0.0 if turn == way else BEND)
        if turn != way and ground.points.get(here, set()) - {net}:
            cost += 30.0
        if there in ground.blocked:
            if there not in goals or (goals[there][0] + 2) % 4 != turn:
                continue
            cost += goals[there][1]
        yield turn, there, cost


def turned_late(came: dict[tuple[Point, int], tuple[Point, int]], here: Point, way: int) -> bool:
    """Return whether a way bends one step before its end, where a head has no room."""
    before = came.get((here, way))
    return before is not None and before[1] != way


def step_cost(ground: Ground, here: Point, there: Point, net: str) -> float:
    """Return what one step costs: much along the way of another, little along one's own."""
    edge = (min(here, there), max(here, there))
    users = ground.edges.get(edge, set())
    if net in users:
        return SHARED
    if users:
        return 60.0
    cost = 1.0
    if ground.points.get(there, set()) - {net}:
        cost += CROSS
    across = (there[1] - here[1], there[0] - here[0])
    for sign in (1, -1):
        beside = ground.points.get((there[0] + sign * across[0], there[1] + sign * across[1]), set())
        if beside - {net}:
            cost += CLOSE
    return cost


def trace(came: dict[tuple[Point, int], tuple[Point, int]], here: Point, way: int) -> list[Point]:
    """Return the points of a way from its begin."""
    found = [here]
    at = (here, way)
    while at in came:
        at = came[at]
        found.append(at[0])
    return found[::-1]


def use(ground: Ground, link: Link, points: list[Point]) -> None:
    """Keep a way as used."""
    net = net_of(link)
    for a, b in pairwise(points):
        ground.edges.setdefault((min(a, b), max(a, b)), set()).add(net)
    for place in points[:-1]:
        ground.points.setdefault(place, set()).add(net)
    ground.points.setdefault(points[-1], set()).add(net)


def corners(points: list[Point]) -> list[Point]:
    """Return the points where a way bends, with its ends."""
    kept = [points[0]]
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        if (here[0] - before[0], here[1] - before[1]) != (after[0] - here[0], after[1] - here[1]):
            kept.append(here)
    return [*kept, points[-1]]


def routed(kind: str, links: list[Link]) -> dict[Link, str]:
    """Return the way of every link in an arrangement, the shortest first."""
    ground = ground_of(kind)

    def length(link: Link) -> float:
        a, b = ground.boxes[link.source], ground.boxes[link.target]
        return abs(a[0] - b[0]) + abs(a[1] - b[1])

    found = {}
    for link in sorted(links, key=lambda each: (length(each), each.source, each.target)):
        points = find(ground, link)
        use(ground, link, points)
        found[link] = " ".join(f"{x * STEP},{y * STEP}" for x, y in corners(points))
    return found


def main() -> None:
    """Write the ways of all links of all drugs."""
    catalog = shipped()
    links = {link: None for name in catalog.drugs for link in links_of(catalog.model(name))}
    order = {box.name: place for place, box in enumerate(BOXES)}
    links = sorted(links, key=lambda each: (order[each.source], order[each.target]))
    wide, narrow = routed("wide", links), routed("narrow", links)
    with (HERE / "routes.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("source", "target", "wide", "narrow"))
        writer.writerows((each.source, each.target, wide[each], narrow[each]) for each in links)


if __name__ == "__main__":
    main()
