"""Read what goes with an expression table: the list of healthy samples and the table of metadata."""

from pathlib import Path

import pandas as pd

from ifntrial.errors import FileError, InputError, TableError, closest, listed
from ifntrial.signature.read.delimited import NOT_MEASURED, describe_repeats, parse_delimited, read_text
from ifntrial.signature.read.raw import check_file

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
    frame = parse_delimited(read_text(file), file.name).frame.reset_index(names="sample")
    first = next(iter(read_text(file).splitlines())).lower().split(",")[0].strip('"')
    if first != "sample" and "sample" in frame.columns[1:]:
        frame = frame.drop(columns=frame.columns[0])
    frame = frame.set_index(frame["sample"].astype(str).str.strip()).drop(columns=["sample"])
    repeats = describe_repeats(frame.index, "sample")
    if repeats:
        raise TableError(
            "samples repeat in the metadata", problems=repeats, fix="give one row for each sample"
        )
    for wanted, column in (renamed or {}).items():
        if column not in frame.columns:
            raise TableError(
                f"the column for {wanted} is not in the metadata",
                given=column,
                allowed=listed(frame.columns),
                fix=closest(column, map(str, frame.columns)),
            )
        frame[wanted] = frame[column]
    for column in USED_COLUMNS:
        if column in frame.columns:
            frame[column] = _as_names(frame[column])
    return frame


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
    if column not in metadata.columns:
        raise InputError(
            "the column is not in the metadata",
            given=column,
            allowed=listed(metadata.columns),
            fix=closest(column, map(str, metadata.columns)),
        )
    cells = metadata[column].astype(str).str.strip()
    chosen = cells.index[cells == value.strip()]
    if not len(chosen):
        raise InputError("no sample has this value", given=words, allowed=listed(sorted(cells.unique())))
    return [str(name) for name in chosen if name in samples]


def _as_names(cells: pd.Series) -> pd.Series:
    """Return cells as text; a whole number is written without its decimals."""
    text = (
        cells.astype(object)
        .where(cells.notna(), "")
        .map(lambda x: f"{x:g}" if isinstance(x, float) else str(x).strip())
    )
    return text.where(~text.isin(NOT_MEASURED), "")
