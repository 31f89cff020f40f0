"""What a run notes of itself beside its blocks, in ``.run`` of its folder: enough to tell from any machine how far it is.

No number is read from notes, and a run goes on without them: blocks alone are the truth.
"""

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from ifntrial.errors import FileError
from ifntrial.files import write_whole
from ifntrial.studies.json_records import validated

_Note = TypeVar("_Note")

NOTES = ".run"
"""The folder of the notes."""
_STAGES, _LOST, _AT_WORK = (f"{NOTES}/{name}" for name in ("stages", "lost", "at_work"))
_SECONDS_BETWEEN_SIGNS = 1.0


@dataclass(frozen=True, slots=True)
class Stage:
    """A kind of blocks that a run has begun.

    Parameters
    ----------
    kind
        Folder of its blocks.
    worlds, worlds_at_once
        How many in all, and in a block.
    noun
        What stands at each place.
    place
        Of the kind among those of the run.
    """

    kind: str
    worlds: int
    worlds_at_once: int
    noun: str
    place: int

    @property
    def blocks(self) -> int:
        """How many blocks there are."""
        return -(-self.worlds // self.worlds_at_once)


@dataclass(frozen=True, slots=True)
class LostBlock:
    """A block whose processes were lost again and again.

    Parameters
    ----------
    kind, block
        Which.
    first_world, last_world
        Places of its worlds.
    tries
        How often it was tried.
    reason
        What became of its process.
    """

    kind: str
    block: int
    first_world: int
    last_world: int
    tries: int
    reason: str


@dataclass(frozen=True, slots=True)
class SignOfWork:
    """What a process that does blocks says of itself now and then.

    Parameters
    ----------
    host, process
        Where it is.
    part
        Such as ``3/16``; empty: the whole run.
    workers
        Processes or machines it has at work.
    kind
        Of blocks it is at.
    began, seen
        Seconds since 1970 [s].
    done, todo
        Blocks it has done, and was to do when it began.
    """

    host: str
    process: int
    part: str
    workers: int
    kind: str
    began: float
    seen: float
    done: int
    todo: int


def note_stage(folder: Path, stage: Stage) -> None:
    """Note a kind of blocks; errors as in ``write_whole``."""
    _write(folder / _STAGES / f"{stage.kind}.json", asdict(stage))


def note_lost(folder: Path, lost: LostBlock) -> None:
    """Note a block that could not be done; errors as in ``write_whole``."""
    _write(_path_of_lost(folder, lost.kind, lost.block), asdict(lost))


def forget_lost(folder: Path, kind: str, block: int) -> None:
    """Take back that a block could not be done."""
    _path_of_lost(folder, kind, block).unlink(missing_ok=True)


def forget_work(folder: Path) -> None:
    """Remove the signs of processes that were killed; for who works alone in a folder."""
    for path in (folder / _AT_WORK).glob("*.json"):
        path.unlink(missing_ok=True)


def stages_of(folder: Path) -> tuple[Stage, ...]:
    """Return the kinds of blocks that a run has begun, the first one first."""
    return tuple(stage for _, stage in sorted(_read(folder / _STAGES, Stage), key=lambda each: each[1].place))


def lost_in(folder: Path) -> tuple[LostBlock, ...]:
    """Return the blocks that could not be done, in order."""
    return tuple(lost for _, lost in _read(folder / _LOST, LostBlock))


def at_work_in(folder: Path) -> tuple[SignOfWork, ...]:
    """Return what processes say of themselves; one that was killed has said its last."""
    return tuple(sign for _, sign in _read(folder / _AT_WORK, SignOfWork))


class Worker:
    """A process at work in a folder; ``block_done`` is to be called after each block."""

    def __init__(self, folder: Path, part: str, workers: int, kind: str, todo: int) -> None:
        host, now = socket.gethostname(), time.time()
        self._sign = SignOfWork(host, os.getpid(), part, workers, kind, now, now, 0, todo)
        self._path = folder / _AT_WORK / f"{host}-{os.getpid()}-{uuid4().hex[:8]}.json"
        self._tell()

    def block_done(self) -> None:
        """Count a block, and give a sign if the last one is some time ago."""
        old, now = self._sign, time.time()
        is_due = now - old.seen >= _SECONDS_BETWEEN_SIGNS
        self._sign = replace(old, done=old.done + 1, seen=now if is_due else old.seen)
        if is_due:
            self._tell()

    def leave(self) -> None:
        """Take the sign away."""
        with suppress(OSError):
            self._path.unlink()

    def _tell(self) -> None:
        _write(self._path, asdict(self._sign))


@contextmanager
def at_work(folder: Path, part: str, workers: int, kind: str, todo: int) -> Iterator[Worker]:
    """Give signs of work while the block lasts.

    Raises
    ------
    FileError
        If nothing can be written.
    """
    worker = Worker(folder, part, workers, kind, todo)
    try:
        yield worker
    finally:
        worker.leave()


def _read(folder: Path, record: type[_Note]) -> Iterator[tuple[Path, _Note]]:
    """Yield every note of a folder in the order of names; one that is gone or damaged is none."""
    for path in sorted(folder.glob("*.json")):
        with suppress(OSError, ValueError, FileError):
            yield path, validated(record, json.loads(path.read_bytes()), str(path), "")


def _path_of_lost(folder: Path, kind: str, block: int) -> Path:
    return folder / _LOST / f"{kind}-block={block:06d}.json"


def _write(path: Path, content: dict[str, str | int | float]) -> None:
    with suppress(OSError):  # told when the file itself cannot be written
        path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps(content, indent=1) + "\n")
