"""Read Excel workbooks: one sheet, its cells as the text they stand for, then as any text table."""

import csv
import zipfile
from datetime import date, datetime
from io import StringIO
from pathlib import Path

from ifntrial.errors import FileError, TableError, listed, resolve_name
from ifntrial.extras import load_extra
from ifntrial.signature.read.delimited import parse_delimited
from ifntrial.signature.read.raw import RawTable
from ifntrial.signature.read.text import largest_text
from ifntrial.signature.records import Notice

LARGEST_SHEET = 40_000_000


def read_workbook(path: Path, sheet: str | None) -> RawTable:
    """Return the table of a sheet; empty lines above it are passed over.

    Raises
    ------
    FileError
        If the file is no workbook.
    TableError
        If the sheet is empty or too large.
    ExtraError
        If the library that reads it is not installed.
    """
    calamine = load_extra("python_calamine", "Excel workbooks")
    try:
        _check_unpacked(path)
        book = calamine.CalamineWorkbook.from_path(str(path))
        names = list(book.sheet_names)
        chosen = resolve_name(sheet, dict(zip(names, names, strict=True)), "sheet") if sheet else names[0]
        opened = book.get_sheet_by_name(chosen)
        if opened.width * opened.height > LARGEST_SHEET:
            raise TableError(
                "the sheet is too large", given=f"{opened.height} x {opened.width}", fix="save it as CSV"
            )
        rows = opened.to_python(skip_empty_area=True)
    except (calamine.CalamineError, zipfile.BadZipFile, OSError, IndexError) as error:
        raise FileError(
            "the file is not an Excel workbook or is damaged", given=str(path), fix="save it as CSV"
        ) from error
    filled = [[_as_text(cell) for cell in row] for row in rows]
    # a title above the table has one cell
    start = next((i for i, row in enumerate(filled) if sum(bool(cell) for cell in row) > 1), len(filled))
    text = StringIO()
    csv.writer(text, delimiter="\t", lineterminator="\n").writerows(row for row in filled[start:] if any(row))
    table = parse_delimited(text.getvalue(), f"{path.name}, sheet {chosen}", "\t")
    others = [name for name in names if name != chosen]
    said = f"sheet '{chosen}'" + (f"; other sheets are not read: {listed(others)}" if others else "")
    return RawTable(table.frame, notices=(Notice("detected", said), *table.notices))


def _check_unpacked(path: Path) -> None:
    """Raise where the sheets would not fit into memory once they are unpacked."""
    if not zipfile.is_zipfile(path):
        return
    limit = largest_text()
    with zipfile.ZipFile(path) as packed:
        size = sum(each.file_size for each in packed.infolist())
    if size > limit:
        raise FileError(
            "the workbook is too large when unpacked",
            given=f"{path}, {size / 1024**2:.0f} MiB",
            allowed=f"{limit / 1024**2:.0f} MiB with the memory that is free now",
            fix="save the sheet as CSV, or keep the genes you need",
        )


def _as_text(cell: object) -> str:
    """Return a cell as text; a gene that the spreadsheet turned into a date stays one and is told later."""
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return " ".join(str(cell).split())
