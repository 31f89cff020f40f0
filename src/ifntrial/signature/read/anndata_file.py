"""Read AnnData: a ``.h5ad`` file or an object in memory."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ifntrial.errors import FileError, TableError, listed, resolve_name
from ifntrial.extras import load_extra
from ifntrial.signature.formats.anndata_checks import check_are_samples, check_size, scale_of_log1p
from ifntrial.signature.formats.pseudobulk import add_up_cells
from ifntrial.signature.genes import GeneTable
from ifntrial.signature.read.options import ReadOptions
from ifntrial.signature.read.raw import LARGEST_CELLS, RawTable
from ifntrial.signature.read.roles.features import name_non_genes
from ifntrial.signature.read.roles.identifiers import recognise
from ifntrial.signature.records import Notice

if TYPE_CHECKING:
    from anndata import AnnData

LARGEST_DENSE = 20_000_000
"""A sparse matrix of more numbers is not made dense."""
BESIDE = ("EPCAM", "KRT8", "KRT18", "KRT19", "PTPRC")
"""Read beside the genes of the signatures: they tell epithelium from blood."""
SYMBOL_COLUMNS = (
    "gene_symbols",
    "gene_symbol",
    "gene_name",
    "gene_names",
    "feature_name",
    "symbol",
    "Symbol",
)


def read_h5ad(path: Path, options: ReadOptions, genes: GeneTable) -> RawTable:
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
    check_size(path)
    try:
        data = anndata.read_h5ad(path)
    except Exception as error:  # the reader passes on whatever HDF5 and its own parts raise
        raise FileError(
            "the file is not AnnData or is damaged", given=str(path), fix="write it with write_h5ad"
        ) from error
    return anndata_to_raw(data, options, genes)


def anndata_to_raw(data: "AnnData", options: ReadOptions, genes: GeneTable) -> RawTable:
    """Return samples x genes of an AnnData object, with ``.obs``; cells are added up where the user says by what.

    Gene names are ``var_names``, or the column of ``.var`` that holds more known symbols. A large sparse matrix is
    never made dense: the genes of the signatures and the totals of each sample are taken from it.
    """
    if data.n_obs == 0 or data.n_vars == 0:
        raise TableError("the AnnData object is empty", given=f"{data.n_obs} samples x {data.n_vars} genes")
    matrix = _matrix(data, options.layer)
    names, source = _choose_names(data, genes)
    notices = [
        Notice("detected", f"AnnData, {data.n_obs} samples x {data.n_vars} genes, gene names from {source}")
    ]
    scale = None
    if options.layer is None and options.scale is None and "log1p" in data.uns:
        scale = scale_of_log1p(data.uns["log1p"], matrix)
        notices.append(Notice("detected", f".uns says log1p: X is read as {scale} of 1 + x"))
    if options.pseudobulk:
        if scale is not None:
            raise TableError(
                "cells can only be added up as counts, and X is ln(1 + x)",
                fix="name a layer of counts: --layer NAME",
            )
        return add_up_cells(matrix, data.obs, names, options.pseudobulk, tuple(notices))
    check_are_samples([str(name) for name in data.obs_names], matrix, options)
    is_sparse = hasattr(matrix, "todense")
    if is_sparse and data.n_obs * data.n_vars > LARGEST_DENSE:
        return _take_part(matrix, data, names, genes, scale, notices)
    if data.n_obs * data.n_vars > LARGEST_CELLS:
        raise TableError(
            "the AnnData object is too large to score",
            given=f"{data.n_obs} x {data.n_vars}",
            allowed=f"{LARGEST_CELLS:,} numbers",
            fix="sum single cells to one profile for each donor: --pseudobulk donor,cell_type",
        )
    dense = np.asarray(matrix.todense() if is_sparse else matrix, dtype=float)
    frame = pd.DataFrame(dense, index=data.obs_names.astype(str), columns=pd.Index(names))
    return RawTable(frame, pd.DataFrame(data.obs), "samples x genes", scale, tuple(notices))


def _matrix(data: "AnnData", layer: str | None) -> Any:  # noqa: ANN401 dense or sparse, of several libraries
    if layer is not None:
        return resolve_name(layer, dict(data.layers), "layer")
    if data.X is None:
        raise TableError(
            "the AnnData object has no X", fix=f"name a layer: {listed(data.layers) or 'there is none'}"
        )
    return data.X


def _take_part(
    matrix: Any,  # noqa: ANN401 sparse, of several kinds
    data: "AnnData",
    names: list[str],
    genes: GeneTable,
    scale: str | None,
    notices: list[Notice],
) -> RawTable:
    recognised = recognise(names, genes).symbols
    wanted = np.flatnonzero(
        [symbol is not None or name in BESIDE for symbol, name in zip(recognised, names, strict=True)]
    )
    by_column = matrix.tocsc()
    part = np.asarray(by_column[:, wanted].todense(), dtype=float)
    aside = {each.name for each in name_non_genes(names, recognise(names, genes), genes, (), ())}
    is_gene = np.array([name not in aside for name in names])
    totals = np.asarray(matrix @ is_gene.astype(float)).ravel()
    values = by_column.data
    is_counts = scale is None and bool(np.all(values == np.round(values)))
    frame = pd.DataFrame(
        part, index=data.obs_names.astype(str), columns=pd.Index([names[i] for i in wanted.tolist()])
    )
    text = (
        f"a large sparse matrix: {len(wanted)} genes are read, with totals over all; ranks are not to be had"
    )
    return RawTable(
        frame, pd.DataFrame(data.obs), "samples x genes", "counts" if is_counts else scale,
        (*notices, Notice("detected", text)), libraries=pd.Series(totals, index=frame.index), is_part=True,
    )  # fmt: skip


def _choose_names(data: "AnnData", genes: GeneTable) -> tuple[list[str], str]:
    options = {"var_names": [str(name) for name in data.var_names]}
    for column in SYMBOL_COLUMNS:
        if column in data.var.columns:
            options[f".var['{column}']"] = [str(name) for name in data.var[column]]
    best = max(options, key=lambda key: recognise(options[key], genes).count)
    return options[best], best
