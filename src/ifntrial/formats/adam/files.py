"""Write ADaM-shaped tables as Parquet, CSV or SAS transport files, with a dictionary of their columns."""

import re
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd

from ifntrial.errors import FileError, InputError, resolve_name
from ifntrial.extras import load_extra
from ifntrial.formats.adam.dictionary import DICTIONARY, Type, Variable

FORMATS = ("parquet", "csv", "xpt")
DEFINE_COLUMNS = ("DATASET", "VARIABLE", "LABEL", "TYPE", "UNIT", "ORIGIN")

# Limits of SAS transport files, version 5
LONGEST_NAME, LONGEST_LABEL, LONGEST_TEXT = 8, 40, 200
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def save_tables(
    tables: Mapping[str, pd.DataFrame], folder: Path, file_format: str = "parquet"
) -> tuple[Path, ...]:
    """Write each table and ``define.csv``, the dictionary of their columns; return the paths.

    Parameters
    ----------
    file_format
        ``parquet``, ``csv`` or ``xpt`` (SAS transport, version 5; needs the extra ``xpt``). Transport files know
        numbers and text only: true and false become 1 and 0.

    Raises
    ------
    InputError
        If the format is unknown, a column has no entry in the dictionary, or a name, label or text does not fit a
        transport file; names every one. Nothing is written then.
    ExtraError
        If the library that writes transport files is not installed.
    FileError
        If a file cannot be written.
    """
    require_format(file_format)
    rows = [
        (name, *define(name, column, table)) for name, table in tables.items() for column in table.columns
    ]
    writer = _transport_writer(tables) if file_format == "xpt" else None
    paths = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            path = folder / f"{name}.{file_format}"
            if writer is not None:
                _write_transport(writer, name, table, path)
            elif file_format == "parquet":
                table.to_parquet(path, index=False)
            else:
                table.to_csv(path, index=False)
            paths.append(path)
        dictionary = folder / "define.csv"
        pd.DataFrame(rows, columns=list(DEFINE_COLUMNS)).to_csv(dictionary, index=False)
    except OSError as error:
        raise FileError(
            "the tables cannot be written",
            given=str(folder),
            problems=[str(error)],
            fix="choose another folder",
        ) from error
    return (*paths, dictionary)


def require_format(file_format: str) -> None:
    """Raise ``InputError`` if the format is unknown, ``ExtraError`` if its library is not installed."""
    resolve_name(file_format, dict.fromkeys(FORMATS), "file format")
    if file_format == "xpt":
        _transport_writer({})


def define(dataset: str, column: str, table: pd.DataFrame) -> tuple[str, str, str, str, str]:
    """Return name, label, type, unit and origin of a column.

    Raises
    ------
    InputError
        If it has no entry in the dictionary and is no covariate of ADSL.
    """
    known = DICTIONARY.get(column)
    if known is None and dataset.upper() == "ADSL":
        known = Variable(_type_of(table[column]), f"Covariate {column.lower()} at entry"[:LONGEST_LABEL])
    if known is None:
        raise InputError(
            f"column {column} of {dataset} has no entry in the dictionary",
            allowed="columns of adam_dictionary.DICTIONARY",
            fix="add it there",
        )
    return column, known.label, known.type, known.unit, known.origin


def _type_of(column: pd.Series) -> Type:
    kinds: dict[str, Type] = {"b": "boolean", "i": "integer", "u": "integer", "f": "float"}
    return kinds.get(column.dtype.kind, "text")


def _transport_writer(tables: Mapping[str, pd.DataFrame]) -> ModuleType:
    """Return the library that writes transport files, after a check that everything fits."""
    pyreadstat = load_extra("pyreadstat", "SAS transport files")
    problems = [problem for name, table in tables.items() for problem in _misfits(name, table)]
    if problems:
        raise InputError(
            "the tables do not fit SAS transport files",
            problems=problems,
            allowed=(
                f"names of up to {LONGEST_NAME} letters, digits and _, labels of up to {LONGEST_LABEL} and texts of up "
                f"to {LONGEST_TEXT} plain ASCII characters, finite or missing numbers"
            ),
            fix="rename or leave away these columns, or write parquet or csv",
        )
    return pyreadstat


def _misfits(name: str, table: pd.DataFrame) -> list[str]:
    problems = [f"{kind} {each}" for kind, each in _names(name, table) if not _fits(each)]
    for column in table.columns:
        label = define(name, column, table)[1]
        if len(label) > LONGEST_LABEL or not label.isascii():
            problems.append(f"label of {name}.{column}: {label}")
        values = table[column]
        if values.dtype.kind == "f":
            if np.isinf(values.to_numpy()).any():
                problems.append(f"{name}.{column} holds an infinite number")
        elif values.dtype.kind not in "biu":
            texts = values.astype(str)
            if (texts.str.len() > LONGEST_TEXT).any() or not texts.map(str.isascii).all():
                problems.append(f"{name}.{column} holds a text that is too long or not ASCII")
    return problems


def _names(name: str, table: pd.DataFrame) -> list[tuple[str, str]]:
    return [("name of table", name), *((f"name of a column of {name}:", column) for column in table.columns)]


def _fits(name: str) -> bool:
    return len(name) <= LONGEST_NAME and _NAME.fullmatch(name) is not None


def _write_transport(pyreadstat: ModuleType, name: str, table: pd.DataFrame, path: Path) -> None:
    plain = pd.DataFrame(
        {
            column: values.astype(np.float64) if values.dtype.kind in "biuf" else values.astype(str)
            for column, values in table.items()
        }
    )
    labels = [define(name, column, table)[1] for column in table.columns]
    pyreadstat.write_xport(plain, path, column_labels=labels, table_name=name.upper(), file_format_version=5)
