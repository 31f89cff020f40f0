"""What is said of every run beside its numbers: what was asked, what made them, how long it took."""

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, requires, version


@dataclass(frozen=True, slots=True)
class RunFacts:
    """The facts that the JSON of every command begins with.

    Parameters
    ----------
    schema_version
        Of the JSON of results.
    kind
        Name of the command, such as ``design compare``.
    version
        Of the package.
    model_version
        Raised when a default number or an equation of the model changes.
    evidence_hash
        Of the evidence tables; None while they hold a problem.
    lock_hash
        Of the installed versions of what the package depends on.
    seed
        Of all random numbers; None for a command that draws none.
    date
        Day on which the run ended, in UTC, as YYYY-MM-DD.
    seconds
        Time taken [s].
    command
        The whole command, for a shell.
    chosen
        Options that change numbers and are not the default, as label and text.
    """

    schema_version: int
    kind: str
    version: str
    model_version: int
    evidence_hash: str | None
    lock_hash: str
    seed: int | None
    date: str
    seconds: float
    command: str
    chosen: Mapping[str, str]


def lock_hash() -> str:
    """Return a fingerprint of the installed versions of what the package depends on."""
    lines = []
    for requirement in requires("ifntrial") or ():
        if "extra ==" in requirement:
            continue
        name = "".join(
            c for c in requirement.split(";")[0].split(">")[0].split("=")[0] if c.isalnum() or c in "-_."
        )
        try:
            lines.append(f"{name}=={version(name)}")
        except PackageNotFoundError:
            lines.append(f"{name} absent")
    return sha256("\n".join(sorted(lines)).encode()).hexdigest()


def platform_facts() -> dict[str, str]:
    """Return what can move the last bit of a number: system, processor, Python, and NumPy with its linear algebra."""
    import llvmlite.binding
    import numpy as np

    found = np.show_config(mode="dicts") or {}
    blas = found.get("Build Dependencies", {}).get("blas", {})
    return {
        "system": platform.platform(),
        "machine": platform.machine(),
        "processor": llvmlite.binding.get_host_cpu_name(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "linear_algebra": f"{blas.get('name', 'unknown')} {blas.get('version', '')}".strip(),
    }
