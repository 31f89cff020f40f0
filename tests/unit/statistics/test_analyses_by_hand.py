"""Analyses on tables small enough to be done by hand: intervals, p values, edges."""

import numpy as np
import pytest
from scipy import stats

from ifntrial.errors import InputError
from ifntrial.statistics.ancova import ancova
from ifntrial.statistics.cmh import StratifiedCounts, cmh_test, pool_sparse
from ifntrial.statistics.logistic import logistic
from ifntrial.statistics.miettinen_nurminen import miettinen_nurminen
from ifntrial.statistics.negative_binomial import negative_binomial
from ifntrial.statistics.record import Comparison
from ifntrial.statistics.survival import cox, log_rank
from ifntrial.statistics.tables import design_matrix, indicators

# The two-sided 5 % point of the normal distribution.
POINT = 1.959963984540054


def counts(*strata: tuple[float, float, float, float]) -> StratifiedCounts:
    """Return counts of strata given as responders and subjects of active, then of control."""
    return StratifiedCounts(*np.array(strata, dtype=float).T)


def test_one_stratum_by_hand():
    found = cmh_test(counts((12, 20, 6, 30)))
    # 18 responders of 50: expected 20 * 18 / 50, hypergeometric variance 20 * 30 * 18 * 32 / (50^2 * 49)
    z = (12 - 7.2) / np.sqrt(20 * 30 * 18 * 32 / (2500 * 49))
    assert float(found.z) == pytest.approx(z, rel=1e-12)
    assert float(found.p_one_sided) == pytest.approx(stats.norm.sf(z), rel=1e-9)
    assert float(found.p_two_sided) == pytest.approx(2 * stats.norm.sf(z), rel=1e-9)
    assert float(found.risk_difference) == pytest.approx(0.6 - 0.2)
    assert float(found.odds_ratio) == pytest.approx((12 * 24) / (6 * 8))
    # Sato's variance for one stratum
    first = (400 * 6 - 900 * 12 + 600 * 10 / 2) / 2500
    second = (12 * 24 + 6 * 8) / 100
    error = np.sqrt(0.4 * first + second) / (600 / 50)
    assert float(found.standard_error) == pytest.approx(error, rel=1e-12)
    assert float(found.low) == pytest.approx(0.4 - POINT * error, rel=1e-12)
    assert float(found.high) == pytest.approx(0.4 + POINT * error, rel=1e-12)
    assert int(found.informative_strata) == 1


def test_a_worse_active_arm_has_a_large_one_sided_p():
    found = cmh_test(counts((6, 30, 12, 20)))
    assert float(found.z) < 0
    assert float(found.p_one_sided) > 0.99
    assert float(found.p_two_sided) < 0.02


def test_an_interval_ends_at_one():
    assert float(cmh_test(counts((3, 3, 1, 3))).high) == 1.0
    assert float(cmh_test(counts((1, 3, 3, 3))).low) == -1.0


def test_a_stratum_of_one_subject_divides_by_nothing():
    assert float(cmh_test(counts((1, 1, 0, 0))).z) == 0.0
    assert int(cmh_test(counts((1, 1, 0, 0), (4, 9, 2, 9))).informative_strata) == 1


@pytest.mark.parametrize(
    ("strata", "is_large"),
    [
        ([(5, 10, 5, 10)], True),  # expected 5, possible 0 to 10: exactly five to each side
        ([(5, 10, 4, 10)], False),  # expected 4.5, possible 0 to 9
        ([(6, 10, 6, 10)], False),  # expected 6, possible 2 to 10
        ([(3, 6, 3, 6), (3, 6, 3, 6)], True),  # expected 3 + 3, possible 0 to 6 twice
        ([(9, 10, 9, 10)], False),  # expected 9, possible 8 to 10
        ([(10, 20, 2, 4)], False),  # expected 10, possible 8 to 12
    ],
)
def test_a_trial_is_large_enough_from_five_on(strata, is_large):
    assert bool(cmh_test(counts(*strata)).is_large_enough) == is_large


