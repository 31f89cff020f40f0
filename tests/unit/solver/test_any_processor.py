"""A processor without vectors of four or fused multiply-add gives the same bits as this one."""

import pytest
import sympy

from ifntrial.solver import TIME, DoseTable, OdeSystem, simulate, symbol
from ifntrial.solver.compiler import kernel
from ifntrial.solver.compiler.emit import emit_program
from ifntrial.solver.compiler.translate import build_graph

A, B, K, N = (symbol(name) for name in "abkn")
# every function of the kernels, doses, a restart
SYSTEM = OdeSystem(
    name="all functions",
    states=("a", "b"),
    parameters=("k", "n"),
    rates=(
        K * (1 + sympy.sin(TIME) / 2) * A**N / (2**N + A**N) - 30 * A * B + sympy.cos(3 * B) ** 2,
        sympy.exp(-B)
        - B * sympy.log(2 + A)
        + sympy.sqrt(A)
        + sympy.floor(N) / 7
        + sympy.tanh(A)
        - B ** (N / 2),
    ),
    initial=(K, sympy.Integer(0)),
)
AMOUNTS = [0.3, 2.5, 7.5]


def solve():
    doses = DoseTable.regimen(len(AMOUNTS), state="a", amount=AMOUNTS, interval=0.7, n_doses=2, duration=0.1)
    found = simulate(SYSTEM, {"k": AMOUNTS, "n": [0.4, 1.3, 60.0]}, doses, [0.5, 1.0])
    assert found.is_ok.all()
    return found.values


@pytest.fixture
def forget_kernels():
    kernel.compile_kernel.cache_clear()
    yield kernel.compile_kernel.cache_clear
    kernel.compile_kernel.cache_clear()


def test_a_processor_without_wide_vectors_and_fused_operations_gives_the_same_bits(
    monkeypatch, tmp_path, forget_kernels
):
    monkeypatch.setenv("IFNTRIAL_CACHE", str(tmp_path))
    here = solve()
    # the driver stays as it is: of arithmetic it does nothing but add doses
    forget_kernels()
    monkeypatch.setattr(kernel, "find_processor", lambda: ("generic", ""))
    assert kernel.choose_width() == 2
    # no instruction for it: the code calls the function of the C library
    assert b"\x00fma\x00" in kernel.compile_text(emit_program(build_graph(SYSTEM), 2).text)
    there = solve()
    assert len(list(tmp_path.iterdir())) == 2  # both were compiled, neither taken from the other
    assert there.tobytes() == here.tobytes()
