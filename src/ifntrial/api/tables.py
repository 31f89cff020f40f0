"""Answers as tables: pandas, with what each column means and its unit in ``attrs["columns"]``."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

Cell = str | float | int | bool | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Parameters
    ----------
    name
        Of the column.
    meaning
        In a few words.
    unit
        Of its numbers; 1 for shares and probabilities, empty for words and counts.
    """

    name: str
    meaning: str
    unit: str = ""


def make_table(title: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> pd.DataFrame:
    """Return rows as a table that says what it holds.

    Returns
    -------
    A table with ``attrs["title"]``, and ``attrs["columns"]``: name of a column to its ``meaning`` and ``unit``.
    """
    cells = list(zip(*rows, strict=True)) or [()] * len(columns)
    table = pd.DataFrame({each.name: _series(values) for each, values in zip(columns, cells, strict=True)})
    return documented(table, title, columns)


def _series(values: Sequence[Cell]) -> pd.Series:
    """Return cells as a column, numbers that are absent as NaN."""
    is_text = any(isinstance(each, str | bool) for each in values)
    is_whole = bool(values) and all(isinstance(each, int) for each in values)
    return pd.Series(values, dtype=object if is_text else "int64" if is_whole else "float64")


def documented(table: pd.DataFrame, title: str, columns: Sequence[Column]) -> pd.DataFrame:
    """Return a table with its title and what its columns mean, as ``make_table`` has them."""
    table.attrs["title"] = title
    table.attrs["columns"] = {
        each.name: {"meaning": each.meaning, "unit": each.unit} for each in columns if each.name in table
    }
    return table
