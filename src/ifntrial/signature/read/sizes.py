"""What the numbers of a table show of its scale: sizes, wholeness, depth; all robust against single cells."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.errors import TableError


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
    """

    low: float
    top: float
    medians: FloatArray
    negative: float
    whole: float
    whole_not_zero: float
    depth: float
    totals: FloatArray

    @property
    def highest(self) -> float:
        """Return the second highest median of all rows."""
        return _second(self.medians)


def measure_sizes(values: FloatArray, known: Sequence[bool]) -> Sizes:
    """Return what is asked of levels, shape (samples, features).

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
    return Sizes(
        low=float(of_interest.min()),
        top=_second(of_interest),
        medians=medians,
        negative=float(np.mean(cells < 0.0)),
        whole=float(np.mean(cells == np.round(cells))),
        whole_not_zero=float(np.mean(not_zero == np.round(not_zero))) if len(not_zero) else 1.0,
        depth=_depth(own),
        totals=np.nansum(own, axis=1),
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
