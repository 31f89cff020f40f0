"""Sparse Jacobian by the chain rule on the graph, and a plan for its elimination."""

from collections.abc import Callable
from dataclasses import dataclass

from ifntrial.errors import SolverError
from ifntrial.solver.compiler.graph import SMALLEST_BASE, Graph

# below this a root has no usable slope
SMALLEST_ROOT = SMALLEST_BASE**0.5


@dataclass(frozen=True, slots=True)
class Derivatives:
    """Derivatives of the rates; each value is the number of a node.

    Parameters
    ----------
    jacobian
        Entries that are not zero by structure, (rate, state) -> node.
    by_time
        Explicit derivative with respect to time, rate -> node.
    """

    jacobian: dict[tuple[int, int], int]
    by_time: dict[int, int]


@dataclass(frozen=True, slots=True)
class Elimination:
    """Sparse LU without row exchanges.

    Parameters
    ----------
    order
        Pivots in order.
    entries
        Positions (row, column) that may be other than zero in L or U, fill-in included, diagonal excluded.
    """

    order: tuple[int, ...]
    entries: tuple[tuple[int, int], ...]


_TIME = -1


def derive(graph: Graph, rates: tuple[int, ...]) -> Derivatives:
    """Return the derivatives of ``rates``; adds their nodes to the graph."""
    needed = _reachable(graph, rates)
    slopes: dict[int, dict[int, int]] = {}
    for node in sorted(needed):
        if graph.depends[node]:
            slopes[node] = _slopes_of(graph, node, slopes)
    jacobian, by_time = {}, {}
    zero = graph.constant(0.0)
    for row, rate in enumerate(rates):
        for column, node in slopes.get(rate, {}).items():
            if node == zero:
                continue
            if column == _TIME:
                by_time[row] = node
            else:
                jacobian[row, column] = node
    return Derivatives(jacobian, by_time)


def _reachable(graph: Graph, roots: tuple[int, ...]) -> set[int]:
    found: set[int] = set()
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting.extend(graph.operands(node))
    return found


def _slopes_of(graph: Graph, node: int, slopes: dict[int, dict[int, int]]) -> dict[int, int]:
    """Return the derivative of one node with respect to each state it depends on."""
    kind, *_ = graph.nodes[node]
    if kind == "state":
        position = graph.nodes[node][1]
        return {int(position): graph.constant(1.0)}  # type: ignore[call-overload]  # a state holds its position
    if kind == "time":
        return {_TIME: graph.constant(1.0)}
    if kind == "choose":
        return _slopes_of_choice(graph, node, slopes)
    result: dict[int, int] = {}
    for operand, factor in _local_slopes(graph, node):
        for column, inner in slopes.get(operand, {}).items():
            term = graph.times(factor, inner)
            result[column] = graph.plus(result[column], term) if column in result else term
    return result


def _slopes_of_choice(graph: Graph, node: int, slopes: dict[int, dict[int, int]]) -> dict[int, int]:
    condition, yes, no = graph.operands(node)
    zero = graph.constant(0.0)
    one, other = slopes.get(yes, {}), slopes.get(no, {})
    columns = sorted({*one, *other})
    return {
        column: graph.apply("choose", condition, one.get(column, zero), other.get(column, zero))
        for column in columns
    }


def _local_slopes(graph: Graph, node: int) -> list[tuple[int, int]]:
    """Return (operand, derivative with respect to it) of one node."""
    kind = str(graph.nodes[node][0])
    if kind in _FLAT:
        return []
    if kind not in _SLOPES:
        raise SolverError(f"the derivative of '{kind}' is not known")
    operands = graph.operands(node)
    return list(zip(operands, _SLOPES[kind](graph, node, *operands), strict=True))


def _slope_of_root(graph: Graph, node: int, inner: int) -> list[int]:
    floored = graph.apply("at_least", node, graph.constant(SMALLEST_ROOT))
    slope = graph.times(graph.constant(0.5), graph.reciprocal(floored))
    is_below = graph.apply("less", inner, graph.constant(SMALLEST_BASE))
    return [graph.apply("choose", is_below, graph.constant(0.0), slope)]


def _slope_of_floor(graph: Graph, inner: int) -> int:
    """Return 0 below the floor and 1 above it.

    Below it a power is flat. The slope at the floor, up to 1e30, would promise changes that do not come, and a state
    that undershoots by rounding would be stuck there.
    """
    is_below = graph.apply("less", inner, graph.constant(SMALLEST_BASE))
    return graph.apply("choose", is_below, graph.constant(0.0), graph.constant(1.0))


# kinds whose value does not change with their operands, but for jumps
_FLAT = frozenset({"floor", "less", "at_most", "equal", "unequal", "and", "or", "not", "always", "never"})
# derivatives with respect to each operand, from (graph, node, *operands)
_SLOPES: dict[str, Callable[..., list[int]]] = {
    "plus": lambda g, node, a, b: [g.constant(1.0), g.constant(1.0)],
    "times": lambda g, node, a, b: [b, a],
    "negate": lambda g, node, a: [g.constant(-1.0)],
    "reciprocal": lambda g, node, a: [g.negate(g.times(node, node))],
    "exp": lambda g, node, a: [node],
    "log": lambda g, node, a: [g.reciprocal(a)],
    # 1 / (1 + exp(a)); its complement may round to zero where it is all but one, and then the slope is zero
    "share": lambda g, node, a: [g.times(g.negate(node), g.plus(g.constant(1.0), g.negate(node)))],
    "log_of_base": lambda g, node, a: [g.reciprocal(a)],
    "base_of_state": lambda g, node, a: [_slope_of_floor(g, a)],
    "root_of_positive_part": _slope_of_root,
    "sin": lambda g, node, a: [g.apply("cos", a)],
    "cos": lambda g, node, a: [g.negate(g.apply("sin", a))],
}


def plan_elimination(size: int, pattern: set[tuple[int, int]]) -> Elimination:
    """Return an order of pivots that keeps fill-in small (Markowitz count, ties to the earlier state).

    Parameters
    ----------
    size
        Number of rows.
    pattern
        Positions (row, column) that are not zero; the diagonal always counts as not zero.
    """
    rows = [{column for row, column in pattern if row == index and column != index} for index in range(size)]
    columns = [{row for row, column in pattern if column == index and row != index} for index in range(size)]
    left, order, entries = set(range(size)), [], set(pattern)
    while left:
        pivot = min(left, key=lambda k: (len(rows[k]) * len(columns[k]), k))
        order.append(pivot)
        left.discard(pivot)
        for row in columns[pivot]:
            rows[row].discard(pivot)
            rows[row] |= rows[pivot] - {row}
        for column in rows[pivot]:
            columns[column].discard(pivot)
            columns[column] |= columns[pivot] - {column}
        entries |= {(row, column) for row in columns[pivot] for column in rows[pivot]}
    return Elimination(tuple(order), tuple(sorted((row, column) for row, column in entries if row != column)))