def test_strata_below_two_in_an_arm_are_pooled_as_the_last():
    pooled = pool_sparse(counts((3, 9, 2, 2), (1, 1, 2, 5), (0, 4, 1, 1)))
    assert pooled.responders_active.tolist() == [3, 0, 0, 1]
    assert pooled.subjects_active.tolist() == [9, 0, 0, 5]
    assert pooled.responders_control.tolist() == [2, 0, 0, 3]
    assert pooled.subjects_control.tolist() == [2, 0, 0, 6]
    assert pool_sparse(counts((3, 9, 2, 2)), fewest=3).subjects_active.tolist() == [0, 9]


def test_no_responders_and_all_responders_are_possible_counts():
    counts((0, 5, 5, 5))
    for bad in [(6, 5, 1, 5), (1, 5, 6, 5), (-1, 5, 1, 5), (1, 5, -1, 5)]:
        with pytest.raises(InputError, match="more responders than subjects"):
            counts(bad)


def test_the_score_test_of_one_stratum_by_hand():
    found = miettinen_nurminen(counts((12, 20, 6, 30)))
    # without a difference both rates are 18 / 50, and the variance has the factor n / (n - 1)
    z = 0.4 / np.sqrt(0.36 * 0.64 * (1 / 20 + 1 / 30) * 50 / 49)
    assert found.estimate == pytest.approx(0.4)
    assert found.z == pytest.approx(z, rel=1e-9)
    assert found.p_two_sided == pytest.approx(2 * stats.norm.sf(z), rel=1e-8)


@pytest.mark.parametrize("one_armed", [(3, 3, 0, 0), (0, 0, 2, 5)])
def test_strata_are_weighed_by_their_harmonic_size_and_one_arm_counts_nothing(one_armed):
    found = miettinen_nurminen(counts((12, 20, 6, 30), (4, 10, 5, 10), one_armed))
    first, second = 20 * 30 / 50, 10 * 10 / 20
    assert found.estimate == pytest.approx((first * 0.4 - second * 0.1) / (first + second))


def test_a_score_interval_of_less_confidence_is_inside():
    wide, narrow = (miettinen_nurminen(counts((12, 20, 6, 30)), confidence=c) for c in (0.95, 0.8))
    assert wide.low < narrow.low < narrow.estimate < narrow.high < wide.high
    # at the end of the interval the test of that difference has just this p
    assert wide.low == pytest.approx(0.1285, abs=0.01)


def test_nobody_responds():
    found = miettinen_nurminen(counts((0, 10, 0, 20)))
    assert (found.estimate, found.z, found.p_two_sided) == (0.0, 0.0, 1.0)


ACTIVE = np.array([True, False] * 20)
STRATUM = np.repeat([0.0, 1.0], 20)
RESPONSE = np.array([1, 0, 1, 1, 0, 0, 1, 0, 1, 0] * 4, dtype=float)


def test_indicators_leave_the_first_level_out():
    assert indicators(np.array([3, 1, 2, 1])).tolist() == [[0, 1], [0, 0], [1, 0], [0, 0]]


def test_a_design_matrix_is_intercept_arm_and_covariates():
    matrix = design_matrix(np.array([True, False, True, False]), np.array([5.0, 6.0, 8.0, 7.0]))
    assert matrix.tolist() == [[1, 1, 5], [1, 0, 6], [1, 1, 8], [1, 0, 7]]
    with pytest.raises(InputError, match="3 rows of covariates for 4 subjects"):
        design_matrix(np.array([True, False, True, False]), np.ones((3, 1)))
    with pytest.raises(InputError, match="more than the subjects"):
        design_matrix(np.array([True, False]), np.array([[1.0, 2.0], [3.0, 5.0]]))


