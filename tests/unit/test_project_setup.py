"""The lock, the checks and the environment are what the documents say."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SETUP = ROOT / ".ci" / "setup"


def normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locked_requirements() -> list[tuple[str, str]]:
    """Return (name, whole entry) of every requirement in the lock."""
    entries = LOCK.replace("\\\n", " ").splitlines()
    return [(normalized(re.split(r"[=\s\[]", entry)[0]), entry) for entry in entries if entry.strip()]


def declared_names() -> list[str]:
    project = PROJECT["project"]
    extras = project["optional-dependencies"].values()
    declared = [*project["dependencies"], *(name for extra in extras for name in extra)]
    declared += PROJECT["build-system"]["requires"]
    return sorted({normalized(re.split(r"[<>=!~\[ ;]", text)[0]) for text in declared})


def test_the_lock_names_no_index_and_no_host():
    for line in LOCK.splitlines():
        assert "://" not in line
        assert not re.match(r"\s*(-i|-f|--index-url|--extra-index-url|--find-links|--trusted-host)\b", line)
        assert " @ " not in line


def test_every_locked_requirement_has_one_version_and_hashes():
    entries = locked_requirements()
    assert len(entries) > 50
    for name, entry in entries:
        assert re.match(rf"{name}==\d", normalized(entry.split("==")[0]) + "==" + entry.split("==")[1]), (
            entry[:60]
        )
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry), name


@pytest.mark.parametrize("name", declared_names())
def test_every_declared_dependency_is_locked(name):
    assert name in {locked for locked, _ in locked_requirements()}


def run_setup(tmp_path: Path, python: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the set-up script on a copy of what it reads, so that nothing here is touched."""
    (tmp_path / ".ci").mkdir()
    for name in (".ci/setup", "requirements.lock", "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    return subprocess.run(
        ["sh", ".ci/setup"],
        cwd=tmp_path,
        env={**os.environ, "PYTHON": python, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def fake_python(folder: Path, body: str) -> str:
    path = folder / "fake-python"
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize("python", ["no-such-python", "false"])
def test_a_python_that_does_not_run_is_one_clear_line(tmp_path, python):
    ended = run_setup(tmp_path, python)
    assert ended.returncode != 0
    assert len(ended.stderr.strip().splitlines()) == 1
    assert "Python 3.11, 3.12 or 3.13" in ended.stderr


def test_a_python_without_venv_is_one_clear_line(tmp_path):
    # Says yes to the version, no to the import of venv.
    python = fake_python(tmp_path, 'case "$*" in *ensurepip*) exit 1;; *) exit 0;; esac')
    ended = run_setup(tmp_path, python)
    assert ended.returncode != 0
    assert len(ended.stderr.strip().splitlines()) == 1
    assert "has no venv module" in ended.stderr


def test_a_package_that_cannot_be_installed_is_one_clear_line(tmp_path):
    pip = "echo 'WARNING: noise' >&2; echo 'ERROR: No matching distribution found for numpy==2.0' >&2; exit 1"
    body = f"""case "$*" in
*"-m venv"*) mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
*"-m pip"*) {pip} ;;
"- requirements.lock"*) echo stamp ;;
*) echo 3.12.0 ;;
esac"""
    ended = run_setup(tmp_path, fake_python(tmp_path, body))
    assert ended.returncode != 0
    assert len(ended.stderr.strip().splitlines()) == 1
    assert "No matching distribution found for numpy==2.0" in ended.stderr
    assert ".venv/setup.log" in ended.stderr


def test_a_second_run_installs_nothing(tmp_path):
    body = """case "$*" in
*"-m venv"*) mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
*" install "*) echo "$*" >> installations ;;
*" check") ;;
"- requirements.lock"*) echo stamp ;;
*) echo 3.12.0 ;;
esac"""
    python = fake_python(tmp_path, body)
    first = run_setup(tmp_path, python)
    assert first.returncode == 0, first.stderr
    count = len((tmp_path / "installations").read_text().splitlines())
    (tmp_path / ".ci/setup").unlink()
    (tmp_path / ".ci").rmdir()
    second = run_setup(tmp_path, python)
    assert (second.returncode, second.stdout) == (0, "")
    assert len((tmp_path / "installations").read_text().splitlines()) == count == 2


def test_a_lock_that_is_not_complete_is_one_clear_line(tmp_path):
    body = """case "$*" in
*"-m venv"*) mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
*" check") echo "anndata 0.12 requires zarr, which is not installed."; exit 1 ;;
"- requirements.lock"*) echo stamp ;;
*) echo 3.12.0 ;;
esac"""
    ended = run_setup(tmp_path, fake_python(tmp_path, body))
    assert ended.returncode != 0
    assert len(ended.stderr.strip().splitlines()) == 1
    assert "anndata 0.12 requires zarr" in ended.stderr
    assert not (tmp_path / ".venv/stamp").exists()


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


def test_what_computes_numbers_has_one_version_for_every_python():
    names = [name for name, _ in locked_requirements()]
    several = {name for name in names if names.count(name) > 1}
    # Only compared with in tests; its older releases have no wheel for new Pythons.
    assert several <= {"libroadrunner"}
