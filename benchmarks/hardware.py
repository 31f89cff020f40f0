"""How many operations a step takes, and how many this processor could do at most."""

import ctypes
import re
import time

from llvmlite import ir

from ifntrial.solver import OdeSystem
from ifntrial.solver.compiler.elementary import INTEGER, Lanes
from ifntrial.solver.compiler.emit import emit_program
from ifntrial.solver.compiler.kernel import choose_width, compile_text, load_library, optimize_text
from ifntrial.solver.compiler.tableau import STAGES
from ifntrial.solver.compiler.translate import build_graph

ACCUMULATORS = 12
ROUNDS = 4_000_000


def count_operations(system: OdeSystem) -> float:
    """Return floating-point operations that one step of one lane executes.

    A fused multiply-add counts as two; additions, multiplications, divisions and square roots count as one. Comparisons,
    selections, signs and the integer arithmetic in exponentials and logarithms do not count.
    """
    text = emit_program(build_graph(system), choose_width()).text
    # in straight-line code LLVM merges what is equal; loops are counted as written, because LLVM unrolls them
    merged = _find_bodies(str(optimize_text(text)))
    states = len(system.states)
    # blocks of the step that are loops begin with a phi and run once per state
    blocks = re.split(r"\n(?=\S+:\n)", _find_bodies(text)["run"])
    return (
        sum(_count(block) * (states if " phi " in block else 1) for block in blocks)
        + _count(merged["factor"])
        + (STAGES - 1) * _count(merged["rate"])
        + STAGES * _count(merged["solve"])
    )


def _find_bodies(text: str) -> dict[str, str]:
    """Return the body of every function by name."""
    return {
        found[1]: found[2] for found in re.finditer(r'define[^@]*@"?(\w+)"?\([^{]*\{(.*?)\n\}', text, re.S)
    }


def _count(text: str) -> int:
    plain = len(re.findall(r"= f(?:add|sub|mul|div) ", text)) + len(
        re.findall(r"call .*@\"?llvm\.sqrt", text)
    )
    return plain + 2 * len(re.findall(r"call .*@\"?llvm\.fma", text))


def measure_peak() -> float:
    """Return the fused multiply-adds that one core does per second, as operations (two each)."""
    width = choose_width()
    vector = ir.VectorType(ir.DoubleType(), width)
    module = ir.Module("peak")
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), [vector.as_pointer()]), "peak")
    lanes = Lanes(ir.IRBuilder(function.append_basic_block()), width)
    builder, before = lanes.builder, lanes.builder.block
    block, after = builder.append_basic_block(), builder.append_basic_block()
    builder.branch(block)
    builder.position_at_end(block)
    index, sums = builder.phi(INTEGER), [builder.phi(vector) for _ in range(ACCUMULATORS)]
    following = builder.add(index, ir.Constant(INTEGER, 1))
    index.add_incoming(ir.Constant(INTEGER, 0), before)
    index.add_incoming(following, block)
    for place, total in enumerate(sums):
        fresh = lanes.fma(total, lanes.number(0.999), lanes.number(1e-3))
        total.add_incoming(lanes.number(float(place)), before)
        total.add_incoming(fresh, block)
        sums[place] = fresh
    builder.cbranch(builder.icmp_signed("<", following, ir.Constant(INTEGER, ROUNDS)), block, after)
    builder.position_at_end(after)
    for place, total in enumerate(sums):
        lanes.builder.store(total, lanes.address(function.args[0], place), align=8)
    builder.ret_void()
    engine = load_library(compile_text(str(module)))
    call = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(engine.get_function_address("peak"))
    room = (ctypes.c_double * (ACCUMULATORS * width))()
    best = float("inf")
    for _ in range(7):
        start = time.perf_counter()
        call(ctypes.addressof(room))
        best = min(best, time.perf_counter() - start)
    return 2.0 * ACCUMULATORS * width * ROUNDS / best
