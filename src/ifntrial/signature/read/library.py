"""Total counts of each sample: given, in the table, or the sum over its genes."""

import numpy as np
import pandas as pd

from ifntrial.errors import InputError, listed
from ifntrial.signature.read.options import ReadOptions
from ifntrial.signature.read.raw import RawTable
from ifntrial.signature.read.settle import Settled
from ifntrial.signature.records import Notice

SUM = "sum"
_SAME = 1e-6


def find_library(
    settled: Settled, raw: RawTable, options: ReadOptions, scale: str
) -> tuple[pd.Series | None, list[Notice]]:
    """Return library sizes, None for the sum over the genes, and where they are from.

    Raises
    ------
    InputError
        If the named column is absent, or one in the table that nobody named says something else than its genes.
    """
    wanted = options.library_size
    if wanted is not None and scale != "counts":
        raise InputError(
            "library sizes have no effect on this scale",
            given=f"scale {scale}",
            fix="leave them out, or say --scale counts",
        )
    if isinstance(wanted, pd.Series):
        return wanted, []
    if wanted is not None and wanted != SUM:
        return _named(settled, wanted)
    if scale != "counts" or (wanted == SUM and not raw.is_part):
        return None, []
    if settled.library is not None and raw.is_part and wanted != SUM:
        _check_own(settled, raw.libraries)
    if raw.libraries is not None:
        return raw.libraries, [Notice("detected", "library sizes: totals over all genes of the file")]
    if settled.library is not None:
        _check_own(settled, None)
    return None, []


def _named(settled: Settled, wanted: str) -> tuple[pd.Series, list[Notice]]:
    for table in (pd.DataFrame(settled.library), settled.obs, settled.aside):
        if wanted in table.columns:
            sizes = pd.to_numeric(table[wanted], errors="coerce").reindex(settled.levels.index)
            return sizes, [Notice("detected", f"library sizes from '{wanted}'")]
    raise InputError(
        "the column of library sizes is not in the table",
        given=wanted,
        allowed=f"{listed(settled.obs.columns) or 'a column of the table'}; or {SUM}, for the sum over the genes",
        fix="check its name, or leave it out",
    )


def _check_own(settled: Settled, totals: pd.Series | None) -> None:
    """Raise where a column of library sizes says something else than the totals, or the sums where None."""
    if settled.library is None:
        return
    if totals is None:
        sums = np.nansum(settled.levels.to_numpy(dtype=float), axis=1)
    else:
        sums = totals.reindex(settled.levels.index).to_numpy(dtype=float)
    ratio = settled.library.to_numpy(dtype=float) / np.where(sums > 0.0, sums, np.nan)
    if np.all(np.abs(ratio - 1.0) < _SAME):
        return
    name = settled.library.name
    raise InputError(
        "the table holds library sizes that differ from the sums over its genes",
        given=f"'{name}' is {np.nanmin(ratio):.3g} to {np.nanmax(ratio):.3g} times the sum",
        problems=[
            f"reading: --library-size {name} (the table holds some of the genes that were counted)",
            f"reading: --library-size {SUM} (reads outside of genes are in that column)",
        ],
        fix="say which",
    )
