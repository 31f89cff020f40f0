"""Genes of no signature that vary little in healthy samples: by them samples of another batch or platform are seen."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ifntrial.arrays import FloatArray
from ifntrial.signature.records import Expression

MOST_BACKGROUND = 300
FEWEST_BACKGROUND = 10
FEWEST_OTHERS, FEWEST_WITH_TOTALS = 50, 1000
"""Where levels are shares of a total, a raised signature alone moves the others of a small panel."""
_OF_A_TOTAL = ("counts", "tpm")


@dataclass(frozen=True, slots=True)
class Background:
    """Genes of no signature in the healthy samples of a reference.

    Parameters
    ----------
    genes
        Their symbols or labels.
    middle
        Median of each over the healthy samples [log2], shape (genes,).
    shift, scatter
        Largest size of the shift, and of the scatter, of a single healthy sample against them [log2].
    """

    genes: tuple[str, ...] = ()
    middle: FloatArray = field(default_factory=lambda: np.zeros(0))
    shift: float = 0.0
    scatter: float = 0.0


def build_background(
    expression: Expression, healthy: Sequence[str], signature_genes: frozenset[str]
) -> Background:
    """Return up to ``MOST_BACKGROUND`` genes that vary least for their level in the healthy samples."""
    columns = [str(name) for name in expression.values.columns]
    # by name, so that the order of rows in the file does not matter
    others = [(name, i) for i, name in enumerate(columns) if name not in signature_genes]
    own = np.array([i for _, i in sorted(others)], dtype=np.intp)
    if len(own) < (FEWEST_WITH_TOTALS if expression.scale in _OF_A_TOTAL else FEWEST_OTHERS):
        return Background()
    rows = expression.values.index.get_indexer(pd.Index(list(healthy)))
    values = expression.values.to_numpy(dtype=float)[np.ix_(rows, own)]
    full = np.flatnonzero(~np.isnan(values).any(axis=0))
    if len(full) < FEWEST_BACKGROUND:
        return Background()
    values = values[:, full]
    middle, spread = np.median(values, axis=0), values.std(axis=0, ddof=1)
    # genes that hardly are there only show the floor of the detector
    seen = (middle >= np.quantile(middle, 0.25)) & (spread <= np.median(spread))
    chosen = np.flatnonzero(seen if seen.sum() >= FEWEST_BACKGROUND else np.ones(len(full), dtype=bool))
    chosen = chosen[np.linspace(0, len(chosen) - 1, min(len(chosen), MOST_BACKGROUND)).astype(int)]
    shift, scatter = measure_distances(values[:, chosen], middle[chosen])
    names = tuple(str(expression.values.columns[own[full[i]]]) for i in chosen.tolist())
    return Background(names, middle[chosen], float(np.abs(shift).max()), float(scatter.max()))


def measure_distances(values: FloatArray, middle: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the typical distance of each sample from the background, and its scatter, each of shape (samples,)."""
    away = values - middle
    shift = np.nanmedian(away, axis=1)
    scatter = np.nanmedian(np.abs(away - shift[:, None]), axis=1) * 1.4826
    return shift, scatter
