"""Rank score of a single sample: how far up the sample's own ranking the genes stand, from -0.5 to 0.5."""

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.signature.over_genes import mean_over_genes
from ifntrial.signature.records import GeneRoles, Healthy, Levels, Method


def score(levels: Levels, healthy: Healthy | None, roles: GeneRoles) -> FloatArray:
    """Return the centred rank score of each sample, shape (samples,).

    Genes that interferon lowers are ranked from the top; the scores of the two groups are added.
    """
    del healthy
    total = np.zeros(len(levels.values))
    for direction in np.unique(roles.direction):
        ranks = levels.values[:, roles.direction == direction]
        if direction < 0:
            ranks = levels.ranked[:, None] + 1.0 - ranks
        genes = np.sum(~np.isnan(ranks), axis=1)
        lowest = (genes + 1.0) / 2.0
        width = levels.ranked - genes
        share = np.divide(
            mean_over_genes(ranks) - lowest, width, out=np.full(len(ranks), np.nan), where=width > 0
        )
        total += share - 0.5
    return total


METHOD = Method(
    name="singscore",
    label="Rank score (singscore type)",
    formula="(r - (k + 1) / 2) / (N - k) - 1/2, r the mean rank of the k genes among the sample's N genes",
    source="foroutan_2018",
    unit="share of the rank range",
    needs_reference=False,
    single_sample=True,
    level="rank",
    material=("rna",),
    score=score,
)
