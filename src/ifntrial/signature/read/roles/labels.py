"""Which column of a table names its rows: the first, or one that holds more known genes."""

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from ifntrial.errors import InputError, closest, listed
from ifntrial.signature.genes import GeneTable
from ifntrial.signature.read.options import ReadOptions
from ifntrial.signature.read.raw import RawTable
from ifntrial.signature.read.roles.identifiers import recognise
from ifntrial.signature.read.roles.strange import are_running_numbers
from ifntrial.signature.read.roles.vocabulary import words_of
from ifntrial.signature.records import Notice

# The first column stays unless another one names clearly more genes.
_CLEARLY_MORE = 1.25
_FEWEST_BETTER = 2
_SAMPLE_WORDS = {
    "sample",
    "samples",
    "sampleid",
    "id",
    "name",
    "geo",
    "accession",
    "barcode",
    "gsm",
    "rcc",
    "file",
}
_NUMBER_IDS = {"entrez", "entrezid", "ncbi", "ncbigene", "geneid", "entrezgene", "entrezgeneid"}


def name_rows(raw: RawTable, genes: GeneTable, options: ReadOptions) -> RawTable:
    """Return the table with its rows named by the column that names them.

    Raises
    ------
    InputError
        If the column that the user names is absent.
    """
    if raw.orientation == "samples x genes":
        return raw
    if options.gene_column is not None:
        return _take_column(raw, options.gene_column)
    index = [str(label) for label in raw.frame.index]
    columns = recognise([str(c) for c in raw.frame.columns], genes, options.ids).count
    own = recognise(index, genes, options.ids).count
    counts = {
        str(column): recognise(_texts(raw.frame[column]), genes, options.ids).count
        for column in _candidates(raw.frame)
    }
    best = max(counts, key=lambda column: counts[column], default=None)
    if best is not None and counts[best] > max(own * _CLEARLY_MORE, own + _FEWEST_BETTER - 1, columns):
        return _take_column(raw, best)
    if columns > own and are_running_numbers(index):
        return _name_samples(raw)
    return raw


def _candidates(frame: pd.DataFrame) -> list[object]:
    return [
        column
        for place, column in enumerate(frame.columns)
        if frame.iloc[:, place].dtype.kind not in "fiub" or "".join(words_of(str(column))) in _NUMBER_IDS
    ]


def _texts(cells: pd.Series) -> list[str]:
    return ["" if pd.isna(cell) else str(cell).strip() for cell in cells]


def _take_column(raw: RawTable, column: str) -> RawTable:
    if column not in raw.frame.columns:
        raise InputError(
            "the column of gene names is not in the table",
            given=column,
            allowed=listed(raw.frame.columns[:50]),
            fix=closest(column, map(str, raw.frame.columns)) or "check its name",
        )
    labels = pd.Index(_texts(raw.frame[column]))
    frame = raw.frame.drop(columns=[column]).set_axis(labels, axis=0)
    notice = Notice("detected", f"gene names from column '{column}'")
    return replace(raw, frame=frame, notices=(*raw.notices, notice))


def _name_samples(raw: RawTable) -> RawTable:
    """Take sample names from a column of text where the first column only counts the rows."""
    for place, column in enumerate(raw.frame.columns):
        cells = raw.frame.iloc[:, place]
        named = (
            bool(set(words_of(str(column))) & _SAMPLE_WORDS)
            or "".join(words_of(str(column))) in _SAMPLE_WORDS
        )
        if cells.dtype.kind in "fiub" or not named or cells.isna().any() or cells.duplicated().any():
            continue
        frame = raw.frame.drop(columns=[column]).set_axis(pd.Index(_texts(cells)), axis=0)
        notice = Notice(
            "detected", f"sample names from column '{column}': the first column only counts the rows"
        )
        return replace(raw, frame=frame, notices=(*raw.notices, notice))
    return raw


def strip_names(names: Iterable[object]) -> list[str]:
    """Return labels as text without blanks around them."""
    return [str(name).strip() for name in names]
