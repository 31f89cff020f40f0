"""LLVM IR of one step of Rodas5P: stages, error, and the move to the new states."""

from llvmlite import ir

from ifntrial.solver.compiler import driver as place
from ifntrial.solver.compiler.elementary import Lanes, Value
from ifntrial.solver.compiler.step_control import write_choice_of_step, write_outcome
from ifntrial.solver.compiler.tableau import STAGES, TIME_WEIGHTS, TIMES, A, C
from ifntrial.solver.compiler.writer import Writer

# smaller values are set to zero, so that decayed states do not slow the processor down
NEGLIGIBLE = 1e-250


def write_run(writer: Writer, factor: ir.Function, rate: ir.Function, solve: ir.Function) -> None:
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
    writer: Writer, lanes: Lanes, base: Value, functions: tuple[ir.Function, ir.Function, ir.Function]
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


def _write_stage_sums(writer: Writer, lanes: Lanes, base: Value, stage: int, per_step: Value) -> None:
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


def _write_error(writer: Writer, lanes: Lanes, base: Value) -> Value:
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


def _write_move(writer: Writer, lanes: Lanes, base: Value, succeeds: Value) -> None:
    """Write the new states over the old ones in lanes that succeed."""
    layout = writer.layout

    def move_on(row: Value, total: Value) -> Value:
        new = lanes.read(base, row, layout.stage)
        is_negligible = lanes.compare("<", lanes.absolute(new), lanes.number(NEGLIGIBLE))
        new = lanes.select(is_negligible, lanes.number(0.0), new)
        lanes.write(base, row, lanes.select(succeeds, new, lanes.read(base, row, layout.value)), layout.value)
        return total

    lanes.loop(layout.states, move_on)
