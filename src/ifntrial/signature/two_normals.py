"""Two normal distributions of one spread, fitted to numbers by maximum likelihood.

A few rounds of expectation and maximization lead towards the top, Newton steps reach it: the rounds alone get slower the
closer they are, so that where they stop depends on a number held against them and not on the data.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, log_expit

from ifntrial.arrays import FloatArray
from ifntrial.likelihood.newton import Terms, climb

_ROUNDS = 100
_NARROWEST = 1e-3
"""Standard deviations of all numbers: where they take two values only, each part is this wide."""


@dataclass(frozen=True, slots=True)
class TwoNormals:
    """The fit.

    Parameters
    ----------
    low, high
        Means of the lower and of the upper part.
    sd
        Standard deviation of either.
    share
        Of the upper part.
    log_likelihood
        Of all numbers.
    """

    low: float
    high: float
    sd: float
    share: float
    log_likelihood: float

    @property
    def slope(self) -> float:
        """Return how fast the log odds of the upper part rise with the number."""
        return (self.high - self.low) / self.sd**2

    @property
    def offset(self) -> float:
        """Return the log odds of the upper part at zero."""
        return float(np.log(self.share) - np.log1p(-self.share) - self.slope * (self.high + self.low) / 2.0)


def fit_two_normals(values: FloatArray) -> TwoNormals | None:
    """Return the fit, or nothing where the likelihood has no maximum with two parts.

    Parameters
    ----------
    values
        Not all the same, shape (n,).
    """
    center, scale = float(values.mean()), float(values.std())
    x = (np.sort(values) - center) / scale
    point = _rounds(x)
    if point[2] > np.log(_NARROWEST):
        found = climb(lambda point: _terms(point, x), point)
        if not found.is_found:
            return None
        point = found.point
    value = _terms(point, x)[0] - len(x) * (np.log(scale) + 0.5 * np.log(2.0 * np.pi))
    m1, m2, log_sd, log_odds = (float(each) for each in point)
    if m1 > m2:
        m1, m2, log_odds = m2, m1, -log_odds
    return TwoNormals(
        low=center + scale * m1,
        high=center + scale * m2,
        sd=scale * float(np.exp(log_sd)),
        share=float(expit(log_odds)),
        log_likelihood=float(value),
    )


def _rounds(x: FloatArray) -> FloatArray:
    """Return means, log SD and log odds after some rounds of expectation and maximization from the quartiles."""
    (m1, m2), sd, share = np.quantile(x, [0.25, 0.75]), 1.0, 0.5
    for _ in range(_ROUNDS):
        upper = expit(np.log(share) - np.log1p(-share) + ((x - m1) ** 2 - (x - m2) ** 2) / (2.0 * sd**2))
        share = min(max(float(upper.mean()), 1e-9), 1.0 - 1e-9)
        m1, m2 = np.average(x, weights=1.0 - upper), np.average(x, weights=upper)
        sd = max(float(np.sqrt(np.mean((1.0 - upper) * (x - m1) ** 2 + upper * (x - m2) ** 2))), _NARROWEST)
    return np.array([m1, m2, np.log(sd), np.log(share) - np.log1p(-share)])


def _terms(point: FloatArray, x: FloatArray) -> Terms:
    """Return the log likelihood, without the constant of the normal, in means, log SD and log odds."""
    m1, m2, log_sd, log_odds = point
    with np.errstate(over="ignore", invalid="ignore"):
        sd = np.exp(log_sd)
        z1, z2 = (x - m1) / sd, (x - m2) / sd
        lower, upper = log_expit(-log_odds) - z1**2 / 2.0, log_expit(log_odds) - z2**2 / 2.0
        value = np.sum(np.logaddexp(lower, upper)) - len(x) * log_sd
        r, share = expit(upper - lower), expit(log_odds)
        nothing = np.zeros_like(x)
        # slopes of the log density of either part, shape (4, n)
        g1 = np.stack([z1 / sd, nothing, z1**2 - 1.0, np.full_like(x, -share)])
        g2 = np.stack([nothing, z2 / sd, z2**2 - 1.0, np.full_like(x, 1.0 - share)])
        gap = g2 - g1
        curvature = -np.einsum("in,jn->ij", gap * (r * (1.0 - r)), gap)
        curvature[0, 0] += np.sum(1.0 - r) / sd**2
        curvature[1, 1] += np.sum(r) / sd**2
        mixed = 2.0 * np.sum((1.0 - r) * z1) / sd, 2.0 * np.sum(r * z2) / sd
        for place, each in enumerate(mixed):
            curvature[place, 2] += each
            curvature[2, place] += each
        curvature[2, 2] += 2.0 * np.sum((1.0 - r) * z1**2 + r * z2**2)
        curvature[3, 3] += len(x) * share * (1.0 - share)
        slope = np.sum((1.0 - r) * g1 + r * g2, axis=1)
    return (float(value) if np.isfinite(value) else -np.inf), slope, curvature
