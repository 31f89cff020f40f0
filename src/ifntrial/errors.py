"""Every error the package raises on purpose.

::

    IfntrialError                  anything the user can act on; the command line exits with code 2
    ├── InputError                 a value, name, file or table from the user is not usable
    │   ├── UnknownNameError       a name is not in its list; says the closest ones
    │   ├── UnitError              a unit is unknown, or of the wrong kind
    │   ├── FileError              a file is absent, empty, too large or not readable
    │   └── TableError             a table breaks its schema; lists every problem
    ├── EvidenceError              the evidence tables are not consistent; lists every problem
    ├── ModelError                 mechanisms do not fit together; lists every problem
    ├── ExtraError                 a library is absent that only an extra installs; says how to get it
    ├── SolverError                a system of equations cannot be compiled or solved
    └── RunError                   a run folder is incomplete, or made with other numbers

A solve that fails for one subject is not an error: it is a status row.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import TypeVar

_T = TypeVar("_T")

LISTED_WHOLE = 40
"""A list of no more names is shown whole."""
LISTED_AT_MOST = 12
"""As many are shown of a longer one."""


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", ":")) else f"{text}."


class IfntrialError(Exception):
    """Base of all errors: what failed, what was given, what is allowed, what to do.

    Parameters
    ----------
    what
        What failed, as a sentence.
    problems
        Where a check found several things at once, one text for each; kept as ``problems``.
    given
        What was given; shown with ``repr`` unless it is text.
    allowed
        What is allowed instead.
    fix
        What the reader can do.
    """

    def __init__(
        self,
        what: str,
        *,
        problems: Iterable[str] = (),
        given: object = None,
        allowed: str = "",
        fix: str = "",
    ) -> None:
        self.problems = tuple(problems)
        parts = [_sentence(what)]
        if self.problems:
            parts.append("Problems:" + "".join(f"\n  - {problem}" for problem in self.problems) + "\n")
        if given is not None:
            parts.append(_sentence(f"Given: {given if isinstance(given, str) else repr(given)}"))
        if allowed:
            parts.append(_sentence(f"Allowed: {allowed}"))
        if fix:
            parts.append(_sentence(f"To do: {fix}"))
        super().__init__(" ".join(parts).strip())


class InputError(IfntrialError):
    """A value, name, file or table from the user is not usable."""


class UnknownNameError(InputError):
    """A name is not in its list."""


class UnitError(InputError):
    """A unit is unknown, or of the wrong kind."""


class FileError(InputError):
    """A file is absent, empty, too large or not readable."""


class TableError(InputError):
    """A table breaks its schema; ``problems`` holds every problem."""


class EvidenceError(IfntrialError):
    """The evidence tables are not consistent; ``problems`` holds every problem."""


class ModelError(IfntrialError):
    """Mechanisms do not fit together; ``problems`` holds every problem."""


class ExtraError(IfntrialError):
    """A library is absent that only an extra installs."""


class SolverError(IfntrialError):
    """A system of equations cannot be compiled or solved."""


class RunError(IfntrialError):
    """A run folder is incomplete, or was made with other numbers."""


def listed(names: Iterable[object]) -> str:
    """Return names in a row; a long list is cut after a dozen, with a count of the rest."""
    texts = [str(name) for name in names]
    if len(texts) <= LISTED_WHOLE:
        return ", ".join(texts)
    shown = ", ".join(texts[:LISTED_AT_MOST])
    return f"{shown} and {len(texts) - LISTED_AT_MOST} more"


def closest(name: str, names: Iterable[str]) -> str:
    """Return a hint that names the closest entries, or an empty text."""
    by_lower = {candidate.lower(): candidate for candidate in names}
    found = get_close_matches(name.lower(), by_lower, n=3, cutoff=0.5)
    return f"did you mean {' or '.join(by_lower[match] for match in found)}?" if found else ""


def resolve_name(name: str, options: Mapping[str, _T], kind: str) -> _T:
    """Return the option called ``name``.

    Raises
    ------
    UnknownNameError
        If there is none; the message lists what exists and the closest names.
    """
    if name in options:
        return options[name]
    raise UnknownNameError(
        f"{kind} '{name}' is not known",
        allowed=listed(options),
        fix=closest(name, options) or f"use one of these {kind} names",
    )


def find_name(name: str, options: Iterable[str]) -> str | None:
    """Return ``name`` as it is written among the options, or None if it is not there.

    Capitals and blanks around it do not matter, unless two options differ in nothing else. For what people write: a
    program is exact, see ``resolve_name``.
    """
    known = dict.fromkeys(options)
    if name in known:
        return name
    same = [each for each in known if each.strip().casefold() == name.strip().casefold()]
    return same[0] if len(same) == 1 else None


def known_name(name: str, options: Collection[str], kind: str) -> str:
    """Return ``name`` as ``find_name`` does; errors as in ``resolve_name``."""
    found = find_name(name, options)
    return resolve_name(name, dict(zip(options, options, strict=True)), kind) if found is None else found


def require_columns(columns: Sequence[str], needed: Sequence[str], table: str) -> None:
    """Raise one error that names every absent column.

    Raises
    ------
    TableError
        If a needed column is absent.
    """
    absent = [name for name in needed if name not in columns]
    if absent:
        raise TableError(
            f"{table} lacks columns",
            problems=[
                f"column '{name}' is absent{'; ' + hint if (hint := closest(name, columns)) else ''}"
                for name in absent
            ],
            fix=f"add them; needed are {listed(needed)}; the table has {listed(columns) or 'none'}",
        )
