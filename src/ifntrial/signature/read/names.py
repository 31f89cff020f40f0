"""Read what goes with an expression table: the list of healthy samples and the table of metadata."""

from pathlib import Path

import pandas as pd

from ifntrial.errors import FileError, InputError, TableError, closest, find_name, listed
from ifntrial.signature.read.delimited import NOT_MEASURED, describe_repeats, parse_delimited
from ifntrial.signature.read.raw import check_file
from ifntrial.signature.read.text import read_text

USED_COLUMNS = ("subject", "visit", "group")


def load_names(path: str | Path) -> list[str]:
    """Return the names in a file, one a line; empty lines and lines that begin with # are skipped.

    Raises
    ------
    FileError
        If the file is absent, empty or holds no name.
    """
    file = Path(path)
    check_file(file)
    lines = [line.strip().strip('"') for line in read_text(file).splitlines()]
    names = [line for line in lines if line and not line.startswith("#")]
    if not names:
        raise FileError(
            "the list of healthy samples holds no name", given=str(file), fix="write one name a line"
        )
    return names


def load_metadata(path: str | Path, renamed: dict[str, str] | None = None) -> pd.DataFrame:
    """Return a table about samples, index = sample, from CSV or TSV.

    The column ``sample``, or else the first one, names the samples. ``subject``, ``visit`` and ``group`` are used
    where they are; ``renamed`` says which columns stand for them.

    Raises
    ------
    FileError
        If the file cannot be read.
    TableError
        If names repeat or a named column is absent.
    """
    file = Path(path)
    check_file(file)
    frame = parse_delimited(read_text(file), file.name, as_text=True).frame
    first = str(frame.index.name).strip().lower()
    if first != "sample" and "sample" in frame.columns:
        frame = frame.set_index(frame["sample"].map(_as_name)).drop(columns=["sample"])
    frame = frame.set_axis(pd.Index([str(name) for name in frame.index], name="sample"), axis=0)
    repeats = describe_repeats(frame.index, "sample")
    if repeats:
        raise TableError(
            "samples repeat in the metadata", problems=repeats, fix="give one row for each sample"
        )
    for wanted, given in (renamed or {}).items():
        column = find_name(given, map(str, frame.columns)) or given
        if column not in frame.columns:
            raise TableError(
                f"the column for {wanted} is not in the metadata",
                given=column,
                allowed=listed(frame.columns),
                fix=closest(column, map(str, frame.columns)),
            )
        frame[wanted] = frame[column]
    return frame.apply(lambda cells: _as_names(cells) if cells.name in USED_COLUMNS else _as_variable(cells))


def _as_names(cells: pd.Series) -> pd.Series:
    """Return identifiers as written; a .0 behind whole numbers is left away where it says nothing."""
    text = cells.map(_as_name)
    short = text.str.replace(r"^(\d+)\.0+$", r"\1", regex=True)
    return short if short.nunique() == text.nunique() else text


def _as_variable(cells: pd.Series) -> pd.Series:
    """Return numbers where every filled cell is one, else text as it was written."""
    text = cells.map(_as_name)
    filled = text[text != ""]
    numbers = pd.to_numeric(text.where(text != ""), errors="coerce")
    return numbers if len(filled) and numbers[filled.index].notna().all() else text.where(text != "")


def choose_healthy(words: str, metadata: pd.DataFrame | None, samples: pd.Index) -> list[str]:
    """Return the healthy samples that "column=value" or a file of names stands for.

    Raises
    ------
    InputError
        If the column or value is not in the metadata, or no sample has it.
    """
    column, mark, value = words.partition("=")
    if not mark or Path(words).exists():
        return load_names(words)
    if metadata is None:
        raise InputError(
            "healthy samples by column need a metadata table", given=words, fix="add --metadata FILE"
        )
    column = find_name(column, map(str, metadata.columns)) or column
    if column not in metadata.columns:
        raise InputError(
            "the column is not in the metadata",
            given=column,
            allowed=listed(metadata.columns),
            fix=closest(column, map(str, metadata.columns)),
        )
    chosen = _samples_with(metadata[column], value.strip())
    if not len(chosen):
        raise InputError(
            "no sample has this value",
            given=words,
            allowed=listed(sorted({_shown(x) for x in metadata[column]} - {""})),
        )
    return [str(name) for name in chosen if name in samples]


def _samples_with(cells: pd.Series, value: str) -> pd.Index:
    """Return the samples with this text, whatever its capitals, or else with this number (0 and 0.0)."""
    same: pd.Index = cells.index[cells.map(_shown) == value]
    if not len(same) and (written := find_name(value, cells.map(_shown))):
        return _samples_with(cells, written)
    number = pd.to_numeric(pd.Series([value]), errors="coerce").iloc[0]
    if len(same) or pd.isna(number):
        return same
    equal: pd.Index = cells.index[pd.to_numeric(cells, errors="coerce") == number]
    return equal


def _shown(cell: object) -> str:
    return _as_name(f"{cell:.15g}" if isinstance(cell, float) else cell)


def _as_name(cell: object) -> str:
    """Return a cell as the text it was written as; empty where it was not filled."""
    text = "" if cell is None or cell != cell else str(cell).strip()
    return "" if text in NOT_MEASURED else text
