"""The processors that one processor can pass for, and whether this one can."""

import os
import platform
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
# the kernels of the linear algebra that are asked for by name, and what the processor needs for each
KERNELS = {
    "Haswell": ("avx2", "fma"),
    "SkylakeX": ("avx512f",),
    "Zen": ("avx2", "fma"),
    "Sandybridge": ("avx",),
}


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to pass for another processor.

    Parameters
    ----------
    name
        As shown, and as asked for.
    meaning
        What is different.
    environment
        Variables of the process.
    needs
        Marks in the processor's list of features without which it cannot be run.
    rounding
        Seed of the made-up processor whose functions are off by their last digit; None for the real one.
    same_bits
        Whether commands must give the same bits, and not only the same numbers.
    """

    name: str
    meaning: str
    environment: dict[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    rounding: int | None = None
    same_bits: bool = False


def all_variants() -> tuple[Variant, ...]:
    """Return the variants, the one that the others are compared with first."""
    return (
        Variant("as-it-is", "nothing"),
        *(
            Variant(name, "linear algebra by these kernels", {"OPENBLAS_CORETYPE": name}, needs)
            for name, needs in KERNELS.items()
        ),
        Variant(
            "plain-numpy",
            "NumPy without the instructions that not every processor has",
            {"NPY_DISABLE_CPU_FEATURES": " ".join(_dispatched())},
        ),
        Variant(
            "plain-libm",
            "exponentials and logarithms of the C library without fused multiply-add",
            {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-FMA4,-AVX2,-AVX512F"},
            ("glibc",),
        ),
        Variant("one-thread", "linear algebra on one thread", {"OPENBLAS_NUM_THREADS": "1"}, same_bits=True),
        Variant(
            "two-threads", "linear algebra on two threads", {"OPENBLAS_NUM_THREADS": "2"}, same_bits=True
        ),
        Variant("last-digit-1", "every function off by its last digit at random", rounding=1),
        Variant("last-digit-2", "the same with other luck", rounding=2),
    )


def missing(variant: Variant) -> str:
    """Return what this machine lacks to run a variant; empty if it can."""
    have = _features()
    return ", ".join(need for need in variant.needs if need not in have)


def command(variant: Variant, *words: str) -> list[str]:
    """Return the command line that runs ``ifntrial WORDS`` as a variant."""
    if variant.rounding is not None:
        return [sys.executable, str(HERE / "other_rounding.py"), str(variant.rounding), *words]
    return [sys.executable, "-c", "from ifntrial.app.cli import main; main()", *words]


def script(variant: Variant, path: Path, *words: str) -> list[str]:
    """Return the command line that runs a script as a variant."""
    if variant.rounding is not None:
        return [
            sys.executable,
            str(HERE / "other_rounding.py"),
            str(variant.rounding),
            "--",
            str(path),
            *words,
        ]
    return [sys.executable, str(path), *words]


def environment(variant: Variant) -> dict[str, str]:
    """Return the environment of a variant: this one, less what would make it pass for another."""
    asked = {"OPENBLAS_CORETYPE", "NPY_DISABLE_CPU_FEATURES", "GLIBC_TUNABLES", "OPENBLAS_NUM_THREADS"}
    return {name: each for name, each in os.environ.items() if name not in asked} | variant.environment


def kernel_in_use(variant: Variant) -> str:
    """Return the name of the kernels that the linear algebra really takes."""
    text = (
        "import numpy.linalg, scipy.linalg; from threadpoolctl import threadpool_info;"
        "print(*sorted({x['architecture'] for x in threadpool_info() if x.get('internal_api') == 'openblas'}))"
    )
    found = subprocess.run(
        [sys.executable, "-c", text], env=environment(variant), capture_output=True, text=True, check=False
    )
    return found.stdout.strip() or "unknown"


def _dispatched() -> list[str]:
    """Return the instruction sets that NumPy uses here beyond those it asks of every processor."""
    from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

    return [name for name in __cpu_dispatch__ if __cpu_features__.get(name)]


def _features() -> set[str]:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    flags = next((line.partition(":")[2].split() for line in lines if line.startswith("flags")), [])
    return {*flags, platform.libc_ver()[0]}
