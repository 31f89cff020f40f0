"""What the numbers of a table show of its scale: sizes, wholeness, depth; all robust against single cells."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.errors import TableError
from ifntrial.signature.read.pieces.whole import Sums


@dataclass(frozen=True, slots=True)
class Sizes:
    """What is asked of the numbers.

    Parameters
    ----------
    low, top
        Of recognised genes: the lowest and the second highest median over samples.
    medians
        Median over samples of every row, shape (features,).
    negative
        Share of negative cells.
    whole, whole_not_zero
        Share of whole numbers among all cells, and among those that are not zero.
    depth
        Ratio of the deepest to the shallowest sample, by the median ratio over rows that are never zero; 1 where
        there are none.
    totals
        Sum of each sample, shape (samples,).
    least, most
        The lowest and highest cell.
    rows
        How many features there are.
    sums
        Sums over all features, where only some of them are held.
    """

    low: float
    top: float
    medians: FloatArray
    negative: float
    whole: float
    whole_not_zero: float
    depth: float
    totals: FloatArray
    least: float
    most: float
    rows: int
    sums: Sums | None = None

    @property
    def highest(self) -> float:
        """Return the second highest median of all rows."""
        return _second(self.medians)


def measure_sizes(
    values: FloatArray, known: Sequence[bool], sums: Sums | None = None, rows: int | None = None
) -> Sizes:
    """Return what is asked of levels, shape (samples, features).

    Parameters
    ----------
    sums, rows
        Sums over all features of the table and their number, where only some are held.

    Raises
    ------
    TableError
        If there are no numbers.
    """
    measured = ~np.isnan(values)
    if not measured.any():
        raise TableError("the table holds no numbers")
    there = measured.any(axis=0)
    own = values[:, there]
    medians = np.nanmedian(own, axis=0)
    recognised = medians[np.asarray(known, dtype=bool)[there]]
    of_interest = recognised if len(recognised) else medians
    cells = own[measured[:, there]]
    not_zero = cells[cells != 0.0]
    found = Sizes(
        low=float(of_interest.min()),
        top=_second(of_interest),
        medians=medians,
        negative=float(np.mean(cells < 0.0)),
        whole=float(np.mean(cells == np.round(cells))),
        whole_not_zero=float(np.mean(not_zero == np.round(not_zero))) if len(not_zero) else 1.0,
        depth=_depth(own),
        totals=np.nansum(own, axis=1),
        least=float(cells.min()),
        most=float(cells.max()),
        rows=values.shape[1],
    )
    return found if sums is None or rows is None else _with_sums(found, sums, rows)


def _with_sums(found: Sizes, sums: Sums, rows: int) -> Sizes:
    """Return sizes with what is counted over all features in place of those that are held."""
    cells, whole, zero = (float(x.sum()) for x in (sums.known, sums.whole, sums.zero))
    return replace(
        found,
        negative=float(sums.negative.sum()) / cells,
        whole=whole / cells,
        whole_not_zero=(whole - zero) / (cells - zero) if cells > zero else 1.0,
        totals=sums.totals,
        least=float(sums.least.min()),
        most=float(sums.most.max()),
        rows=rows,
        sums=sums,
    )


def _second(medians: FloatArray) -> float:
    ordered = np.sort(medians)
    return float(ordered[-2] if len(ordered) > 2 else ordered[-1])


def _depth(values: FloatArray) -> float:
    full = values[:, (values > 0.0).all(axis=0)]
    if len(values) < 2 or full.shape[1] < 10:
        return 1.0
    logs = np.log(full)
    factors = np.median(logs - logs.mean(axis=0), axis=1)
    return float(np.exp(factors.max() - factors.min()))
