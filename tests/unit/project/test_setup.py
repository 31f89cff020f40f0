"""The set-up script: one clear line for each problem, nothing twice, and no half environment."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
READ = (".ci/setup", ".ci/oldest-pip.lock", "requirements.lock", "requirements-dev.lock", "pyproject.toml")

# Writes down what it is called with instead of making environments and installing; dies, with all that runs beside it,
# where the file "die" says so.
FAKE_PYTHON = f"""#!/bin/sh
case "$1 $2" in "-m venv" | "-m pip" | "-m compileall") echo "$*" >>steps ;; *) exec {sys.executable} "$@" ;; esac
case "$2" in venv) rm -rf .venv; mkdir -p .venv/bin .venv/lib; cp "$0" .venv/bin/python ;; esac
if [ -f die ]; then
    case "$*" in *"$(cat die)"*) touch .venv/half; kill -9 0 ;; esac
fi
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of what the script reads, so that nothing here is touched."""
    (tmp_path / ".ci").mkdir()
    for name in READ:
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def write_python(folder: Path, text: str) -> str:
    path = folder / "python"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def run_setup(folder: Path, python: str, *stage: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", ".ci/setup", *stage],
        cwd=folder,
        env={**os.environ, "PYTHON": python},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        start_new_session=True,
    )


def steps_of(folder: Path, python: str, *stage: str) -> list[str]:
    """Set up, and return the steps this took by their last word."""
    (folder / "steps").unlink(missing_ok=True)
    ended = run_setup(folder, python, *stage)
    assert ended.returncode == 0, ended.stderr
    steps = (folder / "steps").read_text().splitlines() if (folder / "steps").exists() else []
    assert bool(ended.stdout) == bool(steps)
    return [step.split()[-1] for step in steps]


CORE_STEPS = [".venv", "requirements.lock", ".", "check", ".venv/lib"]
DEV_STEPS = [".venv", "requirements-dev.lock", ".ci/oldest-pip.lock", ".", "check", ".venv/lib"]
ADDED_STEPS = ["requirements-dev.lock", ".ci/oldest-pip.lock", "check", ".venv/lib"]


def one_line(ended: subprocess.CompletedProcess[str]) -> str:
    assert ended.returncode != 0
    (line,) = ended.stderr.strip().splitlines()
    return line


@pytest.mark.parametrize("python", ["no-such-python", "false"])
def test_a_python_that_does_not_run_is_one_clear_line(folder, python):
    assert "Python 3.11, 3.12 or 3.13" in one_line(run_setup(folder, python))


def test_a_python_without_venv_is_one_clear_line(folder):
    # Says yes to the version, no to the import of venv.
    python = write_python(folder, '#!/bin/sh\ncase "$*" in *ensurepip*) exit 1;; *) exit 0;; esac\n')
    assert "has no venv module" in one_line(run_setup(folder, python))


@pytest.mark.parametrize("stage", [[], ["dev"]])
def test_a_package_that_cannot_be_installed_is_one_clear_line(folder, stage):
    said = "WARNING: noise\nERROR: No matching distribution found for numpy==2.0"
    pip = f"case \"$3$*\" in *--requirement*) echo '{said}' >&2; exit 1 ;; esac\n"
    line = one_line(run_setup(folder, write_python(folder, FAKE_PYTHON + pip), *stage))
    assert "No matching distribution found for numpy==2.0" in line
    assert ".venv/setup.log" in line
    assert not (folder / ".venv/stamp").exists()


def test_a_lock_that_is_not_complete_is_one_clear_line(folder):
    check = (
        'case "$*" in *" check") echo "alpha 1.0 requires beta, which is not installed."; exit 1 ;; esac\n'
    )
    line = one_line(run_setup(folder, write_python(folder, FAKE_PYTHON + check)))
    assert "alpha 1.0 requires beta" in line
    assert "make lock" in line
    assert not (folder / ".venv/stamp").exists()


def test_nothing_is_installed_twice(folder):
    python = write_python(folder, FAKE_PYTHON)
    assert steps_of(folder, python) == CORE_STEPS
    assert steps_of(folder, python) == []
    assert steps_of(folder, python, "dev") == ADDED_STEPS
    for stage in ([], ["dev"], []):
        assert steps_of(folder, python, *stage) == []


def test_what_tests_need_holds_what_the_program_needs(folder):
    python = write_python(folder, FAKE_PYTHON)
    assert steps_of(folder, python, "dev") == DEV_STEPS
    assert steps_of(folder, python) == []


@pytest.mark.parametrize(
    ("changed", "core", "dev"),
    [
        ("requirements-dev.lock", [], DEV_STEPS),
        (".ci/oldest-pip.lock", [], DEV_STEPS),
        ("requirements.lock", CORE_STEPS, ADDED_STEPS),
        ("pyproject.toml", CORE_STEPS, ADDED_STEPS),
    ],
)
def test_a_change_makes_anew_what_it_concerns(folder, changed, core, dev):
    python = write_python(folder, FAKE_PYTHON)
    assert steps_of(folder, python, "dev") == DEV_STEPS
    with (folder / changed).open("a") as file:
        file.write("# changed\n")
    assert steps_of(folder, python) == core
    assert steps_of(folder, python, "dev") == dev


@pytest.mark.parametrize(
    ("before", "where"),
    [
        *(
            (before, where)
            for before in ([], ["core"])
            for where in ("-dev.lock", "oldest", " check", "compileall")
        ),
        ([], "-m venv"),
        ([], "--editable"),
    ],
)
def test_an_interrupted_installation_is_made_anew(folder, before, where):
    """Killed at any step, also when what tests need is added to what is there."""
    python = write_python(folder, FAKE_PYTHON)
    for stage in before:
        steps_of(folder, python, stage)
    (folder / "die").write_text(where)
    assert run_setup(folder, python, "dev").returncode == -signal.SIGKILL
    assert (folder / ".venv/half").exists()
    (folder / "die").unlink()
    assert steps_of(folder, python, "dev") == DEV_STEPS
    assert not (folder / ".venv/half").exists()
