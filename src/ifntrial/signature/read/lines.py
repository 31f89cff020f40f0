"""Lines of a text table: how many cells each has, separators at their ends, separators of thousands in numbers."""

import re
from collections import Counter
from collections.abc import Sequence
from csv import Error as CsvError
from csv import reader as csv_reader

from ifntrial.errors import TableError, listed

_LOOKED_AT, _CELLS_LOOKED_AT = 400, 400
_SMALL_WHOLE = re.compile(r"^[1-9]\d{0,2}$")
_FEWEST_GROUPED = 10
_MIXED_LINES, _MIXED_COLUMNS = 0.1, 0.5


def split_line(line: str, mark: str) -> list[str]:
    """Return the cells of a line.

    Raises
    ------
    TableError
        If a cell has no end.
    """
    try:
        return next(csv_reader([line], delimiter=mark))
    except CsvError as error:
        raise _no_cells(error) from error


def count_cells(lines: Sequence[str], mark: str) -> list[int]:
    """Return how many cells each row has; a quoted cell may hold the separator, or go over several lines.

    Raises
    ------
    TableError
        If a cell has no end.
    """
    if any(line.count('"') % 2 for line in lines):
        try:
            return [len(row) for row in csv_reader(lines, delimiter=mark)]
        except CsvError as error:
            raise _no_cells(error) from error
    return [
        1 + (sum(part.count(mark) for part in line.split('"')[::2]) if '"' in line else line.count(mark))
        for line in lines
    ]


def _no_cells(error: CsvError) -> TableError:
    return TableError("a line cannot be split into cells", given=str(error), fix="check quotes")


def without_empty_ends(header: list[str], lines: Sequence[str], mark: str) -> tuple[list[str], list[str]]:
    """Return header and rows without a separator at the end of every row, which would be a column without a cell.

    Such a table with a header that has no separator at its end looks like one whose first column has no name, and every
    level would go to the next sample.
    """
    rows = list(lines)
    if rows and all(line.endswith(mark) for line in rows):
        wide = set(count_cells(rows, mark))
        if len(header) > 2 and not header[-1].strip() and wide == {len(header)}:
            return header[:-1], [line[: -len(mark)] for line in rows]
        if wide == {len(header) + 1}:
            return header, [line[: -len(mark)] for line in rows]
    return header, rows


def check_lengths(header: Sequence[str], widths: Sequence[int]) -> None:
    """Raise where rows do not have as many cells as the header.

    Raises
    ------
    TableError
        With the first such lines.
    """
    uneven = [i for i, width in enumerate(widths, start=2) if width != len(header)]
    if not uneven:
        return
    problems = [f"line {i} has {widths[i - 2]} cells, the first line {len(header)}" for i in uneven[:5]]
    last = len(widths) + 1
    is_cut_off = uneven == [last] and widths[-1] < len(header)
    raise TableError(
        "rows differ in length: the last one is cut off" if is_cut_off else "rows differ in length",
        problems=problems,
        fix="copy the file again"
        if is_cut_off
        else "quote cells that hold the separator; end every line the same way; leave out lines that are no rows",
    )


def check_thousands(lines: Sequence[str], mark: str) -> None:
    """Raise where numbers are written with separators of thousands: 1.234 beside 987 in the same rows and columns.

    Decimals that all have three digits are no such sign by themselves: whole numbers below 1,000 among them are.

    Raises
    ------
    TableError
        With such numbers.
    """
    for sign in (".", ","):
        if sign != mark and (found := _grouped(lines[:_LOOKED_AT], mark, sign)):
            raise TableError(
                f"numbers seem to be written with '{sign}' between thousands",
                given=f"{listed(found)}, beside whole numbers below 1,000",
                problems=[
                    f"reading: {found[0]} is {found[0].replace(sign, '')}: write the numbers without separators",
                    f"reading: {found[0]} is {found[0].replace(',', '.')}: write all with the same number of decimals",
                ],
                fix="write it so that it can be read in one way",
            )


def _grouped(lines: Sequence[str], mark: str, sign: str) -> list[str]:
    grouped = re.compile(rf"^-?[1-9]\d{{0,2}}(?:{re.escape(sign)}\d{{3}})+$")
    found: list[str] = []
    mixed_lines, small_in, grouped_in = 0, Counter[int](), Counter[int]()
    for line in lines:
        cells = [cell.strip().strip('"') for cell in line.split(mark)[1 : _CELLS_LOOKED_AT + 1]]
        places = [i for i, cell in enumerate(cells) if sign in cell]
        own = [i for i in places if grouped.match(cells[i])]
        if len(own) < len(places) and any(
            re.match(r"^-?\d*[.,]\d+$", cells[i]) for i in set(places) - set(own)
        ):
            return []
        small = [i for i, cell in enumerate(cells) if _SMALL_WHOLE.match(cell)]
        mixed_lines += bool(own) and bool(small)
        grouped_in.update(own)
        small_in.update(small)
        found += [cells[i] for i in own[:3]]
    mixed = sum(1 for place in grouped_in if small_in[place])
    if sum(grouped_in.values()) < _FEWEST_GROUPED or mixed_lines < _MIXED_LINES * len(lines):
        return []
    return found[:3] if mixed >= _MIXED_COLUMNS * len(grouped_in) else []
