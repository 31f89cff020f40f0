"""The SD between the drugs of a class: its posterior under a half-normal prior, by quadrature."""

from dataclasses import dataclass

import numpy as np
from numpy.polynomial.legendre import leggauss
from scipy.optimize import brentq

from ifntrial.arrays import FloatArray
from ifntrial.errors import SolverError
from ifntrial.normal_mixture import require_probabilities
from ifntrial.statistics.trial_effects import HierarchyPrior, TrialEffects, effects_given_tau

_MOST_PANELS = 4096
_PANEL_NODES = 16
_SETTLED = 1e-10
_REACH = 9.0
_LEAST_SHARE = 1e-18


@dataclass(frozen=True, slots=True)
class BetweenDrugs:
    """Posterior of tau, the SD between drugs, in the unit of the estimates.

    Parameters
    ----------
    nodes, weights
        Where the posterior was taken for its integral, and the share of it that each place stands for; shape (nodes,).
    trials, prior, log_normalizer, panel_length
        From which the density and its integral are computed anew at any place.
    """

    nodes: FloatArray
    weights: FloatArray
    trials: TrialEffects
    prior: HierarchyPrior
    log_normalizer: float
    panel_length: float

    @property
    def mean(self) -> float:
        """Posterior expectation."""
        return float((self.weights * self.nodes).sum())

    @property
    def sd(self) -> float:
        """Posterior standard deviation."""
        return float(np.sqrt((self.weights * (self.nodes - self.mean) ** 2).sum()))

    @property
    def prior_sd(self) -> float:
        """Standard deviation of the half-normal prior."""
        return self.prior.tau_scale * float(np.sqrt(1.0 - 2.0 / np.pi))

    @property
    def sd_ratio(self) -> float:
        """Posterior over prior SD: near or above 1, the prior decides how much drugs differ, and not the trials."""
        return self.sd / self.prior_sd

    def pdf(self, tau: FloatArray) -> FloatArray:
        """Return the posterior density at each tau, zero below zero; shape (taus,)."""
        return np.where(
            tau < 0, 0.0, np.exp(_log_posterior(self.trials, self.prior, np.abs(tau)) - self.log_normalizer)
        )

    def cdf(self, tau: float) -> float:
        """Return the posterior probability of at most ``tau``."""
        width = _width(self.trials, self.prior)
        end = float(np.arcsinh(np.clip(tau, 0.0, _farthest(self.trials, self.prior)) / width))
        nodes, weights = _panels(width, end, 1 + int(end / self.panel_length))
        return float(np.clip((weights * self.pdf(nodes)).sum(), 0.0, 1.0))

    def quantile(self, probability: float) -> float:
        """Return the tau that is not exceeded with this probability.

        Raises
        ------
        InputError
            If the probability is not strictly between 0 and 1.
        """
        require_probabilities(probability)
        most = _farthest(self.trials, self.prior)
        if self.cdf(most) <= probability:
            return most
        return float(brentq(lambda tau: self.cdf(tau) - probability, 0.0, most, xtol=1e-14 * most))


def integrate(trials: TrialEffects, prior: HierarchyPrior) -> BetweenDrugs:
    """Return the posterior of tau.

    A substitution by sinh spreads both the detail near zero and the tail over panels of equal length, each with
    Gauss's nodes. The panels are halved until the integral and the moments of tau and of the class's mean stay within
    1e-10; with an analytic density the last grid is then far closer than that.

    Raises
    ------
    SolverError
        If that takes more than 4,096 panels.

    Source
    ------
    Davis and Rabinowitz, Methods of Numerical Integration, 1984 (composite Gauss rules).
    """
    width = _width(trials, prior)
    end = float(np.arcsinh(_farthest(trials, prior) / width))
    panels, before = 2, np.full(5, np.nan)
    while panels <= _MOST_PANELS:
        nodes, weights = _panels(width, end, panels)
        log_terms = _log_posterior(trials, prior, nodes) + np.log(weights)
        highest = float(log_terms.max())
        terms = np.exp(log_terms - highest)
        shares = terms / terms.sum()
        log_normalizer = highest + float(np.log(terms.sum()))
        summary = _summary(trials, prior, nodes, shares, log_normalizer)
        if np.all(np.abs(summary - before) <= _SETTLED * (1.0 + np.abs(summary))):
            kept = shares > _LEAST_SHARE
            weights = shares[kept] / shares[kept].sum()
            return BetweenDrugs(nodes[kept], weights, trials, prior, log_normalizer, end / panels)
        panels, before = 2 * panels, summary
    raise SolverError(
        "the integral over the SD between drugs does not settle",
        given=f"standard errors {trials.standard_errors.tolist()}, scale {prior.tau_scale}",
        allowed="errors and a scale that lie within many, but not all, orders of magnitude",
        fix="check the unit of the estimates and of the scale",
    )


def _panels(width: float, end: float, panels: int) -> tuple[FloatArray, FloatArray]:
    """Return nodes of tau from 0 to ``width * sinh(end)`` and their weights, shape (panels x nodes,) each."""
    place, weight = leggauss(_PANEL_NODES)
    half = 0.5 * end / panels
    t = ((2.0 * np.arange(panels)[:, None] + 1.0 + place) * half).ravel()
    return width * np.sinh(t), np.tile(weight, panels) * half * width * np.cosh(t)


def _log_posterior(trials: TrialEffects, prior: HierarchyPrior, tau: FloatArray) -> FloatArray:
    """Return the log of the posterior density of tau, up to a constant, shape (taus,)."""
    likelihood = effects_given_tau(trials, prior, tau).log_likelihood
    return np.asarray(likelihood - 0.5 * (tau / prior.tau_scale) ** 2)


def _summary(
    trials: TrialEffects, prior: HierarchyPrior, nodes: FloatArray, shares: FloatArray, log_normalizer: float
) -> FloatArray:
    """Return what must settle, without units: the log integral and the moments of tau and of the class's mean."""
    given = effects_given_tau(trials, prior, nodes)
    middle = (shares * given.class_mean).sum()
    variance = (shares * (given.class_variance + (given.class_mean - middle) ** 2)).sum()
    tau = (shares * nodes).sum()
    spread = (shares * (nodes - tau) ** 2).sum()
    distance = (middle - trials.estimates[0]) / np.sqrt(variance)
    return np.array([log_normalizer, np.log(tau), spread / tau**2, distance, np.log(variance)])


def _width(trials: TrialEffects, prior: HierarchyPrior) -> float:
    """Return the SD of the class's mean if drugs did not differ: the finest detail that tau can have."""
    precision = np.sum(trials.standard_errors**-2.0) + prior.mean_sd**-2
    return float((precision * (1.0 + prior.within_drug_ratio**2)) ** -0.5)


def _farthest(trials: TrialEffects, prior: HierarchyPrior) -> float:
    """Return a tau beyond which the posterior has nothing that counts, however far apart the estimates are.

    With estimates at a distance d in all, their likelihood rises no faster than that of d^2 / (tau^2 + width^2), so that
    the mode lies where the half-normal prior has overtaken it, or before.
    """
    center = prior.mean if np.isfinite(prior.mean_sd) else trials.estimates.mean()
    distance = float(np.sqrt(np.sum((trials.estimates - center) ** 2)))
    square_of_mode = max(prior.tau_scale * distance - _width(trials, prior) ** 2, 0.0)
    return _REACH * prior.tau_scale + float(np.sqrt(square_of_mode))
