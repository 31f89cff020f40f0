"""The probability that correlated normal variables all lie below their limits."""

from functools import lru_cache

import numpy as np
from numpy.polynomial.legendre import leggauss
from scipy.special import ndtr, ndtri

from ifntrial.arrays import FloatArray
from ifntrial.read_only import returns_read_only

_JITTER, _TINY = 1e-9, 1e-15
_NODES = {2: 96, 3: 48, 4: 16}
"""Nodes in each of all variables but the last, by their number; from four on the same."""


def all_below(limits: FloatArray, correlation: FloatArray) -> float:
    """Return the probability that standard normal variables all lie below their limits.

    By conditioning one variable after another, with Gauss's nodes over the distribution function of each: a quadrature
    without chance, of which the last digit is that of its numbers. SciPy's own is a randomized one, whose number of
    points hangs on the last digit.

    Parameters
    ----------
    limits
        Shape (variables,).
    correlation
        May be singular, shape (variables, variables).

    Source
    ------
    Genz, J Comput Graph Stat 1992;1:141 (the transformation).
    """
    root = np.linalg.cholesky((1.0 - _JITTER) * correlation + _JITTER * np.eye(len(limits)))
    place, share = _nodes(_NODES[min(len(limits), max(_NODES))])
    drawn: list[FloatArray] = []
    chance, weight = np.ones(1), np.ones(1)
    for variable, limit in enumerate(limits):
        shift = np.sum([root[variable, k] * each for k, each in enumerate(drawn)], axis=0) if drawn else 0.0
        below = ndtr((limit - shift) / root[variable, variable])
        chance = chance * below
        if variable + 1 < len(limits):
            inside = np.clip(np.multiply.outer(place, below * np.ones_like(chance)), _TINY, 1.0 - _TINY)
            drawn = [np.broadcast_to(each, inside.shape).ravel() for each in drawn] + [ndtri(inside).ravel()]
            chance = np.broadcast_to(chance, inside.shape).ravel()
            weight = np.multiply.outer(share, weight).ravel()
    return float((weight * chance).sum())


@lru_cache(maxsize=4)
@returns_read_only
def _nodes(count: int) -> tuple[FloatArray, FloatArray]:
    """Return Gauss's nodes and weights from 0 to 1."""
    nodes, weights = leggauss(count)
    return 0.5 * (nodes + 1.0), 0.5 * weights
