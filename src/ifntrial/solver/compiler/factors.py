"""LLVM IR of the linear algebra of a step: the matrix, its elimination, and the solution with its factors.

What is factored is ``J - I / (gamma h)``, the negative of the matrix of the method, so that entries of the Jacobian are
taken as they are; reciprocals of pivots are stored with the other sign, which undoes it.
"""

from collections.abc import Callable

from llvmlite import ir

from ifntrial.solver.compiler import driver as place
from ifntrial.solver.compiler.elementary import Lanes, Value
from ifntrial.solver.compiler.tableau import GAMMA, TIME_WEIGHTS
from ifntrial.solver.compiler.writer import Writer


def write_factor(writer: Writer) -> ir.Function:
    """Write ``factor``: first right-hand side, time derivative, and LU factors."""
    function, lanes = writer.start("factor", is_public=False)
    base, layout, derivatives = function.args[0], writer.layout, writer.derivatives
    roots = [*writer.system.rates, *derivatives.jacobian.values(), *derivatives.by_time.values()]
    time, step = lanes.read(base, place.NOW), lanes.read(base, place.TRIED)
    section = writer.begin(lanes, base, roots, layout.value, time)
    for row, node in enumerate(writer.system.rates):
        total = lanes.add(section.value(node), lanes.read(base, layout.put_in + row))
        if row in derivatives.by_time:
            slope = section.value(derivatives.by_time[row])
            lanes.write(base, layout.by_time + row, slope)
            total = lanes.fma(lanes.multiply(step, lanes.number(TIME_WEIGHTS[0])), slope, total)
        lanes.write(base, layout.increments + row, total)
    diagonal = lanes.divide(lanes.number(-1.0 / GAMMA), step)

    def read_entry(position: tuple[int, int]) -> Value | None:
        """Return an entry of the matrix before elimination, None if it is zero."""
        node = derivatives.jacobian.get(position)
        if position[0] == position[1]:
            return diagonal if node is None else lanes.add(diagonal, section.value(node))
        return None if node is None else section.value(node)

    _eliminate(writer, lanes, base, read_entry)
    lanes.builder.ret_void()
    return function


def _eliminate(
    writer: Writer, lanes: Lanes, base: Value, read_entry: Callable[[tuple[int, int]], Value | None]
) -> None:
    """Write the elimination; entries are computed when first needed and stored as soon as they are final."""
    plan, layout = writer.elimination, writer.layout
    index_of = {position: layout.factors + index for index, position in enumerate(plan.entries)}
    matrix: dict[tuple[int, int], Value] = {}

    def entry(position: tuple[int, int]) -> Value | None:
        if position not in matrix:
            matrix[position] = read_entry(position)
        return matrix[position]

    done: set[int] = set()
    for pivot in plan.order:
        inverse = lanes.divide(lanes.number(-1.0), entry((pivot, pivot)))
        lanes.write(base, layout.factors + layout.entries + pivot, inverse)
        done.add(pivot)
        below = sorted(row for row, column in plan.entries if column == pivot and row not in done)
        beside = sorted(column for row, column in plan.entries if row == pivot and column not in done)
        for column in beside:
            lanes.write(base, index_of[pivot, column], entry((pivot, column)))
        for row in below:
            factor = lanes.multiply(entry((row, pivot)), inverse)
            lanes.write(base, index_of[row, pivot], factor)
            for column in beside:
                before, change = entry((row, column)), matrix[pivot, column]
                fresh = (
                    lanes.multiply(factor, change) if before is None else lanes.fma(factor, change, before)
                )
                matrix[row, column] = fresh


def write_solve(writer: Writer) -> ir.Function:
    """Write ``solve``: solves with the factors in place."""
    vector = ir.VectorType(ir.DoubleType(), writer.layout.width)
    function, lanes = writer.start("solve", is_public=False, extra=[vector.as_pointer()])
    base, target = function.args
    target.add_attribute("noalias")
    plan, layout = writer.elimination, writer.layout
    index_of = {position: layout.factors + index for index, position in enumerate(plan.entries)}
    rank = {row: step for step, row in enumerate(plan.order)}
    values: dict[int, Value] = {}
    for row in plan.order:
        values[row] = lanes.read(target, row)
        for column in sorted(
            (c for r, c in plan.entries if r == row and rank[c] < rank[row]), key=rank.__getitem__
        ):
            factor = lanes.read(base, index_of[row, column])
            values[row] = lanes.fma(factor, values[column], values[row])
    for row in reversed(plan.order):
        later = sorted(
            (c for r, c in plan.entries if r == row and rank[c] > rank[row]), key=lambda c: -rank[c]
        )
        for column in later:
            factor = lanes.read(base, index_of[row, column])
            values[row] = lanes.fma(factor, values[column], values[row])
        inverse = lanes.read(base, layout.factors + layout.entries + row)
        values[row] = lanes.multiply(values[row], inverse)
        lanes.write(target, row, values[row])
    lanes.builder.ret_void()
    return function
