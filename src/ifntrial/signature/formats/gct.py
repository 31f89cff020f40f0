"""Read GCT files (versions 1.2 and 1.3): a tab-separated table under two lines that say its size."""

from pathlib import Path

from ifntrial.errors import TableError
from ifntrial.signature.read.delimited import parse_delimited
from ifntrial.signature.read.raw import RawTable
from ifntrial.signature.read.text import read_text
from ifntrial.signature.records import Notice


def read_gct(path: Path) -> RawTable:
    """Return the table of a GCT file; the description of rows stays a column of text, that of samples goes to ``obs``.

    Raises
    ------
    FileError
        If the file is not text.
    TableError
        If it is cut off: its size is not what its second line says.
    """
    lines = [line.rstrip("\r") for line in read_text(path).split("\n") if line.strip()]
    sizes = [int(cell) for cell in lines[1].split("\t") if cell.strip().isdigit()] if len(lines) > 1 else []
    if len(sizes) < 2:
        raise TableError(
            "the second line of a GCT file says its size", given=lines[1:2], fix="write it again"
        )
    rows, samples, about_rows, about_samples = (*sizes, *((1, 0) if len(sizes) < 4 else ()))[:4]
    frame = parse_delimited("\n".join(lines[2:]), path.name, "\t").frame
    if frame.shape != (rows + about_samples, samples + about_rows):
        raise TableError(
            "the GCT file does not have the size that its second line says",
            given=f"{frame.shape[0] - about_samples} rows, {frame.shape[1] - about_rows} samples",
            allowed=f"{rows} rows, {samples} samples",
            fix="copy it again",
        )
    obs = frame.iloc[:about_samples, about_rows:].T if about_samples else None
    levels = frame.iloc[about_samples:]
    described = levels.iloc[:, :about_rows].notna().any().to_numpy()
    # a description that no gene has is no sample without levels
    levels = levels.loc[:, [*described, *[True] * samples]]
    notice = Notice("detected", f"GCT, {rows} rows, {samples} samples")
    return RawTable(levels, obs, "genes x samples", notices=(notice,))
