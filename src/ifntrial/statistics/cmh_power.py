"""Power of the stratified test from the response rates of a population, and its slopes."""

from dataclasses import dataclass

import numpy as np
from scipy.special import logit, ndtr, ndtri

from ifntrial.arrays import FloatArray
from ifntrial.levels import ALPHA_ONE_SIDED
from ifntrial.ties import exceeds


@dataclass(frozen=True, slots=True)
class StratumRates:
    """Response rates of a population, by stratum.

    Parameters
    ----------
    share
        Share of the population, shape (..., strata), sum one.
    active, control
        Probability of response in each arm, same shape.
    """

    share: FloatArray
    active: FloatArray
    control: FloatArray

    @property
    def overall(self) -> tuple[float, float]:
        """Probability of response in the population: active, control."""
        return float((self.share * self.active).sum()), float((self.share * self.control).sum())

    @property
    def log_odds_ratio(self) -> float:
        """Log odds ratio of the overall rates, active against control."""
        active, control = self.overall
        return float(logit(active) - logit(control))


def cmh_power(
    rates: StratumRates, n_active: float, n_control: float, alpha_one_sided: float = ALPHA_ONE_SIDED
) -> FloatArray:
    """Return the power of the stratified test, by normal approximation, shape (...) of the rates.

    Subjects come at random from the population, so that stratum sizes vary; arms are balanced within strata. With equal
    rates the result is ``alpha_one_sided`` exactly.
    """
    mean, under_null, variance = _moments(rates, n_active, n_control)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (mean + ndtri(alpha_one_sided) * np.sqrt(under_null)) / np.sqrt(variance)
    return np.where(variance > 0, ndtr(z), np.where(mean > 0, 1.0, 0.0))


def _moments(
    rates: StratumRates, n_active: float, n_control: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return mean of the test's numerator, its expected null variance, and its true variance, shape (...)."""
    total = n_active + n_control
    split = n_active * n_control / total**2
    pooled = (n_active * rates.active + n_control * rates.control) / total
    difference = rates.active - rates.control
    mean = total * split * (rates.share * difference).sum(-1)
    binomial = pooled * (1.0 - pooled)
    under_null = total * split * (rates.share * binomial).sum(-1) + _null_excess(rates, difference, split)
    spread = (
        rates.share
        * (
            n_control / total * rates.active * (1.0 - rates.active)
            + n_active / total * rates.control * (1.0 - rates.control)
        )
    ).sum(-1)
    between = (rates.share * difference**2).sum(-1) - (rates.share * difference).sum(-1) ** 2
    return mean, under_null, total * split * spread + total * split**2 * between


def _null_excess(rates: StratumRates, difference: FloatArray, split: float) -> FloatArray:
    """Return how much a true difference adds to the expected null variance: one part in the stratum's size."""
    excess: FloatArray = split**2 * (np.where(rates.share > 0, 1.0, 0.0) * difference**2).sum(-1)
    return excess


def power_slopes(
    rates: StratumRates, n_active: float, n_control: float, alpha: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the derivatives of ``cmh_power`` in share and rates of each stratum; zero where the power is certain."""
    total, split = n_active + n_control, n_active * n_control / (n_active + n_control) ** 2
    share, active, control = rates.share, rates.active, rates.control
    own, other = n_active / total, n_control / total
    pooled, gap = own * active + other * control, active - control
    shared = float((share * gap).sum())
    excess = 2.0 * split**2 * np.where(share > 0, gap, 0.0)
    spread = other * active * (1.0 - active) + own * control * (1.0 - control)
    mean = total * split * np.stack([gap, share, -share])
    null = np.stack(
        [
            total * split * pooled * (1.0 - pooled),
            total * split * share * (1.0 - 2.0 * pooled) * own + excess,
            total * split * share * (1.0 - 2.0 * pooled) * other - excess,
        ]
    )
    variance = (
        total
        * split
        * np.stack(
            [
                spread + split * (gap**2 - 2.0 * shared * gap),
                share * (other * (1.0 - 2.0 * active) + 2.0 * split * (gap - shared)),
                share * (own * (1.0 - 2.0 * control) - 2.0 * split * (gap - shared)),
            ]
        )
    )
    expected, under_null, of_z = _moments(rates, n_active, n_control)
    if not exceeds(of_z, 0.0, scale=1.0) or not under_null > 0:
        nothing = np.zeros_like(share)
        return nothing, nothing, nothing
    critical = ndtri(alpha)
    z = (expected + critical * np.sqrt(under_null)) / np.sqrt(of_z)
    slope = (mean + critical * null / (2.0 * np.sqrt(under_null))) / np.sqrt(of_z) - z * variance / (
        2.0 * of_z
    )
    by_share, by_active, by_control = np.exp(-(z**2) / 2.0) / np.sqrt(2.0 * np.pi) * slope
    return by_share, by_active, by_control
