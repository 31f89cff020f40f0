"""Tell genes from what stands among them: counters, controls, clinical variables, annotation, words."""

import re
from collections import Counter
from collections.abc import Collection, Sequence

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray
from ifntrial.signature.genes import GeneTable
from ifntrial.signature.read.roles.identifiers import Recognised
from ifntrial.signature.read.roles.vocabulary import COUNTER, NO_NAME, describe_feature
from ifntrial.signature.records import SetAside

_GENE_LIKE = re.compile(
    r"^(ENS[A-Z]*[GTPE]\d{11}(\.\d+)?(_PAR_Y)?|[NX][MRPC]_\d+(\.\d+)?|ILMN_\d+|\d+(_[a-z])*_at|A_\d\d_P\d+|"
    r"(RP|CT[ABCD]|AC|AL|AP|LOC|LINC|MIR|SNOR|RNU|RN7S|MT-|C\d+orf|KIAA|FLJ|hsa-|FAM|TRA|TRB|IGH|IGK|IGL)[\w.-]*)$"
)
_WORD = re.compile(r"^[a-z][a-z]+([_.\- ][a-z]+)*\d?$")
_SMALL_WORD = re.compile(r"[_./%-][a-z]+(?=[_./%-]|$)|^[a-z]+[_./%-]")
# Transcripts that alone can hold a third of a library and differ widely between samples.
_ABUNDANT = re.compile(
    r"^(HB[ABDGEZMQ]\d?|MT[-.].*|MTRNR.*|RN7S.*|RNA?\d+S.*|RNR\d|MALAT1|ALB|COL\d+A\d|ACTB|B2M|EEF1A1|S100A[89]|"
    r"SFTP.*|KRT\d+|FTL|FTH1|TMSB4X|IG[HKL].*|ENSG.*|RPL.*|RPS.*|"
    r"ND\d[L]?|COX\d|CYTB|ATP\d.*|HIST\d.*|H\d[FA-].*|GNB2L1|TPT1|SEPP1|7SK|7SL|NEAT1|XIST)$",
    re.IGNORECASE,
)
LARGE_SHARE = 0.3
"""A gene that holds this share of a library, unevenly, may be something else; what is no known name, a smaller one."""
_LEAST_SHARE, _SHARES_OF_A_ROW = 0.05, 25
_UNEVEN = 2.0
# Where nearly all rows are known genes or named alike, one that is neither and holds this share is asked about.
_ODD_SHARE, _ODD_ROWS = 0.02, 3
_FAMILY = 10
_FEW = 0.02


def name_non_genes(
    labels: Sequence[str],
    recognised: Recognised,
    genes: GeneTable,
    keep: Collection[str],
    drop: Collection[str],
) -> list[SetAside]:
    """Return what is no gene by its name; a gene of the signatures or any approved symbol is a gene.

    Parameters
    ----------
    keep, drop
        Names that the user says are genes, and are not.
    """
    by_name = [
        _describe(label, symbol is not None or label in genes.approved)
        for label, symbol in zip(labels, recognised.symbols, strict=True)
    ]
    wordy = sum(reason == NO_NAME for reason in by_name)
    # where most names are words, words are how this table names its genes
    known = [label for label, symbol in zip(labels, recognised.symbols, strict=True) if symbol is not None]
    are_small = 2 * sum(label == label.lower() and not label.isdigit() for label in known) > len(known)
    words_are_names = are_small or 2 * wordy > len(labels)
    numbers = recognised.kind not in ("entrez", "numbers")
    found = []
    for label, reason in zip(labels, by_name, strict=True):
        if label in drop:
            found.append(SetAside("row", label, "as you said"))
        elif label in keep:
            continue
        elif reason is not None and not (reason == NO_NAME and words_are_names):
            found.append(SetAside("row", label, reason))
        elif numbers and label.removesuffix(".0").isdigit():
            found.append(SetAside("row", label, "a number among gene names"))
    return found


def _describe(label: str, is_gene: bool) -> str | None:
    if is_gene or _GENE_LIKE.match(label):
        return None
    found = describe_feature(label)
    if found is not None:
        return found
    if not label.strip():
        return NO_NAME
    is_words = " " in label.strip() or _WORD.match(label) or _SMALL_WORD.search(label)
    return NO_NAME if is_words else None


def find_other_names(
    labels: Sequence[str], recognised: Recognised, genes: GeneTable, keep: Collection[str]
) -> list[SetAside]:
    """Return names of genes that never were their symbol, where the symbol itself is there as well.

    A table that has SIGLEC1 and CD169 means something else by the second: a marker on cells, or a protein.
    """
    plain = {label.strip().upper() for label in labels}
    found = []
    for label, symbol in zip(labels, recognised.symbols, strict=True):
        name = label.strip().upper()
        if symbol is None or name == symbol.upper() or label in keep or symbol.upper() not in plain:
            continue
        if name in genes.aliases:
            found.append(SetAside("row", label, f"another name of {symbol}, which is there by its symbol"))
    return found


