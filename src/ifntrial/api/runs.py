"""One run of a study: its folder made before the work, its facts in every result, its manifest last."""

import shutil
import tempfile
import time
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ifntrial import __version__
from ifntrial.api.checks import make_folder
from ifntrial.errors import RunError, listed
from ifntrial.evidence.rules.checked import all_rows, key
from ifntrial.files import write_whole
from ifntrial.studies import manifest
from ifntrial.studies.absent_worlds import words_of_absent
from ifntrial.studies.run_calls import RunCall, note_call
from ifntrial.studies.run_facts import RunFacts, lock_hash
from ifntrial.studies.run_inputs import InputRecord, seen_from

if TYPE_CHECKING:
    from ifntrial.catalog import Catalog
    from ifntrial.worlds.choose import WorldChoice

T = TypeVar("T")

SCHEMA_VERSION = 2
"""Of the JSON of every command; 1 had other names for the facts of a run."""

VARYING = ("version", "lock_hash", "date", "seconds", "command", "chosen")
"""Facts in which two runs with the same numbers may differ."""

RESUMING = ("forecast", "design compare", "doses", "enrich", "sensitivity", "calibrate", "validate")
"""Kinds of runs that keep a plan and go on where they stopped."""

BLOCK_FILES = ("plan.json", "blocks/*.parquet")
"""What most of them write beside their result and page."""


class OwnFolder:
    """A folder that is there as long as this object is."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="ifntrial-"))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Run:
    """What was asked of a command or a verb, what it knows, and where its results go.

    Parameters
    ----------
    words
        The command's words after the program's name; None where no command does the same.
    command
        The whole command, for a shell; where there is none, the call of the verb.
    kind
        Name of the command, such as ``design compare``.
    chosen
        Options that change numbers and are not the default, as label and text.
    inputs
        Files that were read.
    folder, json_path
        Where results go; None: nowhere.
    start
        Seconds of the monotonic clock.
    is_again
        Whether the folder is thrown away.
    catalog
        What it works with; None where the evidence tables hold a problem.
    own_folder
        The folder, where nobody named one: it goes with the last who holds it.
    is_whole
        Whether all its worlds are there; a folder of some of them gets no manifest, as it is not finished.
    """

    words: tuple[str, ...] | None
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
    own_folder: OwnFolder | None = None
    is_whole: bool = True


def in_folder(run: Run, folder: Path) -> Run:
    """Return the run with its results in a folder, which is made and told what was called.

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
    make_folder(folder)
    if run.words is not None and run.kind in RESUMING and not (folder / "plan.json").exists():
        inputs = tuple(replace(each, from_run=seen_from(folder, each.absolute)) for each in run.inputs)
        note_call(folder, RunCall(run.kind, run.command, run.words, inputs))
    return replace(run, folder=folder)


def without_manifest(run: Run, choice: "WorldChoice") -> Run:
    """Return a run; where worlds are absent, it says so on its page and gets no manifest: it is not finished."""
    words = words_of_absent(choice)
    return replace(run, is_whole=False, chosen=run.chosen | {"Incomplete": words}) if words else run


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
        chosen=run.chosen | _said_of(run.catalog),
    )


def _said_of(catalog: "Catalog | None") -> dict[str, str]:
    """Return what every page says of a catalogue: who extends it, and what is in it that does not come with it."""
    from ifntrial.catalog import shipped

    if catalog is None:
        return {}
    found = {"Extended by": ", ".join(catalog.extensions)} if catalog.extensions else {}
    usual = shipped()
    for label, own, there in (
        ("Own drugs", catalog.drugs, usual.drugs),
        ("Own endpoints", catalog.endpoints, usual.endpoints),
        ("Own signatures", catalog.signatures, usual.signatures),
        ("Own designs", catalog.designs, usual.designs),
    ):
        if names := [name for name in own if name not in there]:
            found[label] = listed(names)
    if catalog.evidence is not usual.evidence:
        rows = set(all_rows(usual.evidence))
        if names := [key(row) for row in all_rows(catalog.evidence) if row not in rows]:
            found["Own rows of evidence"] = listed(names)
    return found


@contextmanager
def going_on_from(folder: Path) -> Iterator[None]:
    """Say, if the block is stopped, that the worlds finished by then are kept in ``folder``."""
    try:
        yield
    except KeyboardInterrupt as stop:
        stop.add_note(f"Finished worlds are kept in {folder}; the same command goes on from there.")
        raise


def going_on(run: Run) -> AbstractContextManager[None]:
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
    with going_on(run):
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
        written += _write_page(run.folder, render(result, about))
    if not run.is_whole:
        return
    known = None if run.catalog is None else run.catalog.fingerprint
    manifest.save_manifest(run.folder, about, known, run.words, run.inputs, written)


def _write_page(folder: Path, page: str) -> list[Path]:
    """Write a page and the files of its figures; return their paths."""
    from ifntrial.report.page import files_of

    texts = {folder / name: text for name, text in files_of(page).items()} | {folder / manifest.PAGE: page}
    for path, text in texts.items():
        path.parent.mkdir(exist_ok=True)
        write_whole(path, text)
    return list(texts)
