"""Averages over genes that give each sample the same bits alone or among others.

A library's sum may add in another order when the number of samples changes; these do not.
"""

import numpy as np

from ifntrial.arrays import FloatArray


def mean_over_genes(values: FloatArray) -> FloatArray:
    """Return each sample's mean over the genes that were measured, shape (samples,); NaN where none was."""
    if not values.shape[1]:
        return np.full(len(values), np.nan)
    measured = ~np.isnan(values)
    count = measured.sum(axis=1)
    # A running sum adds from the first gene to the last, whatever the shape of the table.
    total = np.cumsum(np.where(measured, values, 0.0), axis=1)[:, -1]
    mean: FloatArray = np.divide(total, count, out=np.full(len(values), np.nan), where=count > 0)
    return mean


def median_over_genes(values: FloatArray) -> FloatArray:
    """Return each sample's median over the genes that were measured, shape (samples,); NaN where none was."""
    if not values.shape[1]:
        return np.full(len(values), np.nan)
    ordered = np.sort(values, axis=1)
    count = np.sum(~np.isnan(values), axis=1)
    rows = np.arange(len(values))
    upper = ordered[rows, count // 2]
    lower = ordered[rows, np.maximum(count - 1, 0) // 2]
    return np.where(count > 0, 0.5 * (lower + upper), np.nan)
