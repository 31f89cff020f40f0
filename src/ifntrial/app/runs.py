"""The run of a command: what was called and what it read, the work with progress, and what is said at its end."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from ifntrial.api.checks import make_folder, require_writable
from ifntrial.api.runs import Run, going_on, in_folder
from ifntrial.app.command_line import chosen_of, command_text, kind_of, words_of
from ifntrial.console.inputs import OutputFile, record_inputs
from ifntrial.studies import manifest
from ifntrial.studies.run_facts import RunFacts

if TYPE_CHECKING:
    from ifntrial.catalog import Catalog
    from ifntrial.studies.executors import Executor, Workers
    from ifntrial.studies.forecast.gather import ForecastWorlds
    from ifntrial.studies.forecast.run import ForecastPlan, PreparedForecast

T = TypeVar("T")

AGAIN = "ifntrial.reproduce"
"""Key in a context's ``meta`` of a run into a folder that is thrown away."""


def begin_run(folder: Path | None, json_path: Path | None, catalog: "Catalog | None") -> Run:
    """Return the run of the command that is being called; its folder is made, its files are recorded.

    Parameters
    ----------
    folder, json_path
        Where results go; None: nowhere.
    catalog
        What the command works with, of which its facts and its manifest tell.

    Raises
    ------
    FileError
        If the folder or the JSON file cannot be written.
    RunError
        If the folder holds a run of another kind.
    InputError
        If the command cannot be written down.
    """
    context = click.get_current_context()
    words = words_of(context)
    run = Run(
        words=words,
        command=command_text(words),
        kind=kind_of(context),
        chosen=chosen_of(context),
        seed=context.params.get("seed"),
        inputs=record_inputs(context),
        folder=None,
        json_path=json_path,
        start=time.monotonic(),
        is_again=context.meta.get(AGAIN, False),
        catalog=catalog,
    )
    for parameter in context.command.params:
        path = context.params[parameter.name or ""]
        if isinstance(parameter.type, OutputFile) and path is not None:
            require_writable(path)
    return run if folder is None else in_folder(run, folder)


def pace(workers: "Executor", noun: str = "worlds") -> tuple["Executor", Callable[[int, int], None]]:
    """Return who works, and what progress in ``noun`` is told to."""
    from ifntrial.api import progress

    return workers, progress.progress_reporter(noun)


def work_on_worlds(
    run: Run,
    work: Callable[["Workers", Callable[[int, int], None]], T],
    workers: "Executor | int | None",
    noun: str = "worlds",
) -> T:
    """Return what ``work(workers, report)`` returns, with progress in ``noun``; an interruption is told."""
    from ifntrial.api.progress import default_workers, progress_reporter

    with going_on(run):
        return work(workers or default_workers(), progress_reporter(noun))


def work_on_forecast(
    run: Run, plan: "ForecastPlan", catalog: "Catalog", workers: int | None
) -> "tuple[PreparedForecast, ForecastWorlds]":
    """Return the worlds of the forecast of a plan: those of its own run where this is there, else simulated there."""
    from ifntrial.studies.forecast.run import prepare, run_name, run_worlds

    prepared = prepare(plan, catalog)
    folder = Path("runs") / run_name(prepared)
    make_folder(folder)
    return prepared, work_on_worlds(run, partial(run_worlds, prepared, folder), workers)


def say_run(run: Run, about: RunFacts) -> None:
    """Say how long a run took, the command that gives it again, and where its page is."""
    click.echo(f"Took {about.seconds:.0f} s. Not for diagnosis or treatment.")
    click.echo(f"Command: {run.command}")
    if run.folder is not None:
        page = run.folder / manifest.PAGE
        click.echo(f"Report: {page.resolve()}" if page.exists() else f"Results: {run.folder.resolve()}")
