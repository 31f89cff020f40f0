"""Mean z: the mean over genes of (log2 level - healthy mean) / healthy standard deviation, with a floor."""

from ifntrial.arrays import FloatArray
from ifntrial.signature.over_genes import mean_over_genes
from ifntrial.signature.records import GeneRoles, Healthy, Levels, Method


def score(levels: Levels, healthy: Healthy | None, roles: GeneRoles) -> FloatArray:
    """Return the mean z of each sample, shape (samples,)."""
    if healthy is None:
        raise TypeError("mean_z is called with a healthy summary")
    return mean_over_genes((levels.values - healthy.mean) / healthy.spread * roles.direction)


METHOD = Method(
    name="mean_z",
    label="Mean z against healthy",
    formula="mean over genes of (x - m) / max(s, floor), m and s the mean and SD of log2 levels in healthy samples",
    source="aybey_repository",
    unit="healthy SD",
    needs_reference=True,
    single_sample=True,
    level="log2",
    material=("rna", "protein"),
    score=score,
)
