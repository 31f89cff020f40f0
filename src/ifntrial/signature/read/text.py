"""Text of files, unpacked where it is packed, within limits that are checked before memory runs out."""

import gzip
import resource
import zlib
from pathlib import Path

from ifntrial.errors import FileError

LARGEST_TEXT_BYTES = 2 * 1024**3
# A text table takes up to this many times its size while it is parsed.
_TIMES = 7
_PIECE = 1 << 22
_GZIP_MAGIC = b"\x1f\x8b"
_FOREIGN = {
    b"PK\x03\x04": "a zip archive or Excel workbook: give the ending .xlsx or .zip, or save the sheet as CSV",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook: save the sheet as CSV",
    b"%PDF": "a PDF",
    b"\x89HDF": "HDF5: give the ending .h5ad if it is AnnData",
    b"PAR1": "Parquet: give the ending .parquet",
    b"RDX": "an R file: write the matrix as CSV",
    b"BZh": "bzip2: use gzip or no compression",
    b"\xfd7zXZ": "xz: use gzip or no compression",
}


def read_start(path: Path) -> str:
    """Return the first characters of a text file, unpacked where it is gzipped; empty where it is no such file."""
    try:
        with path.open("rb") as file:
            start = file.read(2)
        with gzip.open(path, "rb") if start == _GZIP_MAGIC else path.open("rb") as file:
            return file.read(400).decode("utf-8-sig", errors="replace").lstrip()
    except (OSError, EOFError, zlib.error):
        return ""


def read_text(path: Path) -> str:
    """Return the text of a file, unpacked where it is gzipped.

    Raises
    ------
    FileError
        If it is another kind of file, damaged, larger than memory allows, or not UTF-8.
    """
    try:
        content = _read_bytes(path)
    except (OSError, EOFError, zlib.error) as error:
        raise FileError(
            "the file cannot be read or unpacked", given=str(path), fix="copy it again"
        ) from error
    return decode(content, str(path))


def decode(content: bytes, name: str) -> str:
    """Return the text in the content of a file.

    Raises
    ------
    FileError
        If it is another kind of file, or not UTF-8.
    """
    for magic, meaning in _FOREIGN.items():
        if content.startswith(magic):
            raise FileError("the file is not a text table", given=f"{name} is {meaning}")
    is_utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\x00" in content[:4096] and not is_utf16:
        raise FileError(
            "the file is not a text table", given=f"{name} holds binary data", fix="give CSV or TSV"
        )
    try:
        return content.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        raise FileError(
            "the text is not in UTF-8",
            given=f"{name}, line {line}, character {column}: {content[error.start : error.start + 1]!r}",
            fix="save it again as UTF-8",
        ) from error


def largest_text() -> int:
    """Return how many bytes of text may be unpacked: what memory allows, two GiB at most."""
    free = [LARGEST_TEXT_BYTES * _TIMES]
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    if soft != resource.RLIM_INFINITY:
        free.append(soft - _used_address_space())
    for line in _lines_of("/proc/meminfo"):
        if line.startswith("MemAvailable:"):
            free.append(int(line.split()[1]) * 1024)
    return max(min(free) // _TIMES, _PIECE)


def _read_bytes(path: Path) -> bytes:
    limit = largest_text()
    with path.open("rb") as file:
        is_packed = file.read(2) == _GZIP_MAGIC
    pieces, size = [], 0
    with gzip.open(path, "rb") if is_packed else path.open("rb") as file:
        while piece := file.read(_PIECE):
            size += len(piece)
            if size > limit:
                raise FileError(
                    "the file is too large to be read as text",
                    given=f"{path}, more than {limit / 1024**2:.0f} MiB{' unpacked' if is_packed else ''}",
                    allowed=f"{limit / 1024**2:.0f} MiB with the memory that is free now",
                    fix="keep the genes you need, sum cells to one profile for each donor, or write Parquet or AnnData",
                )
            pieces.append(piece)
    return b"".join(pieces)


def _used_address_space() -> int:
    first = next(iter(_lines_of("/proc/self/statm")), "0")
    return int(first.split()[0]) * resource.getpagesize()


def _lines_of(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="ascii").splitlines()
    except OSError:
        return []
