"""From a table as it stands to samples x genes in numbers: every row, column and name told apart first."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ifntrial.errors import InputError, TableError, listed
from ifntrial.signature.genes import GeneTable
from ifntrial.signature.read.delimited import BadCell, describe_repeats, list_text_columns, to_numbers
from ifntrial.signature.read.options import ReadOptions
from ifntrial.signature.read.orientation import orient
from ifntrial.signature.read.pieces.whole import Whole
from ifntrial.signature.read.raw import RawTable
from ifntrial.signature.read.roles.features import find_other_names, find_sums, name_non_genes
from ifntrial.signature.read.roles.identifiers import Recognised, recognise
from ifntrial.signature.read.roles.labels import strip_names
from ifntrial.signature.read.roles.samples import tell_samples
from ifntrial.signature.read.roles.vocabulary import LIMIT, describe_feature, describe_sample
from ifntrial.signature.records import Notice, SetAside

LIBRARY_COLUMNS = ("lib_size", "library_size", "total_counts", "n_counts")


@dataclass(frozen=True, slots=True)
class Settled:
    """Samples x genes in numbers, and what else was in the table.

    Parameters
    ----------
    levels
        As they stand in the file, samples x genes, labels as in the file.
    recognised
        Which genes of the signatures the labels are.
    ids
        What the file calls each feature, probes where they were mapped.
    obs
        Columns that describe samples.
    aside
        Values of what was set aside from among the genes, samples x names; controls are read from here.
    set_aside
        What was set aside, with reasons.
    library
        Column of library sizes in the table, where there is one.
    limits
        Limit of detection of each feature, where one stands among the samples.
    """

    levels: pd.DataFrame
    recognised: Recognised
    ids: tuple[str, ...]
    obs: pd.DataFrame
    aside: pd.DataFrame
    set_aside: tuple[SetAside, ...]
    library: pd.Series | None
    notices: tuple[Notice, ...]
    limits: pd.Series | None = None


def settle_table(raw: RawTable, genes: GeneTable, options: ReadOptions) -> Settled:
    """Return what every row and column is.

    Raises
    ------
    InputError
        If cells are no numbers, names repeat, or something may be a gene or sample and may not.
    """
    orientation = options.orientation or raw.orientation
    said_by = "as you said" if options.orientation else "by the format"
    text = _text_columns(raw, genes, options)
    numbers = raw.frame.drop(columns=text)
    if numbers.empty or not len(numbers.columns):
        raise TableError("the table holds no numbers", given=f"text columns {listed(text)}")
    _check_text(raw, text, genes, _certain_samples(raw, options))
    frame, bad_cells = to_numbers(numbers)
    levels, notice = orient(frame, orientation, genes, said_by=said_by, ids=options.ids)
    in_rows = levels is not frame
    levels = levels.set_axis(strip_names(levels.index), axis=0).set_axis(strip_names(levels.columns), axis=1)
    obs = _describe_samples(raw, text, in_rows)
    notices, aside = [notice], [*raw.set_aside]
    if text and in_rows:
        aside += [SetAside("sample", name, "text beside the levels") for name in text]
    elif text:
        notices.append(Notice("detected", f"text columns are not levels: {listed(text)}"))
    ids = _feature_ids(raw, text, in_rows, levels)
    levels, ids, library = _take_library(levels, ids, options)
    certain = _certain_samples(raw, options)
    return _set_aside(
        levels, ids, genes, options, certain, obs, aside, bad_cells, notices, library, in_rows, raw.whole
    )


def _set_aside(
    levels: pd.DataFrame,
    ids: np.ndarray,
    genes: GeneTable,
    options: ReadOptions,
    certain: frozenset[str],
    obs: pd.DataFrame,
    aside: list[SetAside],
    bad_cells: list[BadCell],
    notices: list[Notice],
    library: pd.Series | None,
    in_rows: bool,
    whole: Whole | None,
) -> Settled:
    labels = [str(label) for label in levels.columns]
    recognised = recognise(labels, genes, options.ids)
    if whole is not None:
        no_genes = list(whole.not_genes)
    else:
        no_genes = name_non_genes(labels, recognised, genes, options.keep, options.set_aside)
        no_genes += find_other_names(labels, recognised, genes, options.keep)
    is_gene = np.isin(labels, [each.name for each in no_genes], invert=True)
    values = levels.to_numpy(dtype=float)
    sums = [
        each
        for each in find_sums(np.array(labels)[is_gene].tolist(), values[:, is_gene])
        if each.name not in options.keep
    ]
    is_gene &= np.isin(labels, [each.name for each in sums], invert=True)
    names = [str(name) for name in levels.index]
    roles = tell_samples(names, values[:, is_gene], certain, options.keep, options.set_aside)
    is_sample = np.isin(names, [each.name for each in roles.set_aside], invert=True)
    _check_names_given(options, {*labels, *names, *(each.name for each in aside), *map(str, obs.columns)})
    kept = levels.loc[is_sample, is_gene]
    _check_cells(kept, bad_cells, in_rows)
    if roles.doubts:
        raise InputError(
            "it is not clear whether these are samples",
            problems=roles.doubts[:10],
            given=f"{len(roles.doubts)} of {len(names)} columns or rows that stand among the samples",
            fix="say it for each: --keep NAME,... for samples, --set-aside NAME,... for what is none",
        )
    chosen = tuple(symbol for symbol, own in zip(recognised.symbols, is_gene, strict=True) if own)
    beside = levels.loc[is_sample, ~is_gene]
    return Settled(
        levels=kept,
        recognised=Recognised(chosen, recognised.kind, recognised.is_mouse),
        ids=tuple(ids[is_gene]),
        obs=_with_variables(obs, beside, kept.index),
        aside=beside,
        set_aside=(*aside, *no_genes, *sums, *roles.set_aside),
        library=None if library is None else library.loc[is_sample],
        notices=tuple(notices),
        limits=_find_limits(levels.loc[:, is_gene], roles.set_aside),
    )


def _find_limits(levels: pd.DataFrame, aside: Sequence[SetAside]) -> pd.Series | None:
    names = [each.name for each in aside if each.reason == LIMIT]
    if len(names) > 1:
        raise InputError(
            "several limits of detection stand among the samples",
            given=listed(names),
            fix="leave one in the file, or give the limits with --lod FILE",
        )
    return levels.T[names[0]] if names else None


def _certain_samples(raw: RawTable, options: ReadOptions) -> frozenset[str]:
    """Return names that are samples for certain: those of the user's other tables, and those the format lists."""
    sized = options.library_size.index if isinstance(options.library_size, pd.Series) else ()
    listed_by_format = raw.obs.index if raw.obs is not None else ()
    return frozenset(map(str, (*options.samples, *sized, *listed_by_format)))


