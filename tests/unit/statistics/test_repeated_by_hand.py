"""Repeated measures and their imputation, by hand and against Student's test."""

import numpy as np
import pytest
from scipy import stats

from ifntrial.errors import InputError
from ifntrial.statistics.imputation import Imputed, analyze_imputed, impute, pool
from ifntrial.statistics.mmrm import estimate_contrast, fit_mmrm, trial_design
from ifntrial.statistics.record import Comparison


def test_the_fixed_effects_of_a_trial_by_hand():
    active, baseline = np.array([True, False, False]), np.array([10.0, 20.0, 30.0])
    x, names, contrasts = trial_design(active, baseline, 2, np.array([[1.0], [0.0], [1.0]]))
    assert names == (
        "visit 1", "visit 2", "active at visit 1", "active at visit 2", "baseline at visit 1", "baseline at visit 2",
        "factor 1",
    )  # fmt: skip
    assert x[0].tolist() == [[1, 0, 1, 0, -10, 0, 1], [0, 1, 0, 1, 0, -10, 1]]
    assert x[1].tolist() == [[1, 0, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0, 0]]
    assert contrasts.tolist() == [[0, 0, 1, 0, 0, 0, 0], [0, 0, 0, 1, 0, 0, 0]]


def test_a_contrast_has_the_t_interval_of_its_confidence():
    y = np.array([[1.0, 2.5], [2.0, 1.5], [4.0, 5.0], [5.5, 7.0], [3.0, 4.0], [4.5, 4.0]])
    x = np.zeros((6, 2, 2))
    x[:, 0, 0] = x[:, 1, 1] = 1.0
    fit = fit_mmrm(y, x)
    assert fit.names == ("x0", "x1")
    assert (fit.subjects, fit.observations) == (6, 12)
    assert fit.covariance == pytest.approx(np.cov(y.T), rel=1e-6)
    for confidence in (0.95, 0.8):
        found = estimate_contrast(fit, np.array([-1.0, 1.0]), confidence=confidence)
        differences = y[:, 1] - y[:, 0]
        expected = stats.ttest_1samp(differences, 0.0)
        interval = expected.confidence_interval(confidence)
        assert found.degrees_of_freedom == pytest.approx(5.0, rel=1e-6)
        assert found.t == pytest.approx(expected.statistic, rel=1e-6)
        assert found.p_two_sided == pytest.approx(expected.pvalue, rel=1e-6)
        assert (found.low, found.high) == pytest.approx(tuple(interval), rel=1e-6)


@pytest.mark.parametrize(("shared", "is_enough"), [(2, False), (3, True)])
def test_two_visits_must_share_three_subjects(shared, is_enough):
    y = np.random.default_rng(1).normal(size=(12, 2))
    y[shared:7, 1] = np.nan
    y[7:, 0] = np.nan
    x = np.zeros((12, 2, 2))
    x[:, 0, 0] = x[:, 1, 1] = 1.0
    if is_enough:
        assert fit_mmrm(y, x).observations == 15
    else:
        with pytest.raises(InputError, match="two visits share only 2 subjects"):
            fit_mmrm(y, x)


def test_pooling_by_hand():
    found = pool(np.array([1.0, 2.0, 3.0]), np.array([0.5, 1.0, 1.5]), 100.0)
    # within 3.5 / 3, between 1, in all 3.5 / 3 + 4 / 3
    error = np.sqrt(2.5)
    share = (4 / 3) / 2.5
    observed = 101 / 103 * 100 * (1 - share)
    freedom = 1 / (share**2 / 2 + 1 / observed)
    assert found.estimate == 2.0
    assert found.standard_error == pytest.approx(error)
    assert found.degrees_of_freedom == pytest.approx(freedom)
    assert found.p_two_sided == pytest.approx(2 * stats.t.sf(2 / error, freedom))
    half = stats.t.isf(0.025, freedom) * error
    assert (found.low, found.high) == pytest.approx((2 - half, 2 + half))
    assert found.scale == "difference"


def test_the_last_visit_of_each_completed_table_is_analysed():
    outcomes = np.array([[[9.0, 1.0]], [[9.0, 2.0]], [[9.0, 3.0]]])

    def analysis(last: np.ndarray) -> Comparison:
        value = float(last[0])
        return Comparison(value, 0.5 * value, 0.0, 0.0, 1.0, 100.0 * value, "difference")

    found = analyze_imputed(Imputed(outcomes), analysis)
    assert found.estimate == 2.0
    # errors 0.5, 1, 1.5 and the degrees of freedom of the first
    assert found == pool(np.array([1.0, 2.0, 3.0]), np.array([0.5, 1.0, 1.5]), 100.0)


