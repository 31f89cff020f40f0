"""What every answer can do beside being the record of its study: a table, a page, files, JSON, and words."""

import html
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING, Generic, TypeVar

from ifntrial.api.argument_names import names_arguments
from ifntrial.api.checks import require_writable
from ifntrial.api.runs import Run, facts_of, going_on, in_folder, keep_run
from ifntrial.errors import InputError
from ifntrial.files import write_whole
from ifntrial.studies.run_facts import RunFacts

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")

RESEARCH_ONLY = "A tool for research: not for diagnosis or treatment."


@dataclass(frozen=True, slots=True)
class Files(Generic[T]):
    """How the result of a study is written into a folder.

    Parameters
    ----------
    name
        Of the result's JSON.
    render
        Makes the page of a result; None: it has none.
    patterns
        Files of the folder beside result and page, in the order in which they are looked for.
    write
        Writes those of them that the study has not written while it worked.
    """

    name: str
    render: Callable[[T, RunFacts], str] | None = None
    patterns: tuple[str, ...] = ()
    write: Callable[[Path], None] | None = None


@dataclass(frozen=True, slots=True)
class Kept(Generic[T]):
    """A finished run with its result, from which it can be written anywhere.

    Parameters
    ----------
    run
        The run; its folder holds what the study wrote while it worked.
    facts
        Of the run.
    result
        The record of the study.
    files
        How it is written.
    """

    run: Run
    facts: RunFacts
    result: T
    files: Files[T]


def keep(run: Run, result: T, files: Files[T]) -> Kept[T]:
    """Return a finished run, written where its command or verb was told to."""
    with going_on(run):
        if run.own_folder is None and run.folder is not None and files.write is not None:
            files.write(run.folder)
        facts = facts_of(run)
        if run.own_folder is None:
            keep_run(run, facts, files.name, result, files.render, files.patterns)
    return Kept(run, facts, result, files)


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Shown(Generic[T]):
    """An answer: the record of a study, and what can be done with it.

    Parameters
    ----------
    kept
        The run and its result.
    """

    kept: Kept[T]

    @property
    def facts(self) -> RunFacts:
        """What made the numbers, the command that gives them again, and how long it took."""
        return self.kept.facts

    def table(self) -> "pd.DataFrame":
        """Return the answer as a table; ``attrs["columns"]`` says what each column means, and its unit."""
        raise NotImplementedError

    def lines(self) -> Iterator[str]:
        """Yield the answer in a few lines of words."""
        raise NotImplementedError

    def to_json(self) -> str:
        """Return what the command writes with ``--json``; ``ifntrial schema`` describes every key."""
        from ifntrial.studies.result_json import result_text

        return result_text(self.facts, self.kept.result)

    def report(self, path: str | Path) -> Path:
        """Write the page, one HTML file that needs no other; return its path.

        Raises
        ------
        InputError
            If the study has no page.
        FileError
            If the file cannot be written.
        """
        render = self.kept.files.render
        if render is None:
            raise InputError(
                f"there is no page of '{self.facts.kind}'",
                allowed="table(), to_json() and save(folder)",
                fix="use one of these",
            )
        file = Path(path)
        require_writable(file)
        from ifntrial.report.page import alone

        write_whole(file, alone(render(self.kept.result, self.facts)))
        return file

    @names_arguments
    def save(self, folder: str | Path) -> Path:
        """Write what the command writes with ``--out``; return the folder.

        Its ``manifest.json`` says what made the numbers; ``ifntrial reproduce`` makes the run again from it, where a
        command does the same as the call in Python.

        Raises
        ------
        FileError
            If the folder cannot be made or written.
        RunError
            If it holds a run of another kind.
        """
        kept, place = self.kept, Path(folder)
        run = in_folder(replace(kept.run, folder=None, json_path=None, own_folder=None, is_again=True), place)
        if kept.run.folder is not None and kept.run.folder.resolve() != place.resolve():
            _copy(kept.run.folder, place, kept.files.patterns)
        if kept.files.write is not None:
            kept.files.write(place)
        keep_run(run, kept.facts, kept.files.name, kept.result, kept.files.render, kept.files.patterns)
        return place

    def __repr__(self) -> str:
        return "\n".join((*self.lines(), f"{RESEARCH_ONLY} {self.facts.command}"))

    def _repr_html_(self) -> str:
        table = self.table()
        head = html.escape(str(table.attrs.get("title", "")))
        units = "; ".join(
            f"{name}: {each['meaning']}" + (f" [{each['unit']}]" if each["unit"] else "")
            for name, each in table.attrs["columns"].items()
        )
        return (
            f"<p>{head}</p>{table.to_html(index=False, float_format='{:.3g}'.format)}"
            f"<p><small>{html.escape(units)}. {RESEARCH_ONLY}</small></p>"
        )


def _copy(old: Path, new: Path, patterns: tuple[str, ...]) -> None:
    for path in (each for pattern in patterns for each in old.glob(pattern)):
        target = new / path.relative_to(old)
        target.parent.mkdir(parents=True, exist_ok=True)
        copyfile(path, target)
