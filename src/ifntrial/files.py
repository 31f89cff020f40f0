"""Files that are either absent or whole, and folders in which one process works at a time."""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from ifntrial.errors import FileError, RunError

_UNFINISHED = re.compile(r"\.[0-9a-f]{32}\.partial$")


def write_whole(path: Path, content: bytes | str) -> None:
    """Write a file, text as UTF-8, so that whoever reads ``path`` finds all of it or what was there before.

    A link, a pipe or a device is written through, as it must stay what it is.

    Raises
    ------
    FileError
        If it cannot be written; nothing of it is left.
    """
    with whole_file(path) as file:
        file.write(content.encode() if isinstance(content, str) else content)


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file to be written piece by piece within the block, as ``write_whole`` does.

    Raises
    ------
    FileError
        If it cannot be written; nothing of it is left.
    """
    is_through = path.is_symlink() or (path.exists() and not path.is_file())
    try:
        with path.open("wb") if is_through else _replacing(path) as file:
            yield file
    except OSError as error:
        raise FileError(
            f"{path} cannot be written: {error.strerror}",
            fix="make room or choose another place, then give the same command again",
        ) from error


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    # many may write the same file at once: each has its own until it is whole
    unfinished = path.with_name(f"{path.name}.{uuid4().hex}.partial")
    try:
        with unfinished.open("xb") as file:
            yield file
            file.flush()
            # a name must not reach the disk before what it names, or a power cut leaves an empty file
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink()
        raise


@contextmanager
def held(folder: Path, *, is_shared: bool = False) -> Iterator[None]:
    """Keep other processes from working in ``folder`` until the block ends, also by the death of this process.

    What a killed process left unfinished there, and up to two folders below, is removed before and after the block if
    nobody else can be at it.

    Parameters
    ----------
    is_shared
        Whether only those are kept out that want to be alone.

    Raises
    ------
    FileError
        If nothing can be written into the folder.
    RunError
        If another process works in it.
    """
    try:
        # to be read as well: some network file systems share a lock only of such a file
        lock = (folder / ".lock").open("a+")
    except OSError as error:
        raise FileError(
            f"nothing can be written into folder {folder}: {error.strerror}", fix="choose another place"
        ) from error
    with lock:
        try:
            fcntl.flock(lock, (fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RunError(
                "another process works in this folder",
                given=str(folder),
                fix="wait until it has ended, or choose another --out",
            ) from None
        except OSError:
            # a file system without locks: two processes do the same worlds twice, and each file is whole all the same
            is_shared = True
        if is_shared:
            yield
            return
        _remove_unfinished(folder)
        try:
            yield
        finally:
            _remove_unfinished(folder)


def _remove_unfinished(folder: Path) -> None:
    for path in (each for depth in ("*", "*/*", "*/*/*") for each in folder.glob(depth)):
        if _UNFINISHED.search(path.name):
            path.unlink(missing_ok=True)
