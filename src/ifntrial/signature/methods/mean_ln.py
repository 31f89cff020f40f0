"""Mean of natural logarithms of protein concentrations, as in the serum six-chemokine score."""

from math import log

from ifntrial.arrays import FloatArray
from ifntrial.signature.over_genes import mean_over_genes
from ifntrial.signature.records import GeneRoles, Healthy, Levels, Method


def score(levels: Levels, healthy: Healthy | None, roles: GeneRoles) -> FloatArray:
    """Return the mean natural logarithm of each sample, shape (samples,)."""
    del healthy
    return mean_over_genes(levels.values * roles.direction) * log(2.0)


METHOD = Method(
    name="mean_ln",
    label="Mean natural logarithm",
    formula="mean over proteins of ln(concentration)",
    source="hinchcliff_2025",
    unit="ln(concentration)",
    needs_reference=False,
    single_sample=True,
    level="log2",
    material=("protein",),
    score=score,
)
