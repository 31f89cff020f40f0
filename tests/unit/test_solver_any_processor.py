"""A processor without vectors of four or fused multiply-add gives the same bits as this one."""

import os
import subprocess
import sys

import numpy as np

# every function of the kernels, doses, a restart; run here as it is, and in a process that knows only basic instructions
PROGRAM = """
import sympy
from ifntrial.solver import TIME, DoseTable, OdeSystem, kernel, simulate, symbol

a, b, k, n = (symbol(name) for name in "abkn")
SYSTEM = OdeSystem(
    name="all functions",
    states=("a", "b"),
    parameters=("k", "n"),
    rates=(
        k * (1 + sympy.sin(TIME) / 2) * a**n / (2**n + a**n) - 30 * a * b + sympy.cos(3 * b) ** 2,
        sympy.exp(-b) - b * sympy.log(2 + a) + sympy.sqrt(a) + sympy.floor(n) / 7 + sympy.tanh(a) - b ** (n / 2),
    ),
    initial=(k, sympy.Integer(0)),
)
K = [0.3, 2.5, 7.5]


def solve():
    doses = DoseTable.regimen(len(K), state="a", amount=K, interval=0.7, n_doses=2, duration=0.1)
    found = simulate(SYSTEM, {"k": K, "n": [0.4, 1.3, 60.0]}, doses, [0.5, 1.0])
    assert found.is_ok.all()
    return found.values
"""
BASIC = """
kernel.find_processor = lambda: ("generic", "")
from ifntrial.solver.emit import emit_program
from ifntrial.solver.translate import build_graph

assert kernel.choose_width() == 2
# no instruction for it: the code calls the function of the C library
assert b"\\x00fma\\x00" in kernel.compile_text(emit_program(build_graph(SYSTEM), 2).text)
print(solve().tobytes().hex())
"""


def test_a_processor_without_wide_vectors_and_fused_operations_gives_the_same_bits(tmp_path):
    here: dict[str, object] = {}
    exec(PROGRAM, here)
    # the driver stays as it is: of arithmetic it does nothing but add doses
    settings = {"IFNTRIAL_CACHE": str(tmp_path)}
    found = subprocess.run(
        [sys.executable, "-c", PROGRAM + BASIC],
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert found.returncode == 0, found.stderr
    there = np.frombuffer(bytes.fromhex(found.stdout.strip()))
    np.testing.assert_array_equal(there, here["solve"]().ravel())
