"""Machine code of one system: made by LLVM in this process, or taken from the disk."""

import threading
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import llvmlite
from llvmlite import binding as llvm

from ifntrial.solver.compiler.emit import emit_program
from ifntrial.solver.compiler.layout import Layout
from ifntrial.solver.compiler.object_cache import load_entry, save_entry
from ifntrial.solver.compiler.translate import SystemGraph, build_graph
from ifntrial.solver.system import OdeSystem

# LLVM is not safe to be used from several threads at once
_llvm_lock = threading.Lock()
# sources that decide what code comes out, besides the system
_SOURCES = (
    "coefficients",
    "derive",
    "elementary",
    "emit",
    "factors",
    "graph",
    "layout",
    "saturation",
    "section",
    "step",
    "step_control",
    "tableau",
    "translate",
    "writer",
)


@dataclass(frozen=True, slots=True)
class Kernel:
    """Addresses of the compiled functions, each called with a workspace.

    Parameters
    ----------
    layout
        Where the workspace holds what.
    prepare, run, observe
        Addresses.
    is_from_cache
        Whether the code was found on disk.
    engine
        What owns the code; it must live as long as the addresses are used.
    """

    layout: Layout
    prepare: int
    run: int
    observe: int
    is_from_cache: bool
    engine: Any


@lru_cache(maxsize=32)
def compile_kernel(system: OdeSystem, width: int | None = None) -> Kernel:
    """Return the machine code of a system.

    Parameters
    ----------
    system
        The equations.
    width
        Subjects per vector, a power of two; None for what suits this processor. Results do not depend on it.

    Raises
    ------
    SolverError
        If the system cannot be compiled; lists every problem.
    """
    graph = build_graph(system)
    with _llvm_lock:
        lanes = width or choose_width()
        key = _make_key(graph, lanes)
        entry = load_entry(key)
        if entry is None:
            program = emit_program(graph, lanes)
            code = compile_text(program.text)
            save_entry(key, program.layout.as_dict(), code)
            return _load(program.layout, code, False)
        sizes, code = entry
        return _load(Layout(**sizes), code, True)


def find_processor() -> tuple[str, str]:
    """Return the name of this processor and its features, as LLVM writes them."""
    return llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()


def choose_width() -> int:
    """Return how many numbers one register of this processor holds; at least two."""
    features = find_processor()[1].split(",")
    if "+avx512f" in features:
        return 8
    return 4 if "+avx" in features else 2


def _describe_builder() -> bytes:
    """Return what besides the system decides what code comes out."""
    sources = [Path(__file__).with_name(f"{name}.py").read_bytes() for name in _SOURCES]
    tools = (llvmlite.__version__, llvm.llvm_version_info, llvm.get_process_triple(), *find_processor())
    return sha256(b"".join([*sources, repr(tools).encode()])).digest()


def _make_key(system: SystemGraph, width: int) -> str:
    graph = system.graph
    content = (
        graph.nodes,
        system.rates,
        system.initial,
        system.scales,
        system.observed,
        system.parameters,
        width,
    )
    return sha256(_describe_builder() + repr(content).encode()).hexdigest()


def _build_machine() -> llvm.TargetMachine:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_default_triple()
    name, features = find_processor()
    return target.create_target_machine(
        cpu=name,
        features=features,
        opt=2,
        reloc="default",
        codemodel="jitdefault",
        jit=True,
    )


def compile_text(text: str) -> bytes:
    """Return the object code of LLVM IR for this processor."""
    machine = _build_machine()
    return bytes(machine.emit_object(optimize_text(text, machine)))


def optimize_text(text: str, machine: llvm.TargetMachine | None = None) -> llvm.ModuleRef:
    """Return LLVM IR as a module, after LLVM's passes for this processor."""
    machine = machine or _build_machine()
    module = llvm.parse_assembly(text)
    module.triple = llvm.get_process_triple()
    module.verify()
    options = llvm.create_pipeline_tuning_options(speed_level=1)
    llvm.create_pass_builder(machine, options).getModulePassManager().run(
        module, llvm.create_pass_builder(machine, options)
    )
    return module


def load_library(code: bytes) -> llvm.ExecutionEngine:
    """Return an engine that holds object code in memory; addresses are good as long as it lives."""
    # the engine takes the machine over and ends it, so each has one of its own
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _build_machine())
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    return engine


def _load(layout: Layout, code: bytes, is_from_cache: bool) -> Kernel:
    engine = load_library(code)
    prepare, run, observe = (engine.get_function_address(name) for name in ("prepare", "run", "observe"))
    return Kernel(layout, prepare, run, observe, is_from_cache, engine)
