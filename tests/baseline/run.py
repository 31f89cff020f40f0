"""Commands run within this process, as a user would give them."""

import io
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from baseline.flatten import Row, read_file
from baseline.inside import command_line


@dataclass(frozen=True, slots=True)
class Run:
    """A command and the files to read of what it wrote.

    Parameters
    ----------
    name
        First part of the names of its numbers.
    words
        The command's words after ``ifntrial``; it runs in a folder of its own.
    files
        Patterns of the files to read, from that folder.
    groups
        Of a long table within a JSON file: its key, and the columns whose values name its parts.
    """

    name: str
    words: tuple[str, ...]
    files: tuple[str, ...]
    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def rows(self, place: Path) -> Iterator[Row]:
        """Run the command below ``place``; yield the numbers of its files."""
        folder = place / self.name.replace(" ", "_")
        folder.mkdir(parents=True)
        call(self.words, folder)
        for pattern in self.files:
            found = sorted(folder.glob(pattern))
            assert found, f"'ifntrial {' '.join(self.words)}' wrote no {pattern}"
            for path in found:
                name = f"{self.name}/{path.relative_to(folder)}"
                yield from read_file(path, name, self.groups)


def call(words: Sequence[str], folder: Path) -> str:
    """Run a command in a folder; return what it printed.

    Raises
    ------
    AssertionError
        If it ended with another exit code than 0; says what it printed.
    """
    printed, given = io.StringIO(), ["ifntrial", *words]
    code: object = 0
    with chdir(folder), redirect_stdout(printed), redirect_stderr(printed), patch.object(sys, "argv", given):
        try:
            command_line()()
        except SystemExit as end:
            code = end.code
    assert not code, f"'{' '.join(given)}' failed: {printed.getvalue()}"
    return printed.getvalue()
