"""Which base a logarithm has, from what only one base explains: totals, whole numbers, and how far levels reach.

A table of natural logarithms looks like one of log2 with all differences made smaller. It is told by its numbers only
where taking the logarithm back gives something that the other base does not; else it is a question.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.signature.read.numbers.sizes import Sizes, measure_sizes
from ifntrial.signature.read.pieces.whole import BASES, LARGEST_EXPONENT, Sums

BEYOND_A_MILLION = float(np.log(2.0**20))
"""A natural logarithm above this would stand for more than a million, which a typical gene does not reach."""
BEYOND_A_SCANNER = float(np.log(2.0**16))
"""The natural logarithm of the largest number of a scanner of 16 bits."""
_FLOOR_OF_AN_ARRAY = 1.0
_TOTALS = (1e6, 1e4)
_TOLERANCE = 0.005
_LARGEST_WHOLE, _NEARLY, _FEWEST_CELLS, _FEWEST_NUMBERS, _SHARE = 200.0, 0.02, 200, 5, 0.99
_MOST_CELLS = 2_000_000


@dataclass(frozen=True, slots=True)
class Base:
    """The base of a logarithm and why; ``depth``, deepest to shallowest sample, where whole numbers were logged."""

    name: str
    reason: str
    depth: float = 1.0


def tell_base(values: FloatArray, sizes: Sizes) -> Base | None:
    """Return the base of logarithms, shape (samples, features), or None where the numbers do not tell it."""
    sums = sizes.sums
    found = _by_one(
        _have_equal_totals if sums is None else lambda _, base: _are_equal_totals(sums, base, sizes.rows),
        values,
    )
    if found is not None:
        return Base(found, "undone, every sample adds up to the same round total")
    found = _by_one(_are_of_whole_numbers, values)
    if found is not None:
        undone = np.round(BASES[found] ** np.clip(values, -LARGEST_EXPONENT, LARGEST_EXPONENT))
        depth = measure_sizes(undone, [True] * values.shape[1]).depth
        return Base(found, "undone, the levels are whole numbers", depth)
    low, high = float(np.min(sizes.medians)), sizes.highest
    if high >= BEYOND_A_MILLION:
        return Base("log2", f"typical levels up to {high:.4g}, natural logarithms of more than a million")
    # what comes from a scanner has no levels near zero; counts do, and have no largest number
    if high >= BEYOND_A_SCANNER and low >= _FLOOR_OF_AN_ARRAY:
        return Base(
            "log2", f"typical levels from {low:.4g} to {high:.4g}, above natural logarithms of 16 bits"
        )
    return None


def _by_one(fits: Callable[[FloatArray, float], bool], values: FloatArray) -> str | None:
    """Return the base that fits where one alone does."""
    found = [name for name, base in BASES.items() if fits(values, base)]
    return found[0] if len(found) == 1 else None


def _have_equal_totals(values: FloatArray, base: float) -> bool:
    """Return whether all samples add up to a million, or ten thousand, once the logarithm (of x or x + 1) is undone."""
    if len(values) < 2 or np.isnan(values).any() or np.abs(values).max() > LARGEST_EXPONENT:
        return False
    # quantile normalisation gives every sample the same total, whatever the base
    if np.ptp(values.max(axis=1)) == 0.0:
        return False
    return _are_round(np.array([float(np.sum(base**row)) for row in values]), values.shape[1])


def _are_equal_totals(sums: Sums, base: float, rows: int) -> bool:
    """Return the same of a table of which only some genes are held."""
    if len(sums.totals) < 2 or bool(np.any(sums.known < rows)) or np.ptp(sums.most) == 0.0:
        return False
    undone = next(sums.undone[name] for name, own in BASES.items() if own == base)
    return bool(np.isfinite(undone).all()) and _are_round(undone, rows)


def _are_round(sums: FloatArray, rows: int) -> bool:
    return any(
        bool(np.all(np.abs((sums - one * rows) / total - 1.0) < _TOLERANCE))
        for one in (0.0, 1.0)
        for total in _TOTALS
    )


def _are_of_whole_numbers(values: FloatArray, base: float) -> bool:
    """Return whether small levels are whole numbers (plus one) once the logarithm is undone."""
    step = max(1, values.size // _MOST_CELLS)
    cells = values.ravel()[::step]
    largest = np.log(_LARGEST_WHOLE) / np.log(base)
    small = base ** cells[(cells > 0.0) & (cells < largest)]
    if len(small) < _FEWEST_CELLS:
        return False
    whole = np.round(small)
    is_near = np.abs(small - whole) < _NEARLY
    return bool(np.mean(is_near) >= _SHARE and len(np.unique(whole[is_near])) >= _FEWEST_NUMBERS)


def count_marks(values: FloatArray, gap: float) -> tuple[int, float, float]:
    """Return how many cells hold the lowest number, it, and the next one, where that lies beyond a gap; else 0 cells.

    Levels that come near the lowest one have some between; where there are none, a number such as 0 or -1 that stands
    there more than once is a mark of what was not measured.
    """
    known = values[~np.isnan(values)]
    lowest = float(known.min())
    above = known[known > lowest]
    if lowest > 0.0 or not len(above):
        return 0, lowest, np.nan
    count, following = int(np.sum(known == lowest)), float(above.min())
    is_mark = following - lowest > gap and (count > 1 or lowest == 0.0)
    return (count if is_mark else 0), lowest, following
