"""The canonical joint normal distribution of a test over looks, by recursive integration."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.optimize import brentq
from scipy.special import log_ndtr, ndtr

from ifntrial.arrays import FloatArray
from ifntrial.read_only import returns_read_only

_NODES = 257
_REACH = 9.0
_FARTHEST = 40.0
_NOTHING = 1e-290


@lru_cache(maxsize=1)
@returns_read_only
def _quadrature() -> tuple[FloatArray, FloatArray]:
    points, weights = np.polynomial.legendre.leggauss(_NODES)
    return points, weights


@dataclass(frozen=True, slots=True)
class ScoreGrid:
    """Density of the score process of trials that go on, on the nodes of a quadrature rule.

    The score at information t has mean drift * t and variance t, with independent increments; z = score / sqrt(t).
    """

    nodes: FloatArray
    mass: FloatArray

    @staticmethod
    def start() -> "ScoreGrid":
        """Return what there is before the first look."""
        return ScoreGrid(np.zeros(1), np.ones(1))

    def above(self, rates: FloatArray, look: int, bound: float, drift: float) -> float:
        """Return the probability to go on until this look and to lie above the bound there."""
        return float(self.mass @ ndtr(-self._distance(rates, look, bound, drift)))

    def below(self, rates: FloatArray, look: int, bound: float, drift: float) -> float:
        """Return the probability to go on until this look and to lie below the bound there."""
        return float(self.mass @ ndtr(self._distance(rates, look, bound, drift)))

    def _distance(self, rates: FloatArray, look: int, bound: float, drift: float) -> FloatArray:
        step = rates[look] - (rates[look - 1] if look else 0.0)
        return np.asarray((bound * np.sqrt(rates[look]) - self.nodes - drift * step) / np.sqrt(step))

    def bound_for(self, rates: FloatArray, look: int, chance: float) -> float:
        """Return the bound that is crossed with the given chance without drift; infinite where there is no chance."""
        if chance <= _NOTHING:
            return np.inf

        def excess(bound: float) -> float:
            log_terms = log_ndtr(-self._distance(rates, look, bound, 0.0)) + np.log(
                np.maximum(self.mass, 1e-300)
            )
            top = log_terms.max()
            return float(top + np.log(np.exp(log_terms - top).sum()) - np.log(chance))

        return float(brentq(excess, -_FARTHEST, _FARTHEST, xtol=1e-13))

    def bound_below(self, rates: FloatArray, look: int, chance: float, drift: float) -> float:
        """Return the bound below which a trial falls with the given chance; minus infinity where there is none."""
        if chance <= _NOTHING:
            return -np.inf
        if chance >= self.mass.sum():
            return _FARTHEST
        return float(
            brentq(
                lambda bound: self.below(rates, look, bound, drift) - chance,
                -_FARTHEST,
                _FARTHEST,
                xtol=1e-12,
            )
        )

    def advance(self, rates: FloatArray, look: int, low: float, high: float, drift: float) -> "ScoreGrid":
        """Return the density of the trials that go on after this look."""
        step = rates[look] - (rates[look - 1] if look else 0.0)
        spread = np.sqrt(rates[look])
        center = drift * rates[look]
        left = max(low * spread, center - _REACH * spread)
        right = min(high * spread, center + _REACH * spread)
        if left >= right:
            return ScoreGrid(np.array([center]), np.zeros(1))
        points, weights = _quadrature()
        nodes = 0.5 * (right - left) * points + 0.5 * (right + left)
        gap = nodes[:, None] - self.nodes[None, :] - drift * step
        density = np.exp(-(gap**2) / (2.0 * step)) / np.sqrt(2.0 * np.pi * step)
        return ScoreGrid(nodes, 0.5 * (right - left) * weights * (density @ self.mass))
