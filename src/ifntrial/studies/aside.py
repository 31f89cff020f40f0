"""Numbers of every world in a file without a name, for results that read those of all worlds again and again."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from ifntrial.errors import FileError

_Number = TypeVar("_Number", np.float32, np.float64)


class Aside(Generic[_Number]):
    """Takes an array of numbers for each world, all of one shape; only what is in use of them is in memory."""

    def __init__(self, file: IO[bytes], kind: type[_Number]) -> None:
        self._file = file
        self._kind: type[_Number] = kind
        self._shape: tuple[int, ...] | None = None
        self._worlds = 0

    def add(self, numbers: NDArray[np.floating]) -> None:
        """Take the numbers of the next world."""
        self._shape = self._shape or numbers.shape
        if numbers.shape != self._shape:
            raise ValueError(
                f"the worlds before have numbers of shape {self._shape}, this one {numbers.shape}"
            )
        self._file.write(numbers.astype(self._kind).tobytes())
        self._worlds += 1

    def total(self) -> NDArray[_Number]:
        """Return the numbers of all worlds, shape (worlds, ...), as parts of the file, which stays while they do."""
        self._file.flush()
        shape = (self._worlds, *(self._shape or ()))
        return np.asarray(np.memmap(self._file, self._kind, "r", shape=shape))


@contextmanager
def put_aside(folder: Path, kind: type[_Number]) -> Iterator[Aside[_Number]]:
    """Yield what takes the numbers of one world after another.

    Parameters
    ----------
    folder
        Where there is room; nothing is left in it, however the process ends.
    kind
        Precision in which they are kept.

    Raises
    ------
    FileError
        If there is no room.
    """
    try:
        with TemporaryFile(dir=folder) as file:
            yield Aside(file, kind)
    except OSError as error:
        raise FileError(
            f"numbers of each world cannot be put aside in {folder}: {error.strerror}",
            fix="make room, then give the same command again",
        ) from error
