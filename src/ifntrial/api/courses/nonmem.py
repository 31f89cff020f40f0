"""Dosing as NONMEM and CDISC write it: event tables read, regimens written as tables."""

from pathlib import Path
from typing import Literal

import pandas as pd

from ifntrial.api.argument_names import names_arguments
from ifntrial.formats.nonmem import EventTable, build_event_table, read_event_table

__all__ = ["EventTable", "build_event_table", "read"]


@names_arguments
def read(source: str | Path | pd.DataFrame, *, time_unit: Literal["day", "hour"] | None = None) -> EventTable:
    """Return the events of a table: who is given what, when; ``simulate(events=...)`` follows the same file.

    Parameters
    ----------
    source
        A CSV file or a pandas table with the columns ID, TIME, EVID and AMT, and others that NONMEM has.
    time_unit
        Of its times; None for days, which a table with clock times and intervals must say.

    Raises
    ------
    TableError
        If a column is absent, or rows are not possible or not read; lists every problem with its row.
    FileError
        If a file is absent, empty or not a table.
    """
    return read_event_table(source, time_unit=time_unit)
