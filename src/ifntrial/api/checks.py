"""What is asked of an argument before the work begins: sizes in their range, places that can be written."""

import os
import tempfile
from collections.abc import Collection
from pathlib import Path

from ifntrial.errors import FileError, InputError, find_name


def require_range(name: str, value: float, low: float, high: float) -> None:
    """Raise if ``value`` lies outside [low, high].

    Raises
    ------
    InputError
        Naming the option, what was given and what is allowed.
    """
    if not low <= value <= high:
        raise InputError(
            f"{name} is out of range",
            given=f"{value:g}",
            allowed=f"{low:g} to {high:g}",
            fix="choose a value in this range",
        )


def make_folder(path: Path) -> None:
    """Make a folder for results.

    Raises
    ------
    FileError
        If it cannot be made, or nothing can be written into it.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(
            f"folder {path} cannot be made: {error.strerror}", fix="choose another place"
        ) from error
    try:
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise FileError(
            f"nothing can be written into folder {path}: {error.strerror}", fix="choose another place"
        ) from error


def require_writable(path: Path) -> None:
    """Raise if a file cannot be written, before the work for it begins; its folder is made.

    Raises
    ------
    FileError
        If the file or its folder cannot be written.
    """
    if not path.exists():
        make_folder(path.parent)
    elif not os.access(path, os.W_OK):
        raise FileError(f"{path} cannot be written", fix="choose another file")


def as_listed(text: str, names: Collection[str]) -> str:
    """Return a text as a list of names has it, whatever its capitals; as it is, if it is not in it."""
    return find_name(text, names) or text