@pytest.mark.parametrize("count", [1, 2001])
def test_a_number_of_imputations_that_is_absurd(count):
    with pytest.raises(InputError, match="number of imputations"):
        impute(np.ones((4, 2)), np.array([True, False] * 2), np.arange(4.0), imputations=count, seed=1)


CONTROL_MEAN, ACTIVE_MEAN = np.array([1.0, 2.0, 3.0]), np.array([10.0, 20.0, 30.0])


def nearly_certain():
    """Return a trial whose subjects keep their distance to the mean of their arm; 0 and 2 left, 4 has a gap."""
    numbers = np.random.default_rng(5)
    active = np.arange(60) % 2 == 0
    own = numbers.normal(0.0, 0.5, 60)
    y = (
        np.where(active[:, None], ACTIVE_MEAN, CONTROL_MEAN)
        + own[:, None]
        + numbers.normal(0.0, 0.02, (60, 3))
    )
    y[0, 1:] = y[2, 2] = y[4, 1] = y[1, 1:] = np.nan
    return y, active, numbers.normal(size=60), own


@pytest.mark.parametrize(
    ("reference", "left_at_once", "left_later"),
    [
        # on as the arm does: own distance kept
        ("missing_at_random", [20.0, 30.0], [30.0]),
        # the mean of control, and own distance to the active arm
        ("jump_to_reference", [2.0, 3.0], [3.0]),
        # as control all along: the distance to it, 9 and 18 at the last visits seen, is kept
        ("copy_reference", [2.0 + 9.0, 3.0 + 9.0], None),
        # what was gained, 9 and 18, and the changes of control
        ("copy_increments", [2.0 + 9.0, 3.0 + 9.0], [3.0 + 18.0]),
    ],
)
def test_where_each_reference_leads(reference, left_at_once, left_later):
    y, active, baseline, own = nearly_certain()
    found = impute(y, active, baseline, reference=reference, imputations=5, seed=1).outcomes.mean(axis=0)
    assert found[0, 1:] - own[0] == pytest.approx(left_at_once, abs=0.25)
    if left_later:
        assert found[2, 2] - own[2] == pytest.approx(left_later[0], abs=0.1)
    # a gap between two values, and the control arm, are imputed at random
    assert found[4, 1] - own[4] == pytest.approx(20.0, abs=0.1)
    assert found[1, 1:] - own[1] == pytest.approx([2.0, 3.0], abs=0.1)


def test_imputed_values_spread_as_the_outcomes_do():
    numbers = np.random.default_rng(6)
    active = np.arange(200) % 2 == 0
    y = numbers.normal(size=(200, 2)) @ np.array([[2.0, 1.5], [0.0, np.sqrt(4.0 - 1.5**2)]])
    y[:20, 1] = np.nan
    found = impute(y, active, numbers.normal(size=200), imputations=40, seed=1).outcomes
    # given the first value, SD 2 and correlation 0.75 leave 2 sqrt(1 - 0.75^2)
    spread = found[:, :20, 1].std(axis=0).mean()
    assert spread == pytest.approx(2.0 * np.sqrt(1 - 0.75**2), rel=0.15)
    assert np.polyfit(y[:20, 0], found[:, :20, 1].mean(axis=0), 1)[0] == pytest.approx(0.75, abs=0.15)
    # subjects and visits have luck of their own
    assert abs(np.corrcoef(found[:, 0, 1], found[:, 2, 1])[0, 1]) < 0.5


def test_imputation_knows_that_its_parameters_are_estimated():
    numbers = np.random.default_rng(1)
    active = np.repeat([False, True], 110)
    y = numbers.normal(size=(220, 2)) @ np.linalg.cholesky(np.array([[1.0, 0.5], [0.5, 1.0]])).T
    y[np.arange(220) % 110 >= 15, 1] = np.nan
    found = impute(y, active, numbers.normal(size=220), imputations=60, seed=1).outcomes
    gone = np.isnan(y[:, 1]) & active
    # 15 of 110 were seen: the mean of the others is uncertain by about 0.87 / sqrt(15), not 0.87 / sqrt(95)
    assert np.std(found[:, gone, 1].mean(axis=1)) > 0.15
