"""Read CSV and TSV tables, plain or gzipped."""

import re
from collections import Counter
from csv import Sniffer
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Literal, TypedDict

import numpy as np
import pandas as pd

from ifntrial.errors import TableError, listed
from ifntrial.signature.read.lines import (
    check_lengths,
    check_thousands,
    count_cells,
    split_line,
    without_empty_ends,
)
from ifntrial.signature.read.raw import RawTable
from ifntrial.signature.read.text import read_text
from ifntrial.signature.records import Notice

SEPARATORS = {",": "comma", "\t": "tab", ";": "semicolon"}
LARGEST_COLUMNS = 200_000
NOT_MEASURED = ("", "NA", "N/A", "n/a", "na", "NaN", "nan", "NULL", "null", "None", "#N/A", "-", ".")


IDENTIFIERS = frozenset(
    "subject subject_id subjectid patient patient_id patientid donor donor_id donorid participant participant_id case "
    "case_id sample_id sampleid visit barcode usubjid subjid id".split()
)
"""Names of columns that hold identifiers, which are text even where they look like numbers."""


class _Precision(TypedDict, total=False):
    float_precision: Literal["round_trip"]


_PANDAS = tuple(int(part) for part in pd.__version__.split(".")[:2])
NEAREST: _Precision = {} if _PANDAS >= (3, 1) else {"float_precision": "round_trip"}
"""Makes pandas read the double nearest to a number: from release 3.1 on it always does, and warns when asked to."""

_NUMBER = re.compile(r"^[-+]?(\d+([.,]\d*)?|[.,]\d+)([eE][-+]?\d+)?$")
_DECIMAL_COMMA = re.compile(r"^-?\d+,\d+$")


def read_delimited(path: Path) -> RawTable:
    """Return the table of a CSV or TSV file: the first line names the columns, the first column the rows.

    Raises
    ------
    FileError
        If the file is not a text table.
    TableError
        If it has no rows or columns, rows of different lengths, or names that repeat.
    """
    return parse_delimited(read_text(path), path.name)


def parse_delimited(text: str, name: str, separator: str | None = None, *, as_text: bool = False) -> RawTable:
    """Return the table in a text; see :func:`read_delimited`.

    Parameters
    ----------
    as_text
        Leave every cell as it was written: no identifier becomes a number.
    """
    lines = without_comments(text.splitlines())
    if len(lines) < 2:
        raise TableError(
            "the table has no rows", given=f"{name}, {len(lines)} lines", fix="give names in the first line"
        )
    mark = separator or find_separator(lines, name)
    header = split_line(lines[0], mark)
    if len(header) > LARGEST_COLUMNS:
        raise TableError(
            "the table has too many columns",
            given=f"{name}, {len(header):,}",
            allowed=f"up to {LARGEST_COLUMNS:,}",
            fix="put genes in rows, or sum cells to one profile for each donor",
        )
    header, rows = without_empty_ends(header, lines[1:], mark)
    widths = count_cells(rows, mark)
    if all(width == len(header) + 1 for width in widths):
        header = ["", *header]  # R writes no name over the row names
    check_lengths(header, widths)
    if not as_text:
        check_thousands(rows, mark)
    _check_header(header, name)
    try:
        frame = pd.read_csv(
            StringIO("\n".join(rows)),
            sep=mark,
            header=None,
            names=list(range(len(header))),
            dtype=str if as_text else _text_of_header(header),
            keep_default_na=False,
            na_values=list(NOT_MEASURED),
            index_col=False,
            low_memory=False,
            **NEAREST,
        )
    except (pd.errors.ParserError, ValueError) as error:
        raise TableError(
            "the table cannot be parsed", given=f"{name}: {error}", fix="check quotes and line ends"
        ) from error
    if len(header) < 2:
        raise TableError("the table has one column", given=name, fix="name the separator if it is unusual")
    labels = pd.Index(frame.iloc[:, 0].fillna("").astype(str).str.strip(), name=header[0].strip())
    frame = frame.iloc[:, 1:].set_axis(labels, axis=0).set_axis([cell.strip() for cell in header[1:]], axis=1)
    notice = Notice(
        "detected",
        f"{SEPARATORS.get(mark, repr(mark))}-separated text, {len(frame)} rows, {len(header) - 1} columns",
    )
    return _with_decimal_comma(RawTable(frame, notices=(notice,)), mark)


def _text_of_header(header: list[str]) -> dict[int, type[str]]:
    """Return the columns that stay text: the first one, and those whose names say that they hold identifiers."""
    return {i: str for i, cell in enumerate(header) if i == 0 or cell.strip().lower() in IDENTIFIERS}


