"""Order and comparison of numbers that may be equal but for rounding.

The last digits of a number depend on the processor and on the kernels of the libraries. Where two numbers are equal
by construction (a saturated power, a reading at its limit), a bare ``<`` or ``argsort`` would let those digits decide.
Here numbers count as equal if they differ by less than ``ROUNDING`` of the larger one, far above what rounding does
and far below what means anything.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from ifntrial.arrays import BoolArray, FloatArray, IndexArray

ROUNDING = 1e-9


def stable_order(values: ArrayLike, scale: float = 0.0) -> IndexArray:
    """Return the positions from the smallest value to the largest; equal ones stay in the order of their positions.

    Parameters
    ----------
    values
        Shape (n,). Two are equal if they differ by less than ``ROUNDING`` of the largest magnitude, or if a chain of
        such neighbours leads from one to the other. NaN come last.
    scale
        Least magnitude that ``ROUNDING`` is a share of; needed where all values may be zero but for rounding.

    Examples
    --------
    >>> stable_order([0.5, 1.0, 0.1, 1.0 - 1e-16]).tolist()
    [2, 0, 1, 3]
    """
    order, group = _groups(values, scale)
    return order[np.lexsort((order, group))] if group.size and group[-1] < group.size else order


def with_ties(values: ArrayLike) -> FloatArray:
    """Return the values with those that are equal up to rounding made the same number, so that ranks share them."""
    array = np.array(values, dtype=np.float64)
    order, group = _groups(array, 0.0)
    _, first = np.unique(group, return_index=True)
    array[order] = array[order][first[group - 1]]
    return array


def weighted_percentiles(values: ArrayLike, weight: FloatArray, percentiles: Sequence[float]) -> FloatArray:
    """Return percentiles of values that count by their weights, linear between the middles of their shares.

    Parameters
    ----------
    values, weight
        Shape (n,); what is not finite, or weighs nothing, is left out.
    percentiles
        From 0 to 100; below the middle of the first share is the smallest value, above that of the last the largest.

    Examples
    --------
    >>> weighted_percentiles([3.0, 1.0], np.array([1.0, 3.0]), (50, 95)).tolist()
    [1.5, 3.0]
    """
    array = np.asarray(values, dtype=np.float64)
    known = np.isfinite(array) & (weight > 0)
    order = stable_order(array[known])
    share = weight[known][order] / weight[known].sum()
    middle = np.cumsum(share) - share / 2.0
    # values that are equal up to rounding keep their order, and may fall by their last digit
    rising = np.maximum.accumulate(array[known][order])
    return np.interp(np.asarray(percentiles) / 100.0, middle, rising)


def _groups(values: ArrayLike, scale: float) -> tuple[IndexArray, IndexArray]:
    """Return the positions in order of value, and the number of each one's group of equal values, from 1 on."""
    array = np.asarray(values, dtype=np.float64)
    order = np.argsort(array, kind="stable")
    in_order = array[order]
    finite = array[np.isfinite(array)]
    gap = ROUNDING * float(np.abs(finite).max(initial=scale))
    with np.errstate(invalid="ignore"):
        # NaN differ from everything, and come last
        is_new = ~(in_order[1:] - in_order[:-1] <= gap) & (in_order[1:] != in_order[:-1])
    return order, np.cumsum(np.concatenate([np.ones(min(1, array.size), dtype=bool), is_new]))


def first_largest(values: ArrayLike, scale: float = 0.0) -> int:
    """Return the first position whose value is the largest or equal to it; NaN are passed over; ``scale`` as above."""
    array = np.asarray(values, dtype=np.float64)
    largest = float(np.nanmax(array))
    return int(np.flatnonzero(reaches(array, largest, scale))[0])


def first_smallest(values: ArrayLike, scale: float = 0.0) -> int:
    """Return the first position whose value is the smallest or equal to it; NaN are passed over; ``scale`` as above."""
    return first_largest(-np.asarray(values, dtype=np.float64), scale)


def reaches(values: ArrayLike, limit: ArrayLike, scale: float = 0.0) -> BoolArray:
    """Return where values lie above a limit or are equal to it.

    Parameters
    ----------
    values, limit
        Of shapes that fit each other. A comparison with NaN does not hold.
    scale
        Least magnitude that ``ROUNDING`` is a share of; needed where the limit may be zero.
    """
    return np.asarray(np.asarray(values) >= np.asarray(limit) - _slack(limit, scale))


def exceeds(values: ArrayLike, limit: ArrayLike, scale: float = 0.0) -> BoolArray:
    """Return where values lie above a limit and are not equal to it; arguments as for ``reaches``."""
    return np.asarray(np.asarray(values) > np.asarray(limit) + _slack(limit, scale))


def are_equal(values: ArrayLike) -> bool:
    """Return whether all values are equal, shape (n,); of none it is true."""
    array = np.asarray(values, dtype=np.float64)
    return bool(np.ptp(array) <= ROUNDING * np.abs(array).max()) if array.size else True


def _slack(limit: ArrayLike, scale: float) -> FloatArray:
    size = np.abs(np.asarray(limit, dtype=np.float64))
    return np.where(np.isfinite(size), ROUNDING * np.maximum(size, scale), 0.0)
