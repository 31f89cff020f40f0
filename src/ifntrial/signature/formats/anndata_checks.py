"""What is asked of AnnData before its numbers are used: its size, the base of its logarithm, cells or samples."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ifntrial.errors import FileError, TableError
from ifntrial.signature.read.options import ReadOptions
from ifntrial.signature.read.raw import LARGEST_CELLS
from ifntrial.signature.read.text import largest_text

_SCALES = {2.0: "log2", float(np.e): "ln1p", 10.0: "log10"}
"""Scale of levels on which log(1 + x) of this base is; each becomes log2(1 + x)."""
_LARGEST_LOG1P = 40.0
_BARCODE = re.compile(r"^(?:.*[_.#:-])?[ACGTN]{8,}(?:[-_.][\w.-]*)?$")
_FEWEST_CELLS, _MOSTLY_ZERO = 100, 0.85
# A number of a sparse matrix with its place, and the two copies that are made of it.
_BYTES_OF_ONE = 48
# What reading a text takes for each of its bytes: as much memory may go here.
_MEMORY_OF_TEXT = 7


def scale_of_log1p(about: Any, matrix: Any) -> str:  # noqa: ANN401 what the file holds
    """Return the scale of X where ``.uns["log1p"]`` says that logarithms of 1 + x were taken; base e unless it says so.

    Raises
    ------
    TableError
        If the base is none of the usual ones, or the numbers are no such logarithms.
    """
    base = about.get("base") if hasattr(about, "get") else None
    number = float(np.e) if base is None else float(np.ravel(np.asarray(base, dtype=float))[0])
    scale = next((name for own, name in _SCALES.items() if abs(own - number) < 1e-3), None)
    if scale is None:
        raise TableError(
            "the base of the logarithm is none that is read",
            given=f".uns says log1p with base {number:g}",
            allowed="2, e or 10",
            fix="name a layer of counts (--layer NAME), or write the levels again",
        )
    values = _values(matrix)
    if len(values) and (values.min() < 0.0 or values.max() > _LARGEST_LOG1P):
        raise TableError(
            ".uns says that X holds logarithms of 1 + x, and its numbers are none",
            given=f"numbers from {values.min():.4g} to {values.max():.4g}",
            problems=[
                "reading: X was replaced by counts or linear levels: --scale counts, tpm or linear",
                "reading: X was centred or scaled: --scale z, or a layer with the levels before (--layer NAME)",
            ],
            fix="say it: --scale NAME or --layer NAME",
        )
    return scale


def check_are_samples(names: Sequence[str], matrix: Any, options: ReadOptions) -> None:  # noqa: ANN401 of several kinds
    """Raise where the rows look like single cells, and nobody said that they are samples.

    Raises
    ------
    TableError
        With the two readings.
    """
    sure = set(options.samples) | set(options.keep)
    if 2 * sum(name in sure for name in names) > len(names):
        return
    barcodes = sum(bool(_BARCODE.match(name)) for name in names)
    size = float(np.prod(matrix.shape))
    filled = float(np.count_nonzero(_values(matrix)))
    is_empty = len(names) >= _FEWEST_CELLS and 1.0 - filled / size > _MOSTLY_ZERO
    if 2 * barcodes <= len(names) and not is_empty:
        return
    sign = (
        f"{barcodes} of {len(names)} names are barcodes"
        if 2 * barcodes > len(names)
        else f"{1.0 - filled / size:.0%} of the numbers of {len(names)} rows are zero"
    )
    raise TableError(
        "the rows look like single cells, which are not scored one by one",
        given=sign,
        problems=[
            "reading: cells: --pseudobulk donor or donor,cell_type, columns of .obs",
            "reading: samples: name them in a table --metadata FILE (column sample)",
        ],
        fix="say which",
    )


def check_size(path: Path) -> None:
    """Raise before a file is read whose matrix would not fit.

    Raises
    ------
    FileError
        If it is no HDF5 file.
    TableError
        If the matrix is too large.
    """
    import h5py

    try:
        with h5py.File(path, "r") as file:
            matrix = file.get("X")
            shape, numbers = _extent(matrix)
    except OSError as error:
        raise FileError(
            "the file is not AnnData or is damaged", given=str(path), fix="write it with write_h5ad"
        ) from error
    cells = int(np.prod(shape)) if shape else 0
    is_dense = numbers is None
    most = _MEMORY_OF_TEXT * largest_text()
    if (is_dense and cells > LARGEST_CELLS) or (numbers or 0) * _BYTES_OF_ONE > most:
        what = f"{' x '.join(map(str, shape))}" + (
            "" if is_dense else f", {numbers:,} numbers that are not zero"
        )
        raise TableError(
            "the AnnData file is too large to be read",
            given=what,
            allowed=f"{LARGEST_CELLS:,} numbers, and what memory is free",
            fix="keep the samples and genes you need, or add single cells up to one profile for each donor",
        )


def _extent(matrix: Any) -> tuple[tuple[int, ...], int | None]:  # noqa: ANN401 a group or a data set of HDF5
    """Return the shape, and how many numbers a sparse matrix holds; None for a dense one."""
    if matrix is None:
        return (), None
    if hasattr(matrix, "shape"):
        return tuple(int(each) for each in matrix.shape), None
    if "data" not in matrix:
        return (), None
    return tuple(int(each) for each in matrix.attrs.get("shape", ())), int(matrix["data"].shape[0])


def _values(matrix: Any) -> np.ndarray:  # noqa: ANN401 of several kinds
    values = np.asarray(matrix.data if hasattr(matrix, "todense") else matrix, dtype=float).ravel()
    known: np.ndarray = values[~np.isnan(values)]
    return known
