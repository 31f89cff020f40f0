"""Regressions over sizes, means and dispersions, against closed forms, bisection, statsmodels and dense algebra.

With the same time at risk for everyone, the rates of a negative binomial regression are the mean counts of the arms, and
the dispersion is the root of one equation, found here by bisection.
"""

import numpy as np
import pytest
from scipy.optimize import bisect
from scipy.special import gammaln
from statsmodels.duration.hazard_regression import PHReg
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM

from ifntrial.errors import IfntrialError, InputError
from ifntrial.statistics.logistic import logistic
from ifntrial.statistics.mmrm import estimate_contrast, fit_mmrm, trial_design
from ifntrial.statistics.negative_binomial import negative_binomial
from ifntrial.statistics.survival import cox


def arms(size):
    return np.arange(size) % 2 == 0


def drawn_counts(size, mean, dispersion, seed=1):
    """Return counts with these moments, those of the active arm lower by 40 %."""
    random = np.random.default_rng(seed)
    rate = mean * np.where(arms(size), 0.6, 1.0)
    frailty = random.gamma(1 / dispersion, dispersion, size) if dispersion else np.ones(size)
    return random.poisson(rate * frailty).astype(float)


def dispersion_by_bisection(counts, mean):
    """Return where the slope of the likelihood in the dispersion is zero, from sums over single events."""

    def slope(log_dispersion):
        a = np.exp(log_dispersion)
        total = 0.0
        for y, m in zip(counts, mean, strict=True):
            j = np.arange(int(y))
            total += np.sum(j / (1 + a * j)) + np.log1p(a * m) / a**2 - m * (y + 1 / a) / (1 + a * m)
        return total

    return np.exp(bisect(slope, np.log(1e-3), np.log(50.0), xtol=1e-11))


@pytest.mark.parametrize("size", [20, 120, 1000, 5000])
@pytest.mark.parametrize(("mean", "dispersion"), [(0.3, 4.0), (4.0, 0.5), (300.0, 0.1), (20_000.0, 1.5)])
def test_negative_binomial_rates_are_the_arms_means(size, mean, dispersion):
    counts, active = drawn_counts(size, mean, dispersion), arms(size)
    found = negative_binomial(counts, np.full(size, 0.7), active)
    rates = counts[active].mean(), counts[~active].mean()
    assert found.estimate == pytest.approx(np.log(rates[0] / rates[1]), abs=1e-8 * found.standard_error)
    if size <= 120:
        a = dispersion_by_bisection(counts, np.where(active, *rates))
        variance = sum((1 + a * rate) / (rate * size / 2) for rate in rates)
        assert found.standard_error == pytest.approx(np.sqrt(variance), rel=1e-6)


@pytest.mark.parametrize("seed", range(12))
def test_next_to_poisson_it_answers_where_the_data_vary_more_and_says_so_where_not(seed):
    size = 200
    counts, active = drawn_counts(size, 2.0, 0.05, seed), arms(size)
    fitted = np.where(active, counts[active].mean(), counts[~active].mean())
    excess = np.sum((counts - fitted) ** 2 - counts)
    if excess > 0:
        found = negative_binomial(counts, np.ones(size), active)
        poisson = np.sqrt(1 / counts[active].sum() + 1 / counts[~active].sum())
        assert poisson < found.standard_error < 1.3 * poisson
    else:
        with pytest.raises(InputError, match="vary no more than Poisson ones"):
            negative_binomial(counts, np.ones(size), active)


def test_both_kinds_of_luck_are_among_those_seeds():
    signs = []
    for seed in range(12):
        counts, active = drawn_counts(200, 2.0, 0.05, seed), arms(200)
        fitted = np.where(active, counts[active].mean(), counts[~active].mean())
        signs.append(np.sum((counts - fitted) ** 2 - counts) > 0)
    assert 2 <= sum(signs) <= 10


@pytest.mark.parametrize("unit", [1e-18, 1e-6, 1.0, 365.25, 1e9, 1e18])
def test_units_of_time_and_of_covariates_do_not_matter(unit):
    size = 150
    counts, active = drawn_counts(size, 3.0, 0.7), arms(size)
    random = np.random.default_rng(3)
    years, covariate = random.uniform(0.2, 1.5, size), random.normal(40, 12, (size, 1))
    plain = negative_binomial(counts, years, active, covariate)
    other = negative_binomial(counts, unit * years, active, covariate / unit)
    assert (other.estimate, other.standard_error) == pytest.approx(
        (plain.estimate, plain.standard_error), rel=1e-8
    )
    one = logistic((counts > 2).astype(float), active, covariate)
    two = logistic((counts > 2).astype(float), active, covariate * unit)
    assert (two.estimate, two.standard_error) == pytest.approx((one.estimate, one.standard_error), rel=1e-8)


