"""Read AnnData: a ``.h5ad`` file or an object in memory."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ifntrial.errors import FileError, TableError, listed, resolve_name
from ifntrial.extras import load_extra
from ifntrial.signature.genes import GeneTable
from ifntrial.signature.read.raw import LARGEST_CELLS, RawTable
from ifntrial.signature.read.roles.identifiers import recognise
from ifntrial.signature.records import Notice

if TYPE_CHECKING:
    from anndata import AnnData

SYMBOL_COLUMNS = (
    "gene_symbols",
    "gene_symbol",
    "gene_name",
    "gene_names",
    "feature_name",
    "symbol",
    "Symbol",
)


def read_h5ad(path: Path, layer: str | None, genes: GeneTable) -> RawTable:
    """Return the table of a ``.h5ad`` file.

    Raises
    ------
    FileError
        If the file is not AnnData.
    TableError
        If it is too large for bulk scoring, or the layer is absent.
    ExtraError
        If the library that reads it is not installed.
    """
    anndata = load_extra("anndata", "AnnData files")
    try:
        data = anndata.read_h5ad(path)
    except Exception as error:  # the reader passes on whatever HDF5 and its own parts raise
        raise FileError(
            "the file is not AnnData or is damaged", given=str(path), fix="write it with write_h5ad"
        ) from error
    return anndata_to_raw(data, layer, genes)


def anndata_to_raw(data: "AnnData", layer: str | None, genes: GeneTable) -> RawTable:
    """Return samples x genes of an AnnData object, with ``.obs``.

    Gene names are ``var_names``, or the column of ``.var`` that holds more known symbols.
    """
    if data.n_obs == 0 or data.n_vars == 0:
        raise TableError("the AnnData object is empty", given=f"{data.n_obs} samples x {data.n_vars} genes")
    if data.n_obs * data.n_vars > LARGEST_CELLS:
        raise TableError(
            "the AnnData object is too large to score",
            given=f"{data.n_obs} x {data.n_vars}",
            allowed=f"{LARGEST_CELLS:,} numbers",
            fix="sum single cells to one profile for each donor first",
        )
    if layer is None:
        matrix = data.X
        if matrix is None:
            raise TableError(
                "the AnnData object has no X", fix=f"name a layer: {listed(data.layers) or 'there is none'}"
            )
    else:
        matrix = resolve_name(layer, dict(data.layers), "layer")
    dense = np.asarray(matrix.todense() if hasattr(matrix, "todense") else matrix, dtype=float)
    names, source = _choose_names(data, genes)
    frame = pd.DataFrame(dense, index=data.obs_names.astype(str), columns=pd.Index(names))
    notices = [
        Notice("detected", f"AnnData, {data.n_obs} samples x {data.n_vars} genes, gene names from {source}")
    ]
    scale = None
    if layer is None and "log1p" in data.uns:
        scale = "ln1p"
        notices.append(Notice("detected", ".uns says log1p: X is read as ln(1 + x)"))
    return RawTable(frame, pd.DataFrame(data.obs), "samples x genes", scale, tuple(notices))


def _choose_names(data: "AnnData", genes: GeneTable) -> tuple[list[str], str]:
    options = {"var_names": [str(name) for name in data.var_names]}
    for column in SYMBOL_COLUMNS:
        if column in data.var.columns:
            options[f".var['{column}']"] = [str(name) for name in data.var[column]]
    best = max(options, key=lambda key: recognise(options[key], genes).count)
    return options[best], best