def find_sums(labels: Sequence[str], values: FloatArray) -> list[SetAside]:
    """Return rows that are the sum of all others in every sample.

    Parameters
    ----------
    values
        Levels as they stand, shape (samples, features).
    """
    if values.shape[1] < 4 or not np.isfinite(values).any(axis=0).all() or np.isinf(values).any():
        return []
    totals = np.nansum(values, axis=1)
    largest = int(np.argmax(np.nansum(values, axis=0)))
    others = totals - values[:, largest]
    if np.all(others > 0.0) and np.allclose(values[:, largest], others, rtol=1e-4, atol=0.5):
        return [SetAside("row", labels[largest], "the sum of all other rows")]
    return []


def least_large_share(rows: int) -> float:
    """Return the least share of a library that a row is asked about, in a table of so many rows."""
    return min(_unknown_share(rows), _odd_share(rows))


def doubt_large_rows(
    labels: Sequence[str],
    known: Sequence[bool],
    low: FloatArray,
    high: FloatArray,
    keep: Collection[str],
) -> list[str]:
    """Return doubts about rows that hold much of a library and are no known genes.

    A row that is named as the others are is asked about where its share is uneven; one that is not, wherever it is large.

    Parameters
    ----------
    known
        Whether a label is a gene of the signatures or an approved symbol.
    low, high
        Least and largest share of each row in the total of a sample, shape (features,).
    """
    doubts = []
    unknown, odd = _unknown_share(len(labels)), _odd_share(len(labels))
    is_odd = _find_odd(labels, known)
    for place in np.flatnonzero(high >= min(unknown, odd)).tolist():
        label, own = labels[place], (float(low[place]), float(high[place]))
        is_name = known[place] or label.isdigit() or _GENE_LIKE.match(label)
        if label in keep or _ABUNDANT.match(label) or (is_name and own[1] < LARGE_SHARE):
            continue
        if is_odd[place]:
            doubts.append(_doubt_large(label, *own))
            continue
        if own[1] < unknown:
            continue
        # against the others, as shares near 1 hardly differ
        least, most = (each / max(1.0 - each, 1e-12) for each in own)
        if most >= _UNEVEN * least:
            doubts.append(_doubt_large(label, *own))
    return doubts


def _unknown_share(rows: int) -> float:
    return min(LARGE_SHARE, max(_LEAST_SHARE, _SHARES_OF_A_ROW / rows))


def _odd_share(rows: int) -> float:
    return max(_ODD_SHARE, _ODD_ROWS / rows)


def limits_of_shares(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the least and largest share of each row in the total of a sample; zeros where a sample has none.

    Parameters
    ----------
    values
        Counts, shape (samples, features).
    """
    totals = np.nansum(values, axis=1)
    if not np.all(totals > 0.0):
        return np.zeros(values.shape[1]), np.zeros(values.shape[1])
    shares = np.nan_to_num(values) / totals[:, None]
    return shares.min(axis=0), shares.max(axis=0)


def find_broken(values: FloatArray) -> BoolArray:
    """Return which rows have a number that is not whole; counts, shape (samples, features)."""
    broken: BoolArray = np.any(~np.isnan(values) & (values != np.round(values)), axis=0)
    return broken


def doubt_broken_rows(labels: Sequence[str], broken: BoolArray, keep: Collection[str]) -> list[str]:
    """Return doubts about rows of numbers that are not whole, where nearly all rows are whole: CRP in mg/l among counts.

    Parameters
    ----------
    broken
        Which rows have a number that is not whole, shape (features,).
    """
    if not broken.any() or np.mean(broken) > _FEW:
        return []
    return [
        f"row '{labels[place]}' is not whole, as all others are: a gene (--keep '{labels[place]}'), or a variable "
        f"(--set-aside '{labels[place]}')?"
        for place in np.flatnonzero(broken).tolist()
        if labels[place] not in keep
    ]


def _doubt_large(label: str, low: float, high: float) -> str:
    return (
        f"row '{label}' holds {low:.0%} to {high:.0%} of a sample's total: a gene (--keep '{label}'), "
        f"or a {COUNTER} (--set-aside '{label}')?"
    )


def _find_odd(labels: Sequence[str], known: Sequence[bool]) -> list[bool]:
    """Return which labels are no gene names while nearly all others are, or share their first letters with many."""
    families = Counter(_stem(label) for label in labels)
    plain = [
        own or label.isdigit() or bool(_GENE_LIKE.match(label)) or families[_stem(label)] >= _FAMILY
        for label, own in zip(labels, known, strict=True)
    ]
    return [not own for own in plain] if 10 * sum(plain) > 9 * len(plain) else [False] * len(plain)


def _stem(label: str) -> str:
    found = re.match(r"[A-Za-z]+(?=[-_.]?\d)", label)
    return found[0].upper() if found else label
