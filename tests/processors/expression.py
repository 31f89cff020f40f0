"""A made-up cohort for ``ifntrial score``: 12 healthy samples and 30 patients at two visits, as counts."""

from pathlib import Path

import numpy as np
import pandas as pd

from ifntrial.signature import load_signatures

HEALTHY, PATIENTS = 12, 30


def write_cohort(folder: Path) -> None:
    """Write ``levels.csv``, ``about.csv`` and ``healthy.txt`` into a new folder."""
    folder.mkdir()
    random = np.random.default_rng(20)
    genes = sorted({gene for s in load_signatures() if s.material == "rna" for gene in s.genes})
    names = [f"H{i}" for i in range(HEALTHY)] + [f"P{i}v{v}" for i in range(PATIENTS) for v in (0, 12)]
    levels = random.normal(8, 1, len(genes)) + random.normal(0, 0.4, (len(names), len(genes)))
    severity = np.repeat(random.uniform(0, 5, PATIENTS), 2)
    levels[HEALTHY:] += (severity * np.tile([1.0, 0.4], PATIENTS))[:, None]
    pd.DataFrame(levels.round(4), index=names, columns=genes).T.to_csv(folder / "levels.csv")
    about = {
        "sample": names,
        "subject": [name.split("v")[0] for name in names],
        "week": [""] * HEALTHY + ["0", "12"] * PATIENTS,
        "status": ["healthy"] * HEALTHY + ["SSc"] * 2 * PATIENTS,
        "mrss": [np.nan] * HEALTHY + list((5 * severity + random.normal(0, 2, 2 * PATIENTS)).round(2)),
    }
    pd.DataFrame(about).to_csv(folder / "about.csv", index=False)
    (folder / "healthy.txt").write_text("\n".join(names[:HEALTHY]), encoding="utf-8")
