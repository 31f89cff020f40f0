"""Tables as CSV that a spreadsheet shows and does not run."""

import pandas as pd

from ifntrial.plain_text import to_cell


def plain_csv(table: pd.DataFrame) -> str:
    """Return a table as CSV in which no cell or header of text is a formula."""
    texts = {
        column: table[column].map(lambda cell: to_cell(cell) if isinstance(cell, str) else cell)
        for column in table.columns
        if table[column].dtype.kind not in "fiub"
    }
    plain = table.assign(**texts).rename(columns=lambda name: to_cell(str(name)))
    return plain.to_csv(index=False, lineterminator="\n")
