"""A made-up cohort as the files of several makers would hold it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

SIGNATURE_GENES = (
    "IFI27 IFI44 IFI44L RSAD2 IFIT1 ISG15 SIGLEC1 MX1 OAS1 OAS2 OASL IFIT3 USP18 HERC5 HERC6 CMPK2 LAMP3 IFI6 GMPR HSH2D "
    "MX2 RIGI PLAAT2 IDO1 CXCL9 GBP2 IRF1 CD74 ICAM1"
).split()
HEALTHY = [f"HC_{i}" for i in range(1, 11)]
PATIENTS = [f"PT_{i}" for i in range(1, 11)]
RAISED = PATIENTS[:5]


@dataclass(frozen=True)
class Cohort:
    """Levels of 150 genes in 10 healthy people, 5 raised and 5 other patients; genes x samples."""

    log2: pd.DataFrame

    @property
    def counts(self) -> pd.DataFrame:
        return np.exp2(self.log2).round().astype(int)


def make_cohort(seed: int = 1) -> Cohort:
    numbers = np.random.default_rng(seed)
    genes = [*SIGNATURE_GENES, *(f"GENE{i}" for i in range(1, 122))]
    middle = np.concatenate([numbers.uniform(5.0, 8.0, 29), numbers.uniform(3.0, 13.5, 121)])
    levels = middle[:, None] + numbers.normal(0.0, 0.4, (150, 20))
    levels[:25, 10:15] += 3.0
    return Cohort(
        pd.DataFrame(levels.round(4), index=pd.Index(genes, name="gene"), columns=HEALTHY + PATIENTS)
    )