def test_a_difference_of_means_by_hand():
    outcome = np.array([5.0, 1.0, 7.0, 3.0, 6.0, np.nan, 8.0, 2.0])
    active = np.array([True, False] * 4)
    found = ancova(outcome, active)
    # active 5, 7, 6, 8; control 1, 3, 2: Student's t with equal variances, 5 degrees of freedom
    expected = stats.ttest_ind([5.0, 7.0, 6.0, 8.0], [1.0, 3.0, 2.0])
    error = np.sqrt((5.0 + 2.0) / 5.0 * (1 / 4 + 1 / 3))
    assert found.estimate == pytest.approx(4.5)
    assert found.standard_error == pytest.approx(error)
    assert found.p_two_sided == pytest.approx(expected.pvalue)
    assert found.degrees_of_freedom == 5
    half = 2.5705818366147395 * error
    assert (found.low, found.high) == pytest.approx((4.5 - half, 4.5 + half))
    assert found.scale == "difference"


def test_as_many_outcomes_as_columns_leave_nothing_for_the_error():
    with pytest.raises(InputError, match="2 outcomes, 2 columns"):
        ancova(np.array([1.0, 2.0]), np.array([True, False]))
    assert ancova(np.array([1.0, 2.0, 4.0]), np.array([True, False, False])).degrees_of_freedom == 1


def wald(found: Comparison, scale: str):
    """Check interval and p of an estimate that is normal on its scale."""
    z = found.estimate / found.standard_error
    assert found.low == pytest.approx(found.estimate - POINT * found.standard_error, rel=1e-12)
    assert found.high == pytest.approx(found.estimate + POINT * found.standard_error, rel=1e-12)
    assert found.p_two_sided == pytest.approx(2 * stats.norm.sf(abs(z)), rel=1e-9)
    assert found.degrees_of_freedom == np.inf
    assert found.scale == scale


def test_a_log_odds_ratio_by_hand():
    found = logistic(RESPONSE, ACTIVE)
    # 16 of 20 respond on active, 4 of 20 on control
    assert (RESPONSE[ACTIVE].sum(), RESPONSE[~ACTIVE].sum()) == (16, 4)
    assert found.estimate == pytest.approx(np.log(16.0))
    assert found.standard_error == pytest.approx(np.sqrt(1 / 16 + 1 / 4 + 1 / 4 + 1 / 16))
    wald(found, "log odds ratio")


def test_a_log_hazard_ratio_by_hand():
    # two events: at the first one of two actives and two controls fails (active), then one of each is left
    time = np.array([1.0, 3.0, 2.0, 4.0])
    happened = np.array([True, False, True, False])
    active = np.array([True, True, False, False])
    found = cox(time, happened, active)
    # the partial likelihood is h / (2 h + 2) * 1 / (h + 2): it is largest at h = sqrt(2)
    assert found.estimate == pytest.approx(0.5 * np.log(2.0), abs=1e-6)
    wald(found, "log hazard ratio")


def test_the_log_rank_test_by_hand():
    time = np.array([1.0, 3.0, 2.0, 4.0])
    happened = np.array([True, False, True, False])
    active = np.array([True, True, False, False])
    statistic, p = log_rank(time, happened, active)
    # expected on active: 2/4 at the first event, 1/3 at the second; variance 1/4 + 2/9
    expected = (1 - 1 / 2 - 1 / 3) ** 2 / (1 / 4 + 2 / 9)
    assert statistic == pytest.approx(expected)
    assert p == pytest.approx(stats.chi2.sf(expected, 1))


def test_a_log_rate_ratio_has_its_interval():
    events = np.array([3, 1, 0, 2, 6, 0, 1, 4, 0, 5] * 4, dtype=float)
    years = np.where(ACTIVE, 1.0, 2.0)
    found = negative_binomial(events, years, ACTIVE)
    # with one time at risk per arm the rates are those of the arms: 40 in 20 years against 48 in 40
    assert (events[ACTIVE].sum(), events[~ACTIVE].sum()) == (40, 48)
    assert found.estimate == pytest.approx(np.log((40 / 20) / (48 / 40)), abs=1e-6)
    wald(found, "log rate ratio")


@pytest.mark.parametrize("bad", [-1.0, 0.5, np.nan])
def test_a_count_that_is_none_is_refused(bad):
    events = np.ones(40)
    events[0] = bad
    with pytest.raises(InputError, match="1 subjects have no whole count"):
        negative_binomial(events, np.ones(40), ACTIVE)
