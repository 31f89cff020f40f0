"""Read a text of too many cells to be held: the genes of the signatures and some others, with the totals of all.

The names are read first and tell genes from what stands among them; then the numbers, a few rows at a time. Some other
genes are held as well, chosen by name, so that samples, scale and background are judged as those of a whole table are.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd

from ifntrial.arrays import BoolArray, FloatArray
from ifntrial.errors import InputError, TableError, listed
from ifntrial.signature.genes import GeneTable
from ifntrial.signature.read.delimited import NEAREST, NOT_MEASURED, BadCell, to_numbers
from ifntrial.signature.read.lines import split_line
from ifntrial.signature.read.numbers.shapes import HOUSEKEEPING
from ifntrial.signature.read.options import ReadOptions
from ifntrial.signature.read.orientation import ORIENTATIONS, orient
from ifntrial.signature.read.pieces.lines import Layout, find_layout, read_pieces, read_rows
from ifntrial.signature.read.pieces.whole import Tally, Whole
from ifntrial.signature.read.raw import LARGEST_CELLS, RawTable
from ifntrial.signature.read.roles.features import find_other_names, least_large_share, name_non_genes
from ifntrial.signature.read.roles.identifiers import recognise
from ifntrial.signature.read.roles.labels import name_rows
from ifntrial.signature.read.roles.vocabulary import describe_sample
from ifntrial.signature.read.scale import REFERENCE_GENES
from ifntrial.signature.read.settle import LIBRARY_COLUMNS, cells_are_no_numbers, is_annotation
from ifntrial.signature.records import Notice, SetAside

BESIDE = ("EPCAM", "KRT8", "KRT18", "KRT19", "PTPRC", *REFERENCE_GENES, *HOUSEKEEPING)
"""Held beside the genes of the signatures: they tell tissues and scales apart."""
FEWEST_OTHERS = 1_200
HELD = 16_000_000
"""About how many numbers are held; of more samples, ``FEWEST_OTHERS`` other genes are."""
_MOST_BAD = 1000
_SUM = 1e-4


def read_in_pieces(path: Path, options: ReadOptions, genes: GeneTable) -> RawTable | None:
    """Return what scoring needs of a large text; None where it is not large, or is to be read whole.

    Raises
    ------
    FileError, TableError
        If it is no table, or a cell that matters is no number.
    InputError
        If a row is the sum of all others.
    """
    if options.needs_all or options.probes is not None or options.scale in ("protein", "npx"):
        return None
    layout = find_layout(path)
    return None if layout is None else _read(layout, options, genes)


def _read(layout: Layout, options: ReadOptions, genes: GeneTable) -> RawTable:
    names = list(layout.columns[1:])
    in_rows, layout, words = _find_side(layout, options, genes)
    numeric = [i for i, name in enumerate(names) if name not in set(layout.text)]
    own, other = [str(x) for x in words.index], [names[i] for i in numeric]
    labels, samples = (own, other) if in_rows else (other, own)
    found = recognise(labels, genes, options.ids)
    if not found.count:
        side = pd.DataFrame(index=labels) if in_rows else pd.DataFrame(columns=labels)
        orient(side, options.orientation, genes, said_by="as you said", ids=options.ids)
    not_genes = name_non_genes(labels, found, genes, options.keep, options.set_aside)
    not_genes += find_other_names(labels, found, genes, options.keep)
    aside = {each.name for each in not_genes}
    held = _choose(labels, [symbol is not None for symbol in found.symbols], aside, len(samples), options)
    is_gene = np.array([label not in aside for label in labels])
    are_samples = np.array([_is_plain(name, options) for name in samples])
    tally = Tally(len(labels), are_samples, least_large_share(int(is_gene.sum())))
    part, bad = _add_up(layout, numeric, tally, is_gene, held, in_rows)
    _check_bad(bad, aside, {name for name, own in zip(samples, are_samples, strict=True) if own}, in_rows)
    whole = _conclude(tally, labels, not_genes, samples, is_gene, held, found.kind)
    _check_whole(whole, options)
    frame = pd.DataFrame(part, index=np.array(labels)[held] if in_rows else own)
    frame.columns = pd.Index(other if in_rows else [labels[i] for i in np.flatnonzero(held).tolist()])
    beside = words.loc[held] if in_rows else words
    frame = pd.concat([beside.set_axis(frame.index, axis=0), frame], axis=1)
    said = (
        f"a large table of {len(layout.columns) - 1} columns and {len(own)} rows: {int((held & is_gene).sum())} of "
        f"{len(whole.labels)} genes are held, with totals over all"
    )
    return RawTable(
        frame, notices=(Notice("detected", said),), is_part=True,
        libraries=pd.Series(whole.sums.totals, index=samples), whole=whole,
    )  # fmt: skip


def _find_side(layout: Layout, options: ReadOptions, genes: GeneTable) -> tuple[bool, Layout, pd.DataFrame]:
    """Return whether genes are in rows, the layout with its text columns, and their cells in rows by their names."""
    names = list(layout.columns[1:])
    more = {name for name in names if name in layout.text or _may_hold_text(name, options, genes)}
    words = _read_words(layout, [name for name in names if name in more])
    columns = recognise(names, genes, options.ids).count
    sides = ([*map(str, words.index)], *([*map(str, words[name])] for name in words))
    rows = max(recognise(side, genes, options.ids).count for side in sides)
    if rows == columns and options.orientation is None:
        if not rows:
            orient(pd.DataFrame(index=words.index), None, genes, said_by="", ids=options.ids)
        raise TableError(
            "it is not clear which side the genes are on",
            given=f"{rows} known genes in rows and as many in columns",
            allowed=listed(ORIENTATIONS),
            fix="say it with --orientation",
        )
    in_rows = rows > columns if options.orientation is None else options.orientation == ORIENTATIONS[0]
    words = words if in_rows else words[list(layout.text)]
    named = name_rows(RawTable(words, orientation=None if in_rows else ORIENTATIONS[1]), genes, options)
    return in_rows, replace(layout, text=tuple(words.columns)), named.frame


def _may_hold_text(name: str, options: ReadOptions, genes: GeneTable) -> bool:
    """Return whether a column beside samples may hold text further down, as chromosomes do."""
    is_wanted = name in LIBRARY_COLUMNS or name in options.keep or name == options.library_size
    return not is_wanted and is_annotation(name, genes)


def _read_words(layout: Layout, columns: Sequence[str]) -> pd.DataFrame:
    """Return the text cells of these columns, rows named by the first one."""
    places = [layout.columns.index(name) for name in columns]
    last = max(places, default=0) + 1
    first: list[str] = []
    cells: list[list[str]] = [[] for _ in places]
    for line in read_rows(layout):
        own = split_line(line, layout.mark) if '"' in line else line.split(layout.mark, last)
        first.append(own[0].strip())
        for column, place in zip(cells, places, strict=True):
            text = own[place].strip()
            column.append("" if text in NOT_MEASURED else text)
    frame = dict(zip(columns, cells, strict=True))
    return pd.DataFrame(frame, index=pd.Index(first, name=layout.columns[0]), dtype=object)


def _choose(
    labels: Sequence[str], known: Sequence[bool], aside: set[str], samples: int, options: ReadOptions
) -> BoolArray:
    """Return which rows are held: genes of signatures, what is none, what was asked for, and others by name."""
    wanted = {*BESIDE, *LIBRARY_COLUMNS, *options.keep, *options.reference_genes, *options.background, *aside}
    if isinstance(options.library_size, str):
        wanted.add(options.library_size)
    held = np.array([own or label in wanted for own, label in zip(known, labels, strict=True)])
    single = Counter(labels)
    rest = sorted(label for label, own in zip(labels, held, strict=True) if not own and single[label] == 1)
    count = min(len(rest), max(FEWEST_OTHERS, HELD // samples - int(held.sum())))
    others = {rest[i] for i in np.linspace(0, len(rest) - 1, count).astype(int).tolist()} if count else set()
    held |= np.array([label in others for label in labels])
    if int(held.sum()) * samples > LARGEST_CELLS:
        raise TableError(
            "the table is too large to be read",
            given=f"{int(held.sum()):,} rows to hold for {samples:,} samples",
            allowed=f"{LARGEST_CELLS:,} numbers",
            fix="leave out rows that are no genes, or score the samples in several files against a stored reference",
        )
    return held


def _is_plain(name: str, options: ReadOptions) -> bool:
    """Return whether something among the samples counts as one for what is known of genes."""
    if name in options.keep or name in options.samples:
        return True
    return name not in options.set_aside and describe_sample(name)[0] is None


def _add_up(
    layout: Layout,
    numeric: Sequence[int],
    tally: Tally,
    is_gene: BoolArray,
    held: BoolArray,
    in_rows: bool,
) -> tuple[FloatArray, list[BadCell]]:
    """Return the levels that are held, and cells that are no numbers; the tally gets all genes."""
    parts, bad, begun = [], [], 0
    genes = np.flatnonzero(is_gene)
    for lines in read_pieces(layout):
        frame, wrong = _parse(lines, layout, numeric)
        bad += wrong
        values = frame.to_numpy(dtype=float)
        rows = np.arange(begun, begun + len(values))
        begun += len(values)
        if in_rows:
            own = is_gene[rows]
            tally.add(values[own], rows[own], np.arange(values.shape[1]))
            parts.append(values[held[rows]])
        else:
            tally.add(values.T[is_gene], genes, rows)
            parts.append(values[:, held])
        if len(bad) > _MOST_BAD:
            break
    return np.concatenate(parts), bad


def _parse(
    lines: Sequence[str], layout: Layout, numeric: Sequence[int]
) -> tuple[pd.DataFrame, list[BadCell]]:
    names = list(range(len(layout.columns)))
    try:
        frame = pd.read_csv(
            StringIO("\n".join(lines)), sep=layout.mark, header=None, names=names, index_col=False,
            usecols=[0, *(i + 1 for i in numeric)], dtype={0: str}, keep_default_na=False,
            na_values=list(NOT_MEASURED), decimal=layout.decimal, low_memory=False, **NEAREST,
        )  # fmt: skip
    except (pd.errors.ParserError, ValueError) as error:
        raise TableError(
            "the table cannot be parsed",
            given=f"{layout.path.name}: {error}",
            fix="check quotes and line ends",
        ) from error
    labels = frame[0].fillna("").str.strip()
    numbers = frame.drop(columns=[0]).set_axis(labels, axis=0)
    return to_numbers(numbers.set_axis([layout.columns[i + 1] for i in numeric], axis=1))


def _check_bad(bad: Sequence[BadCell], aside: set[str], samples: set[str], in_rows: bool) -> None:
    wrong = [
        cell
        for cell in bad
        if (cell.row if in_rows else cell.column) not in aside
        and (cell.column if in_rows else cell.row) in samples
    ]
    if wrong:
        raise cells_are_no_numbers(wrong)


def _conclude(
    tally: Tally,
    labels: Sequence[str],
    not_genes: Sequence[SetAside],
    samples: Sequence[str],
    is_gene: BoolArray,
    held: BoolArray,
    kind: str,
) -> Whole:
    places = np.flatnonzero(is_gene)
    low, high = np.zeros(len(labels)), np.zeros(len(labels))
    totals = tally.by_sample["totals"]
    for place, row in tally.large.items():
        shares = np.divide(np.nan_to_num(row), totals, out=np.zeros(len(row)), where=totals > 0.0)
        own = shares[tally.are_samples]
        low[place], high[place] = own.min(), own.max()
    return Whole(
        labels=tuple(labels[i] for i in places.tolist()),
        not_genes=tuple(not_genes),
        samples=tuple(samples),
        sums=tally.sums(),
        means=tally.gene_sums[places] / np.maximum(tally.gene_counts[places], 1.0),
        low_shares=low[places],
        high_shares=high[places],
        are_broken=tally.are_broken[places],
        ids="entrez" if kind == "entrez" else None,
        unread=int((is_gene & ~held).sum()),
    )


def _check_whole(whole: Whole, options: ReadOptions) -> None:
    """Raise where a level is infinite, or a row is the sum of all others."""
    infinite = np.flatnonzero(np.isinf(whole.sums.most) | np.isinf(whole.sums.least))
    wrong = [whole.samples[i] for i in infinite.tolist() if whole.sums.known[i]]
    if wrong:
        raise TableError(
            "values are infinite",
            given=f"samples {listed(wrong[:10])}",
            fix="log of zero? add a small number before",
        )
    largest = int(np.argmax(whole.means))
    others = float(whole.means.sum() - whole.means[largest])
    name = whole.labels[largest]
    if len(whole.means) > 3 and 0.0 < others and abs(whole.means[largest] / others - 1.0) < _SUM:
        if name not in options.keep:
            raise InputError(
                "a row seems to be the sum of all others",
                given=name,
                fix=f"say which: --set-aside '{name}', or --keep '{name}' if it is a gene",
            )