def test_the_maximum_is_one_also_with_unequal_times():
    size = 90
    counts, active = drawn_counts(size, 3.0, 0.7), arms(size)
    years = np.random.default_rng(3).uniform(0.2, 1.5, size)
    found = negative_binomial(counts, years, active)

    def likelihood(control, gap, a):
        mean, r = years * np.exp(control + gap * active), 1 / a
        return np.sum(
            gammaln(counts + r) - gammaln(r) + r * np.log(r / (r + mean)) + counts * np.log(mean / (r + mean))
        )

    def best(gap):
        # coordinate by coordinate, each by a fine search
        control, a = 0.0, 1.0
        for width in (2.0, 0.5, 0.1, 0.02, 0.004):
            for _ in range(4):
                control = max(control + width * np.linspace(-1, 1, 41), key=lambda c: likelihood(c, gap, a))
                a = max(
                    a * np.exp(width * np.linspace(-1, 1, 41)),
                    key=lambda each: likelihood(control, gap, each),
                )
        return likelihood(control, gap, a)

    top = best(found.estimate)
    for step in (-0.02, 0.02):
        lower = best(found.estimate + step)
        assert 0 < top - lower == pytest.approx(0.5 * (step / found.standard_error) ** 2, rel=0.05)


@pytest.mark.parametrize("counts", [np.repeat([0.0, 3.0], 20), np.tile([2.0, 2.0, 3.0, 3.0], 10)])
def test_the_data_are_blamed_for_what_they_lack(counts):
    active = np.arange(40) < 20
    message = "no event" if not counts[active].any() else "vary no more than Poisson"
    with pytest.raises(InputError, match=message):
        negative_binomial(counts, np.ones(40), active)


@pytest.mark.parametrize("outlier", [1.0, 40.0, 1e6])
def test_a_far_subject_is_not_perfect_separation(outlier):
    random = np.random.default_rng(2)
    covariate = random.normal(0, 1, (200, 1))
    covariate[0] = outlier
    response = (random.uniform(size=200) < 1 / (1 + np.exp(-1.2 * covariate[:, 0]))).astype(float)
    found = logistic(response, arms(200), covariate)
    matrix = np.column_stack([np.ones(200), arms(200), covariate])
    peer = GLM(response, matrix, family=Binomial()).fit(tol=1e-10, maxiter=200)
    assert found.estimate == pytest.approx(peer.params[1], abs=1e-6)
    assert found.standard_error == pytest.approx(peer.bse[1], rel=1e-5)


def test_separation_by_two_columns_together_is_seen():
    x = np.linspace(-1, 1, 40)
    covariates = np.column_stack([x, x**2])
    with pytest.raises(InputError, match="separated perfectly"):
        logistic((np.abs(x) > 0.5).astype(float), arms(40), covariates)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
@pytest.mark.parametrize("size", [30, 400])
def test_cox_with_many_ties_and_strata_is_that_of_statsmodels(size, ties):
    random = np.random.default_rng(size)
    active, stratum = random.uniform(size=size) < 0.5, random.integers(0, 3, size)
    time = np.ceil(6 * random.exponential(np.where(active, 1.6, 1.0)))
    happened = random.uniform(size=size) < 0.7
    found = cox(time, happened, active, strata=stratum, ties=ties)
    peer = PHReg(time, active[:, None] * 1.0, status=happened * 1, strata=stratum, ties=ties).fit(disp=0)
    assert found.estimate == pytest.approx(peer.params[0], abs=1e-6)
    assert found.standard_error == pytest.approx(peer.bse[0], rel=1e-6)


def test_an_event_nobody_of_the_other_arm_could_have_had_says_nothing():
    time = np.array([1.0, 2.0, 3.0, 10.0, 11.0, 12.0])
    active = np.array([False, False, False, True, True, True])
    with pytest.raises(InputError, match="no event while the other is at risk"):
        cox(time, np.ones(6, dtype=bool), active)


@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e5])
@pytest.mark.parametrize("correlation", [0.0, 0.5, 0.99])
def test_repeated_measures_do_not_hang_on_the_unit_nor_on_unlike_visits(correlation, unit):
    random = np.random.default_rng(7)
    size, spread = 150, np.array([1e-2, 1.0, 1e2])
    covariance = ((1 - correlation) * np.eye(3) + correlation) * np.outer(spread, spread)
    y = random.multivariate_normal(np.zeros(3), covariance, size)
    y[random.uniform(size=size) < 0.2, 2] = np.nan
    baseline = random.normal(20, 5, size)
    x, names, weights = trial_design(arms(size), baseline, 3)
    plain = estimate_contrast(fit_mmrm(y, x, names), weights[2])
    other = estimate_contrast(
        fit_mmrm(unit * y, trial_design(arms(size), unit * baseline, 3)[0], names), weights[2]
    )
    assert other.t == pytest.approx(plain.t, rel=1e-7)
    assert other.degrees_of_freedom == pytest.approx(plain.degrees_of_freedom, rel=1e-6)


def test_visits_that_hold_the_same_values_are_named_as_the_reason():
    random = np.random.default_rng(1)
    y = random.normal(size=(60, 3))
    y[:, 2] = 2 * y[:, 1] + 1
    x, names, _ = trial_design(arms(60), random.normal(size=60), 3)
    with pytest.raises(IfntrialError, match="some visits are determined by the others"):
        fit_mmrm(y, x, names)
