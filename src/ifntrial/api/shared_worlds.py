"""What the verbs share that simulate designs in common worlds: compare, doses and enrich."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from ifntrial.api.answer import Files, Kept, keep
from ifntrial.api.runs import BLOCK_FILES, Run, going_on, in_folder, without_manifest
from ifntrial.api.tables import Cell, Column
from ifntrial.solver import Progress
from ifntrial.studies.compare.plan import PreparedComparison, run_name
from ifntrial.studies.compare.run import WorldResponses, only_there, simulate_responses
from ifntrial.studies.executors import Workers
from ifntrial.studies.over_worlds import PriorEffect
from ifntrial.studies.run_facts import RunFacts
from ifntrial.studies.runs import WorldRun

T = TypeVar("T")

PRIOR_COLUMNS = (
    Column("prior", "name of a belief about the effect, or their mixture"),
    Column("assurance", "probability that the primary endpoint is met", "1"),
    Column("low", "lower end of its 95 % interval, with worlds as the unit", "1"),
    Column("high", "upper end of its 95 % interval, with worlds as the unit", "1"),
    Column(
        "response_active",
        "expected share of responders on active, or what the primary measure tells of an arm",
    ),
    Column("response_control", "the same on control"),
)
"""What is said of a trial under each belief."""


def prior_cells(prior: str, found: PriorEffect) -> tuple[Cell, ...]:
    """Return the cells of ``PRIOR_COLUMNS``."""
    return (
        prior,
        found.assurance.estimate,
        found.assurance.low,
        found.assurance.high,
        *found.expected_response,
    )


def work_in_common_worlds(
    prepared: PreparedComparison,
    run: Run,
    name: str,
    *,
    workers: Workers,
    progress: Progress,
    finish: Callable[[PreparedComparison, WorldRun[WorldResponses], Path], T],
    render: Callable[[T, RunFacts], str],
) -> Kept[T]:
    """Return the finished run of a study of common worlds, kept where the run says.

    Parameters
    ----------
    name
        Of the result's file.
    finish
        From the simulated worlds, what they are the worlds of, and the folder they are in, to the result.
    render
        Makes the page.

    Raises
    ------
    RunError
        If the folder holds another run, or worlds could not be done.
    """
    # a comparison's folder is named after the verb, not after its command of two words
    folder = run.folder or Path("runs") / run_name(prepared, run.kind.split()[-1])
    run = in_folder(run, folder)
    with going_on(run):
        worlds = simulate_responses(prepared, folder, workers, progress)
        prepared = only_there(prepared, worlds)
        result = finish(prepared, worlds, folder)
    run = without_manifest(run, prepared.choice)
    return keep(run, result, Files(name, render, BLOCK_FILES))
