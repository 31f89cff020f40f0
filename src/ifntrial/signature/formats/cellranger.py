"""Read the folder of a Cell Ranger matrix (``matrix.mtx``, ``features.tsv`` or ``genes.tsv``, ``barcodes.tsv``)."""

import gzip
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, cast

import numpy as np
import pandas as pd

from ifntrial.errors import FileError, InputError, TableError, listed
from ifntrial.signature.formats.pseudobulk import add_up_cells
from ifntrial.signature.genes import GeneTable
from ifntrial.signature.read.delimited import parse_delimited
from ifntrial.signature.read.options import ReadOptions
from ifntrial.signature.read.raw import RawTable
from ifntrial.signature.read.roles.identifiers import recognise
from ifntrial.signature.read.text import largest_text, read_text
from ifntrial.signature.records import Notice

_ABOUT = (
    "cells.csv",
    "metadata.csv",
    "barcodes.csv",
    "cells.tsv",
    "metadata.tsv",
    "cells.csv.gz",
    "metadata.csv.gz",
)
_EXPRESSION = "gene expression"
# A number of a sparse matrix is read as a line of text and takes this many bytes, with its two places.
_BYTES = 48


def find_matrix(folder: Path) -> Path | None:
    """Return the matrix of a Cell Ranger folder, or None."""
    return next((path for path in (folder / "matrix.mtx.gz", folder / "matrix.mtx") if path.is_file()), None)


def read_cell_ranger(folder: Path, options: ReadOptions, genes: GeneTable) -> RawTable:
    """Return the profiles that cells add up to, by columns of a table of cells that lies beside the matrix.

    The table of cells (``cells.csv`` or ``metadata.csv``) has the barcode as its first column; the part of a barcode
    after the hyphen, the well of an aggregated run, can be named as ``well`` without such a table.

    Raises
    ------
    FileError
        If a file is absent or no matrix.
    TableError
        If the sizes of the three files differ, or cells have no row in the table.
    InputError
        If it is not said by what cells are added up.
    """
    features, barcodes = _labels(folder, ("features.tsv", "genes.tsv")), _labels(folder, ("barcodes.tsv",))
    if not options.pseudobulk:
        raise InputError(
            "single cells are scored as profiles that are added up",
            given=f"{folder.name}: {len(barcodes)} cells",
            fix="say by what: --pseudobulk donor or donor,cell_type, with a table cells.csv (barcode, donor, ...) in "
            "the folder; --pseudobulk well for the number after the hyphen of a barcode",
        )
    matrix = _read_matrix(folder, len(features), len(barcodes))
    cells = [row[0] for row in barcodes]
    obs = _about(folder, cells)
    is_gene = np.array([len(row) < 3 or row[2].strip().lower() == _EXPRESSION for row in features])
    names = _names([row for row, own in zip(features, is_gene, strict=True) if own], genes)
    notices = [Notice("detected", f"Cell Ranger, {len(cells)} cells x {int(is_gene.sum())} genes")]
    if not is_gene.all():
        kinds = sorted({row[2] for row, own in zip(features, is_gene, strict=True) if not own})
        notices.append(
            Notice("caution", f"{int((~is_gene).sum())} features are no genes and left out: {listed(kinds)}")
        )
    found = add_up_cells(matrix[is_gene].T.tocsr(), obs, names, options.pseudobulk, tuple(notices))
    return found


def _read_matrix(folder: Path, rows: int, columns: int) -> Any:  # noqa: ANN401 sparse, of SciPy
    from scipy.io import mmread

    path = find_matrix(folder) or folder / "matrix.mtx"
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            size = _size(file)
            if size[2] * _BYTES > largest_text():
                raise FileError(
                    "the matrix is too large for the memory that is free",
                    given=f"{path}, {size[2]:,} numbers",
                    fix="write AnnData and add cells up there",
                )
            file.seek(0)
            matrix: Any = mmread(cast("IO[bytes]", file))
    except (OSError, EOFError, ValueError) as error:
        raise FileError("the matrix cannot be read", given=f"{path}: {error}", fix="copy it again") from error
    if matrix.shape != (rows, columns):
        raise TableError(
            "matrix, features and barcodes do not belong together",
            given=f"matrix {matrix.shape[0]} x {matrix.shape[1]}, {rows} features, {columns} barcodes",
            fix="take the three files of one run",
        )
    return matrix.tocsr()


def _size(file: Any) -> tuple[int, int, int]:  # noqa: ANN401 a file, packed or not
    for line in file:
        if not line.startswith(b"%") and line.strip():
            cells = [int(cell) for cell in line.split()[:3]]
            return (cells[0], cells[1], cells[2])
    raise ValueError("no size is given")


def _labels(folder: Path, names: Sequence[str]) -> list[list[str]]:
    for name in names:
        for path in (folder / f"{name}.gz", folder / name):
            if path.is_file():
                return [line.split("\t") for line in read_text(path).splitlines() if line.strip()]
    raise FileError(
        "a file beside the matrix is absent",
        given=str(folder),
        allowed=listed(f"{name} or {name}.gz" for name in names),
        fix="copy the whole folder",
    )


def _names(features: Sequence[Sequence[str]], genes: GeneTable) -> list[str]:
    """Return the column of names, ids or symbols, that holds more known genes."""
    sides = [[row[0] for row in features], [row[1] if len(row) > 1 else row[0] for row in features]]
    return max(sides, key=lambda side: recognise(side, genes).count)


def _about(folder: Path, cells: Sequence[str]) -> pd.DataFrame:
    well = [cell.rsplit("-", 1)[1] if "-" in cell else "1" for cell in cells]
    own = pd.DataFrame({"well": well}, index=pd.Index(cells))
    path = next((folder / name for name in _ABOUT if (folder / name).is_file()), None)
    if path is None:
        return own
    table = parse_delimited(read_text(path), path.name, as_text=True).frame
    absent = [cell for cell in cells if cell not in table.index]
    if absent or table.index.has_duplicates:
        raise TableError(
            "the table of cells does not fit the barcodes",
            given=f"{len(absent)} of {len(cells)} cells have no row, e.g. {listed(absent[:3])}"
            if absent
            else "barcodes repeat",
            fix="write the barcode as it stands in barcodes.tsv in the first column",
        )
    return own.join(table.reindex(pd.Index(cells)), rsuffix="_of_table")
