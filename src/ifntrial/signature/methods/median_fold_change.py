"""Median fold change: the median over genes of 2^(log2 level - healthy median), as in the six-gene score."""

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.signature.over_genes import median_over_genes
from ifntrial.signature.records import GeneRoles, Healthy, Levels, Method


def score(levels: Levels, healthy: Healthy | None, roles: GeneRoles) -> FloatArray:
    """Return the median fold change of each sample on the linear scale, shape (samples,)."""
    if healthy is None:
        raise TypeError("median_fold_change is called with a healthy summary")
    return median_over_genes(np.exp2((levels.values - healthy.median) * roles.direction))


METHOD = Method(
    name="median_fold_change",
    label="Median fold change",
    formula="median over genes of 2^(x - h), x the log2 level, h its median in healthy samples",
    source="rice_2013",
    unit="fold change",
    needs_reference=True,
    single_sample=True,
    level="log2",
    material=("rna", "protein"),
    score=score,
    is_fold_change=True,
    is_positive=True,
)
