"""Two normal distributions against scikit-learn; a random intercept against dense algebra and statsmodels."""

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import norm
from sklearn.mixture import GaussianMixture
from statsmodels.regression.mixed_linear_model import MixedLM

from ifntrial.errors import SolverError
from ifntrial.signature.cutoff import Mixture, fit_mixture
from ifntrial.signature.random_intercept import fit_random_intercept
from ifntrial.signature.two_normals import fit_two_normals


@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e7])
@pytest.mark.parametrize("size", [40, 800])
def test_two_normals_are_those_of_scikit_learn_in_any_unit(size, unit):
    random = np.random.default_rng(size)
    values = random.normal(5.0, 1.0, size) + 4.0 * (random.uniform(size=size) < 0.3)
    peer = GaussianMixture(2, covariance_type="tied", tol=1e-12, max_iter=5000, reg_covar=0.0, random_state=0)
    peer.fit(values[:, None])
    found = fit_two_normals(unit * values)
    low, high = sorted(peer.means_.ravel())
    assert (found.low / unit, found.high / unit) == pytest.approx((low, high), rel=1e-5)
    assert found.sd / unit == pytest.approx(np.sqrt(peer.covariances_.item()), rel=1e-5)
    assert found.share == pytest.approx(peer.weights_[np.argmax(peer.means_)], rel=1e-4)
    log_likelihood = size * peer.score(values[:, None])
    assert found.log_likelihood + size * np.log(unit) == pytest.approx(log_likelihood, abs=1e-6)


def peer_bic(values, groups):
    """BIC of scikit-learn, the best of a few starts."""
    kind = "tied" if groups == 2 else "full"
    peer = GaussianMixture(
        groups, covariance_type=kind, tol=1e-12, max_iter=5000, reg_covar=0.0, n_init=3, random_state=0
    )
    return peer.fit(values[:, None]).bic(values[:, None])


@pytest.mark.parametrize("size", [24, 60, 400])
def test_two_groups_are_told_when_their_bic_is_ten_lower(size):
    """Two groups of a normal's quantiles are moved apart until scikit-learn gives a difference of 10."""
    quantiles = norm.ppf((np.arange(size // 2) + 0.5) / (size // 2))

    def apart(gap):
        return np.concatenate([quantiles, quantiles + gap])

    def excess(gap):
        return peer_bic(apart(gap), 1) - peer_bic(apart(gap), 2) - 10.0

    gap = brentq(excess, 2.0, 6.0, xtol=1e-6)
    assert isinstance(fit_mixture(apart(gap + 1e-3), on_log2=False), Mixture)
    assert "two groups" in fit_mixture(apart(gap - 1e-3), on_log2=False)


def test_two_values_make_two_groups():
    found = fit_two_normals(np.repeat([2.0, 5.0], [30, 10]))
    assert (found.low, found.high, found.share) == pytest.approx((2.0, 5.0, 0.25))


def grouped(ratio, seed, subjects=25):
    """Return outcome, columns and subject of samples with 1 to 4 visits."""
    random = np.random.default_rng(seed)
    subject = np.repeat(np.arange(subjects), random.integers(1, 5, subjects))
    size = len(subject)
    matrix = np.column_stack(
        [np.ones(size), random.normal(size=size) + random.normal(size=subjects)[subject]]
    )
    outcome = (
        np.sqrt(ratio) * random.normal(size=subjects)[subject] + random.normal(size=size) + 0.3 * matrix[:, 1]
    )
    return outcome, matrix, subject


def restricted_likelihood(ratio, outcome, matrix, subject):
    """Return coefficients, their standard errors and the restricted log likelihood with the whole covariance matrix."""
    covariance = np.eye(len(outcome)) + ratio * (subject[:, None] == subject[None, :])
    weights = np.linalg.inv(covariance)
    information = matrix.T @ weights @ matrix
    coefficient = np.linalg.solve(information, matrix.T @ weights @ outcome)
    residual = outcome - matrix @ coefficient
    free = len(outcome) - matrix.shape[1]
    variance = residual @ weights @ residual / free
    value = free * np.log(variance) + np.linalg.slogdet(covariance)[1] + np.linalg.slogdet(information)[1]
    return coefficient, np.sqrt(variance * np.diag(np.linalg.inv(information))), -0.5 * value


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("ratio", [0.0, 0.3, 20.0])
def test_a_random_intercept_is_where_the_whole_likelihood_is_largest(ratio, seed):
    data = grouped(ratio, seed)
    found = fit_random_intercept(*data)
    coefficient, error, top = restricted_likelihood(found.ratio, *data)
    assert found.coefficient == pytest.approx(coefficient, rel=1e-8)
    assert found.standard_error == pytest.approx(error, rel=1e-8)
    others = [0.0, 0.9 * found.ratio, 1.1 * found.ratio, found.ratio + 0.01, *np.geomspace(1e-3, 1e4, 30)]
    assert all(restricted_likelihood(each, *data)[2] <= top + 1e-9 for each in others)


def test_its_coefficients_are_those_of_statsmodels_where_that_converges():
    data = outcome, matrix, subject = grouped(2.0, 3)
    peer = MixedLM(outcome, matrix, groups=subject).fit(reml=True)
    assert peer.converged
    found = fit_random_intercept(*data)
    assert found.coefficient == pytest.approx(peer.fe_params, abs=1e-5)
    assert found.ratio == pytest.approx(peer.cov_re.item() / peer.scale, rel=1e-3)


@pytest.mark.parametrize("unit", [1e-9, 1e9])
def test_units_do_not_matter(unit):
    outcome, matrix, subject = grouped(1.0, 5)
    plain = fit_random_intercept(outcome, matrix, subject)
    other = fit_random_intercept(unit * outcome, matrix * [1.0, 1.0 / unit], subject)
    assert other.coefficient / [unit, unit**2] == pytest.approx(plain.coefficient, rel=1e-9)
    assert other.ratio == pytest.approx(plain.ratio, rel=1e-8)


def test_without_variation_within_subjects_the_reason_is_said():
    subject = np.repeat(np.arange(12), 2)
    matrix = np.column_stack([np.ones(24), np.random.default_rng(0).normal(size=24)])
    with pytest.raises(SolverError, match="does not vary within subjects"):
        fit_random_intercept(np.repeat(np.arange(12.0), 2), matrix, subject)
