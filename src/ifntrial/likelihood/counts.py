"""The likelihood of negative binomial counts with its slope and curvature, also next to Poisson.

A count of mean m has variance m + a m^2 with the dispersion a. Written with gamma functions of 1/a, the likelihood loses
all digits as a goes to zero; written with sums over the events, and with series in a m, it loses none.
"""

from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.likelihood.newton import Terms

_SERIES_BELOW = 0.02
_SERIES_TERMS = 14


_MOST_LOG_DISPERSION = 100.0
_MOST_MEAN = 1e100
"""Beyond these a product of both is no number any more."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of events and what they are explained by.

    Parameters
    ----------
    count
        Whole numbers, shape (subjects,).
    matrix
        Columns, shape (subjects, columns).
    log_time
        Logarithm of the time at risk, shape (subjects,).
    """

    count: FloatArray
    matrix: FloatArray
    log_time: FloatArray

    def mean(self, coefficients: FloatArray) -> FloatArray:
        """Return the expected counts, shape (subjects,)."""
        with np.errstate(over="ignore"):
            return np.asarray(np.exp(self.log_time + self.matrix @ coefficients))

    def poisson(self, coefficients: FloatArray) -> Terms:
        """Return the terms of the Poisson likelihood without its constant."""
        mean, matrix = self.mean(coefficients), self.matrix
        value = np.sum(self.count * (self.matrix @ coefficients) - mean)
        return float(value), matrix.T @ (self.count - mean), matrix.T @ (mean[:, None] * matrix)

    def negative_binomial(self, point: FloatArray) -> Terms:
        """Return the terms in the coefficients and, last, the logarithm of the dispersion."""
        count, matrix = self.count, self.matrix
        outside = -np.inf, np.zeros(len(point)), np.eye(len(point))
        if point[-1] > _MOST_LOG_DISPERSION or not np.all(self.mean(point[:-1]) < _MOST_MEAN):
            return outside
        with np.errstate(over="ignore", invalid="ignore"):
            mean, dispersion = self.mean(point[:-1]), float(np.exp(point[-1]))
            spread = 1.0 + dispersion * mean
            own, first, second = self._sums(dispersion)
            g, slope_g = _log_ratio(dispersion * mean)
            value = np.sum(
                own + count * (matrix @ point[:-1]) - count * np.log1p(dispersion * mean)
            ) - np.sum(np.log1p(dispersion * mean) / dispersion)
            by_dispersion = np.sum(first - count * mean / spread + mean**2 * g)
            twice = np.sum(second + count * mean**2 / spread**2 + mean**3 * slope_g)
            residual = (count - mean) / spread
            inner = mean * (1.0 + dispersion * count) / spread**2
        curvature = np.empty((len(point), len(point)))
        curvature[:-1, :-1] = matrix.T @ (inner[:, None] * matrix)
        curvature[-1, :-1] = curvature[:-1, -1] = dispersion * (matrix.T @ (residual * mean / spread))
        curvature[-1, -1] = -dispersion * by_dispersion - dispersion**2 * twice
        return float(value), np.append(matrix.T @ residual, dispersion * by_dispersion), curvature

    def _sums(self, dispersion: float) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return for each count y the sums over j < y of log(1 + a j) and of its first two derivatives in a."""
        earlier = np.arange(int(self.count.max()))
        part = earlier / (1.0 + dispersion * earlier)
        place = self.count.astype(np.int64)
        log, first, second = (
            np.concatenate([[0.0], np.cumsum(each)])[place]
            for each in (np.log1p(dispersion * earlier), part, -(part**2))
        )
        return log, first, second


def _log_ratio(t: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return (log(1 + t) - t / (1 + t)) / t^2 and its derivative, by their series where t is small."""
    large = np.where(t < _SERIES_BELOW, 1.0, t)
    whole = (np.log1p(large) - large / (1.0 + large)) / large**2
    slope = (1.0 / (1.0 + large) ** 2 - 2.0 * whole) / large
    small = np.where(t < _SERIES_BELOW, t, 0.0)
    series, slope_series = np.zeros_like(small), np.zeros_like(small)
    for k in range(_SERIES_TERMS, -1, -1):
        # Horner's scheme, and the same for the derivative
        slope_series = slope_series * small + series
        series = series * small + (-1.0) ** k * (k + 1.0) / (k + 2.0)
    is_small = t < _SERIES_BELOW
    return np.where(is_small, series, whole), np.where(is_small, slope_series, slope)
