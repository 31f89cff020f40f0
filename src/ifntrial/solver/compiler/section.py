"""A set of graph nodes written as vector instructions, with products fused into the sums that use them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ifntrial.solver.compiler.elementary import Lanes, Value
from ifntrial.solver.compiler.graph import SMALLEST_BASE, Graph

_COMPARISONS = {"less": "<", "at_most": "<=", "equal": "==", "unequal": "!="}


@dataclass(frozen=True, slots=True)
class _Sum:
    """How a sum is computed: ``first * second + rest`` if it is fused, else ``first + second``.

    Minus signs are kept apart so that they cost nothing.
    """

    is_fused: bool
    first: int
    second: int
    rest: int
    is_first_negative: bool
    is_rest_negative: bool

    @property
    def operands(self) -> tuple[int, ...]:
        return (self.first, self.second, self.rest) if self.is_fused else (self.first, self.rest)


@dataclass(frozen=True, slots=True)
class Section:
    """Nodes that one function needs, each written when it is first asked for.

    A value is thus computed shortly before it is used, and few have to be kept at a time; the order changes no bit.

    Parameters
    ----------
    lanes
        Where to write.
    graph
        The nodes.
    is_stored
        Whether a node is in memory already.
    load
        Writes the load of a node that is, and returns its value.
    uses
        How often each node is an operand.
    values
        What has been written so far.
    """

    lanes: Lanes
    graph: Graph
    is_stored: Callable[[int], bool]
    load: Callable[[int], Value]
    uses: dict[int, int]
    values: dict[int, Value]

    def value(self, node: int) -> Value:
        """Return the value of a node; writes what is missing for it."""
        values, waiting = self.values, [node]
        while waiting:
            top = waiting[-1]
            if top in values:
                waiting.pop()
                continue
            plan = self._plan(top)
            operands = self._list_operands(top, plan)
            missing = [operand for operand in operands if operand not in values]
            if missing:
                waiting.extend(reversed(missing))
                continue
            values[top] = self._write(top, plan)
        return values[node]

    def _plan(self, node: int) -> _Sum | None:
        is_sum = self.graph.nodes[node][0] == "plus" and not self.is_stored(node)
        return _plan_sum(self.graph, node, self.uses) if is_sum else None

    def _list_operands(self, node: int, plan: _Sum | None) -> tuple[int, ...]:
        if self.is_stored(node):
            return ()
        return self.graph.operands(node) if plan is None else plan.operands

    def _write(self, node: int, plan: _Sum | None) -> Value:
        if self.is_stored(node):
            return self.load(node)
        if plan is not None:
            return _write_sum(self.lanes, plan, self.values)
        return _write_node(self.lanes, self.graph, node, self.values)


def begin_section(
    lanes: Lanes,
    graph: Graph,
    roots: Iterable[int],
    is_stored: Callable[[int], bool],
    load: Callable[[int], Value],
) -> Section:
    """Return a section for ``roots``, the nodes that will be asked for; the rest is as in ``Section``."""
    return Section(lanes, graph, is_stored, load, _count_uses(graph, roots), {})


def _count_uses(graph: Graph, roots: Iterable[int]) -> dict[int, int]:
    uses: dict[int, int] = {}
    waiting, seen = list(roots), set(roots)
    while waiting:
        for operand in graph.operands(waiting.pop()):
            uses[operand] = uses.get(operand, 0) + 1
            if operand not in seen:
                seen.add(operand)
                waiting.append(operand)
    return uses


def _strip_sign(graph: Graph, node: int) -> tuple[int, bool]:
    if graph.nodes[node][0] == "negate" and graph.depends[node]:
        return graph.operands(node)[0], True
    return node, False


def _plan_sum(graph: Graph, node: int, uses: dict[int, int]) -> _Sum:
    sides = [_strip_sign(graph, side) for side in graph.operands(node)]
    products = [
        place
        for place, (side, _) in enumerate(sides)
        if graph.nodes[side][0] == "times" and graph.depends[side]
    ]
    if not products:
        if sides[0][1] and not sides[1][1]:
            sides.reverse()
        (first, first_sign), (rest, rest_sign) = sides
        return _Sum(False, first, first, rest, first_sign, rest_sign)
    chosen = min(products, key=lambda place: (uses.get(sides[place][0], 0), -sides[place][0]))
    product, is_negative = sides[chosen]
    first, second = graph.operands(product)
    rest, is_rest_negative = sides[1 - chosen]
    return _Sum(True, first, second, rest, is_negative, is_rest_negative)


def _write_sum(lanes: Lanes, plan: _Sum, values: dict[int, Value]) -> Value:
    first, rest = values[plan.first], values[plan.rest]
    if plan.is_fused:
        first = lanes.negate(first) if plan.is_first_negative else first
        return lanes.fma(first, values[plan.second], lanes.negate(rest) if plan.is_rest_negative else rest)
    if plan.is_rest_negative:
        return lanes.subtract(lanes.negate(first) if plan.is_first_negative else first, rest)
    return lanes.add(first, rest)


def _write_node(lanes: Lanes, graph: Graph, node: int, values: dict[int, Value]) -> Value:
    kind = str(graph.nodes[node][0])
    if kind == "constant":
        return lanes.number(graph.value_of(node) or 0.0)
    inputs = [values[operand] for operand in graph.operands(node)]
    if kind in _COMPARISONS:
        return lanes.compare(_COMPARISONS[kind], *inputs)
    return _WRITERS[kind](lanes, *inputs)


def _always(lanes: Lanes) -> Value:
    return lanes.compare("==", lanes.number(0.0), lanes.number(0.0))


def _never(lanes: Lanes) -> Value:
    return lanes.compare("<", lanes.number(0.0), lanes.number(0.0))


def _floored(lanes: Lanes, x: Value, floor: float) -> Value:
    """Return x, or the floor where x is below it; what is infinite becomes not a number rather than the floor."""
    return lanes.add(lanes.at_least(x, lanes.number(floor)), lanes.subtract(x, x))


def _base_of_parameter(lanes: Lanes, x: Value) -> Value:
    floored = lanes.at_least(x, lanes.number(SMALLEST_BASE))
    return lanes.select(lanes.compare("<", x, lanes.number(0.0)), lanes.number(float("nan")), floored)


_WRITERS: dict[str, Callable[..., Value]] = {
    "times": Lanes.multiply,
    "negate": Lanes.negate,
    "reciprocal": lambda lanes, x: lanes.divide(lanes.number(1.0), x),
    "exp": Lanes.exp,
    "share": lambda lanes, x: lanes.divide(lanes.number(1.0), lanes.add(lanes.number(1.0), lanes.exp(x))),
    "log": Lanes.log,
    "log_of_base": Lanes.log_of_normal,
    "base_of_state": lambda lanes, x: _floored(lanes, x, SMALLEST_BASE),
    "base_of_parameter": _base_of_parameter,
    "root": Lanes.root,
    "root_of_positive_part": lambda lanes, x: lanes.root(_floored(lanes, x, 0.0)),
    "at_least": Lanes.at_least,
    "sin": Lanes.sin,
    "cos": Lanes.cos,
    "floor": Lanes.floor,
    "choose": Lanes.select,
    "and": Lanes.both,
    "or": Lanes.either,
    "not": Lanes.opposite,
    "always": _always,
    "never": _never,
}
