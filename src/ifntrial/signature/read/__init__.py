"""Read expression data of any supported format into :class:`Expression`; to add a format, add a row to ``FORMATS``."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ifntrial.errors import InputError, TableError, listed, resolve_name
from ifntrial.signature.genes import GeneTable, describe_strange_names
from ifntrial.signature.methods.average import mean_over_genes
from ifntrial.signature.read.anndata_file import anndata_to_raw, read_h5ad
from ifntrial.signature.read.delimited import describe_repeats, list_text_columns, read_delimited, to_numbers
from ifntrial.signature.read.geo import read_series_matrix, read_soft
from ifntrial.signature.read.orientation import ORIENTATIONS, orient
from ifntrial.signature.read.parquet import frame_to_raw, read_parquet
from ifntrial.signature.read.raw import RawTable, check_file
from ifntrial.signature.read.scale import Scale, detect_scale, load_scale, to_log2
from ifntrial.signature.records import Expression, Notice

LIBRARY_COLUMNS = ("lib_size", "library_size", "total_counts", "n_counts")
_SUMMED = ("counts", "tpm")


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the user says about the data; None leaves it to detection.

    Parameters
    ----------
    format
        A name in :data:`FORMATS`.
    orientation
        ``genes x samples`` or ``samples x genes``.
    scale
        A name in :data:`ifntrial.signature.read.scale.SCALES`.
    library_size
        Column with each sample's total counts, or a series of them, where the table holds only some genes.
    reference_genes
        Housekeeping genes for the scales ``ct`` and ``nanostring``.
    probes
        Map of probes to genes for a GEO series matrix.
    layer
        Layer of an AnnData object; its X where None.
    """

    format: str | None = None
    orientation: str | None = None
    scale: str | None = None
    library_size: "str | pd.Series | None" = None
    reference_genes: tuple[str, ...] = ()
    probes: str | Path | None = None
    layer: str | None = None


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: its name, the endings it goes by, and how to read it."""

    name: str
    endings: tuple[str, ...]
    read: Callable[[Path, ReadOptions, GeneTable], RawTable]


FORMATS: tuple[Format, ...] = (
    Format("series_matrix", ("_series_matrix.txt.gz", "_series_matrix.txt"),
           lambda path, options, _: read_series_matrix(path, Path(options.probes) if options.probes else None)),
    Format("soft", (".soft", ".soft.gz"), lambda path, *_: read_soft(path)),
    Format("h5ad", (".h5ad",), lambda path, options, genes: read_h5ad(path, options.layer, genes)),
    Format("parquet", (".parquet", ".pq"), lambda path, *_: read_parquet(path)),
    Format("csv", (".csv", ".csv.gz"), lambda path, *_: read_delimited(path)),
    Format("tsv", (".tsv", ".tsv.gz", ".txt", ".txt.gz", ".tab"), lambda path, *_: read_delimited(path)),
)  # fmt: skip


def read_expression(data: object, genes: GeneTable, options: ReadOptions | None = None) -> Expression:
    """Return log2 levels, samples x genes, of a file, a pandas table or an AnnData object.

    Everything that was detected or changed is in ``notices``; nothing is dropped without one.

    Parameters
    ----------
    data
        A path, a pandas table, or an AnnData object.
    genes
        By whose names genes are told from samples and get their current symbols.
    options
        What the user says about the data.

    Raises
    ------
    InputError
        If the data cannot be used; the message lists the problems and what to do.
    ExtraError
        If the library that reads the format is not installed.
    """
    chosen = options or ReadOptions()
    raw = _read_raw(data, chosen, genes)
    text_or_numbers, obs, annotation = _split_annotation(raw)
    frame, bad_cells = to_numbers(text_or_numbers)
    orientation = chosen.orientation or raw.orientation
    levels, notice = orient(
        frame, orientation, genes, said_by="as you said" if chosen.orientation else "by the format"
    )
    levels, library, more = _take_library_size(levels, obs, chosen)
    _check_cells(levels, bad_cells)
    scale, scale_notice = _choose_scale(levels, raw, chosen)
    merged, merge_notices = _name_genes(levels, scale, genes)
    log2, scale_notices = to_log2(
        merged, scale, library, tuple(genes.symbol_of(gene) for gene in chosen.reference_genes)
    )
    own = _align_obs(obs, log2.index)
    notices = (
        *raw.notices,
        *annotation,
        notice,
        *more,
        scale_notice,
        *merge_notices,
        *scale_notices,
        *_count_missing(log2),
    )
    return Expression(log2, own, scale.name, scale.material, notices)


def find_format(path: Path, name: str | None) -> Format:
    """Return the format of a file by name or by its ending.

    Raises
    ------
    InputError
        If neither is known.
    """
    if name is not None:
        return resolve_name(name, {item.name: item for item in FORMATS}, "file format")
    lower = path.name.lower()
    for item in FORMATS:
        if lower.endswith(item.endings):
            return item
    raise InputError(
        "the file's ending is not known",
        given=path.name,
        allowed=listed(ending for item in FORMATS for ending in item.endings),
        fix="rename it, save it as CSV, or say the format",
    )


def _read_raw(data: object, options: ReadOptions, genes: GeneTable) -> RawTable:
    if isinstance(data, str | Path):
        path = Path(data)
        check_file(path)
        return find_format(path, options.format).read(path, options, genes)
    if isinstance(data, pd.DataFrame):
        return frame_to_raw(data, f"pandas table, {len(data)} rows, {len(data.columns)} columns")
    if hasattr(data, "obs_names") and hasattr(data, "var_names"):
        return anndata_to_raw(data, options.layer, genes)
    raise InputError(
        "the data are of a kind that cannot be scored",
        given=type(data).__name__,
        allowed="a path, a pandas DataFrame, or an AnnData object",
    )


def _split_annotation(raw: RawTable) -> tuple[pd.DataFrame, pd.DataFrame, list[Notice]]:
    """Set text columns aside: next to samples in rows they describe the samples, next to genes the genes."""
    text_columns = list_text_columns(raw.frame)
    text = raw.frame[text_columns]
    levels = raw.frame.drop(columns=text_columns)
    if levels.empty or not len(levels.columns):
        raise TableError("the table holds no numbers", given=f"text columns {listed(text_columns)}")
    obs = raw.obs if raw.obs is not None else text
    if not text_columns:
        return levels, obs, []
    return levels, obs, [Notice("detected", f"text columns are not levels: {listed(text_columns)}")]


def _take_library_size(
    frame: pd.DataFrame, obs: pd.DataFrame, options: ReadOptions
) -> tuple[pd.DataFrame, pd.Series | None, list[Notice]]:
    wanted = options.library_size
    if isinstance(wanted, pd.Series):
        return frame, wanted, []
    found = wanted if wanted is not None else next((c for c in LIBRARY_COLUMNS if c in frame.columns), None)
    if found is None:
        return frame, None, []
    if found in frame.columns:
        library, rest = frame[found], frame.drop(columns=[found])
    elif found in obs.columns:
        library, rest = obs[found], frame
    else:
        raise InputError(
            "the column of library sizes is not in the table",
            given=str(found),
            fix="check its name, or leave it out",
        )
    return (
        rest,
        pd.to_numeric(library, errors="coerce"),
        [Notice("detected", f"library sizes from '{found}'")],
    )


def _check_cells(levels: pd.DataFrame, problems: list[str]) -> None:
    if problems:
        raise TableError(
            "cells are not numbers",
            problems=problems[:10],
            given=f"{len(problems)} or more such cells",
            fix="leave cells that were not measured empty or write NA",
        )
    repeats = describe_repeats(levels.index, "sample")
    if repeats:
        raise TableError(
            "sample names repeat", problems=repeats, fix="give every sample its own name, e.g. subject_visit"
        )
    values = levels.to_numpy(dtype=float)
    infinite = np.argwhere(np.isinf(values))
    if len(infinite):
        shown = [f"sample '{levels.index[i]}', gene '{levels.columns[j]}'" for i, j in infinite[:5]]
        raise TableError(
            f"{len(infinite)} values are infinite",
            problems=shown,
            fix="log of zero? add a small number before the log",
        )
    unnamed = [i for i, name in enumerate(levels.index, start=1) if not str(name).strip()]
    if unnamed:
        raise TableError("samples have no name", given=f"sample {listed(unnamed)}", fix="name every sample")


def _choose_scale(levels: pd.DataFrame, raw: RawTable, options: ReadOptions) -> tuple[Scale, Notice]:
    if options.scale is not None:
        scale = load_scale(options.scale)
        return scale, Notice("detected", f"scale {scale.name} (as you said): {scale.meaning}")
    if raw.scale is not None:
        scale = load_scale(raw.scale)
        return scale, Notice("detected", f"scale {scale.name} (by the format): {scale.meaning}")
    name, reason = detect_scale(levels)
    scale = load_scale(name)
    return scale, Notice("detected", f"scale {name} (detected: {reason}): {scale.meaning}")


def _name_genes(levels: pd.DataFrame, scale: Scale, genes: GeneTable) -> tuple[pd.DataFrame, list[Notice]]:
    """Rename genes to current symbols and merge those that are there more than once."""
    labels = [str(label) for label in levels.columns]
    symbols = [genes.symbol_of(label) for label in labels]
    renamed = [f"{a} = {b}" for a, b in zip(labels, symbols, strict=True) if a != b and b in genes.symbols]
    notices = (
        [Notice("detected", f"older gene names or ids read as current symbols: {listed(renamed)}")]
        if renamed
        else []
    )
    notices += [Notice("caution", text) for text in describe_strange_names(labels)]
    named = pd.DataFrame(
        levels.to_numpy(dtype=float), index=levels.index.astype(str), columns=pd.Index(symbols)
    )
    repeated = named.columns[named.columns.duplicated()].unique()
    if not len(repeated):
        return named, notices
    single = named.loc[:, ~named.columns.duplicated(keep=False)]
    summed = scale.name in _SUMMED
    merged = {symbol: _merge(named.loc[:, symbol].to_numpy(dtype=float), summed) for symbol in repeated}
    text = (
        f"genes that are there more than once were {'added up' if summed else 'averaged'}: {listed(repeated)}"
    )
    notices.append(Notice("changed", text))
    return pd.concat([single, pd.DataFrame(merged, index=named.index)], axis=1), notices


def _merge(values: np.ndarray, summed: bool) -> np.ndarray:
    # Sorted first, so that the order of the rows in the file does not matter to the last bit.
    ordered = np.sort(values, axis=1)
    mean = mean_over_genes(ordered)
    return mean * np.sum(~np.isnan(ordered), axis=1) if summed else mean


def _align_obs(obs: pd.DataFrame, samples: pd.Index) -> pd.DataFrame:
    own = obs.copy()
    own.index = own.index.astype(str)
    return own[~own.index.duplicated()].reindex(samples)


def _count_missing(log2: pd.DataFrame) -> list[Notice]:
    missing = int(log2.isna().to_numpy().sum())
    if not missing:
        return []
    genes = int(log2.isna().any().sum())
    return [
        Notice(
            "caution",
            f"{missing} of {log2.size} values are not measured, in {genes} genes; scores use the rest",
        )
    ]


__all__ = ["FORMATS", "ORIENTATIONS", "Format", "ReadOptions", "find_format", "read_expression"]
