"""Tables of records: one row each, with the record's fields as columns."""

from collections.abc import Sequence
from dataclasses import astuple, fields

import pandas as pd


def record_table(kind: type, records: Sequence[object]) -> pd.DataFrame:
    """Return a table of records of one kind; a number that is None is NaN there, whether or not others are known."""
    columns = {field.name: field.type for field in fields(kind)}
    table = pd.DataFrame([astuple(each) for each in records], columns=list(columns))  # type: ignore[call-overload]
    return table.astype({name: float for name, of in columns.items() if of == float | None})
