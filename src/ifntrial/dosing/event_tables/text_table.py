"""A table as text: every value as it stands in the file, rows that are comments set aside, and nothing guessed."""

import csv
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pandas as pd

from ifntrial.errors import FileError, TableError, listed

MOST_ROWS = 2_000_000
MOST_BYTES = 500_000_000
SEPARATORS = (",", "\t", ";")
MISSING = ("", ".")


@dataclass(frozen=True, slots=True)
class TextTable:
    """Columns of text of equal length.

    Parameters
    ----------
    columns
        Upper-case name to its values, stripped.
    rows
        Number of each row in the file, the first below the header being 1.
    comments
        Numbers of the rows that were marked as comments and left out.
    """

    columns: dict[str, list[str]]
    rows: list[int]
    comments: list[int]


def load_text_table(source: pd.DataFrame | str | Path) -> TextTable:
    """Return a table or CSV file (comma, tab or semicolon) as text.

    A row is a comment, and left out, if it begins with ``#`` or ``@``, or has ``C`` in a column called C.

    Raises
    ------
    FileError
        If a file is absent, empty or not a table.
    TableError
        If rows and header do not fit, names are blank or equal but for case, or there are no or too many rows.
    """
    header, rows = _of_frame(source) if isinstance(source, pd.DataFrame) else _of_file(Path(source))
    names = [name.strip().upper() for name in header]
    numbered = [(number, row) for number, row in enumerate(rows, 1) if row]
    comments = [number for number, row in numbered if row[0].lstrip().startswith(("#", "@"))]
    kept = [(number, row) for number, row in numbered if number not in set(comments)]
    _require_rectangle(names, kept)
    marked = [names.index("C")] if "C" in names else []
    for column in marked:
        comments += [number for number, row in kept if row[column].strip().upper() == "C"]
        kept = [(number, row) for number, row in kept if row[column].strip().upper() != "C"]
        odd = [number for number, row in kept if row[column].strip() not in (*MISSING, "0")]
        if odd:
            raise TableError(
                "column C is neither 'C' for a comment nor blank",
                problems=[f"row {listed(odd)}"],
                fix="correct it",
            )
    if not kept:
        raise TableError("the event table has 0 rows", allowed=f"1 to {MOST_ROWS}", fix="add events")
    columns = {
        name: [row[place].strip() for _, row in kept] for place, name in enumerate(names) if name != "C"
    }
    return TextTable(columns, [number for number, _ in kept], sorted(comments))


def _require_rectangle(names: list[str], rows: list[tuple[int, list[str]]]) -> None:
    problems = []
    if "" in names:
        problems.append(f"column {names.index('') + 1} has no name")
    twice = sorted({name for name in names if name and names.count(name) > 1})
    problems += [f"column {name} is there {names.count(name)} times" for name in twice]
    longer = [number for number, row in rows if len(row) > len(names)]
    shorter = [number for number, row in rows if len(row) < len(names)]
    if longer:
        problems.append(f"more values than the header has names: row {listed(longer)}")
    if shorter:
        problems.append(f"fewer values than the header has names: row {listed(shorter)}")
    if len(rows) > MOST_ROWS:
        problems.append(f"the table has {len(rows)} rows; up to {MOST_ROWS} are allowed")
    if problems:
        raise TableError(
            "the event table is no table",
            problems=problems,
            allowed="one header with different names, and as many values in each row",
            fix="correct the header or these rows",
        )


def _of_frame(frame: pd.DataFrame) -> tuple[list[str], list[list[str]]]:
    columns = [[_text(value) for value in frame.iloc[:, place]] for place in range(frame.shape[1])]
    return [str(name) for name in frame.columns], [list(row) for row in zip(*columns, strict=True)]


def _text(value: object) -> str:
    if isinstance(value, float):
        if value != value:
            return "."
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(float(value))
    return "." if value is None or value is pd.NA or value is pd.NaT else str(value)


def _of_file(path: Path) -> tuple[list[str], list[list[str]]]:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise FileError(
                f"event table '{path}' is larger than {MOST_BYTES / 1e6:g} MB", fix="split it by subjects"
            )
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise FileError(
            f"event table '{path}' does not exist", allowed="a CSV file", fix="check the path"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, str(error)) from error
    if not text.strip() or "\0" in text:
        raise _unreadable(path, "it is empty" if not text.strip() else "it is not text")
    first = text.lstrip().splitlines()[0]
    separator = next((sign for sign in SEPARATORS if sign in first), ",")
    try:
        rows = list(csv.reader(StringIO(text), delimiter=separator, strict=True))
    except csv.Error as error:
        raise _unreadable(path, str(error)) from error
    while rows and not rows[0]:
        rows.pop(0)
    return rows[0], rows[1:]


def _unreadable(path: Path, problem: str) -> FileError:
    return FileError(
        f"event table '{path}' cannot be read",
        problems=[problem],
        allowed="a CSV file with a header, in UTF-8",
        fix="check it",
    )
