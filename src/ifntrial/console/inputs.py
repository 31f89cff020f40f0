"""Files that a command reads and writes: kinds of parameters that name them."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from ifntrial.studies.run_inputs import InputRecord, is_there, sha256_of


class InputFile(click.Path):
    """The path of a file that is read."""

    def file_of(self, value: Path) -> Path | None:
        """Return the file that a value of this kind stands for."""
        return value


class InputFolder(click.Path):
    """The path of a folder of which all tables are read."""

    def file_of(self, value: Path) -> Path | None:
        """Return the folder that a value of this kind stands for."""
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
    from ifntrial.api.scores.asked import healthy_file

    return healthy_file(text)


def file_of_signature(text: str) -> Path | None:
    """Return the file of a signature; None for the name of a shipped one."""
    return Path(text) if text.lower().endswith(".csv") else None


def record_inputs(context: click.Context) -> tuple[InputRecord, ...]:
    """Return a record of every file that a call's parameters name; of one that is absent the command itself tells."""
    return tuple(
        InputRecord(parameter, str(value), os.path.abspath(file), None, sha256_of(file))
        for parameter, value, file in _files(context)
        if is_there(file)
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
