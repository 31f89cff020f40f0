"""Random numbers of subjects by purpose, and the distributions they are turned into."""

from collections.abc import Mapping

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, ndtr, ndtri

from ifntrial.arrays import FloatArray
from ifntrial.items import CORE_ITEMS
from ifntrial.patients.entry_rows import CORRELATIONS
from ifntrial.seeds import Stream

_FARTHEST = 30.0
"""No intercept is farther from zero: beyond it every share is 0 or 1."""


class Draws:
    """The random numbers of one block of subjects, by purpose."""

    def __init__(self, seed: int, subjects: int, first: int) -> None:
        self.seed, self.subjects, self.first = seed, subjects, first

    def uniform(self, purpose: str) -> FloatArray:
        """Return one number in (0, 1) per subject, shape (subjects,)."""
        return Stream(self.seed, f"population: {purpose}").uniform(self.subjects, first=self.first)

    def normal(self, purpose: str, draw: int = 0) -> FloatArray:
        """Return one standard normal number per subject, shape (subjects,)."""
        return Stream(self.seed, f"population: {purpose}").normal(self.subjects, draw=draw, first=self.first)

    def normals(self, purpose: str, rows: int) -> FloatArray:
        """Return independent normals, shape (rows, subjects)."""
        return np.stack([self.normal(purpose, draw) for draw in range(rows)])


def truncated_normal(
    u: FloatArray,
    mean: FloatArray | float,
    sd: float,
    low: FloatArray | float,
    high: FloatArray | float,
) -> FloatArray:
    """Return quantiles ``u`` of a normal distribution cut to [low, high]."""
    bottom, top = ndtr((low - mean) / sd), ndtr((high - mean) / sd)
    return np.clip(mean + sd * ndtri(bottom + u * (top - bottom)), low, high)


def truncated_lognormal(
    u: FloatArray, median: FloatArray | float, cv: FloatArray | float, low: float, high: float
) -> FloatArray:
    """Return quantiles ``u`` of a lognormal distribution cut to [low, high]."""
    sigma = np.sqrt(np.log1p(np.square(cv)))
    center = np.log(median)
    bottom = ndtr((np.log(low) - center) / sigma) if low > 0 else 0.0
    top = ndtr((np.log(high) - center) / sigma)
    return np.asarray(np.clip(np.exp(center + sigma * ndtri(bottom + u * (top - bottom))), low, high))


def correlate(matrix: FloatArray, normals: FloatArray) -> FloatArray:
    """Return independent normals of shape (items, subjects), mixed so that they correlate as the matrix says.

    One subject's sum is always taken in the same order: a matrix product rounds otherwise for other numbers of subjects.
    """
    root = np.linalg.cholesky(matrix)
    mixed = np.zeros_like(normals)
    for row in range(len(root)):
        for column in range(row + 1):
            mixed[row] += root[row, column] * normals[column]
    return mixed


def item_correlation(correlation: Mapping[str, float]) -> FloatArray:
    """Return the correlation matrix of ``CORE_ITEMS`` from rows ``correlation_*``, shape (5, 5)."""
    matrix = np.eye(len(CORE_ITEMS))
    for i, j, name in CORRELATIONS:
        matrix[i, j] = matrix[j, i] = correlation[name]
    return matrix


def logistic_intercept(offset: tuple[float, ...], weight: tuple[float, ...], share: float) -> float:
    """Return the intercept of a logistic regression at which a mixture of kinds of patients has this share.

    Parameters
    ----------
    offset, weight
        Log odds of each kind beside the intercept, and how many are of that kind.
    share
        Of all of them, between 0 and 1.
    """
    at, of = np.array(offset), np.array(weight) / np.sum(weight)
    return float(
        brentq(lambda x: float(np.sum(of * expit(x + at))) - share, -_FARTHEST, _FARTHEST, xtol=1e-13)
    )


def normal_threshold(location: tuple[float, ...], weight: tuple[float, ...], share: float) -> float:
    """Return the threshold above which this share of a mixture of normal numbers of variance one lies.

    Parameters
    ----------
    location, weight
        Mean of each part, and how many are of it.
    share
        Of all of them; 0 and 1 give a threshold that nobody, or everybody, passes.
    """
    at, of = np.array(location), np.array(weight) / np.sum(weight)
    if share in (0.0, 1.0):
        return _FARTHEST if share == 0.0 else -_FARTHEST
    return float(
        brentq(lambda t: float(np.sum(of * ndtr(at - t))) - share, -_FARTHEST, _FARTHEST, xtol=1e-13)
    )
