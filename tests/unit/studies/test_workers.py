"""The same bytes for 1, 2 and 5 workers, and after an interruption in the middle: forecasts and comparisons."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from ifntrial.app.cli import cli
from ifntrial.studies.compare.plan import SharedPlan
from ifntrial.studies.compare.run import simulate_responses
from ifntrial.studies.forecast.run import ForecastPlan, run_worlds
from shipped import load_design, prepare_comparison, prepare_forecast

WORLDS, SUBJECTS, SEED = 8, 10, 5
DESIGNS = ("daisy", "daisy_iv")

Report = Callable[[int, int], None]
Run = Callable[[Path, int, Report], object]


def forecast(folder: Path, workers: int = 1, report: Report = lambda done, total: None) -> object:
    return run_worlds(
        prepare_forecast(ForecastPlan(load_design("daisy"), WORLDS, SUBJECTS, SEED, replicates=2)),
        folder,
        workers,
        report,
    )


def comparison(folder: Path, workers: int = 1, report: Report = lambda done, total: None) -> object:
    designs = [load_design(name) for name in DESIGNS]
    return simulate_responses(
        prepare_comparison(SharedPlan(tuple(designs), WORLDS, SUBJECTS, SEED)), folder, workers, report
    )


RUNS: dict[str, Run] = {"forecast": forecast, "comparison": comparison}


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def numbered(files: dict[str, bytes]) -> int:
    """Return how many files of blocks there are, of one world each; unfinished ones are not counted."""
    return sum(name.startswith("blocks/") and not name.endswith(".partial") for name in files)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, bytes]]:
    """Files of each run with one worker and no interruption."""
    found = {}
    for name, run in RUNS.items():
        folder = tmp_path_factory.mktemp(name)
        run(folder, 1, lambda done, total: None)
        found[name] = contents(folder)
    return found


def test_a_run_has_a_file_for_each_world(alone: dict[str, dict[str, bytes]]) -> None:
    assert {name: numbered(files) for name, files in alone.items()} == dict.fromkeys(RUNS, WORLDS)


@pytest.mark.slow
# two workers on a forecast are in test_forecast_run; both kinds of run share studies.executors
@pytest.mark.parametrize(("name", "workers"), [("forecast", 5), ("comparison", 2)])
def test_the_number_of_workers_changes_no_byte(
    alone: dict[str, dict[str, bytes]], tmp_path: Path, name: str, workers: int
) -> None:
    reported = []
    RUNS[name](tmp_path, workers, lambda done, total: reported.append((done, total)))
    assert contents(tmp_path) == alone[name]
    assert reported == [(done, WORLDS) for done in range(WORLDS + 1)]


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
@pytest.mark.parametrize("name", RUNS)
def test_a_run_stopped_in_the_middle_goes_on_to_the_same_bytes(
    alone: dict[str, dict[str, bytes]], tmp_path: Path, name: str, error: type[BaseException]
) -> None:
    def stop(done: int, total: int) -> None:
        del total
        if done == 3:
            raise error

    with pytest.raises(error):
        RUNS[name](tmp_path, 1, stop)
    assert 3 <= numbered(contents(tmp_path)) < WORLDS
    reported = []
    RUNS[name](tmp_path, 1, lambda done, total: reported.append(done))
    assert reported[0] >= 3, "what was done is not done again"
    assert contents(tmp_path) == alone[name]


# The signal comes from inside, after the third world, so that the test does not race the run.
INTERRUPTED = """
import signal, sys
import ifntrial.api.progress as progress
from ifntrial.app.cli import main

signal.signal(signal.SIGINT, signal.default_int_handler)  # the children of a background job ignore it
make = progress.progress_reporter

def progress_reporter(label):
    report = make(label)

    def report_and_interrupt(done, total):
        report(done, total)
        if done == 3:
            signal.raise_signal(signal.SIGINT)

    return report_and_interrupt

progress.progress_reporter = progress_reporter
sys.argv[0] = "ifntrial"
main()
"""


@pytest.mark.slow
def test_ctrl_c_leaves_a_run_that_resumes_to_the_same_bytes(
    alone: dict[str, dict[str, bytes]], tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    words = ["design", "compare", *DESIGNS, "--worlds", str(WORLDS), "--subjects", str(SUBJECTS)]
    words += ["--seed", str(SEED), "--workers", "1", "--out", str(folder)]
    stopped = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, *words], capture_output=True, text=True, check=False, timeout=240
    )
    assert stopped.returncode == 130, stopped.stderr
    assert "Traceback" not in stopped.stderr
    assert "the same command goes on from there" in stopped.stderr
    assert 3 <= numbered(contents(folder)) < WORLDS
    resumed = CliRunner().invoke(cli, words)
    assert resumed.exit_code == 0, resumed.output
    files = contents(folder)
    assert {name: files[name] for name in alone["comparison"]} == alone["comparison"]
    assert json.loads(files["comparison.json"])["worlds"] == WORLDS


def test_the_plan_of_a_run_is_in_its_folder(alone: dict[str, dict[str, bytes]]) -> None:
    stored = json.loads(alone["comparison"]["plan.json"])
    assert stored["worlds_in_a_block"] == 1
    assert [design["name"] for design in stored["plan"].pop("designs")] == list(DESIGNS)
    assert stored["plan"].pop("beliefs") == {}, "the declared ones"
    assert stored["plan"] == {"worlds": WORLDS, "subjects": SUBJECTS, "seed": SEED, "replicates": 16}
