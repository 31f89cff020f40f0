"""Read Parquet tables."""

from pathlib import Path

import pandas as pd

from ifntrial.errors import FileError, TableError
from ifntrial.signature.read.raw import LARGEST_CELLS, RawTable
from ifntrial.signature.records import Notice


def read_parquet(path: Path) -> RawTable:
    """Return the table of a Parquet file; labels are its index, or its first text column.

    Raises
    ------
    FileError
        If the file is not Parquet.
    TableError
        If no column names the rows.
    """
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    try:
        with ParquetFile(path) as file:
            rows, columns = file.metadata.num_rows, file.metadata.num_columns
        if rows * columns > LARGEST_CELLS:
            raise TableError(
                "the Parquet table is too large to be read",
                given=f"{rows:,} x {columns:,}",
                allowed=f"{LARGEST_CELLS:,} numbers",
                fix="keep the genes or samples you need",
            )
        frame = pd.read_parquet(path)
    except (OSError, ValueError, ArrowException) as error:
        raise FileError(
            "the file is not Parquet or is damaged", given=str(path), fix="write it again"
        ) from error
    return frame_to_raw(frame, f"Parquet, {len(frame)} rows, {len(frame.columns)} columns")


def frame_to_raw(frame: pd.DataFrame, description: str) -> RawTable:
    """Return a pandas table with its labels as index.

    Raises
    ------
    TableError
        If the index is only counted and no text column names the rows.
    """
    if frame.empty:
        raise TableError("the table has no rows or no columns", given=f"{len(frame)} x {len(frame.columns)}")
    labelled = frame
    if isinstance(frame.index, pd.RangeIndex):
        first = frame.columns[0]
        if frame[first].dtype.kind in "fiub":
            raise TableError(
                "nothing names the rows", given=f"first column '{first}' is numbers",
                fix="set gene symbols or sample names as the index or the first column",
            )  # fmt: skip
        labelled = frame.set_index(first)
    labelled = labelled.copy()
    labelled.index = labelled.index.astype(str).str.strip()
    labelled.columns = pd.Index([str(column).strip() for column in labelled.columns])
    return RawTable(labelled, notices=(Notice("detected", description),))
