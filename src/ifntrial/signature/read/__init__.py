"""Read expression data of any supported format into :class:`Expression`; to add a format, add a row to ``FORMATS``."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from ifntrial.errors import InputError, listed
from ifntrial.signature.genes import GeneTable
from ifntrial.signature.read.anndata_file import anndata_to_raw
from ifntrial.signature.read.detect import LARGEST_LOG2, detect_scale
from ifntrial.signature.read.duplicates import merge_rows
from ifntrial.signature.read.formats import FORMATS, Format, find_format
from ifntrial.signature.read.ledger import describe_ledger, make_ledger
from ifntrial.signature.read.library import find_library
from ifntrial.signature.read.limits import apply_limits, load_limits, settle_proteins
from ifntrial.signature.read.nanostring import PLATFORM, describe_controls, has_controls
from ifntrial.signature.read.options import ReadOptions
from ifntrial.signature.read.orientation import ORIENTATIONS
from ifntrial.signature.read.parquet import frame_to_raw
from ifntrial.signature.read.pieces.whole import Whole
from ifntrial.signature.read.probes import load_probe_map, map_rows
from ifntrial.signature.read.raw import RawTable, check_file
from ifntrial.signature.read.roles.features import (
    doubt_broken_rows,
    doubt_large_rows,
    find_broken,
    limits_of_shares,
)
from ifntrial.signature.read.roles.identifiers import recognise
from ifntrial.signature.read.roles.labels import name_rows
from ifntrial.signature.read.roles.markers import describe_markers
from ifntrial.signature.read.roles.strange import describe_strange_names
from ifntrial.signature.read.scale import Scale, load_scale, to_log2
from ifntrial.signature.read.settle import Settled, settle_table
from ifntrial.signature.records import Expression, Notice

_LOGARITHMS = ("log2", "ln", "ln1p", "log10", "npx")


def read_expression(data: object, genes: GeneTable, options: ReadOptions | None = None) -> Expression:
    """Return log2 levels, samples x genes, of a file, a pandas table or an AnnData object.

    First every row, column and name is told apart, then the scale is decided on genes alone. Everything that was
    detected or changed is in ``notices``, and what was set aside in ``ledger`` with the reason.

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
        If the data cannot be used, or can be read in two ways; the message lists the problems and what to do.
    ExtraError
        If the library that reads the format is not installed.
    """
    chosen = options or ReadOptions()
    raw = settle_proteins(_read_raw(data, chosen, genes), chosen)
    raw = raw if raw.whole is not None else name_rows(_map_probes(raw, chosen), genes, chosen)
    if raw.whole is not None and raw.whole.ids is not None:
        chosen = replace(chosen, ids=raw.whole.ids)
    settled = settle_table(raw, genes, chosen)
    is_nanostring = raw.platform == PLATFORM or has_controls(settled.aside.columns)
    scale, scale_notice = _choose_scale(settled, raw, chosen, is_nanostring)
    _check_depth_genes(settled, scale, genes, chosen, raw.whole)
    _check_signs(settled, raw.whole, scale)
    library, library_notices = find_library(settled, raw, chosen, scale.name)
    known = [symbol is not None for symbol in settled.recognised.symbols]
    _check_logarithms(settled.levels, known, scale)
    names, name_notices = _name_genes(settled)
    merged = merge_rows(
        np.ascontiguousarray(settled.levels.to_numpy(dtype=float)),
        settled.levels.index, names, settled.ids, genes.symbols, scale, chosen.chosen_rows,
    )  # fmt: skip
    housekeeping = _housekeeping(raw, chosen, genes, scale)
    levels, limit_notices = apply_limits(
        merged.levels,
        scale.name,
        load_limits(chosen, genes) if chosen.lod else _own_limits(settled, raw, genes),
        chosen,
    )
    log2, scale_notices = to_log2(levels, scale, library, housekeeping)
    markers = describe_markers([*map(str, settled.levels.columns), *map(str, settled.aside.columns)])
    controls = describe_controls(settled.aside, settled.levels) if is_nanostring else []
    unread = 0 if raw.whole is None else raw.whole.unread
    ledger = make_ledger(len(merged.levels.columns) + unread, len(log2), settled.set_aside, merged.rows)
    notices = (
        *raw.notices, *settled.notices, *describe_ledger(ledger), *library_notices, scale_notice, *name_notices,
        *merged.notices, *limit_notices, *scale_notices, *controls,
        *(Notice("caution", text) for text in markers if scale.material == "protein"), *_count_missing(log2),
    )  # fmt: skip
    platform = PLATFORM if is_nanostring else raw.platform
    return Expression(
        log2,
        settled.obs.reindex(log2.index),
        scale.name,
        scale.material,
        notices,
        ledger,
        platform,
        merged.chosen,
        _normalisation(merged.levels, log2, scale),
        raw.is_part,
        chosen.scale is None and raw.scale is None and chosen.likely_scale is None,
    )


def _read_raw(data: object, options: ReadOptions, genes: GeneTable) -> RawTable:
    if isinstance(data, str | Path):
        path = Path(data)
        check_file(path)
        found = find_format(path, options.format)
        _check_effect(options, found.name)
        return found.read(path, options, genes)
    if isinstance(data, pd.DataFrame):
        return frame_to_raw(data, f"pandas table, {len(data)} rows, {len(data.columns)} columns")
    if hasattr(data, "obs_names") and hasattr(data, "var_names"):
        return anndata_to_raw(data, options, genes)
    raise InputError(
        "the data are of a kind that cannot be scored",
        given=type(data).__name__,
        allowed="a path, a pandas DataFrame, or an AnnData object",
    )


def _check_effect(options: ReadOptions, name: str) -> None:
    """Raise where an option has no effect on files of this format."""
    given = {"--layer": options.layer, "--pseudobulk": options.pseudobulk, "--sheet": options.sheet}
    wanted = {"--layer": ("h5ad",), "--pseudobulk": ("h5ad", "cell_ranger"), "--sheet": ("xlsx",)}
    idle = [option for option, value in given.items() if value and name not in wanted[option]]
    if idle:
        raise InputError(
            "options have no effect on this format",
            given=f"{listed(idle)}, format {name}",
            fix="leave them out, or name the format",
        )


def _map_probes(raw: RawTable, options: ReadOptions) -> RawTable:
    if options.probes is None or raw.row_ids:
        return raw
    return map_rows(raw, load_probe_map(Path(options.probes)), is_users=True)


def _choose_scale(
    settled: Settled, raw: RawTable, options: ReadOptions, is_nanostring: bool
) -> tuple[Scale, Notice]:
    if options.scale is not None:
        scale = load_scale(options.scale)
        return scale, Notice("detected", f"scale {scale.name} (as you said): {scale.meaning}")
    if raw.scale is not None:
        scale = load_scale(raw.scale)
        return scale, Notice("detected", f"scale {scale.name} (by the format): {scale.meaning}")
    if is_nanostring and _are_counts(settled.aside):
        scale = load_scale("nanostring")
        return scale, Notice(
            "detected", f"scale nanostring (positive and negative controls): {scale.meaning}"
        )
    known = [symbol is not None for symbol in settled.recognised.symbols]
    labels = [
        symbol or name
        for symbol, name in zip(settled.recognised.symbols, settled.levels.columns, strict=True)
    ]
    samples = [*map(str, settled.levels.index)]
    whole = None if raw.whole is None else (raw.whole.sums_of(samples), len(raw.whole.labels))
    values = settled.levels.to_numpy(dtype=float)
    name, reason = detect_scale(values, known, labels, options.likely_scale, whole)
    scale = load_scale(name)
    return scale, Notice("detected", f"scale {name} (detected: {reason}): {scale.meaning}")


def _own_limits(settled: Settled, raw: RawTable, genes: GeneTable) -> pd.Series | None:
    """Return the limits that the table itself holds, by symbol."""
    if raw.limits is not None:
        found = raw.limits
    elif settled.limits is not None:
        found = settled.limits
    else:
        return None
    named = found.set_axis([genes.symbol_of(str(name)) for name in found.index])
    return named.groupby(level=0).max()


def _are_counts(controls: pd.DataFrame) -> bool:
    numbers = controls.to_numpy(dtype=float)
    known = numbers[~np.isnan(numbers)]
    return bool(len(known) and np.all(known == np.round(known)) and known.max() > LARGEST_LOG2)


def _check_depth_genes(
    settled: Settled, scale: Scale, genes: GeneTable, options: ReadOptions, whole: Whole | None
) -> None:
    if scale.name != "counts" or options.library_size is not None:
        return
    if whole is None:
        labels, symbols = [*map(str, settled.levels.columns)], settled.recognised.symbols
        values = settled.levels.to_numpy(dtype=float)
        shares, broken = limits_of_shares(values), find_broken(values)
    else:
        labels, symbols = [*whole.labels], recognise(whole.labels, genes, options.ids).symbols
        shares, broken = (whole.low_shares, whole.high_shares), whole.are_broken
    known = [own is not None or label in genes.approved for own, label in zip(symbols, labels, strict=True)]
    certain = {label for own, label in zip(symbols, labels, strict=True) if own is not None}
    doubts = doubt_large_rows(labels, known, *shares, certain.union(options.keep))
    doubts += doubt_broken_rows(labels, broken, options.keep)
    if doubts:
        raise InputError(
            "it is not clear whether these rows are genes, and they decide the depth of samples",
            problems=doubts[:10],
            fix="say it for each, or give the totals with --library-size",
        )


def _check_signs(settled: Settled, whole: Whole | None, scale: Scale) -> None:
    """Raise where a gene that is not held has a level that the scale does not allow."""
    if whole is None or scale.lowest < 0.0:
        return
    count = int(whole.sums_of([*map(str, settled.levels.index)]).negative.sum())
    if count:
        raise InputError(
            f"{count} values are negative, which {scale.name} ({scale.meaning}) does not allow",
            fix="check the file, or name another scale",
        )


def _check_logarithms(levels: pd.DataFrame, known: list[bool], scale: Scale) -> None:
    if scale.name not in _LOGARITHMS:
        return
    values = np.where(np.array(known), levels.to_numpy(dtype=float), np.nan)
    wrong = np.argwhere(np.abs(values) > LARGEST_LOG2)
    if len(wrong):
        shown = [
            f"sample '{levels.index[i]}', gene '{levels.columns[j]}': {values[i, j]:g}" for i, j in wrong[:5]
        ]
        raise InputError(
            f"{len(wrong)} values are too far from 0 for a logarithm ({scale.name})",
            problems=shown,
            allowed=f"-{LARGEST_LOG2:g} to {LARGEST_LOG2:g}",
            fix="mend the cells, leave them empty where not measured, or name another scale with --scale",
        )


def _name_genes(settled: Settled) -> tuple[list[str], list[Notice]]:
    """Return the current symbol of each feature, or its label where it is no gene of a signature."""
    labels = [str(label) for label in settled.levels.columns]
    symbols = settled.recognised.symbols
    names = [symbol or label for symbol, label in zip(symbols, labels, strict=True)]
    renamed = [f"{a} = {b}" for a, b in zip(labels, symbols, strict=True) if b is not None and a != b]
    notices = (
        [Notice("detected", f"older gene names or ids read as current symbols: {listed(renamed)}")]
        if renamed
        else []
    )
    return names, notices + [Notice("caution", text) for text in describe_strange_names(labels)]


def _housekeeping(raw: RawTable, options: ReadOptions, genes: GeneTable, scale: Scale) -> tuple[str, ...]:
    if options.reference_genes and scale.name not in ("ct", "nanostring"):
        raise InputError(
            "housekeeping genes have no effect on this scale",
            given=f"scale {scale.name}, reference genes {listed(options.reference_genes)}",
            allowed="--scale ct or nanostring",
            fix="leave --reference-genes out, or name the scale",
        )
    return tuple(genes.symbol_of(gene) for gene in options.reference_genes or raw.housekeeping)


def _normalisation(before: pd.DataFrame, after: pd.DataFrame, scale: Scale) -> str:
    """Return how samples were made comparable; what left the table with the scales of housekeeping genes are those."""
    if scale.name in ("ct", "nanostring"):
        return f"relative to {', '.join(sorted(set(before.columns) - set(after.columns)))}"
    return "counts per million" if scale.name == "counts" else "as in the file"


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
