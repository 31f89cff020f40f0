"""What the writers of all functions of one module share."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from llvmlite import ir

from ifntrial.solver.compiler.derive import Derivatives, Elimination
from ifntrial.solver.compiler.elementary import Lanes, Value
from ifntrial.solver.compiler.graph import Graph
from ifntrial.solver.compiler.layout import Layout
from ifntrial.solver.compiler.section import Section, begin_section
from ifntrial.solver.compiler.translate import SystemGraph


@dataclass(slots=True)
class Writer:
    """What all functions of one module share.

    Parameters
    ----------
    module
        Where functions go.
    system, derivatives, elimination
        What is computed.
    layout
        Where the workspace holds what.
    constants
        Nodes that are hoisted, each with its place.
    """

    module: ir.Module
    system: SystemGraph
    derivatives: Derivatives
    elimination: Elimination
    layout: Layout
    constants: Mapping[int, int]

    @property
    def graph(self) -> Graph:
        """Return the nodes of the system."""
        return self.system.graph

    def start(
        self, name: str, *, is_public: bool, extra: Iterable[ir.Type] = ()
    ) -> tuple[ir.Function, Lanes]:
        """Begin a function of (workspace, *extra)."""
        vector = ir.VectorType(ir.DoubleType(), self.layout.width)
        kind = ir.FunctionType(ir.VoidType(), [vector.as_pointer(), *extra])
        function = ir.Function(self.module, kind, name)
        if not is_public:
            function.linkage = "internal"
            function.attributes.add("noinline")
        function.attributes.add("nounwind")
        return function, Lanes(ir.IRBuilder(function.append_basic_block()), self.layout.width)

    def begin(
        self, lanes: Lanes, base: Value, roots: Iterable[int], states: int, time: Value | None
    ) -> Section:
        """Begin to compute the nodes ``roots``; ``states`` is where the states lie, ``time`` their time."""
        graph = self.graph

        def is_stored(node: int) -> bool:
            return graph.nodes[node][0] in ("state", "time", "parameter") or node in self.constants

        def load(node: int) -> Value:
            kind, *rest = graph.nodes[node]
            if kind == "time":
                return time
            if kind == "state":
                return lanes.read(base, states + int(rest[0]))  # type: ignore[call-overload]  # a state holds its position
            if kind == "parameter":
                return lanes.read(base, self.layout.parameter + int(rest[0]))  # type: ignore[call-overload]  # so does a parameter
            return lanes.read(base, self.layout.constant + self.constants[node])

        return begin_section(lanes, graph, roots, is_stored, load)
