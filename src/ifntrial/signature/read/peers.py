"""Which of several rows of a gene goes with the other genes of the signatures, where one does and another does not.

Genes that interferon raises move together wherever some samples are raised. A row that moves as much as another of its
gene, but alone, is noise, and by its spread it cannot be told.
"""

import numpy as np

from ifntrial.arrays import FloatArray

FEWEST_PEERS, FEWEST_SAMPLES = 8, 8
_GOES_WITH, _AS_WELL = 0.6, 0.6
_FLAT = 0.3


def common_course(log2: FloatArray) -> FloatArray:
    """Return the typical course of genes over samples, each on its own spread, shape (samples,); NaN where there is none.

    Parameters
    ----------
    log2
        Levels of genes of the signatures that have one row each, shape (samples, genes).
    """
    nothing = np.full(len(log2), np.nan)
    full = log2[:, ~np.isnan(log2).any(axis=0)]
    if full.shape[1] < FEWEST_PEERS or len(full) < FEWEST_SAMPLES:
        return nothing
    spread = full.std(axis=0, ddof=1)
    moving = full[:, spread >= _FLAT]
    if moving.shape[1] < FEWEST_PEERS:
        return nothing
    middle: FloatArray = np.median((moving - moving.mean(axis=0)) / moving.std(axis=0, ddof=1), axis=1)
    return middle


def tell_by_peers(rows: FloatArray, course: FloatArray) -> np.ndarray | None:
    """Return which rows of a gene go with the common course, where some do and others clearly do not; else None.

    Parameters
    ----------
    rows
        Levels of the rows of one gene [log2], shape (samples, rows).
    course
        From :func:`common_course`, shape (samples,).
    """
    if len(course) < FEWEST_SAMPLES or np.isnan(course).any() or float(course.std()) == 0.0:
        return None
    agreement = np.array([_correlate(row, course) for row in rows.T])
    best = float(np.nanmax(np.nan_to_num(agreement)))
    if best < _GOES_WITH:
        return None
    found: np.ndarray = np.flatnonzero(np.nan_to_num(agreement) >= _AS_WELL * best)
    return found if len(found) < len(agreement) else None


def _correlate(one: FloatArray, other: FloatArray) -> float:
    a, b = one - one.mean(), other - other.mean()
    # not by ``@``: a library's product rounds otherwise for another number of its threads
    length = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / length if length > 0.0 else np.nan
