"""Add single cells up to one profile for each donor, or donor and cell type."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import coo_array

from ifntrial.errors import TableError, listed, require_columns
from ifntrial.signature.read.raw import RawTable
from ifntrial.signature.records import Notice, SetAside

FEWEST_CELLS = 10


def add_up_cells(
    matrix: Any,  # noqa: ANN401 dense or sparse, of several libraries
    obs: pd.DataFrame,
    names: Sequence[str],
    columns: Sequence[str],
    notices: tuple[Notice, ...],
) -> RawTable:
    """Return the sums of counts over the cells of each group, groups x genes.

    Groups of fewer than ``FEWEST_CELLS`` cells are set aside. ``obs`` keeps the columns that have one value in a group.

    Parameters
    ----------
    matrix
        Counts, cells x genes.
    columns
        Columns of ``obs`` that name a group together.

    Raises
    ------
    TableError
        If a column is absent or the numbers are no counts.
    """
    require_columns(list(map(str, obs.columns)), list(columns), ".obs")
    values = matrix.data if hasattr(matrix, "todense") else np.asarray(matrix)
    if np.any(values < 0) or np.any(values != np.round(values)):
        raise TableError(
            "cells can only be added up as counts, and the numbers are not whole",
            fix="name a layer of raw counts: --layer NAME",
        )
    text = pd.DataFrame({name: _as_text(obs[name]) for name in columns}, index=obs.index)
    unnamed = (text == "").any(axis=1).to_numpy()
    if unnamed.all():
        raise TableError("no cell says what it is added up by", given=listed(columns), fix="fill the columns")
    if unnamed.any():
        said = f"{int(unnamed.sum())} of {len(text)} cells have no {listed(columns)} and are left out"
        notices = (*notices, Notice("caution", said))
        matrix, obs, text = matrix[np.flatnonzero(~unnamed)], obs.loc[~unnamed], text.loc[~unnamed]
    labels = text.agg("|".join, axis=1)
    if len(set(labels)) < len(text.drop_duplicates()):
        raise TableError(
            "names of groups are the same for different groups", given=f"'|' in {listed(columns)}",
            fix="write them without '|'",
        )  # fmt: skip
    groups, codes = np.unique(labels.to_numpy(dtype=str), return_inverse=True)
    cells = np.bincount(codes, minlength=len(groups))
    member = coo_array(
        (np.ones(len(codes)), (codes, np.arange(len(codes)))), shape=(len(groups), len(codes))
    ).tocsr()
    sums = member @ matrix
    dense = np.asarray(sums.todense() if hasattr(sums, "todense") else sums, dtype=float)
    kept = cells >= FEWEST_CELLS
    if not kept.any():
        raise TableError(
            "no group has enough cells", given=f"at most {cells.max()}", allowed=f"{FEWEST_CELLS} or more"
        )
    frame = pd.DataFrame(dense[kept], index=pd.Index(groups[kept].astype(str)), columns=pd.Index(names))
    by_group = obs.assign(_group=labels.to_numpy()).groupby("_group", observed=True)
    single = by_group.nunique(dropna=False).max() <= 1
    about = by_group.first().loc[:, single].reindex(frame.index).assign(cells=cells[kept])
    aside = tuple(SetAside("sample", str(name), f"fewer than {FEWEST_CELLS} cells") for name in groups[~kept])
    said = f"{int(cells[kept].sum())} cells added up to {int(kept.sum())} profiles by {listed(columns)}"
    return RawTable(
        frame, about, "samples x genes", "counts", (*notices, Notice("changed", said)), set_aside=aside
    )  # fmt: skip


def _as_text(cells: pd.Series) -> pd.Series:
    """Return names as they were written; whole numbers without a point, and empty where there is none."""
    blank = cells.isna().to_numpy()
    if cells.dtype.kind == "f" and bool((cells.dropna() == cells.dropna().round()).all()):
        text = cells.map(lambda cell: "" if pd.isna(cell) else f"{cell:.0f}")
    else:
        text = cells.astype(str).str.strip()
    return text.astype(object).where(~blank & ~text.isin(["nan", "NaN", "NA", "None"]).to_numpy(), "")