def _text_columns(raw: RawTable, genes: GeneTable, options: ReadOptions) -> list[str]:
    """Return columns that are no levels: mostly text, or under a name of no gene and no sample with text in them."""
    mostly = set(list_text_columns(raw.frame))
    found = []
    for place, column in enumerate(raw.frame.columns):
        name, cells = str(column), raw.frame.iloc[:, place]
        if name in mostly or cells.dtype.kind == "b":
            found.append(column)
        elif cells.dtype.kind not in "fiu" and name not in options.keep and is_annotation(name, genes):
            found.append(column)
    return found


def _check_text(raw: RawTable, text: Sequence[str], genes: GeneTable, certain: frozenset[str]) -> None:
    """Raise where a column of text is a sample for certain, or a gene of a signature: its levels cannot be read."""
    wrong = [
        name
        for name in map(str, text)
        if name.strip() in certain
        or (raw.orientation != "genes x samples" and genes.find(name.strip(), numbers=False) is not None)
    ]
    if wrong:
        shown = [
            f"'{name}': {listed([cell for cell in raw.frame[name].astype(str).unique() if cell][:3])}"
            for name in wrong[:10]
        ]
        raise TableError(
            "columns of a sample or gene hold text where levels should be",
            problems=shown,
            fix="write numbers without separators of thousands, and leave cells that were not measured empty",
        )


