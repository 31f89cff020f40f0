"""What a file format gives before anything is known about orientation or scale."""

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from ifntrial.errors import FileError
from ifntrial.signature.read.pieces.whole import Whole
from ifntrial.signature.records import Notice, SetAside

LARGEST_FILE_BYTES = 4 * 1024**3
# 200 million numbers take 1.5 GiB, and a second time while they are turned round.
LARGEST_CELLS = 200_000_000


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table as it stands in the file.

    Parameters
    ----------
    frame
        Labels of the rows as index, labels of the columns as columns; cells may still be text.
    obs
        What the format itself says about samples, index = sample; None where it says nothing.
    orientation
        ``genes x samples`` or ``samples x genes`` where the format fixes it, else None.
    scale
        Scale where the format says it, else None.
    set_aside
        What the format itself says is no gene or no sample.
    platform
        Kind of measurement where the format says it.
    housekeeping
        Names of housekeeping genes where the format says them.
    libraries
        Total counts of each sample where the format or the reader knows them.
    is_part
        Whether only some of the genes of the data were read, so that no ranks can be had.
    limits
        Limit of detection of each protein where the format says it, on the scale of the levels.
    row_ids
        What the file calls each row of genes, where ``frame`` names it by the gene of a map; else empty.
    whole
        What is known of all genes where only some are in ``frame``.
    """

    frame: pd.DataFrame
    obs: pd.DataFrame | None = None
    orientation: str | None = None
    scale: str | None = None
    notices: tuple[Notice, ...] = field(default=())
    set_aside: tuple[SetAside, ...] = ()
    platform: str = ""
    housekeeping: tuple[str, ...] = ()
    libraries: pd.Series | None = None
    row_ids: tuple[str, ...] = ()
    is_part: bool = False
    limits: pd.Series | None = None
    whole: Whole | None = None


def check_file(path: Path) -> None:
    """Raise where a file is absent, a folder, empty or too large.

    Raises
    ------
    FileError
        With what to do.
    """
    if not path.exists():
        near = (
            sorted(p.name for p in path.parent.glob("*") if p.is_file())[:5] if path.parent.is_dir() else []
        )
        raise FileError(
            "the file does not exist",
            given=str(path),
            fix=f"check the path; the folder holds {', '.join(near)}" if near else "check the path",
        )
    if path.is_dir():
        return
    if not path.is_file():
        raise FileError("the path is not a file", given=str(path), fix="give the file itself")
    size = path.stat().st_size
    if size == 0:
        raise FileError("the file is empty", given=str(path), fix="give a table of genes and samples")
    if size > LARGEST_FILE_BYTES:
        raise FileError(
            "the file is too large",
            given=f"{path}, {size / 1024**3:.1f} GiB",
            allowed=f"up to {LARGEST_FILE_BYTES / 1024**3:.0f} GiB",
            fix="keep the genes you need, or sum single cells to one profile for each donor",
        )
