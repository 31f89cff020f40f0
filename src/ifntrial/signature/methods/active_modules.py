"""Number of raised modules in one sample, 0 to 3 for the three IFN modules.

The published score counts active modules. Its rule for one sample was not read, so both thresholds here are
assumptions: a gene answers where it stands more than two healthy SDs away, and a module is raised where at
least a fifth of its genes answer. With them 85 % of the first visits of GSE65391 have a raised module; the paper
had 83 % of samples and 87 % of patients in its own cohort.
"""

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.signature.over_genes import mean_over_genes
from ifntrial.signature.records import GeneRoles, Healthy, Levels, Method

RESPONSIVE_Z = 2.0
ACTIVE_SHARE = 0.2


def score(levels: Levels, healthy: Healthy | None, roles: GeneRoles) -> FloatArray:
    """Return the number of raised modules of each sample, shape (samples,); NaN where a module has no gene."""
    if healthy is None:
        raise TypeError("active_modules is called with a healthy summary")
    z = (levels.values - healthy.mean) / healthy.spread * roles.direction
    answers = np.where(np.isnan(z), np.nan, z > RESPONSIVE_Z)
    total = np.zeros(len(z))
    for part in range(roles.parts):
        share = mean_over_genes(answers[:, roles.part == part])
        total += np.where(np.isnan(share), np.nan, share >= ACTIVE_SHARE)
    return total


METHOD = Method(
    name="active_modules",
    label="Number of raised modules",
    formula=(
        f"modules with at least {ACTIVE_SHARE:.0%} of genes at z > {RESPONSIVE_Z:g} against healthy (assumed rule)"
    ),
    source="chiche_2014",
    unit="modules",
    needs_reference=True,
    single_sample=True,
    level="log2",
    material=("rna",),
    score=score,
    fixed_cutoff=1.5,
)
