"""What is installed: a wheel with every file of the package, which also runs as a module."""

import subprocess
import sys
import zipfile
from pathlib import Path

import ifntrial

ROOT = Path(__file__).parents[3]


def test_the_wheel_holds_every_file_of_the_package(tmp_path):
    package = ROOT / "src" / "ifntrial"
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (wheel,) = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    files = [path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert len(files) > 100
    assert not {str(path.relative_to(package.parent)) for path in files} - held
    assert not [name for name in held if name.startswith(("tests/", "docs/"))]


def run_module(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ifntrial", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_the_package_runs_as_a_module():
    ended = run_module("--version")
    assert (ended.returncode, ended.stdout.split()) == (0, ["ifntrial,", "version", ifntrial.__version__])


def test_a_mistake_is_one_message_there_too():
    ended = run_module("evidence", "show", "nosuchrow")
    assert ended.returncode == 2
    assert ended.stderr.startswith("ifntrial: ")
    assert "Traceback" not in ended.stderr