def without_comments(lines: list[str]) -> list[str]:
    """Leave out lines that begin with #, but for a header: the last of them, with as many cells as the first row."""
    filled = [line for line in lines if line.strip()]
    count = next((i for i, line in enumerate(filled) if not line.startswith("#")), len(filled))
    rows = [line for line in filled[count:] if not line.startswith("#")]
    if not count or not rows:
        return rows
    header = filled[count - 1].lstrip("#").strip("\ufeff ")
    for mark in SEPARATORS:
        if (
            header.count(mark)
            and header.count(mark) == rows[0].count(mark)
            and _are_mostly_numbers(rows[0], mark)
        ):
            return [header, *rows]
    return rows


def _are_mostly_numbers(line: str, mark: str) -> bool:
    cells = [cell.strip().strip('"') for cell in line.split(mark)[1:]]
    return 2 * sum(bool(_NUMBER.match(cell)) or cell in NOT_MEASURED for cell in cells) > len(cells)


def find_separator(lines: list[str], name: str) -> str:
    """Return what separates the cells of the first line.

    Raises
    ------
    TableError
        If nothing does, or something else than comma, tab or semicolon.
    """
    counts = {mark: lines[0].count(mark) for mark in SEPARATORS}
    best = max(counts, key=lambda mark: counts[mark])
    if counts[best]:
        return best
    try:
        found = Sniffer().sniff(lines[0], delimiters=" |:").delimiter
    except Exception as error:
        raise TableError(
            "no separator was found",
            given=f"{name}, first line '{lines[0][:60]}'",
            allowed="comma, tab or semicolon",
        ) from error
    raise TableError("the separator is not supported", given=repr(found), allowed="comma, tab or semicolon")


def _check_header(header: list[str], name: str) -> None:
    names = [cell.strip() for cell in header[1:]]
    problems = [f"column {i} has no name" for i, cell in enumerate(names, start=2) if not cell]
    counts = Counter(names)
    problems += [
        f"column '{cell}' is there {count} times" for cell, count in counts.items() if cell and count > 1
    ]
    if problems:
        raise TableError(
            f"the first line of {name} cannot be used",
            problems=problems[:20],
            fix="give every column its own name",
        )


def _with_decimal_comma(table: RawTable, mark: str) -> RawTable:
    if mark == ",":
        return table
    text = table.frame.select_dtypes(exclude="number")
    filled = [str(cell) for cell in text.head(200).to_numpy().ravel() if not pd.isna(cell)]
    with_comma = sum(bool(_DECIMAL_COMMA.match(cell)) for cell in filled)
    if not filled or with_comma < 0.5 * len(filled):
        return table
    changed = text.apply(lambda column: column.astype(str).str.replace(",", ".", regex=False))
    frame = table.frame.assign(**{str(column): changed[column] for column in changed.columns})
    notice = Notice("changed", "numbers use a decimal comma; it was read as a decimal point")
    return RawTable(frame, table.obs, table.orientation, table.scale, (*table.notices, notice))


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that should be a number and is not."""

    row: str
    column: str
    text: str


def to_numbers(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[BadCell]]:
    """Return the cells as numbers (NaN where not measured), and the cells that are text."""
    problems: list[BadCell] = []
    numbers = []
    for place, column in enumerate(frame.columns):
        cells = frame.iloc[:, place]
        if cells.dtype.kind in "fiub":
            numbers.append(cells.to_numpy(dtype=float))
            continue
        text = _clean(cells)
        values = pd.to_numeric(text, errors="coerce")
        wrong = np.flatnonzero((values.isna() & text.notna()).to_numpy()).tolist()
        problems += [
            BadCell(str(frame.index[i]).strip(), str(column).strip(), str(cells.iloc[i])) for i in wrong
        ]
        numbers.append(values.to_numpy(dtype=float))
    return pd.DataFrame(np.column_stack(numbers), index=frame.index, columns=frame.columns), problems


def list_text_columns(frame: pd.DataFrame) -> list[str]:
    """Return the columns in which most filled cells are text: annotation, not levels."""
    found = []
    for place, column in enumerate(frame.columns):
        cells = frame.iloc[:, place]
        if cells.dtype.kind in "fiub":
            continue
        filled = _clean(cells).dropna()
        if len(filled) and pd.to_numeric(filled, errors="coerce").isna().mean() > 0.5:
            found.append(str(column))
    return found


def _clean(cells: pd.Series) -> pd.Series:
    text = cells.astype(object).where(cells.notna(), "").astype(str).str.strip()
    return text.where(~text.isin(NOT_MEASURED))


def describe_repeats(labels: pd.Index, what: str) -> list[str]:
    """Return one problem for each label that is there more than once."""
    repeated = labels[labels.duplicated()].unique()
    return [f"{what} '{label}' is there {int((labels == label).sum())} times" for label in repeated[:10]] + (
        [f"and {listed(repeated[10:])}"] if len(repeated) > 10 else []
    )
