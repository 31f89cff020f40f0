"""LLVM IR for one system: constants of a subject, one step of Rodas5P, observed expressions; all on vectors.

Each lane of a vector is one subject with its own time and step. Nothing passes between lanes, so a subject's result
cannot depend on who is solved beside it.
"""

from dataclasses import dataclass

from llvmlite import ir

from ifntrial.solver.compiler import driver as place
from ifntrial.solver.compiler.derive import Derivatives, derive, plan_elimination
from ifntrial.solver.compiler.factors import write_factor, write_solve
from ifntrial.solver.compiler.layout import Layout
from ifntrial.solver.compiler.step import write_run
from ifntrial.solver.compiler.translate import SystemGraph
from ifntrial.solver.compiler.writer import Writer

_TRUTH_KINDS = frozenset({"less", "at_most", "equal", "unequal", "and", "or", "not", "always", "never"})


@dataclass(frozen=True, slots=True)
class Program:
    """A system as LLVM IR, and where its workspace holds what."""

    text: str
    layout: Layout


def emit_program(system: SystemGraph, width: int) -> Program:
    """Return the IR of functions ``prepare``, ``run`` and ``observe``, each called with a workspace."""
    derivatives = derive(system.graph, system.rates)
    elimination = plan_elimination(len(system.rates), set(derivatives.jacobian))
    constants = _find_constants(system, derivatives)
    layout = Layout(
        width=width,
        states=len(system.rates),
        parameters=system.parameters,
        constants=len(constants),
        entries=len(elimination.entries),
        observed=len(system.observed),
    )
    writer = Writer(ir.Module("population"), system, derivatives, elimination, layout, constants)
    _write_prepare(writer)
    write_run(writer, write_factor(writer), _write_rate(writer), write_solve(writer))
    _write_observe(writer)
    return Program(str(writer.module), layout)


def _find_constants(system: SystemGraph, derivatives: Derivatives) -> dict[int, int]:
    """Return the expressions in parameters alone that others need, each with its place."""
    graph = system.graph
    varying = (*system.rates, *derivatives.jacobian.values(), *derivatives.by_time.values(), *system.observed)
    found: set[int] = set()
    waiting, seen = list(varying), set(varying)
    while waiting:
        node = waiting.pop()
        is_constant = not graph.depends[node] and bool(graph.operands(node))
        if is_constant and graph.nodes[node][0] not in _TRUTH_KINDS:
            found.add(node)
            continue
        fresh = [operand for operand in graph.operands(node) if operand not in seen]
        seen.update(fresh)
        waiting.extend(fresh)
    return {node: index for index, node in enumerate(sorted(found))}


def _write_prepare(writer: Writer) -> None:
    """Write ``prepare``: from parameters, the constants, initial states and absolute tolerances."""
    function, lanes = writer.start("prepare", is_public=True)
    base, system, layout = function.args[0], writer.system, writer.layout
    roots = [*writer.constants, *system.initial, *system.scales]
    # constants are what is computed here, so none counts as stored
    inner = Writer(writer.module, system, writer.derivatives, writer.elimination, layout, {})
    section = inner.begin(lanes, base, roots, layout.value, None)
    for node, index in writer.constants.items():
        lanes.write(base, layout.constant + index, section.value(node))
    floor = lanes.multiply(lanes.read(base, place.RELATIVE), lanes.read(base, place.FLOOR))
    for index, node in enumerate(system.initial):
        lanes.write(base, layout.initial + index, section.value(node))
    for index, node in enumerate(system.scales):
        lanes.write(base, layout.allowed + index, lanes.multiply(floor, section.value(node)))
    lanes.builder.ret_void()


def _write_observe(writer: Writer) -> None:
    """Write ``observe``: assignments and outputs at the present states and time."""
    function, lanes = writer.start("observe", is_public=True)
    base, layout = function.args[0], writer.layout
    time = lanes.read(base, place.NOW)
    section = writer.begin(lanes, base, writer.system.observed, layout.value, time)
    for index, node in enumerate(writer.system.observed):
        lanes.write(base, layout.observation + index, section.value(node))
    lanes.builder.ret_void()


def _write_rate(writer: Writer) -> ir.Function:
    """Write ``rate``: adds the rates at the stage states to an array."""
    vector = ir.VectorType(ir.DoubleType(), writer.layout.width)
    function, lanes = writer.start("rate", is_public=False, extra=[vector.as_pointer(), vector])
    base, target, time = function.args
    target.add_attribute("noalias")
    section = writer.begin(lanes, base, writer.system.rates, writer.layout.stage, time)
    for index, node in enumerate(writer.system.rates):
        value = section.value(node)
        lanes.write(target, index, lanes.add(lanes.read(target, index), value))
    lanes.builder.ret_void()
    return function
