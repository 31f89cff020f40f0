"""Kinds of parameters that name something: capitals do not matter, and a shell completes them."""

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from ifntrial.console.inputs import NameOrFile
from ifntrial.errors import find_name

Names = Callable[[], Collection[str]]
"""What can be named; called only when somebody writes a name with capitals, or asks a shell."""


class Name(click.types.StringParamType):
    """A text that names one of a list; what is not in it is told by the command."""

    def __init__(self, names: Names) -> None:
        self.names = names

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ANN401
        """Return the name as the list has it."""
        return as_listed(str(super().convert(value, param, ctx)), self.names)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return the names that begin so."""
        del ctx, param
        return _beginning(self.names(), incomplete)


class DesignOrFile(NameOrFile):
    """A name of a list, or the path of a file, which goes before a name with other capitals."""

    def __init__(self, file_of: Callable[[str], Path | None], names: Names) -> None:
        super().__init__(file_of)
        self.names = names

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ANN401
        """Return the name as the list has it, or the path."""
        text = str(super().convert(value, param, ctx))
        try:
            is_there = Path(text).exists()
        except (OSError, ValueError):
            is_there = False
        return text if is_there else as_listed(text, self.names)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return the names that begin so, or that files may."""
        del ctx, param
        return _beginning(self.names(), incomplete) or [CompletionItem(incomplete, type="file")]


def as_listed(text: str, names: Names) -> str:
    """Return a text as a list of names has it; as it is, if it is not in it."""
    # every name of the program is in small letters, so that the list is needed for others only
    return text if text == text.strip().lower() else find_name(text, names()) or text


def _beginning(names: Collection[str], start: str) -> list[CompletionItem]:
    return [CompletionItem(each) for each in names if each.startswith(start.lower())]


def drugs() -> Collection[str]:
    """Return the names of drugs."""
    from ifntrial.catalog import shipped

    return shipped().drugs


def mechanisms() -> Collection[str]:
    """Return what can be left out: the mechanisms of the body, and those of drugs."""
    from ifntrial.catalog import shipped

    return shipped().mechanism_names


def endpoints() -> Collection[str]:
    """Return the names of endpoints."""
    from ifntrial.catalog import shipped

    return shipped().endpoints


def designs() -> Collection[str]:
    """Return the names of designs."""
    from ifntrial.catalog import shipped

    return shipped().designs


def signatures() -> Collection[str]:
    """Return the names of signatures."""
    from ifntrial.catalog import shipped

    return shipped().signatures


def methods() -> Collection[str]:
    """Return the names of scoring methods."""
    from ifntrial.catalog import shipped

    return shipped().methods


def markers() -> Collection[str]:
    """Return the names of markers."""
    from ifntrial.catalog import shipped
    from ifntrial.studies.enrich.markers import shipped_markers

    return [each.name for each in shipped_markers(shipped().evidence)]


def evidence_rows() -> Collection[str]:
    """Return the names of all rows of the evidence tables."""
    from ifntrial.catalog import shipped
    from ifntrial.evidence.rules.checked import all_rows, key

    return dict.fromkeys(key(row) for row in all_rows(shipped().evidence))


def sources() -> Collection[str]:
    """Return the ids of sources."""
    from ifntrial.catalog import shipped

    return [each.id for each in shipped().evidence.sources]


def classes() -> Collection[str]:
    """Return the names of classes of trials."""
    from ifntrial.studies.reference_class.study import KINDS

    return KINDS


def populations() -> Collection[str]:
    """Return who can be simulated."""
    from ifntrial.course.exposure import SELECTIONS

    return SELECTIONS


def scales() -> Collection[str]:
    """Return the names of scales of expression data."""
    from ifntrial.signature.read.scale import SCALES

    return [each.name for each in SCALES]


def formats() -> Collection[str]:
    """Return the names of formats of expression data."""
    from ifntrial.signature.read.formats import FORMATS

    return [each.name for each in FORMATS]


def words_of_results() -> Collection[str]:
    """Return the words of the commands whose results have a schema."""
    from ifntrial.studies.result_json import RESULTS

    return dict.fromkeys(word for kind in RESULTS for word in kind.split())


def one_of(*names: str) -> Name:
    """Return the kind of a parameter that names one of a few."""
    return Name(lambda: names)
