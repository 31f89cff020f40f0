"""Files that a command reads and writes: kinds of parameters, and a record of what was read to find it again."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any

import click

from ifntrial.errors import RunError


class InputFile(click.Path):
    """The path of a file that is read."""

    def file_of(self, value: Path) -> Path | None:
        """Return the file that a value of this kind stands for."""
        return value


class NameOrFile(click.types.StringParamType):
    """A text that is a name, or the path of a file that is read; ``file_of`` returns the path or None."""

    def __init__(self, file_of: Callable[[str], Path | None]) -> None:
        self.file_of = file_of


class OutputFile(click.Path):
    """The path of a file that is written, beside the run's folder."""


class OutputFolder(click.Path):
    """The folder that a run is written to."""


def file_of_design(text: str) -> Path | None:
    """Return the path that a design was given by; None for the name of a shipped one."""
    from ifntrial.catalog import shipped

    return None if text in shipped().designs else Path(text)


def file_of_healthy(text: str) -> Path | None:
    """Return the file with names of healthy samples; None for a condition such as ``state=healthy``."""
    return Path(text) if "=" not in text or Path(text).exists() else None


def file_of_signature(text: str) -> Path | None:
    """Return the file of a signature; None for the name of a shipped one."""
    return Path(text) if text.lower().endswith(".csv") else None


@dataclass(frozen=True, slots=True)
class InputRecord:
    """A file that a run has read.

    Parameters
    ----------
    parameter
        Name of the command's parameter.
    given
        The value as it was given.
    absolute, from_run
        Where the file was; and where seen from the run's folder, None if there is no such path.
    sha256
        Of its content.
    """

    parameter: str
    given: str
    absolute: str
    from_run: str | None
    sha256: str


def record_inputs(context: click.Context) -> tuple[InputRecord, ...]:
    """Return a record of every file that a call's parameters name; of one that is absent the command itself tells."""
    return tuple(
        InputRecord(parameter, str(value), os.path.abspath(file), None, sha256_of(file))
        for parameter, value, file in _files(context)
        if file.is_file()
    )


def _files(context: click.Context) -> Iterator[tuple[str, Any, Path]]:
    for parameter in context.command.params:
        file_of = getattr(parameter.type, "file_of", None)
        value = context.params.get(parameter.name or "")
        if file_of is None or value is None or parameter.name is None:
            continue
        for each in value if isinstance(value, tuple) else (value,):
            file = file_of(each)
            if file is not None:
                yield parameter.name, each, file


def seen_from(folder: Path, absolute: str) -> str | None:
    """Return the path of a file as seen from a folder; None where there is none, as on another drive."""
    try:
        return os.path.relpath(absolute, os.path.abspath(folder))
    except ValueError:
        return None


def sha256_of(path: Path) -> str:
    """Return the hash of a file's content."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def find_inputs(records: tuple[InputRecord, ...], folder: Path) -> dict[tuple[str, str], Path]:
    """Return where each recorded file is now, by parameter and value.

    A file is looked for where it was, then at the same place beside the run's folder, then at the path as given.

    Raises
    ------
    RunError
        Naming every file that is gone or has changed.
    """
    found, problems = {}, []
    for record in records:
        places = [Path(record.absolute)]
        if record.from_run is not None:
            places.append(folder / record.from_run)
        places.append(Path(record.given))
        present = [place for place in places if place.is_file()]
        same = [place for place in present if sha256_of(place) == record.sha256]
        if same:
            found[record.parameter, record.given] = same[0]
        elif present:
            problems.append(f"{present[0]} has changed since the run read it")
        else:
            tried = dict.fromkeys(os.path.abspath(place) for place in places)
            problems.append(f"{record.given} is no longer there; looked for at {', '.join(tried)}")
    if problems:
        raise RunError(
            "the run cannot be repeated, for it read other files",
            given=str(folder),
            problems=problems,
            fix="put each file back as it was, or give the command of the run again for a run of the files of today",
        )
    return found


def put_in_place(context: click.Context, found: dict[tuple[str, str], Path]) -> None:
    """Let the parameters of a call name the files where they are now."""
    for name, value in context.params.items():
        if isinstance(value, tuple):
            context.params[name] = tuple(_now(name, each, found) for each in value)
        else:
            context.params[name] = _now(name, value, found)


def _now(name: str, value: Any, found: dict[tuple[str, str], Path]) -> Any:  # noqa: ANN401 any parameter's value
    place = found.get((name, str(value)))
    return value if place is None else type(value)(place)