def is_annotation(name: str, genes: GeneTable) -> bool:
    """Return whether a name is that of no gene and no sample."""
    if genes.find(name, numbers=False) is not None or name in genes.approved:
        return False
    kind, settled = describe_sample(name)
    return describe_feature(name) is not None or (kind is not None and settled)


def _describe_samples(raw: RawTable, text: Sequence[str], in_rows: bool) -> pd.DataFrame:
    obs = raw.obs if raw.obs is not None else raw.frame[list(text)] if not in_rows else pd.DataFrame()
    own = obs.copy()
    own.index = own.index.astype(str)
    return own[~own.index.duplicated()]


def _with_variables(obs: pd.DataFrame, beside: pd.DataFrame, samples: pd.Index) -> pd.DataFrame:
    known = obs.reindex(samples)
    new = [column for column in beside.columns if column not in known.columns]
    more = beside[new].loc[:, ~pd.Index(new).duplicated()]
    return (
        known if more.empty or len(more.columns) > 200 else pd.concat([known, more.set_axis(samples)], axis=1)
    )


def _feature_ids(raw: RawTable, text: Sequence[str], in_rows: bool, levels: pd.DataFrame) -> np.ndarray:
    if not raw.row_ids:
        return levels.columns.to_numpy(dtype=object)
    if in_rows:
        return np.array(raw.row_ids, dtype=object)
    gone = set(text)
    own = [name for name, column in zip(raw.row_ids, raw.frame.columns, strict=True) if column not in gone]
    return np.array(own, dtype=object)


def _take_library(
    levels: pd.DataFrame, ids: np.ndarray, options: ReadOptions
) -> tuple[pd.DataFrame, np.ndarray, pd.Series | None]:
    wanted = options.library_size if isinstance(options.library_size, str) else None
    names = [wanted, *LIBRARY_COLUMNS] if wanted is not None else LIBRARY_COLUMNS
    found = next((name for name in names if name in levels.columns), None)
    if found is None:
        return levels, ids, None
    own = np.array(levels.columns != found)
    return levels.loc[:, own], ids[own], levels.loc[:, ~own].iloc[:, 0].rename(found)


def _check_names_given(options: ReadOptions, there: set[str]) -> None:
    absent = [name for name in (*options.set_aside, *options.keep) if name not in there]
    if absent:
        raise InputError(
            "names to set aside or to keep are not in the table",
            given=listed(absent),
            fix="write them as they stand in the file",
        )


def _check_cells(levels: pd.DataFrame, problems: list[BadCell], in_rows: bool) -> None:
    repeats = describe_repeats(levels.index, "sample")
    if repeats:
        raise TableError(
            "sample names repeat", problems=repeats, fix="give every sample its own name, e.g. subject_visit"
        )
    unnamed = [i for i, name in enumerate(levels.index, start=1) if not str(name).strip()]
    if unnamed:
        raise TableError("samples have no name", given=f"sample {listed(unnamed)}", fix="name every sample")
    rows, columns = (levels.columns, levels.index) if in_rows else (levels.index, levels.columns)
    own_rows, own_columns = set(rows.astype(str)), set(columns.astype(str))
    wrong = [cell for cell in problems if cell.row in own_rows and cell.column in own_columns]
    if wrong:
        raise cells_are_no_numbers(wrong)
    values = levels.to_numpy(dtype=float)
    infinite = np.argwhere(np.isinf(values))
    if len(infinite):
        shown = [f"sample '{levels.index[i]}', gene '{levels.columns[j]}'" for i, j in infinite[:5]]
        raise TableError(
            f"{len(infinite)} values are infinite",
            problems=shown,
            fix="log of zero? add a small number before the log",
        )


def cells_are_no_numbers(cells: Sequence[BadCell]) -> TableError:
    """Return the refusal of cells of genes in samples that are no numbers."""
    return TableError(
        "cells are not numbers",
        problems=[
            f"row '{cell.row}', column '{cell.column}': '{cell.text}' is not a number" for cell in cells[:10]
        ],
        given=f"{len(cells)} such cells",
        fix="leave cells that were not measured empty or write NA; set a column aside with --set-aside NAME",
    )
