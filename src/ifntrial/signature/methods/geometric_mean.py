"""Geometric mean of the levels: 2^(mean over genes of the log2 level)."""

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.signature.over_genes import mean_over_genes
from ifntrial.signature.records import GeneRoles, Healthy, Levels, Method


def score(levels: Levels, healthy: Healthy | None, roles: GeneRoles) -> FloatArray:
    """Return the geometric mean level of each sample on the linear scale, shape (samples,)."""
    del healthy
    return np.exp2(mean_over_genes(levels.values * roles.direction))


METHOD = Method(
    name="geometric_mean",
    label="Geometric mean of levels",
    formula="2^(mean over genes of x), x the log2 level",
    source="package",
    unit="level",
    needs_reference=False,
    single_sample=True,
    level="log2",
    material=("rna", "protein"),
    score=score,
    is_positive=True,
)
