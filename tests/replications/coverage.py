"""How often the stated numerical interval of a forecast holds what a large run finds.

    PYTHONPATH=tests python -m replications.coverage --replications 400 --log runs.jsonl

Each replication is a whole forecast of reduced size under a seed of its own: other worlds, other patients, another draw
of measurement and conduct. The reference is the mean of forecasts of full size under seeds that no replication has. All
share the shipped calibration, so that its part of the interval is left out; worlds and patients are what is checked.
"""

import argparse
import json
import tempfile
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from ifntrial.studies.forecast.assured import assurances
from ifntrial.studies.forecast.run import ForecastPlan, run_worlds
from shipped import load_design, prepare_forecast

NORMAL_95 = 1.959963984540054
FIRST_REPLICATION, FIRST_REFERENCE = 10_000, 1


@dataclass(frozen=True, slots=True)
class Run:
    """One forecast to make."""

    kind: str
    design: str
    worlds: int
    subjects: int
    seed: int


def answers(run: Run) -> dict[str, tuple[float, float]]:
    """Return the assurance of each belief and its standard error from worlds and patients."""
    prepared = prepare_forecast(ForecastPlan(load_design(run.design), run.worlds, run.subjects, run.seed))
    with tempfile.TemporaryDirectory() as folder:
        found = assurances(prepared, run_worlds(prepared, Path(folder), 1))
    return {
        name: (each.estimate, float(np.hypot(each.parts.worlds_error, each.parts.subjects_error)))
        for name, each in found.items()
    }


def do_absent(runs: list[Run], workers: int, log: Path) -> None:
    """Make the forecasts that the log lacks, and add a line for each as soon as it is done."""
    known = {run for run, _ in kept(log)}
    left = [run for run in runs if run not in known]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool, log.open("a") as lines:
        waiting = {pool.submit(answers, run): run for run in left}
        for done in as_completed(waiting):
            lines.write(json.dumps([asdict(waiting[done]), done.result()]) + "\n")
            lines.flush()


def kept(log: Path) -> list[tuple[Run, dict[str, tuple[float, float]]]]:
    """Return the forecasts of a log."""
    lines = log.read_text().splitlines() if log.exists() else []
    return [(Run(**run), found) for run, found in map(json.loads, lines)]


def of_kind(log: Path, kind: str) -> dict[str, np.ndarray]:
    """Return estimates and errors by belief, shape (runs, 2)."""
    found = [each for run, each in kept(log) if run.kind == kind]
    return {name: np.array([each[name] for each in found]) for name in found[0]}


def summary(reference: np.ndarray, runs: np.ndarray) -> dict[str, float]:
    """Return what the replications show for one belief; shapes (references, 2) and (replications, 2)."""
    truth, own = reference[:, 0].mean(), reference[:, 0].std(ddof=1) / np.sqrt(len(reference))
    half = NORMAL_95 * runs[:, 1]
    return {
        "reference": truth,
        "reference_standard_error": own,
        "sd_of_full_size": reference[:, 0].std(ddof=1),
        "stated_error_of_full_size": float(np.sqrt((reference[:, 1] ** 2).mean())),
        "mean": runs[:, 0].mean(),
        "sd": runs[:, 0].std(ddof=1),
        "stated_error": float(np.sqrt((runs[:, 1] ** 2).mean())),
        "covered": float((np.abs(runs[:, 0] - truth) <= half).mean()),
        "replications": len(runs),
    }


def main() -> None:
    """Run what the command line asks for and write the counts."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    asked.add_argument("--design", default="daisy")
    asked.add_argument("--replications", type=int, default=400)
    asked.add_argument("--worlds", type=int, default=120)
    asked.add_argument("--subjects", type=int, default=40)
    asked.add_argument("--references", type=int, default=16)
    asked.add_argument("--reference-worlds", type=int, default=240)
    asked.add_argument("--reference-subjects", type=int, default=200)
    asked.add_argument("--workers", type=int, default=2)
    asked.add_argument("--log", type=Path, required=True)
    given = asked.parse_args()
    runs = [
        Run(
            "reference",
            given.design,
            given.reference_worlds,
            given.reference_subjects,
            FIRST_REFERENCE + number,
        )
        for number in range(given.references)
    ] + [
        Run("replication", given.design, given.worlds, given.subjects, FIRST_REPLICATION + number)
        for number in range(given.replications)
    ]
    do_absent(runs, given.workers, given.log)
    reference = of_kind(given.log, "reference")
    for name, found in of_kind(given.log, "replication").items():
        print(
            name, json.dumps({key: round(value, 5) for key, value in summary(reference[name], found).items()})
        )


if __name__ == "__main__":
    main()
