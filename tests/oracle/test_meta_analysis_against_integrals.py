"""Meta-analysis of nested trials against adaptive integrals of SciPy over densities written out term by term.

Two trials: a double integral over mean and spread of products of normal densities, without any conditioning. Five
trials of three drugs: the estimates as one multivariate normal vector of full covariance, conditioned with dense
matrices, and an adaptive integral over the spread alone.
"""

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import dblquad, quad
from scipy.special import k0, ndtr
from scipy.stats import multivariate_normal, norm

from ifntrial.statistics.meta_analysis import MetaAnalysis, analyze_trials
from ifntrial.statistics.trial_effects import HierarchyPrior, TrialEffects

Y, S = np.array([0.7, 0.1]), np.array([0.25, 0.4])
SCALE, MEAN, MEAN_SD = 0.3, 0.2, 0.9


@pytest.fixture(scope="module")
def two() -> MetaAnalysis:
    trials = TrialEffects(("one", "two"), ("one", "two"), Y, S)
    return analyze_trials(trials, HierarchyPrior(SCALE, 0.0, MEAN, MEAN_SD))


def joint(mu: float, tau: float) -> float:
    exponent = (mu - MEAN) ** 2 / MEAN_SD**2 + tau**2 / SCALE**2
    variance = S**2 + tau**2
    return float(
        np.exp(-0.5 * (exponent + ((Y - mu) ** 2 / variance).sum())) / np.sqrt(variance[0] * variance[1])
    )


def expect(function) -> float:
    value, _ = dblquad(
        lambda mu, tau: function(mu, tau) * joint(mu, tau), 0, 3.0, -4, 5, epsabs=0, epsrel=1e-10
    )
    return float(value)


def test_two_trials_by_a_double_integral(two: MetaAnalysis) -> None:
    total = expect(lambda mu, tau: 1.0)
    assert expect(lambda mu, tau: mu) / total == pytest.approx(two.class_mean.mean, abs=1e-8)
    assert expect(lambda mu, tau: mu**2) / total == pytest.approx(
        two.class_mean.sd**2 + two.class_mean.mean**2, abs=1e-8
    )
    assert expect(lambda mu, tau: tau) / total == pytest.approx(two.tau.mean, abs=1e-8)
    assert expect(lambda mu, tau: mu**2 + tau**2) / total == pytest.approx(
        two.next_drug.sd**2 + two.next_drug.mean**2, abs=1e-8
    )
    # the effect of the first trial, given mean and spread, lies between its estimate and the mean
    drawn = expect(lambda mu, tau: (tau**2 * Y[0] + S[0] ** 2 * mu) / (tau**2 + S[0] ** 2)) / total
    assert drawn == pytest.approx(two.drug_effects[0].mean, abs=1e-8)


def test_the_next_drug_by_a_double_integral(two: MetaAnalysis) -> None:
    below = expect(lambda mu, tau: ndtr((1.0 - mu) / tau)) / expect(lambda mu, tau: 1.0)
    assert below == pytest.approx(float(two.next_drug.cdf(1.0)), abs=1e-8)


@pytest.mark.parametrize("scale", [0.5, 1.0])
def test_a_class_of_which_only_the_mean_is_known(scale: float) -> None:
    vague = TrialEffects(("vague",), ("vague",), np.array([0.0]), np.array([1e6]))
    found = analyze_trials(vague, HierarchyPrior(scale, 0.0, mean=0.0, mean_sd=1e-9)).next_drug
    # a product of two standard normal numbers and the scale: a Bessel function
    x = np.array([1e-4, 1e-2, 0.3, 1.0, 3.0])
    assert found.pdf(x) == pytest.approx(k0(x / scale) / (np.pi * scale), rel=1e-8)


FIVE = TrialEffects(
    ("a1", "a2", "b1", "c1", "b2"),
    ("a", "a", "b", "c", "b"),
    np.array([0.9, 0.1, 0.4, -0.3, 0.5]),
    np.array([0.2, 0.3, 0.25, 0.4, 0.15]),
)
RATIO = 0.6


