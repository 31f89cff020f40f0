"""A run's folder: one plan, one file for each place, and only what is absent is done."""

import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from zipfile import BadZipFile

from ifntrial.errors import FileError, RunError
from ifntrial.files import held_alone, write_whole
from ifntrial.studies.executors import finished

Report = Callable[[int, int], None]
UNREADABLE = (OSError, ValueError, TypeError, KeyError, EOFError, BadZipFile, zlib.error)
"""What reading a damaged JSON or NumPy file may raise."""


@contextmanager
def claimed(folder: Path, plan: str, parts: Sequence[str]) -> Iterator[None]:
    """Make the folder's plan this one, or require that it is; keep others out until the block ends.

    Parameters
    ----------
    plan
        All that decides the numbers, as text.
    parts
        Names of folders in it, which are made.

    Raises
    ------
    FileError
        If it cannot be written.
    RunError
        If it holds another run, or another process works in it.
    """
    _make(folder)
    with held_alone(folder):
        path = folder / "plan.json"
        if not path.exists():
            write_whole(path, plan)
        elif path.read_bytes() != plan.encode():
            raise RunError(
                "the folder holds another run",
                given=str(folder),
                allowed="an empty folder, or an interrupted run with the same designs, sizes, seed, evidence and model",
                fix="choose another --out, or leave it away",
            )
        for part in parts:
            _make(folder / part)
        yield


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(
            f"folder {folder} cannot be made: {error.strerror}", fix="choose another place"
        ) from error


def do_absent(
    task: Callable[[int], object], paths: Sequence[Path], workers: int, report: Report, noun: str = "world"
) -> None:
    """Do ``task`` for the place of every path that does not exist yet.

    Parameters
    ----------
    task
        Makes the file of its place, as the last thing it does.
    report
        Called with places done and in all: once for what was there, then after each.
    noun
        What a place is, for messages.

    Raises
    ------
    RunError
        After all others are done, if places could not be done.
    """
    todo = [place for place, path in enumerate(paths) if not path.exists()]
    kept = len(paths) - len(todo)
    report(kept, len(paths))
    for new, _ in enumerate(finished(task, todo, workers, noun), start=1):
        report(kept + new, len(paths))


def unreadable(path: Path, noun: str, place: int, error: Exception) -> RunError:
    """Return the error of a place whose file is there but cannot be used."""
    return RunError(
        f"{noun} {place} of this run cannot be read: {error}",
        given=str(path),
        fix="remove that file and give the same command again",
    )
