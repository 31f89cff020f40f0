"""The set-up script with an old and the newest pip: it installs what the lock pins, and from nowhere but the folder."""

import hashlib
import inspect
import os
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import distributions
from pathlib import Path

import pip
import pytest

ROOT = Path(__file__).parents[3]

PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "tiny"
version = "1.0"
dependencies = ["alpha"]
"""

# Makes an environment with the pip of the folder "pip", and else does what Python does.
PYTHON = f"""#!/bin/sh
[ "$1 $2" = "-m venv" ] || exec {sys.executable} "$@"
{sys.executable} "$@" --without-pip && cp -R pip/* .venv/lib/python*/site-packages
"""


def write_wheel(folder: Path, name: str, version: str, *metadata: str) -> Path:
    """Write a wheel that holds nothing but its metadata."""
    about = f"{name}-{version}.dist-info"
    texts = {
        "METADATA": "\n".join(
            ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *metadata, ""]
        ),
        "WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "RECORD": "".join(f"{about}/{file},,\n" for file in ("METADATA", "WHEEL", "RECORD")),
    }
    path = Path(folder) / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for file, text in texts.items():
            wheel.writestr(f"{about}/{file}", text)
    return path


BACKEND = f"""
import zipfile
from pathlib import Path

{inspect.getsource(write_wheel)}

def build_editable(folder, config_settings=None, metadata_directory=None):
    return write_wheel(folder, "tiny", "1.0", "Requires-Dist: alpha").name
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project that needs one package, which asks for an extra of another, of which there is a newer release."""
    (tmp_path / ".ci").mkdir()
    (tmp_path / "wheels").mkdir()
    shutil.copy(ROOT / ".ci/setup", tmp_path / ".ci")
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    (tmp_path / "backend.py").write_text(BACKEND)
    pinned = (
        write_wheel(tmp_path / "wheels", "alpha", "1.0", "Requires-Dist: beta[mail]>=1"),
        write_wheel(tmp_path / "wheels", "beta", "1.0", "Provides-Extra: mail"),
    )
    write_wheel(tmp_path / "wheels", "beta", "2.0", "Provides-Extra: mail")
    lines = [
        f"{wheel.name.split('-')[0]}==1.0 --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"
        for wheel in pinned
    ]
    (tmp_path / "requirements.lock").write_text("".join(lines))
    for name in ("requirements-dev.lock", ".ci/oldest-pip.lock"):
        (tmp_path / name).write_text("")
    (tmp_path / "python").write_text(PYTHON)
    (tmp_path / "python").chmod(0o755)
    return tmp_path


def put_oldest_pip(target: Path) -> str:
    """Unpack the pip that ``make test`` fetched; return its version."""
    wheels = list((Path(sys.prefix) / "oldest-pip").glob("pip-*.whl"))
    if not wheels:
        pytest.skip("the oldest pip is not in this environment; 'make test' fetches it")
    with zipfile.ZipFile(wheels[0]) as wheel:
        wheel.extractall(target)
    return wheels[0].name.split("-")[1]


def put_newest_pip(target: Path) -> str:
    """Copy the pip of this environment, which is the newest at the time of the lock; return its version."""
    shutil.copytree(Path(pip.__file__).parent, target / "pip", ignore=shutil.ignore_patterns("__pycache__"))
    return pip.__version__


def installed_in(folder: Path) -> dict[str, str]:
    (packages,) = (folder / ".venv/lib").glob("python*/site-packages")
    return {found.name: found.version for found in distributions(path=[str(packages)]) if found.name != "pip"}


@pytest.mark.parametrize("put_pip", [put_oldest_pip, put_newest_pip])
def test_what_the_lock_pins_is_installed(folder, put_pip):
    version = put_pip(folder / "pip")
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    alone = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder / "wheels")}
    ended = subprocess.run(
        ["sh", ".ci/setup"],
        cwd=folder,
        env={**plain, **alone, "PYTHON": str(folder / "python")},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stderr
    assert installed_in(folder) == {"alpha": "1.0", "beta": "1.0", "tiny": "1.0"}
    used = subprocess.run(
        [folder / ".venv/bin/python", "-m", "pip", "--version"], capture_output=True, text=True, check=True
    )
    assert used.stdout.startswith(f"pip {version} ")
