"""Entropy balancing: the weights closest to equal ones that bring chosen averages to chosen values.

Hainmueller 2012, Political Analysis 20:25, doi 10.1093/pan/mpr025. The weight of a person is the exponential of a
weighted sum of that person's features, so that the few coefficients of the convex dual give everybody's weight, also
of people drawn later. Averages may miss their values by their tolerance: the dual then has a quadratic penalty
(maximum entropy with soft constraints), and conflicting targets find a compromise instead of no solution.
"""

from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.errors import RunError
from ifntrial.likelihood.newton import Terms, climb


@dataclass(frozen=True, slots=True)
class Balance:
    """The solution of the dual.

    Parameters
    ----------
    coefficient
        One per feature.
    log_mean
        What is taken off the exponent, so that weights have mean one.
    cap
        Largest weight.
    """

    coefficient: FloatArray
    log_mean: float
    cap: float

    def weight(self, feature: FloatArray) -> FloatArray:
        """Return the weights of people with these features, shape (subjects, features), mean one in those balanced."""
        return np.minimum(np.exp(feature @ self.coefficient - self.log_mean), self.cap)


def balance(feature: FloatArray, cap: float = np.inf, start: Balance | None = None) -> Balance:
    """Return the weights that bring the weighted mean of every feature towards zero.

    Parameters
    ----------
    feature
        Deviation of each person from each target in units of that target's tolerance, shape (subjects, features).
    cap
        Largest weight allowed; no other weights below it come closer to equal ones.
    start
        A solution nearby.

    Raises
    ------
    RunError
        If the optimiser does not reach its minimum.
    """
    if not np.all(np.isfinite(feature)):
        raise RunError(
            "features of patients hold missing or infinite values", fix="look at the rows behind them"
        )
    size = len(feature)
    ceiling = np.log(cap)

    def dual(point: FloatArray) -> Terms:
        """Return the dual, turned upside down: its one maximum gives the weights."""
        exponent = feature @ point[1:] - point[0]
        weight = np.exp(np.minimum(exponent, ceiling))
        # beyond the ceiling the conjugate of a bounded entropy goes on as a straight line
        beyond = weight * np.maximum(exponent - ceiling, 0.0) if np.isfinite(ceiling) else 0.0
        value = float(np.mean(weight + beyond)) + point[0] + 0.5 * float(point[1:] @ point[1:])
        slope = np.concatenate(([1.0 - weight.mean()], weight @ feature / size + point[1:]))
        inner = np.where(exponent < ceiling, weight, 0.0) / size
        sums = inner @ feature
        square = np.empty((len(point), len(point)))
        square[0, 0], square[0, 1:], square[1:, 0] = inner.sum(), -sums, -sums
        square[1:, 1:] = feature.T @ (inner[:, None] * feature) + np.eye(len(point) - 1)
        return -value, -slope, square

    zero = np.zeros(feature.shape[1] + 1)
    found = climb(dual, zero if start is None else np.array([start.log_mean, *start.coefficient]))
    if not found.is_found:
        raise RunError(
            "the weights of patients could not be balanced",
            given=f"a point {found.distance:.1g} away from the best, where no step leads nearer",
            fix="look for targets that contradict each other far beyond their tolerance",
        )
    return Balance(np.asarray(found.point[1:]), float(found.point[0]), cap)


def effective_size(weight: FloatArray) -> float:
    """Return Kish's effective sample size: how many equally weighted people would be as informative."""
    return float(weight.sum() ** 2 / np.sum(weight**2))
