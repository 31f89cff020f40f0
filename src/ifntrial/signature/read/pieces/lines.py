"""Lines of a large text table, plain or gzipped, without ever holding all of them; and how large it is."""

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import IO, cast

from ifntrial.errors import FileError, TableError
from ifntrial.signature.read.delimited import (
    IDENTIFIERS,
    find_separator,
    list_text_columns,
    parse_delimited,
    without_comments,
)
from ifntrial.signature.read.lines import count_cells

LARGEST_WHOLE = 50_000_000
"""A text of more cells is read in pieces."""
_FEWEST_BYTES = 2 * LARGEST_WHOLE
_BLOCK, _HEAD = 1 << 20, 400
_GZIP_MAGIC = b"\x1f\x8b"
_CELLS_AT_ONCE = 2_000_000


@dataclass(frozen=True, slots=True)
class Layout:
    """How a large text is laid out, from its first lines.

    Parameters
    ----------
    columns
        Names of all columns; the first one names the rows.
    text
        Those that hold text.
    """

    path: Path
    mark: str
    header: str
    columns: tuple[str, ...]
    text: tuple[str, ...]
    ends_with_mark: bool
    decimal: str


def find_layout(path: Path) -> Layout | None:
    """Return the layout of a text of more than ``LARGEST_WHOLE`` cells; None for any other file.

    Raises
    ------
    TableError
        If its first lines are no table.
    """
    try:
        size = _count_lines(path)
        if size is None:
            return None
        lines: list[str] = []
        with _open(path) as file:
            for line in file:
                lines.append(line.rstrip("\n"))
                if len(lines) > _HEAD:
                    break
    except (OSError, EOFError, zlib.error, UnicodeDecodeError):
        return None
    head = without_comments(lines)
    if len(head) < 3 or size * max(map(head[0].count, (",", "\t", ";"))) <= LARGEST_WHOLE:
        return None
    mark = find_separator(head, path.name)
    raw = parse_delimited("\n".join(head), path.name, mark)
    columns = (str(raw.frame.index.name or ""), *map(str, raw.frame.columns))
    widths = set(count_cells(head[1:], mark))
    text = set(list_text_columns(raw.frame)) | {
        str(name)
        for name, dtype in zip(raw.frame.columns, raw.frame.dtypes, strict=True)
        if dtype.kind == "b" or str(name).lower() in IDENTIFIERS
    }
    return Layout(
        path=path,
        mark=mark,
        header=head[0],
        columns=columns,
        text=tuple(name for name in columns[1:] if name in text),
        ends_with_mark=widths == {len(columns) + 1} and all(line.endswith(mark) for line in head[1:]),
        decimal="," if any("decimal comma" in notice.text for notice in raw.notices) else ".",
    )


def read_rows(layout: Layout) -> Iterator[str]:
    """Yield the lines below the header, blank ones and comments left out.

    Raises
    ------
    FileError
        If the text cannot be read to its end.
    TableError
        If a line has another number of cells than the header.
    """
    seen = False
    try:
        with _open(layout.path) as file:
            for number, ended in enumerate(file, start=1):
                line = ended.rstrip("\n")
                if not seen:
                    seen = layout.header in (line, line.lstrip("#").strip("\ufeff "))
                elif line.strip() and not line.startswith("#"):
                    yield _check_row(line, number, layout)
    except UnicodeDecodeError as error:
        raise FileError(
            "the text is not in UTF-8", given=f"{layout.path}: {error.reason}", fix="save it again as UTF-8"
        ) from error
    except (OSError, EOFError, zlib.error) as error:
        raise FileError(
            "the file cannot be read or unpacked", given=str(layout.path), fix="copy it again"
        ) from error


def _check_row(line: str, number: int, layout: Layout) -> str:
    """Return a line without a separator at its end; raise where it has another number of cells than the header."""
    wide = len(layout.columns) + layout.ends_with_mark
    if '"' not in line:
        cells = line.count(layout.mark) + 1
    elif line.count('"') % 2:
        raise TableError(
            "a quoted cell goes over several lines in a table that is read in pieces",
            given=f"line {number}",
            fix="write each row on one line",
        )
    else:
        cells = count_cells([line], layout.mark)[0]
    if cells != wide or (layout.ends_with_mark and not line.endswith(layout.mark)):
        raise TableError(
            "rows differ in length",
            problems=[f"line {number} has {cells} cells, the first line {wide}"],
            fix="copy the file again; quote cells that hold the separator; end every line the same way",
        )
    return line.removesuffix(layout.mark) if layout.ends_with_mark else line


def read_pieces(layout: Layout) -> Iterator[list[str]]:
    """Yield lists of lines of about two million cells."""
    at_once = max(1, _CELLS_AT_ONCE // len(layout.columns))
    piece: list[str] = []
    for line in read_rows(layout):
        piece.append(line)
        if len(piece) == at_once:
            yield piece
            piece = []
    if piece:
        yield piece


def _open(path: Path) -> TextIOWrapper:
    return TextIOWrapper(_open_bytes(path), encoding="utf-8-sig")


def _open_bytes(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        is_packed = file.read(2) == _GZIP_MAGIC
    return cast("IO[bytes]", gzip.open(path, "rb")) if is_packed else path.open("rb")


def _count_lines(path: Path) -> int | None:
    """Return the number of lines of a text that may be too large to be held; None where it surely is not."""
    with _open_bytes(path) as file:
        lines = size = 0
        while block := file.read(_BLOCK):
            if not size and b"\x00" in block[:4096]:
                return None
            lines += block.count(b"\n")
            size += len(block)
    return lines if size >= _FEWEST_BYTES else None
