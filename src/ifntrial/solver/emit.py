"""LLVM IR for one system: constants of a subject, one step of Rodas5P, observed expressions; all on vectors.

Each lane of a vector is one subject with its own time and step. Nothing passes between lanes, so a subject's result
cannot depend on who is solved beside it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from llvmlite import ir

from ifntrial.solver import driver as place
from ifntrial.solver.derive import Derivatives, Elimination, derive, plan_elimination
from ifntrial.solver.elementary import Lanes, Value
from ifntrial.solver.graph import Graph
from ifntrial.solver.layout import Layout
from ifntrial.solver.section import write_nodes
from ifntrial.solver.step_control import write_choice_of_step, write_outcome
from ifntrial.solver.tableau import GAMMA, STAGES, TIME_WEIGHTS, TIMES, A, C
from ifntrial.solver.translate import SystemGraph

# smaller values are set to zero, so that decayed states do not slow the processor down
NEGLIGIBLE = 1e-250

_TRUTH_KINDS = frozenset({"less", "at_most", "equal", "unequal", "and", "or", "not", "always", "never"})


@dataclass(frozen=True, slots=True)
class Program:
    """A system as LLVM IR, and where its workspace holds what."""

    text: str
    layout: Layout


@dataclass(slots=True)
class _Writer:
    """What all functions of one module share."""

    module: ir.Module
    system: SystemGraph
    derivatives: Derivatives
    elimination: Elimination
    layout: Layout
    constants: Mapping[int, int]

    @property
    def graph(self) -> Graph:
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

    def compute(
        self, lanes: Lanes, base: Value, roots: Iterable[int], states: int, time: Value | None
    ) -> dict[int, Value]:
        """Write the nodes ``roots``; ``states`` is where the states lie, ``time`` their time."""
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

        return write_nodes(lanes, graph, roots, is_stored, load)


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
    writer = _Writer(ir.Module("population"), system, derivatives, elimination, layout, constants)
    _write_prepare(writer)
    _write_run(writer, _write_factor(writer), _write_rate(writer), _write_solve(writer))
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


def _write_prepare(writer: _Writer) -> None:
    """Write ``prepare``: from parameters, the constants, initial states and absolute tolerances."""
    function, lanes = writer.start("prepare", is_public=True)
    base, system, layout = function.args[0], writer.system, writer.layout
    roots = [*writer.constants, *system.initial, *system.scales]
    # constants are what is computed here, so none counts as stored
    inner = _Writer(writer.module, system, writer.derivatives, writer.elimination, layout, {})
    values = inner.compute(lanes, base, roots, layout.value, None)
    for node, index in writer.constants.items():
        lanes.write(base, layout.constant + index, values[node])
    floor = lanes.multiply(lanes.read(base, place.RELATIVE), lanes.read(base, place.FLOOR))
    for index, node in enumerate(system.initial):
        lanes.write(base, layout.initial + index, values[node])
    for index, node in enumerate(system.scales):
        lanes.write(base, layout.allowed + index, lanes.multiply(floor, values[node]))
    lanes.builder.ret_void()


def _write_observe(writer: _Writer) -> None:
    """Write ``observe``: assignments and outputs at the present states and time."""
    function, lanes = writer.start("observe", is_public=True)
    base, layout = function.args[0], writer.layout
    time = lanes.read(base, place.NOW)
    values = writer.compute(lanes, base, writer.system.observed, layout.value, time)
    for index, node in enumerate(writer.system.observed):
        lanes.write(base, layout.observation + index, values[node])
    lanes.builder.ret_void()


def _write_rate(writer: _Writer) -> ir.Function:
    """Write ``rate``: adds the rates at the stage states to an array."""
    vector = ir.VectorType(ir.DoubleType(), writer.layout.width)
    function, lanes = writer.start("rate", is_public=False, extra=[vector.as_pointer(), vector])
    base, target, time = function.args
    target.add_attribute("noalias")
    values = writer.compute(lanes, base, writer.system.rates, writer.layout.stage, time)
    for index, node in enumerate(writer.system.rates):
        lanes.write(target, index, lanes.add(lanes.read(target, index), values[node]))
    lanes.builder.ret_void()
    return function


def _write_factor(writer: _Writer) -> ir.Function:
    """Write ``factor``: first right-hand side, time derivative, and LU factors of ``I / (gamma h) - J``."""
    function, lanes = writer.start("factor", is_public=False)
    base, layout, derivatives = function.args[0], writer.layout, writer.derivatives
    roots = [*writer.system.rates, *derivatives.jacobian.values(), *derivatives.by_time.values()]
    time, step = lanes.read(base, place.NOW), lanes.read(base, place.TRIED)
    values = writer.compute(lanes, base, roots, layout.value, time)
    for row, node in enumerate(writer.system.rates):
        total = lanes.add(values[node], lanes.read(base, layout.put_in + row))
        if row in derivatives.by_time:
            slope = values[derivatives.by_time[row]]
            lanes.write(base, layout.by_time + row, slope)
            total = lanes.fma(lanes.multiply(step, lanes.number(TIME_WEIGHTS[0])), slope, total)
        lanes.write(base, layout.increments + row, total)
    diagonal = lanes.divide(lanes.number(1.0 / GAMMA), step)
    matrix = {position: lanes.negate(values[node]) for position, node in derivatives.jacobian.items()}
    for row in range(layout.states):
        entry = values[derivatives.jacobian[row, row]] if (row, row) in derivatives.jacobian else None
        matrix[row, row] = diagonal if entry is None else lanes.subtract(diagonal, entry)
    _eliminate(writer, lanes, base, matrix)
    lanes.builder.ret_void()
    return function


def _eliminate(writer: _Writer, lanes: Lanes, base: Value, matrix: dict[tuple[int, int], Value]) -> None:
    """Write the elimination, and the stores of its results."""
    plan, layout = writer.elimination, writer.layout
    done: set[int] = set()
    for pivot in plan.order:
        inverse = lanes.divide(lanes.number(1.0), matrix[pivot, pivot])
        lanes.write(base, layout.factors + layout.entries + pivot, inverse)
        done.add(pivot)
        below = sorted(row for row, column in plan.entries if column == pivot and row not in done)
        beside = sorted(column for row, column in plan.entries if row == pivot and column not in done)
        for row in below:
            factor = matrix[row, pivot] = lanes.multiply(matrix[row, pivot], inverse)
            minus = lanes.negate(factor)
            for column in beside:
                before = matrix.get((row, column))
                change = matrix[pivot, column]
                fresh = lanes.multiply(minus, change) if before is None else lanes.fma(minus, change, before)
                matrix[row, column] = fresh
    for index, position in enumerate(plan.entries):
        lanes.write(base, layout.factors + index, matrix[position])


def _write_solve(writer: _Writer) -> ir.Function:
    """Write ``solve``: solves with the factors in place."""
    vector = ir.VectorType(ir.DoubleType(), writer.layout.width)
    function, lanes = writer.start("solve", is_public=False, extra=[vector.as_pointer()])
    base, target = function.args
    target.add_attribute("noalias")
    plan, layout = writer.elimination, writer.layout
    index_of = {position: layout.factors + index for index, position in enumerate(plan.entries)}
    rank = {row: step for step, row in enumerate(plan.order)}
    values = {row: lanes.read(target, row) for row in range(layout.states)}
    for row in plan.order:
        for column in sorted(
            (c for r, c in plan.entries if r == row and rank[c] < rank[row]), key=rank.__getitem__
        ):
            factor = lanes.read(base, index_of[row, column])
            values[row] = lanes.fma(lanes.negate(factor), values[column], values[row])
    for row in reversed(plan.order):
        later = sorted(
            (c for r, c in plan.entries if r == row and rank[c] > rank[row]), key=lambda c: -rank[c]
        )
        for column in later:
            factor = lanes.read(base, index_of[row, column])
            values[row] = lanes.fma(lanes.negate(factor), values[column], values[row])
        inverse = lanes.read(base, layout.factors + layout.entries + row)
        values[row] = lanes.multiply(values[row], inverse)
        lanes.write(target, row, values[row])
    lanes.builder.ret_void()
    return function


def _write_run(writer: _Writer, factor: ir.Function, rate: ir.Function, solve: ir.Function) -> None:
    """Write ``run``: steps all lanes until one of them needs the driver."""
    function, lanes = writer.start("run", is_public=True)
    base, builder = function.args[0], lanes.builder
    block, after = builder.append_basic_block(), builder.append_basic_block()
    builder.branch(block)
    builder.position_at_end(block)
    reaches_stop = write_choice_of_step(lanes, base)
    _write_stages(writer, lanes, base, (factor, rate, solve))
    norm = _write_error(writer, lanes, base)
    succeeds, needs_driver = write_outcome(lanes, base, norm, reaches_stop)
    _write_move(writer, lanes, base, succeeds)
    mask = builder.bitcast(needs_driver, ir.IntType(lanes.width))
    builder.cbranch(builder.icmp_unsigned("==", mask, ir.Constant(mask.type, 0)), block, after)
    builder.position_at_end(after)
    builder.ret_void()


def _write_stages(
    writer: _Writer, lanes: Lanes, base: Value, functions: tuple[ir.Function, ir.Function, ir.Function]
) -> None:
    """Write the increments of all stages of one step."""
    factor, rate, solve = functions
    layout = writer.layout
    step, start = lanes.read(base, place.TRIED), lanes.read(base, place.NOW)
    per_step = lanes.divide(lanes.number(1.0), step)
    lanes.builder.call(factor, [base])
    lanes.builder.call(solve, [base, lanes.address(base, layout.increments)])
    for stage in range(1, STAGES):
        target = lanes.address(base, layout.increments + stage * layout.states)
        _write_stage_sums(writer, lanes, base, stage, per_step)
        slope_weight = TIME_WEIGHTS[stage]
        if slope_weight:
            weight = lanes.multiply(step, lanes.number(slope_weight))
            for row in sorted(writer.derivatives.by_time):
                slope = lanes.read(base, layout.by_time + row)
                lanes.write(target, row, lanes.fma(weight, slope, lanes.read(target, row)))
        lanes.builder.call(rate, [base, target, lanes.fma(step, lanes.number(TIMES[stage]), start)])
        lanes.builder.call(solve, [base, target])


def _write_stage_sums(writer: _Writer, lanes: Lanes, base: Value, stage: int, per_step: Value) -> None:
    """Write the states of a stage, and the part of its right-hand side that earlier stages make."""
    layout = writer.layout
    states, increments = layout.states, layout.increments

    def body(row: Value, carried: Value) -> Value:
        earlier = [lanes.read(base, row, increments + j * states) for j in range(stage)]
        if stage < len(A):
            value = lanes.read(base, row, layout.value)
            for weight, increment in zip(A[stage], earlier, strict=True):
                value = lanes.fma(lanes.number(weight), increment, value)
        else:
            value = lanes.add(lanes.read(base, row, layout.stage), earlier[-1])
        total = lanes.multiply(lanes.number(C[stage][0]), earlier[0])
        for weight, increment in zip(C[stage][1:], earlier[1:], strict=True):
            total = lanes.fma(lanes.number(weight), increment, total)
        total = lanes.fma(total, per_step, lanes.read(base, row, layout.put_in))
        lanes.write(base, row, value, layout.stage)
        lanes.write(base, row, total, increments + stage * states)
        return carried

    lanes.loop(states, body)


def _write_error(writer: _Writer, lanes: Lanes, base: Value) -> Value:
    """Write the new states into the place of the stage; return the error norm to the power ``NORM``.

    The norm is close to the largest share of error in tolerance of any state, and what is not a number stays so.
    """
    layout = writer.layout
    last = layout.increments + (STAGES - 1) * layout.states
    relative = lanes.read(base, place.RELATIVE)

    def add_error(row: Value, total: Value) -> Value:
        old = lanes.read(base, row, layout.value)
        error = lanes.read(base, row, last)
        new = lanes.add(lanes.read(base, row, layout.stage), error)
        lanes.write(base, row, new, layout.stage)
        size = lanes.at_least(lanes.absolute(new), lanes.absolute(old))
        share = lanes.divide(error, lanes.fma(relative, size, lanes.read(base, row, layout.allowed)))
        square = lanes.multiply(share, share)
        fourth = lanes.multiply(square, square)
        return lanes.fma(fourth, fourth, total)

    return lanes.loop(layout.states, add_error)


def _write_move(writer: _Writer, lanes: Lanes, base: Value, succeeds: Value) -> None:
    """Write the new states over the old ones in lanes that succeed."""
    layout = writer.layout

    def move_on(row: Value, total: Value) -> Value:
        new = lanes.read(base, row, layout.stage)
        is_negligible = lanes.compare("<", lanes.absolute(new), lanes.number(NEGLIGIBLE))
        new = lanes.select(is_negligible, lanes.number(0.0), new)
        lanes.write(base, row, lanes.select(succeeds, new, lanes.read(base, row, layout.value)), layout.value)
        return total

    lanes.loop(layout.states, move_on)
