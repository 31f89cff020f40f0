"""Regression with a random intercept for each subject, by restricted maximum likelihood.

With one ratio of variances to find, the largest likelihood is looked for over its whole range, and its place is where
the slope changes sign: an optimiser that starts somewhere and stops by the size of a gradient may find neither.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from ifntrial.arrays import FloatArray, IndexArray
from ifntrial.errors import SolverError
from ifntrial.read_only import read_only

_RATIOS = read_only(np.concatenate([[0.0], np.geomspace(1e-4, 1e6, 81)]))
"""Variance between subjects over variance within them."""
_LEAST_RESIDUAL = 1e-20
_PRECISION = 1e-12


@dataclass(frozen=True, slots=True)
class RandomIntercept:
    """A fitted model.

    Parameters
    ----------
    coefficient, standard_error
        Of each column, shape (columns,).
    ratio
        Variance between subjects over variance within them.
    """

    coefficient: FloatArray
    standard_error: FloatArray
    ratio: float


@dataclass(frozen=True, slots=True)
class _Terms:
    coefficient: FloatArray
    inverse: FloatArray
    variance: float
    value: float
    slope: float


def fit_random_intercept(outcome: FloatArray, matrix: FloatArray, subject: IndexArray) -> RandomIntercept:
    """Return the fit.

    Parameters
    ----------
    outcome
        Shape (samples,).
    matrix
        Independent columns, shape (samples, columns).
    subject
        Number of each sample's subject, from 0 on, shape (samples,).

    Raises
    ------
    SolverError
        If the outcome does not vary within subjects beyond the columns, so that the ratio is infinite.
    """
    scale = float(np.abs(outcome).max()) or 1.0
    columns = np.abs(matrix).max(axis=0)
    own = outcome / scale, matrix / columns, subject
    found = [_terms(ratio, *own) for ratio in _RATIOS]
    best = int(np.argmax([terms.value for terms in found]))
    if best == len(found) - 1 or found[best].variance < _LEAST_RESIDUAL:
        raise SolverError(
            "the outcome does not vary within subjects beyond what the variables explain",
            allowed="subjects whose visits differ",
            fix="leave the repeated visits out",
        )
    ratio = float(_RATIOS[best])
    if best or found[0].slope > 0:
        low, high = _RATIOS[max(best - 1, 0)], _RATIOS[best + 1]
        ratio = float(brentq(lambda x: _terms(x, *own).slope, low, high, xtol=_PRECISION, rtol=_PRECISION))
    terms = _terms(ratio, *own)
    error = np.sqrt(terms.variance * np.diag(terms.inverse))
    return RandomIntercept(terms.coefficient * scale / columns, error * scale / columns, ratio)


def _terms(ratio: float, outcome: FloatArray, matrix: FloatArray, subject: IndexArray) -> _Terms:
    """Return coefficients, restricted log likelihood and its slope at one ratio of variances."""
    size = np.bincount(subject)
    shrunk = 1.0 + ratio * size
    inner = np.column_stack([matrix, outcome])
    sums = np.stack([np.bincount(subject, column) for column in inner.T], axis=1)
    products = inner.T @ inner - ratio * (sums.T @ (sums / shrunk[:, None]))
    inverse = np.linalg.inv(products[:-1, :-1])
    coefficient = inverse @ products[:-1, -1]
    residual = outcome - matrix @ coefficient
    residual_sums = np.bincount(subject, residual)
    free = len(outcome) - matrix.shape[1]
    squares = float(np.sum(residual**2) - ratio * np.sum(residual_sums**2 / shrunk))
    variance = max(squares / free, 1e-300)
    own = sums[:, :-1] / shrunk[:, None]
    trace = np.sum(size / shrunk) - np.sum((own @ inverse) * own)
    _, log_information = np.linalg.slogdet(products[:-1, :-1])
    value = -0.5 * (free * np.log(variance) + np.sum(np.log(shrunk)) + log_information)
    slope = -0.5 * (trace - np.sum((residual_sums / shrunk) ** 2) / variance)
    return _Terms(coefficient, inverse, variance, float(value), float(slope))
