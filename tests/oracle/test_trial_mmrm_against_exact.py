"""Repeated measures without missing values against exact normal theory: each visit is its own analysis of covariance.

With the same effects at each visit, least squares and REML give the same estimate, standard error and n - p degrees of
freedom, for Satterthwaite as for Kenward and Roger (Kenward and Roger, Biometrics 1997). Analytic.
"""

import numpy as np
import pytest

from ifntrial.seeds import Stream
from ifntrial.statistics.ancova import ancova
from ifntrial.statistics.mmrm import estimate_contrast, fit_mmrm, trial_design

N, VISITS = 60, 3


@pytest.fixture(scope="module")
def data() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    baseline = 20.0 + 5.0 * Stream(1, "baseline").normal(N)
    active = np.arange(N) % 2 == 0
    root = np.linalg.cholesky(np.array([[9.0, 5.0, 3.0], [5.0, 12.0, 8.0], [3.0, 8.0, 16.0]]))
    noise = (
        np.stack([Stream(1, "outcome").normal(N, visit=visit) for visit in range(VISITS)], axis=1) @ root.T
    )
    return noise - np.outer(active, [0.5, 1.0, 2.0]) - 0.3 * (baseline - 20.0)[:, None], active, baseline


@pytest.mark.parametrize("method", ["satterthwaite", "kenward_roger"])
def test_complete_data_are_analysed_exactly(data: tuple, method: str) -> None:
    y, active, baseline = data
    x, names, contrasts = trial_design(active, baseline, VISITS)
    fit = fit_mmrm(y, x, names)
    for visit, weights in enumerate(contrasts):
        expected = ancova(y[:, visit], active, baseline[:, None])
        found = estimate_contrast(fit, weights, method=method)
        assert found.estimate == pytest.approx(expected.estimate, rel=1e-8)
        assert found.standard_error == pytest.approx(expected.standard_error, rel=1e-7)
        assert found.degrees_of_freedom == pytest.approx(N - 3, rel=1e-7)
        assert found.p_two_sided == pytest.approx(expected.p_two_sided, rel=1e-6)


def test_the_slope_of_the_likelihood_vanishes_at_the_estimate(data: tuple) -> None:
    y, active, baseline = data
    y = y.copy()
    y[::4, 2] = np.nan
    y[1::7, 1:] = np.nan
    x, names, _ = trial_design(active, baseline, VISITS)
    best = fit_mmrm(y, x, names)
    for row, column in zip(*np.triu_indices(VISITS), strict=True):
        higher, lower = (_log_likelihood(y, x, best.covariance, row, column, step) for step in (1e-3, -1e-3))
        assert (higher - lower) / 2e-3 == pytest.approx(0.0, abs=1e-5)
        assert max(higher, lower) < best.log_likelihood
    assert _log_likelihood(y, x, best.covariance, 0, 0, 0.0) == pytest.approx(best.log_likelihood, rel=1e-12)


def _log_likelihood(
    y: np.ndarray, x: np.ndarray, covariance: np.ndarray, row: int, column: int, step: float
) -> float:
    """The restricted likelihood written out subject by subject."""
    sigma = covariance.copy()
    sigma[row, column] += step
    sigma[column, row] = sigma[row, column]
    xwx, xwy, rest, count = 0.0, 0.0, 0.0, 0
    for subject in range(len(y)):
        seen = ~np.isnan(y[subject])
        block, design, values = sigma[np.ix_(seen, seen)], x[subject, seen], y[subject, seen]
        xwx = xwx + design.T @ np.linalg.solve(block, design)
        xwy = xwy + design.T @ np.linalg.solve(block, values)
        rest += np.linalg.slogdet(block)[1] + values @ np.linalg.solve(block, values)
        count += len(values)
    rest -= xwy @ np.linalg.solve(xwx, xwy)
    return -0.5 * (rest + np.linalg.slogdet(xwx)[1] + (count - x.shape[2]) * np.log(2 * np.pi))
