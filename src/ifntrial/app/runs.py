"""One run of a command that computes: its folder made before the work, its facts in every result, its manifest last."""

import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from ifntrial import __version__
from ifntrial.app import options
from ifntrial.app.command_line import chosen_of, command_text, kind_of, words_of
from ifntrial.app.stopping import going_on_from
from ifntrial.console.inputs import OutputFile, record_inputs
from ifntrial.errors import RunError
from ifntrial.files import write_whole
from ifntrial.studies import manifest
from ifntrial.studies.run_facts import RunFacts, lock_hash
from ifntrial.studies.run_inputs import InputRecord

if TYPE_CHECKING:
    from ifntrial.catalog import Catalog

T = TypeVar("T")

SCHEMA_VERSION = 2
"""Of the JSON of every command; 1 had other names for the facts of a run."""

VARYING = ("version", "lock_hash", "date", "seconds", "command", "chosen")
"""Facts in which two runs with the same numbers may differ."""

AGAIN = "ifntrial.reproduce"
"""Key in a context's ``meta`` of a run into a folder that is thrown away."""

RESUMING = ("forecast", "design compare", "doses", "enrich", "sensitivity", "calibrate", "validate")
"""Kinds of runs that keep a plan and go on where they stopped."""

BLOCK_FILES = ("plan.json", "blocks/*.parquet")
"""What most of them write beside their result and page."""


@dataclass(frozen=True, slots=True)
class Run:
    """What was asked of a command, what it knows, and where its results go.

    Parameters
    ----------
    words
        The command's words after the program's name.
    chosen
        Options that change numbers and are not the default, as label and text.
    inputs
        Files that the command reads.
    folder, json_path
        Where results go; None: nowhere.
    start
        Seconds of the monotonic clock.
    catalog
        What the command works with; None where the evidence tables hold a problem.
    """

    words: tuple[str, ...]
    command: str
    kind: str
    chosen: dict[str, str]
    seed: int | None
    inputs: tuple[InputRecord, ...]
    folder: Path | None
    json_path: Path | None
    start: float
    is_again: bool
    catalog: "Catalog | None"


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
            options.require_writable(path)
    return run if folder is None else in_folder(run, folder)


def in_folder(run: Run, folder: Path) -> Run:
    """Return the run with its results in a folder, which is made.

    Raises
    ------
    FileError
        If the folder cannot be made or written.
    RunError
        If it holds a run of another kind.
    """
    held = manifest.kind_in(folder)
    is_interrupted = held is None and (folder / "plan.json").exists()
    if held not in (None, run.kind) or (is_interrupted and run.kind not in RESUMING):
        raise RunError(
            "the folder holds another run",
            given=f"{folder}, a run of {held or 'another command'}",
            allowed=f"an empty folder, or one of {run.kind}",
            fix="choose another --out, or leave it away",
        )
    options.make_folder(folder)
    return replace(run, folder=folder)


def facts_of(run: Run) -> RunFacts:
    """Return the facts of a run whose work is done now."""
    from ifntrial.evidence.load import evidence_hash
    from ifntrial.model import MODEL_VERSION

    return RunFacts(
        schema_version=SCHEMA_VERSION,
        kind=run.kind,
        version=__version__,
        model_version=MODEL_VERSION,
        evidence_hash=None if run.catalog is None else evidence_hash(run.catalog.evidence),
        lock_hash=lock_hash(),
        seed=run.seed,
        date=datetime.now(UTC).date().isoformat(),
        seconds=round(time.monotonic() - run.start, 1),
        command=run.command,
        chosen=run.chosen,
    )


def work_on_worlds(
    run: Run,
    work: Callable[[int, Callable[[int, int], None]], T],
    workers: int | None,
    noun: str = "worlds",
) -> T:
    """Return what ``work(workers, report)`` returns, with progress in ``noun``; an interruption is told."""
    from ifntrial.app.progress import default_workers, progress_reporter

    with _going_on(run):
        return work(workers or default_workers(), progress_reporter(noun))


def _going_on(run: Run) -> AbstractContextManager[None]:
    """Return a block in which an interruption is told how to go on, where the run can."""
    if run.folder is None or run.kind not in RESUMING or run.is_again:
        return nullcontext()
    return going_on_from(run.folder)


def keep_run(
    run: Run,
    about: RunFacts,
    name: str,
    result: T,
    render: Callable[[T, RunFacts], str] | None = None,
    files: Iterable[str] = (),
) -> None:
    """Write a result: to the JSON file asked for, and with page and manifest to the run's folder.

    Parameters
    ----------
    about
        The facts that its JSON begins with.
    name
        Of the result's file in the folder.
    render
        Makes the page of a result.
    files
        Patterns of what the command has written into the folder by itself.
    """
    with _going_on(run):
        _keep(run, about, name, result, render, files)


def _keep(
    run: Run,
    about: RunFacts,
    name: str,
    result: T,
    render: Callable[[T, RunFacts], str] | None,
    files: Iterable[str],
) -> None:
    from ifntrial.studies.result_json import write_result

    if run.json_path is not None:
        write_result(run.json_path, about, result)
    if run.folder is None:
        return
    # without a manifest a folder is not finished, which holds while its files are written anew
    (run.folder / manifest.NAME).unlink(missing_ok=True)
    written = [path for pattern in files for path in run.folder.glob(pattern)]
    write_result(run.folder / name, about, result)
    written.append(run.folder / name)
    if render is not None:
        page = run.folder / manifest.PAGE
        write_whole(page, render(result, about))
        written.append(page)
    known = None if run.catalog is None else run.catalog.fingerprint
    manifest.save_manifest(run.folder, about, known, run.words, run.inputs, written)


def say_run(run: Run, about: RunFacts) -> None:
    """Say how long a run took, the command that gives it again, and where its page is."""
    click.echo(f"Took {about.seconds:.0f} s. Not for diagnosis or treatment.")
    click.echo(f"Command: {run.command}")
    if run.folder is not None:
        page = run.folder / manifest.PAGE
        click.echo(f"Report: {page.resolve()}" if page.exists() else f"Results: {run.folder.resolve()}")
