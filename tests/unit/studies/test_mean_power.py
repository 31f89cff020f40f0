"""The power of a difference of means, from formulas of two normal samples and from moved weights."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom, nct
from scipy.stats import t as student_t

from ifntrial.errors import InputError
from ifntrial.studies.mean_power import MeanTest, power_of_means, power_of_means_in_subgroup
from ifntrial.studies.outcomes import Outcome, Outcomes, outcome_of

HIGHER = MeanTest(higher_is_better=True, alpha_one_sided=0.025)
LOWER = replace(HIGHER, higher_is_better=False)
ONE = np.zeros(2, dtype=int)


def spread(mean: float, sd: float, subjects: int = 2) -> Outcome:
    """Return subjects who are all alike: what differs is between repeats."""
    return Outcome(np.ones(subjects), np.full(subjects, mean), np.full(subjects, mean**2 + sd**2))


@pytest.mark.parametrize(("n", "difference"), [(30, 0.0), (30, 0.5), (30, 1.1), (120, 0.35), (400, 0.1)])
def test_two_equal_spreads_have_the_power_of_the_noncentral_t(n, difference):
    found = power_of_means(
        Outcomes(spread(difference, 1.0), spread(0.0, 1.0)), np.ones(2), ONE, HIGHER, n_active=n, n_control=n
    )
    degrees = 2 * n - 2
    expected = nct.sf(student_t.isf(0.025, degrees), degrees, difference / np.sqrt(2 / n))
    assert found.power == pytest.approx(expected, abs=3e-4)
    assert found.difference == pytest.approx(difference)


def test_the_error_that_is_stated_is_pooled_and_the_true_one_is_not():
    # 100 on active of SD 1, 25 on control of SD 3: pooled SD 1.64, stated error 0.366, true error 0.608
    found = power_of_means(
        Outcomes(spread(1.0, 1.0), spread(0.0, 3.0)), np.ones(2), ONE, HIGHER, n_active=100, n_control=25
    )
    pooled = np.sqrt((100 * 1 + 25 * 9) / 125)
    stated, true = pooled * np.sqrt(1 / 100 + 1 / 25), np.sqrt(1 / 100 + 9 / 25)
    critical = student_t.isf(0.025, 123) * stated
    draws = np.random.default_rng(1).normal(1.0, true, 400_000)
    assert found.power == pytest.approx(float(np.mean(draws > critical)), abs=0.01)


def test_a_lower_outcome_may_be_the_better_one():
    outcomes = Outcomes(spread(-0.8, 1.0), spread(0.0, 1.0))
    better = power_of_means(outcomes, np.ones(2), ONE, LOWER, n_active=40, n_control=40)
    worse = power_of_means(outcomes, np.ones(2), ONE, HIGHER, n_active=40, n_control=40)
    assert better.power > 0.9
    assert worse.power < 1e-6


def test_whoever_has_no_outcome_is_not_counted():
    whole = power_of_means(
        Outcomes(spread(0.6, 1.0), spread(0.0, 1.0)), np.ones(2), ONE, HIGHER, n_active=40, n_control=40
    )
    half = [
        Outcome(0.5 * each.known, 0.5 * each.value, 0.5 * each.square)
        for each in (spread(0.6, 1.0), spread(0.0, 1.0))
    ]
    found = power_of_means(Outcomes(*half), np.ones(2), ONE, HIGHER, n_active=80, n_control=80)
    # how many have one differs between trials, which costs a little
    active, control = np.meshgrid(np.arange(15, 66), np.arange(15, 66))
    degrees = active + control - 2
    effect = 0.6 * np.sqrt(active * control / (active + control))
    each = nct.sf(student_t.isf(0.025, degrees), degrees, effect)
    expected = float((each * binom.pmf(active, 80, 0.5) * binom.pmf(control, 80, 0.5)).sum())
    assert found.power == pytest.approx(expected, abs=1e-3)
    assert found.power < whole.power
    assert found.rates.overall == pytest.approx((0.6, 0.0))


def test_strata_take_what_is_between_them():
    stratum = np.array([0, 0, 1, 1])
    means = np.array([0.0, 0.0, 10.0, 10.0])
    apart = [Outcome(np.ones(4), means + gain, (means + gain) ** 2 + 1.0) for gain in (0.5, 0.0)]
    found = power_of_means(Outcomes(*apart), np.ones(4), stratum, HIGHER, n_active=60, n_control=60)
    flat = power_of_means(
        Outcomes(spread(0.5, 1.0), spread(0.0, 1.0)), np.ones(2), ONE, HIGHER, n_active=60, n_control=60
    )
    assert found.power == pytest.approx(flat.power, abs=2e-4)
    unadjusted = power_of_means(
        Outcomes(*apart), np.ones(4), np.zeros(4, int), HIGHER, n_active=60, n_control=60
    )
    assert unadjusted.power < 0.1


def test_the_influence_is_what_a_heavier_subject_does():
    draw = np.random.default_rng(5)
    values = draw.normal(size=(2, 3, 200)) + 0.4 * np.array([1.0, 0.0])[:, None, None]
    values[:, 0, ::7] = np.nan
    outcomes = Outcomes(outcome_of(values[0]), outcome_of(values[1]))
    weight, stratum = draw.uniform(0.5, 2.0, 200), draw.integers(0, 2, 200)

    def z(weights):
        found = power_of_means(outcomes, weights, stratum, HIGHER, n_active=50, n_control=25)
        return found

    base = z(weight)
    place, step = 17, 1e-4
    moved = weight.copy()
    moved[place] *= 1 + step
    # a share that grows by a part of itself moves the power by that part of the influence, the mean influence is zero
    slope = (z(moved).power - base.power) / step
    assert base.influence.sum() == pytest.approx(0.0, abs=1e-9)
    assert slope == pytest.approx(base.influence[place], abs=0.1 * np.abs(base.influence).max())
    assert base.standard_error == pytest.approx(np.sqrt((base.influence**2).sum()))


def test_where_nothing_varies_the_result_is_certain():
    sure = Outcomes(spread(1.0, 0.0), spread(0.0, 0.0))
    assert power_of_means(sure, np.ones(2), ONE, HIGHER, n_active=9, n_control=9).power == 1.0
    assert power_of_means(sure, np.ones(2), ONE, LOWER, n_active=9, n_control=9).power == 0.0


def test_a_subgroup_has_its_own_size_and_must_hold_someone():
    outcomes = Outcomes(spread(0.6, 1.0), spread(0.0, 1.0))
    half = power_of_means_in_subgroup(
        outcomes, np.ones(2), np.array([True, False]), HIGHER, n_active=80, n_control=80
    )
    alone = power_of_means(outcomes, np.ones(2), ONE, HIGHER, n_active=40, n_control=40)
    # one subject alone stands behind it, whose mean takes all of its squares' room
    assert half.power <= alone.power
    with pytest.raises(InputError, match="the subgroup holds no subjects"):
        power_of_means_in_subgroup(outcomes, np.ones(2), np.zeros(2, bool), HIGHER, n_active=80, n_control=80)
