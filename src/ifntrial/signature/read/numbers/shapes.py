"""What the numbers of a table look like as a whole: standardised genes, a spread that grows with size, cycles of qPCR."""

from collections.abc import Sequence

import numpy as np
from scipy.stats import rankdata

from ifntrial.arrays import FloatArray
from ifntrial.signature.read.numbers.sizes import Sizes

FEWEST_FOR_SPREAD = 6
_GROWS = 0.6
HOUSEKEEPING = ("ACTB", "GAPDH", "B2M", "RPLP0", "RPL13A", "EEF1A1", "UBC", "TPT1", "PPIA", "YWHAZ")
"""Genes that are high in every tissue."""


def are_standardised(values: FloatArray) -> bool:
    """Return whether genes have mean 0 and SD 1, over all samples or all but the few that stand out most.

    Parameters
    ----------
    values
        Levels as they stand, shape (samples, features).
    """
    outlying = np.argsort(-np.nanmedian(np.abs(values), axis=1), kind="stable")
    return any(_have_unit_spread(np.delete(values, outlying[:gone], axis=0)) for gone in range(3))


def _have_unit_spread(values: FloatArray) -> bool:
    if len(values) < 6:
        return False
    mean, spread = np.nanmean(values, axis=0), np.nanstd(values, axis=0, ddof=1)
    centred = np.mean(np.abs(mean) < 0.1) > 0.9
    return bool(centred and np.mean(np.abs(spread - 1.0) < 0.15) > 0.8)


def spread_with_size(values: FloatArray, sizes: Sizes) -> bool:
    """Return whether the spread of genes grows with their level, as it does where no logarithm was taken.

    Asked of the upper half of the genes alone: near zero the spread of logarithms grows as well.
    """
    upper = np.flatnonzero(sizes.medians >= np.median(sizes.medians))
    if (
        len(values) < FEWEST_FOR_SPREAD
        or len(upper) < FEWEST_FOR_SPREAD
        or values.shape[1] != len(sizes.medians)
    ):
        return False
    spread = np.nanstd(values[:, upper], axis=0)
    ranks = rankdata(sizes.medians[upper]), rankdata(spread)
    return bool(np.corrcoef(*ranks)[0, 1] > _GROWS)


def are_cycles(sizes: Sizes, labels: Sequence[str]) -> bool:
    """Return whether genes that are high in every tissue have the lowest numbers, as cycles of qPCR do."""
    if len(labels) != len(sizes.medians):
        return False
    own = [m for label, m in zip(labels, sizes.medians, strict=True) if label.upper() in HOUSEKEEPING]
    return len(own) >= 2 and float(np.median(own)) < float(np.quantile(sizes.medians, 0.25))


def are_ranks(values: FloatArray) -> bool:
    """Return whether every sample holds the same numbers, each once, in another order; shape (samples, features)."""
    ordered = np.sort(values, axis=1)
    return len(values) > 1 and bool(np.all(np.diff(ordered, axis=1) > 0.0) and np.all(ordered == ordered[0]))