@pytest.fixture(scope="module")
def five() -> MetaAnalysis:
    return analyze_trials(FIVE, HierarchyPrior(SCALE, RATIO, MEAN, MEAN_SD))


def full(tau: float) -> tuple[np.ndarray, np.ndarray]:
    """Mean and covariance of 5 estimates, 3 drugs, 5 trials, the class, the next drug and its trial, in that order."""
    of = np.array([0, 0, 1, 2, 1])
    loadings = np.zeros((16, 1 + 3 + 5 + 5 + 2))
    loadings[:, 0] = MEAN_SD
    drugs = tau * np.eye(3)
    own = RATIO * tau * np.eye(5)
    loadings[0:5, 1:4] = loadings[8:13, 1:4] = drugs[of]
    loadings[0:5, 4:9] = loadings[8:13, 4:9] = own
    loadings[0:5, 9:14] = np.diag(FIVE.standard_errors)
    loadings[5:8, 1:4] = drugs
    loadings[14:16, 14] = tau
    loadings[15, 15] = RATIO * tau
    return np.full(16, MEAN), loadings @ loadings.T


def conditioned(tau: float) -> tuple[float, np.ndarray, np.ndarray]:
    """Weight of tau; means and variances of the rest given the estimates."""
    mean, covariance = full(tau)
    seen = multivariate_normal(mean[:5], covariance[:5, :5])
    slope = covariance[5:, :5] @ np.linalg.inv(covariance[:5, :5])
    means = mean[5:] + slope @ (FIVE.estimates - mean[:5])
    variances = np.diag(covariance[5:, 5:] - slope @ covariance[:5, 5:])
    return float(seen.pdf(FIVE.estimates) * np.exp(-0.5 * (tau / SCALE) ** 2)), means, variances


def average(function) -> float:
    def term(tau: float) -> float:
        weight, means, variances = conditioned(tau)
        return weight * function(tau, means, variances)

    return float(quad(term, 0.0, 10 * SCALE, epsabs=0, epsrel=1e-11, limit=200)[0])


def test_five_trials_of_three_drugs_by_dense_matrices(five: MetaAnalysis) -> None:
    total = average(lambda tau, means, variances: 1.0)
    found = (*five.drug_effects, *five.trial_effects, five.class_mean, five.next_drug, five.next_trial)
    for place, mixture in enumerate(found):
        mean = average(lambda tau, means, variances, i=place: means[i]) / total
        square = average(lambda tau, means, variances, i=place: means[i] ** 2 + variances[i]) / total
        assert mixture.mean == pytest.approx(mean, abs=1e-9)
        assert mixture.sd**2 + mixture.mean**2 == pytest.approx(square, abs=1e-9)
        for x in (mean - 0.8, mean + 0.1):
            below = average(lambda tau, m, v, i=place, x=x: norm.cdf((x - m[i]) / np.sqrt(v[i]))) / total
            assert float(mixture.cdf(x)) == pytest.approx(below, abs=1e-9)
    assert five.tau.mean == pytest.approx(average(lambda tau, m, v: tau) / total, abs=1e-9)
    assert five.tau.cdf(0.2) == pytest.approx(
        quad(lambda tau: conditioned(tau)[0], 0, 0.2, epsrel=1e-11)[0] / total, abs=1e-9
    )


@pytest.mark.parametrize("scale", [1e-3, 0.05, 1.0, 20.0, 1e4])
def test_the_whole_mass_is_found_at_any_scale(scale: float) -> None:
    found = analyze_trials(FIVE, HierarchyPrior(scale, RATIO, MEAN, MEAN_SD)).tau
    middle = [found.quantile(p) for p in (0.001, 0.01, 0.1, 0.5, 0.9, 0.999)]
    edges = [0.0, *middle]
    pieces = [
        quad(lambda tau: found.pdf(np.array([tau]))[0], low, high, epsabs=0, epsrel=1e-10)[0]
        for low, high in pairwise(edges)
    ]
    assert pieces == pytest.approx([0.001, 0.009, 0.09, 0.4, 0.4, 0.099], rel=1e-8)
    assert sum(pieces) == pytest.approx(0.999, rel=1e-9)
