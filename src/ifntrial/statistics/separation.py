"""Whether a regression of counts or responses runs away to infinity, decided by linear programming."""

import numpy as np
from scipy.optimize import linprog

from ifntrial.arrays import FloatArray

_LEAST = 1e-7


def runs_away(matrix: FloatArray, sign: FloatArray) -> bool:
    """Return whether some coefficients can grow for ever and fit ever better.

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
