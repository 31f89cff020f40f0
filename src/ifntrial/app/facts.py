"""What made a result: versions of the program, its numbers and its libraries, and the machine."""

import platform
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, requires, version


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
