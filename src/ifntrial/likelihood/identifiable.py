"""Whether a regression has one answer: independent columns, and no direction in which it runs away to infinity."""

import numpy as np
from scipy.optimize import linprog

from ifntrial.arrays import FloatArray

_LEAST = 1e-7


def are_independent(matrix: FloatArray) -> bool:
    """Return whether columns are linearly independent, whatever their units."""
    largest = np.abs(matrix).max(axis=0, initial=0.0)
    if not np.all(largest > 0):
        return False
    return bool(np.linalg.matrix_rank(matrix / largest) == matrix.shape[1])


def runs_away(matrix: FloatArray, sign: FloatArray) -> bool:
    """Return whether some coefficients can grow for ever and fit ever better, decided by linear programming.

    Parameters
    ----------
    matrix
        Independent columns, shape (subjects, columns).
    sign
        The way each subject's predictor may move without a worse fit: 1 up, -1 down, 0 not at all; shape (subjects,).

    Source
    ------
    Albert and Anderson, Biometrika 1984;71:1: a finite maximum exists unless such a direction does.
    """
    scaled = matrix / np.abs(matrix).max(axis=0)
    towards = scaled * sign[:, None]
    moving, fixed = towards[sign != 0], scaled[sign == 0]
    found = linprog(
        -moving.sum(axis=0),
        A_ub=-moving,
        b_ub=np.zeros(len(moving)),
        A_eq=fixed if len(fixed) else None,
        b_eq=np.zeros(len(fixed)) if len(fixed) else None,
        bounds=(-1.0, 1.0),
        method="highs",
    )
    return found.status == 0 and found.fun is not None and bool(found.fun < -_LEAST)
