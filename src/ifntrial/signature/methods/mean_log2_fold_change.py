"""Mean log2 fold change against healthy: the mean over genes of (log2 level - healthy mean of log2 levels)."""

from ifntrial.arrays import FloatArray
from ifntrial.signature.over_genes import mean_over_genes
from ifntrial.signature.records import GeneRoles, Healthy, Levels, Method


def score(levels: Levels, healthy: Healthy | None, roles: GeneRoles) -> FloatArray:
    """Return the mean log2 fold change of each sample, shape (samples,)."""
    if healthy is None:
        raise TypeError("mean_log2_fold_change is called with a healthy summary")
    return mean_over_genes((levels.values - healthy.mean) * roles.direction)


METHOD = Method(
    name="mean_log2_fold_change",
    label="Mean log2 fold change",
    formula="mean over genes of (x - m), x the log2 level, m its mean in healthy samples",
    source="package",
    unit="log2 fold change",
    needs_reference=True,
    single_sample=True,
    level="log2",
    material=("rna", "protein"),
    score=score,
)
