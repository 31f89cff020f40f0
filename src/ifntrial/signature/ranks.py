"""Ranks of a few genes among all genes of each sample."""

from collections.abc import Sequence

import numpy as np

from ifntrial.arrays import FloatArray, IndexArray
from ifntrial.signature.records import Levels


def rank_genes(values: FloatArray, columns: Sequence[int] | IndexArray) -> Levels:
    """Return the average ranks (1 = lowest) of some genes among all measured genes of the same sample.

    One sort and two searches for each sample give the ranks of the asked genes; the others need none.

    Parameters
    ----------
    values
        Levels of all genes, shape (samples, genes); NaN where not measured.
    columns
        Positions of the genes to rank.
    """
    asked = np.asarray(columns, dtype=np.intp)
    ranks = np.full((len(values), len(asked)), np.nan)
    ranked = np.zeros(len(values))
    for i, row in enumerate(values):
        ordered = np.sort(row)  # NaN go last
        count = int(np.sum(~np.isnan(row)))
        ordered = ordered[:count]
        own = row[asked]
        below = np.searchsorted(ordered, own, side="left")
        up_to = np.searchsorted(ordered, own, side="right")
        ranks[i] = np.where(np.isnan(own), np.nan, 0.5 * (below + up_to + 1))
        ranked[i] = count
    return Levels(ranks, ranked)
