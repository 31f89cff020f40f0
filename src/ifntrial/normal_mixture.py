"""A finite mixture of normal distributions: density, distribution function, quantiles and moments."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from ifntrial.arrays import FloatArray
from ifntrial.errors import InputError

_AT_ONCE = 4096
_MOST_STEPS = 200
_CLOSE = 1e-14
_LAST_DIGITS = 1e-15


@dataclass(frozen=True, slots=True)
class NormalMixture:
    """A distribution whose density is a weighted sum of normal densities.

    Parameters
    ----------
    weights
        Of the components, positive, with the sum 1; shape (components,).
    means, sds
        Of the components, in the unit of the quantity; the SDs are positive; shape (components,).
    """

    weights: FloatArray
    means: FloatArray
    sds: FloatArray

    @property
    def mean(self) -> float:
        """Expectation, in the unit of the quantity."""
        return float((self.weights * self.means).sum())

    @property
    def sd(self) -> float:
        """Standard deviation: the spread of the components' means is part of it."""
        return float(np.sqrt((self.weights * (self.sds**2 + (self.means - self.mean) ** 2)).sum()))

    def pdf(self, x: FloatArray | float) -> FloatArray:
        """Return the density at each ``x``, in the shape of ``x``."""
        z = self._standardized(x)
        return np.asarray(
            (np.exp(-0.5 * z**2) * (self.weights / self.sds)).sum(axis=-1) / np.sqrt(2.0 * np.pi)
        )

    def cdf(self, x: FloatArray | float) -> FloatArray:
        """Return the probability of at most ``x``, in the shape of ``x``."""
        return np.asarray((ndtr(self._standardized(x)) * self.weights).sum(axis=-1))

    def moments_between(self, low: float, high: float) -> tuple[float, float, float]:
        """Return the integrals of 1, ``x`` and ``x`` squared times the density from ``low`` to ``high``.

        Closed form: for each component, by parts, as the derivative of its density is linear in ``x`` times itself.
        """
        ends = [(np.array([end]) - self.means) / self.sds for end in (low, high)]
        below, above = (ndtr(z) for z in ends)
        heights = [np.exp(-0.5 * z**2) / np.sqrt(2.0 * np.pi) for z in ends]
        # at an infinite end the density takes the end with it
        leans = [np.where(np.isfinite(z), z, 0.0) * height for z, height in zip(ends, heights, strict=True)]
        mass = above - below
        first = self.means * mass - self.sds * (heights[1] - heights[0])
        second = (
            (self.means**2 + self.sds**2) * mass
            - 2.0 * self.means * self.sds * (heights[1] - heights[0])
            - self.sds**2 * (leans[1] - leans[0])
        )
        return (
            float((self.weights * mass).sum()),
            float((self.weights * first).sum()),
            float((self.weights * second).sum()),
        )

    def quantile(self, probability: FloatArray | float) -> FloatArray:
        """Return the value that is not exceeded with each probability, in the shape of ``probability``.

        Uniform random numbers as probabilities give draws from the mixture.

        Raises
        ------
        InputError
            If a probability is not strictly between 0 and 1.
        """
        asked = require_probabilities(probability)
        flat = asked.ravel()
        found = np.empty_like(flat)
        for first in range(0, flat.size, _AT_ONCE):
            found[first : first + _AT_ONCE] = self._solve(flat[first : first + _AT_ONCE])
        return found.reshape(asked.shape)

    def _standardized(self, x: FloatArray | float) -> FloatArray:
        return np.asarray((np.asarray(x, dtype=np.float64)[..., None] - self.means) / self.sds)

    def _solve(self, probability: FloatArray) -> FloatArray:
        """Return quantiles by Newton steps, halving the bracket where a step would leave it; shape (n,)."""
        # a mixture's quantile lies between the least and the greatest of its components' quantiles
        of_components = self.means + self.sds * ndtri(probability)[:, None]
        low, high = of_components.min(axis=1), of_components.max(axis=1)
        found: FloatArray = 0.5 * (low + high)
        left = np.arange(probability.size)
        for _ in range(_MOST_STEPS):
            if not left.size:
                break
            x, asked = found[left], probability[left]
            reached, density = self.cdf(x), self.pdf(x)
            is_above = reached > asked
            high[left[is_above]], low[left[~is_above]] = x[is_above], x[~is_above]
            with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
                # the log of a distribution function is all but a parabola in the tail, where the function is all but flat
                newton = x - np.log(reached / asked) * reached / density
            inside = (newton >= low[left]) & (newton <= high[left])
            found[left] = np.where(inside, newton, 0.5 * (low[left] + high[left]))
            # where the function is all but flat, its own last digit moves the value by more than the value's
            is_found = np.abs(reached - asked) <= _LAST_DIGITS * asked
            is_found |= np.abs(found[left] - x) <= _CLOSE * (np.abs(x) + self.sds.min())
            left = left[~is_found]
        return found


def require_probabilities(asked: FloatArray | float) -> FloatArray:
    """Return the probabilities as an array.

    Raises
    ------
    InputError
        If one is not strictly between 0 and 1.
    """
    values = np.asarray(asked, dtype=np.float64)
    if not np.all((values > 0) & (values < 1)):
        raise InputError(
            "a quantile was asked for a probability that has none",
            given=f"{values.size} probabilities from {values.min()} to {values.max()}",
            allowed="probabilities strictly between 0 and 1",
            fix="leave out 0, 1 and missing values",
        )
    return values
