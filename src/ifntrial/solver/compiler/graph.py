"""Expressions as one graph without repeats, so that common parts are found by construction.

A node is a tuple ``(kind, *arguments)`` where arguments are numbers of earlier nodes; equal nodes exist once.
Numbers of nodes rise from operands to results, so a pass in order is a pass in order of dependence.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

Node = tuple[object, ...]

FROM_STATE = 1
FROM_TIME = 2

# a general power or root of a state at or below zero is taken at this value, because states undershoot by rounding
SMALLEST_BASE = 1e-30


@dataclass(slots=True)
class Graph:
    """A growing set of nodes.

    Parameters
    ----------
    nodes
        All nodes, operands before results.
    depends
        Of each node: 0 if it is constant for one subject, else ``FROM_STATE`` and ``FROM_TIME`` added up.
    """

    nodes: list[Node] = field(default_factory=list)
    depends: list[int] = field(default_factory=list)
    _index: dict[Node, int] = field(default_factory=dict)

    def add_node(self, node: Node, depends: int) -> int:
        """Return the number of ``node``, which is added if it is new."""
        found = self._index.get(node)
        if found is None:
            found = self._index[node] = len(self.nodes)
            self.nodes.append(node)
            self.depends.append(depends)
        return found

    def apply(self, kind: str, *arguments: int) -> int:
        """Return the node of a function of other nodes."""
        depends = 0
        for argument in arguments:
            depends |= self.depends[argument]
        return self.add_node((kind, *arguments), depends)

    def constant(self, value: float) -> int:
        """Return the node of a number."""
        return self.add_node(("constant", float(value) + 0.0), 0)

    def parameter(self, position: int) -> int:
        """Return the node of a parameter."""
        return self.add_node(("parameter", position), 0)

    def state(self, position: int) -> int:
        """Return the node of a state."""
        return self.add_node(("state", position), FROM_STATE)

    def time(self) -> int:
        """Return the node of time."""
        return self.add_node(("time",), FROM_TIME)

    def value_of(self, node: int) -> float | None:
        """Return the number that a node holds, or None if it is not a number."""
        kind, *arguments = self.nodes[node]
        return float(arguments[0]) if kind == "constant" else None  # type: ignore[arg-type]  # a constant holds a float

    def operands(self, node: int) -> tuple[int, ...]:
        """Return the numbers of the nodes that a node is made from."""
        kind, *arguments = self.nodes[node]
        return () if kind in ("constant", "parameter", "state", "time") else tuple(arguments)  # type: ignore[arg-type]  # operands are numbers of nodes

    def negate(self, a: int) -> int:
        """Return minus a."""
        value = self.value_of(a)
        if value is not None:
            return self.constant(-value)
        if self.nodes[a][0] == "negate":
            return self.operands(a)[0]
        return self.apply("negate", a)

    def plus(self, a: int, b: int) -> int:
        """Return a + b."""
        x, y = self.value_of(a), self.value_of(b)
        if x == 0.0:
            return b
        if y == 0.0:
            return a
        if x is not None and y is not None:
            return self.constant(x + y)
        if self._are_opposite(a, b):
            return self.constant(0.0)
        return self.apply("plus", min(a, b), max(a, b))

    def _are_opposite(self, a: int, b: int) -> bool:
        return self.nodes[a] == ("negate", b) or self.nodes[b] == ("negate", a)

    def times(self, a: int, b: int) -> int:
        """Return a * b."""
        x, y = self.value_of(a), self.value_of(b)
        if x == 0.0 or y == 0.0:
            return self.constant(0.0)
        if x is not None and y is not None:
            return self.constant(x * y)
        for this, other, value in ((a, b, x), (b, a, y)):
            if value == 1.0:
                return other
            if value == -1.0:
                return self.negate(other)
            if self.nodes[this][0] == "negate":
                return self.negate(self.times(self.operands(this)[0], other))
            if not self.depends[this] and self.nodes[other][0] == "times":
                # constants of a subject meet first, so that they are multiplied once for all
                first, second = self.operands(other)
                if not self.depends[first] and self.depends[second]:
                    return self.times(self.times(this, first), second)
                if not self.depends[second] and self.depends[first]:
                    return self.times(self.times(this, second), first)
        return self.apply("times", min(a, b), max(a, b))

    def reciprocal(self, a: int) -> int:
        """Return 1 / a."""
        value = self.value_of(a)
        if value is not None and value != 0.0:
            return self.constant(1.0 / value)
        if self.nodes[a][0] == "negate":
            return self.negate(self.reciprocal(self.operands(a)[0]))
        return self.apply("reciprocal", a)

    def total(self, terms: Iterable[int]) -> int:
        """Return a sum; parts that are constant for a subject, or depend on time alone, are summed first."""
        result = self.constant(0.0)
        for term in sorted(terms, key=lambda node: (_RANK[self.depends[node]], node)):
            result = self.plus(result, term)
        return result

    def product(self, factors: Iterable[int]) -> int:
        """Return a product; parts that are constant for a subject, or depend on time alone, are multiplied first."""
        result = self.constant(1.0)
        for factor in sorted(factors, key=lambda node: (_RANK[self.depends[node]], node)):
            result = self.times(result, factor)
        return result

    def power(self, base: int, exponent: int) -> int:
        """Return base ** exponent; whole and half exponents become products and roots."""
        value = self.value_of(exponent)
        if value is not None and value == round(value) and abs(value) <= 64:
            return self._whole_power(base, int(value))
        if value is not None and 2 * value == round(2 * value) and abs(value) <= 32:
            return self._whole_power(self.root(base), round(2 * value))
        return self.apply("exp", self.logarithm_of_power(base, exponent))

    def logarithm_of_power(self, base: int, exponent: int) -> int:
        """Return log(base ** exponent)."""
        return self.times(exponent, self.apply("log_of_base", self._guarded(base)))

    def root(self, base: int) -> int:
        """Return the square root."""
        return self.apply("root_of_positive_part" if self.depends[base] else "root", base)

    def _guarded(self, base: int) -> int:
        value = self.value_of(base)
        if value is not None and value >= SMALLEST_BASE:
            return base
        return self.apply("base_of_state" if self.depends[base] else "base_of_parameter", base)

    def _whole_power(self, base: int, exponent: int) -> int:
        if exponent < 0:
            return self.reciprocal(self._whole_power(base, -exponent))
        result, square = self.constant(1.0), base
        while exponent:
            if exponent & 1:
                result = self.times(result, square)
            exponent >>= 1
            if exponent:
                square = self.times(square, square)
        return result


_RANK = {0: 0, FROM_TIME: 1, FROM_STATE: 2, FROM_STATE | FROM_TIME: 2}
