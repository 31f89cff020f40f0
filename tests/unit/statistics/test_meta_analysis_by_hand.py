"""Posteriors of a class of drugs where they can be worked out on paper, and what no change of wording may change."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import k0e

from ifntrial.errors import InputError, TableError, UnknownNameError
from ifntrial.statistics.meta_analysis import (
    MetaAnalysis,
    analyze_at_scales,
    analyze_trials,
    leave_each_drug_out,
)
from ifntrial.statistics.trial_effects import HierarchyPrior, TrialEffects, effects_given_tau

FLAT = HierarchyPrior(tau_scale=0.5, within_drug_ratio=0.0)


def trials_of(estimates: list[float], errors: list[float], drugs: str = "abcdefgh") -> TrialEffects:
    names = tuple(f"trial {place}" for place in range(len(estimates)))
    return TrialEffects(names, tuple(drugs[: len(names)]), np.array(estimates), np.array(errors))


FIVE = trials_of([0.9, 0.1, 0.4, -0.3, 0.5], [0.2, 0.3, 0.25, 0.4, 0.15], "aabcb")


def test_one_trial_leaves_the_spread_as_the_prior_has_it() -> None:
    found = analyze_trials(trials_of([0.7], [0.3]), FLAT)
    # half-normal of scale 0.5: mean 0.5 sqrt(2/pi), mean square 0.25
    assert found.tau.mean == pytest.approx(0.5 * math.sqrt(2 / math.pi), rel=1e-12)
    assert found.tau.sd == pytest.approx(0.5 * math.sqrt(1 - 2 / math.pi), rel=1e-12)
    assert found.tau.sd_ratio == pytest.approx(1.0, rel=1e-12)
    assert found.tau.quantile(0.95) == pytest.approx(0.5 * 1.959963984540054, rel=1e-11)
    assert found.class_mean.mean == pytest.approx(0.7, rel=1e-12)
    assert found.class_mean.sd == pytest.approx(math.sqrt(0.09 + 0.25), rel=1e-12)
    assert found.next_drug.sd == pytest.approx(math.sqrt(0.09 + 2 * 0.25), rel=1e-12)
    assert found.drug_effects[0].mean == pytest.approx(0.7, rel=1e-12)
    assert found.drug_effects[0].sd == pytest.approx(0.3, rel=1e-12)


def test_one_trial_and_a_normal_prior_weigh_by_precision() -> None:
    prior = HierarchyPrior(tau_scale=1e-9, within_drug_ratio=0.0, mean=0.2, mean_sd=0.4)
    found = analyze_trials(trials_of([0.7], [0.3]), prior)
    # weights 1/0.09 and 1/0.16: the mean is (0.7 x 16 + 0.2 x 9) / 25, the SD 0.4 x 0.3 / 0.5
    assert found.class_mean.mean == pytest.approx(0.52, rel=1e-12)
    assert found.class_mean.sd == pytest.approx(0.24, rel=1e-12)


def test_without_spread_it_is_the_fixed_effect() -> None:
    given = effects_given_tau(trials_of([1.0, 3.0], [1.0, 0.5]), FLAT, np.array([0.0]))
    # weights 1 and 4
    assert given.class_mean == pytest.approx([2.6], rel=1e-14)
    assert given.class_variance == pytest.approx([0.2], rel=1e-14)
    assert given.drug_means == pytest.approx(np.array([[2.6, 2.6]]), rel=1e-14)
    assert given.drug_variances == pytest.approx(np.array([[0.2, 0.2]]), rel=1e-14)


def test_drugs_are_drawn_to_the_mean_by_their_share_of_the_variance() -> None:
    given = effects_given_tau(trials_of([1.0, 3.0], [1.0, 1.0]), FLAT, np.array([1.0]))
    # half of each drug's variance is its own: half-way between the estimate and the mean of 2
    assert given.drug_means == pytest.approx(np.array([[1.5, 2.5]]), rel=1e-14)
    # 1/2 of the sampling variance, and 1/4 of the variance of the mean, which is (1 + 1) / 2
    assert given.drug_variances == pytest.approx(np.array([[0.75, 0.75]]), rel=1e-14)


def test_two_trials_that_agree() -> None:
    found = analyze_trials(trials_of([0.4, 0.4], [0.3, 0.3]), FLAT)
    assert found.class_mean.mean == pytest.approx(0.4, rel=1e-12)
    # the density is exp(-tau^2 / (2 x 0.25)) / sqrt(0.09 + tau^2) over its integral, a Bessel function:
    # half of exp(u) K0(u) at u = 0.09 / (4 x 0.25)
    assert found.tau.pdf(np.array([0.0])) == pytest.approx([1 / 0.3 / (0.5 * k0e(0.09))], rel=1e-11)
    assert found.tau.pdf(np.array([-0.1])) == 0.0
    assert found.tau.mean < 0.5 * math.sqrt(2 / math.pi)


def test_trials_of_a_drug_with_one_effect_are_their_pool() -> None:
    apart = analyze_trials(trials_of([0.2, 0.6, 1.1], [0.3, 0.4, 0.2], "aab"), FLAT)
    # weights 16 and 9: (0.2 x 16 + 0.6 x 9) / 25, error 0.24
    pooled = analyze_trials(trials_of([0.344, 1.1], [0.24, 0.2], "ab"), FLAT)
    assert_same(apart.next_drug, pooled.next_drug)
    assert_same(apart.drug_effects[0], pooled.drug_effects[0])
    assert_same(apart.trial_effects[1], pooled.drug_effects[0])


def test_trials_of_a_drug_may_differ() -> None:
    prior = HierarchyPrior(tau_scale=0.5, within_drug_ratio=1.0)
    given = effects_given_tau(trials_of([0.0, 2.0], [1.0, 1.0], "aa"), prior, np.array([1.0]))
    # each trial has variance 1 + 1 around its drug: the drug 1 (variance 1), the class 1 (variance 2)
    assert given.drug_means == pytest.approx(np.array([[1.0]]), rel=1e-14)
    assert given.drug_variances == pytest.approx(np.array([[1.0]]), rel=1e-14)
    assert given.class_variance == pytest.approx([2.0], rel=1e-14)
    # half of a trial's variance is its own: half-way to the drug, 1/2 + 1/4
    assert given.trial_means == pytest.approx(np.array([[0.5, 1.5]]), rel=1e-14)
    assert given.trial_variances == pytest.approx(np.array([[0.75, 0.75]]), rel=1e-14)


def test_one_trial_for_each_drug_cannot_tell_the_two_spreads_apart() -> None:
    trials = trials_of([0.9, 0.1, 0.4], [0.2, 0.3, 0.25])
    nested = analyze_trials(trials, HierarchyPrior(tau_scale=0.3, within_drug_ratio=4 / 3))
    flat = analyze_trials(trials, HierarchyPrior(tau_scale=0.5, within_drug_ratio=0.0))
    assert_same(nested.class_mean, flat.class_mean)
    assert_same(nested.next_trial, flat.next_drug)
    assert nested.tau.mean == pytest.approx(0.6 * flat.tau.mean, rel=1e-10)
    assert nested.next_drug.sd < nested.next_trial.sd


NESTED = HierarchyPrior(tau_scale=0.4, within_drug_ratio=0.5, mean=0.1, mean_sd=2.0)


def assert_same(one, other, shift: float = 0.0, factor: float = 1.0) -> None:
    p = np.array([0.001, 0.3, 0.5, 0.975])
    assert shift + factor * one.quantile(p) == pytest.approx(other.quantile(p), rel=1e-9, abs=1e-9)
    assert factor * one.sd == pytest.approx(other.sd, rel=1e-9)


def distributions(found: MetaAnalysis) -> tuple:
    return (
        found.class_mean,
        found.next_drug,
        found.next_trial,
        *found.drug_effects,
        *found.trial_effects,
    )


def test_the_order_of_trials_does_not_matter() -> None:
    order = [3, 0, 4, 2, 1]
    other = TrialEffects(
        tuple(FIVE.names[i] for i in order),
        tuple(FIVE.drugs[i] for i in order),
        FIVE.estimates[order],
        FIVE.standard_errors[order],
    )
    one, two = analyze_trials(FIVE, NESTED), analyze_trials(other, NESTED)
    assert_same(one.next_drug, two.next_drug)
    assert two.trials.drug_names == ("c", "a", "b")
    for place, drug in enumerate(one.trials.drug_names):
        assert_same(one.drug_effects[place], two.drug_effects[two.trials.drug_names.index(drug)])
    for place, old in enumerate(order):
        assert_same(one.trial_effects[old], two.trial_effects[place])


@pytest.mark.parametrize("mean_sd", [2.0, np.inf])
@pytest.mark.parametrize(("shift", "factor"), [(1000.0, 1.0), (0.0, 1e-3), (-3.0, 250.0)])
def test_the_unit_and_the_origin_do_not_matter(mean_sd: float, shift: float, factor: float) -> None:
    prior = replace(NESTED, mean_sd=mean_sd)
    moved = HierarchyPrior(0.4 * factor, 0.5, shift + factor * 0.1, factor * mean_sd)
    other = replace(
        FIVE, estimates=shift + factor * FIVE.estimates, standard_errors=factor * FIVE.standard_errors
    )
    one, two = analyze_trials(FIVE, prior), analyze_trials(other, moved)
    for mine, theirs in zip(distributions(one), distributions(two), strict=True):
        assert_same(mine, theirs, shift, factor)
    assert two.tau.sd_ratio == pytest.approx(one.tau.sd_ratio, rel=1e-9)


def test_a_wide_prior_is_a_flat_one() -> None:
    wide = analyze_trials(FIVE, replace(NESTED, mean_sd=1e6))
    assert_same(wide.next_drug, analyze_trials(FIVE, replace(NESTED, mean_sd=np.inf)).next_drug)


def test_each_drug_is_left_out_with_all_its_trials() -> None:
    found = leave_each_drug_out(FIVE, NESTED)
    assert tuple(found) == ("a", "b", "c")
    kept = TrialEffects(
        ("trial 2", "trial 3", "trial 4"), ("b", "c", "b"), FIVE.estimates[2:], FIVE.standard_errors[2:]
    )
    assert found["a"].trials.names == kept.names
    assert_same(found["a"].next_drug, analyze_trials(kept, NESTED).next_drug)


def test_a_single_trial_is_left_out() -> None:
    kept = FIVE.without(trial="trial 1")
    assert kept.names == ("trial 0", "trial 2", "trial 3", "trial 4")
    assert kept.drugs == ("a", "b", "c", "b")
    assert kept.estimates == pytest.approx([0.9, 0.4, -0.3, 0.5], abs=0)
    assert kept.standard_errors == pytest.approx([0.2, 0.25, 0.4, 0.15], abs=0)


def test_a_wider_prior_of_the_spread_says_less_of_the_next_drug() -> None:
    found = analyze_at_scales(FIVE, NESTED)
    assert [each.prior.tau_scale for each in found] == [0.2, 0.4, 0.8, 1.6]
    assert np.all(np.diff([each.next_drug.sd for each in found]) > 0.01)
    assert np.all(np.diff([each.tau.sd_ratio for each in found]) < -0.1)
    assert_same(found[1].next_drug, analyze_trials(FIVE, NESTED).next_drug)


def test_estimates_far_apart_for_their_prior() -> None:
    found = analyze_trials(
        trials_of([-50.0, 50.0], [1e-6, 1e-6]), HierarchyPrior(tau_scale=0.1, within_drug_ratio=0.0)
    )
    # the density is exp(-50 tau^2 - 2500 / tau^2) / tau over its integral K0(2 sqrt(50 x 2500)); times tau, it has
    # the integral sqrt(pi / 50) / 2 exp(-2 sqrt(50 x 2500))
    mean = math.sqrt(math.pi / 50) / 2 / k0e(2 * math.sqrt(50 * 2500))
    assert found.tau.mean == pytest.approx(mean, rel=1e-10)
    assert found.tau.cdf(found.tau.quantile(0.4)) == pytest.approx(0.4, rel=1e-10)
    assert found.class_mean.mean == pytest.approx(0.0, abs=1e-9)


def test_errors_over_many_orders_of_magnitude() -> None:
    found = analyze_trials(
        trials_of([0.1, 0.2, 0.4], [1e-6, 0.1, 10.0]), HierarchyPrior(tau_scale=1.0, within_drug_ratio=0.0)
    )
    assert found.drug_effects[0].mean == pytest.approx(0.1, abs=1e-9)
    assert found.drug_effects[0].sd == pytest.approx(1e-6, rel=1e-4)
    assert found.tau.cdf(found.tau.quantile(0.4)) == pytest.approx(0.4, rel=1e-10)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"estimates": np.array([0.9, np.nan, 0.4, -0.3, 0.5])}, "trial 1': the estimate nan is not finite"),
        (
            {"standard_errors": np.array([0.2, 0.3, 0.0, 0.4, 0.15])},
            "trial 2': the standard error 0.0 is not",
        ),
        (
            {"standard_errors": np.array([0.2, 0.3, np.inf, 0.4, 0.1])},
            "trial 2': the standard error inf is not",
        ),
        ({"names": ("x", "y", "x", "z", "u")}, "more than one trial is called x"),
        ({"names": ("x", "y", "", "z", "u")}, "trial '' of drug 'b': a name is empty"),
        ({"drugs": ("a", "b")}, "2 drugs for 5 trials"),
        ({"estimates": np.array([1.0])}, "1 estimates for 5 trials"),
        ({"names": ()}, "there is no trial; at least one is needed"),
    ],
)
def test_trials_that_cannot_be_analysed(change: dict, message: str) -> None:
    with pytest.raises(TableError, match=message):
        replace(FIVE, **change)


def test_all_problems_of_the_trials_are_told_at_once() -> None:
    with pytest.raises(TableError) as raised:
        replace(FIVE, estimates=np.full(5, np.inf), standard_errors=-np.ones(5))
    assert len(raised.value.problems) == 10


@pytest.mark.parametrize(
    "wrong",
    [
        {"tau_scale": 0.0},
        {"tau_scale": np.nan},
        {"tau_scale": np.inf},
        {"within_drug_ratio": -0.1},
        {"within_drug_ratio": np.inf},
        {"mean": np.nan},
        {"mean_sd": 0.0},
        {"mean_sd": np.nan},
    ],
)
def test_priors_that_are_not_usable(wrong: dict) -> None:
    with pytest.raises(InputError, match="the prior of the class is not usable"):
        replace(NESTED, **wrong)


def test_names_that_are_not_there() -> None:
    with pytest.raises(UnknownNameError, match=r"trial 'trail 1' is not known.*did you mean trial 1"):
        FIVE.without(trial="trail 1")
    with pytest.raises(UnknownNameError, match="drug 'd' is not known"):
        FIVE.without(drug="d")
    with pytest.raises(TableError, match="there is no trial"):
        trials_of([0.1], [0.2]).without(drug="a")
    with pytest.raises(InputError, match="the only drug cannot be left out"):
        leave_each_drug_out(trials_of([0.1, 0.2], [0.2, 0.3], "aa"), NESTED)


def test_quantiles_of_the_spread_need_a_probability() -> None:
    tau = analyze_trials(FIVE, NESTED).tau
    for wrong in (0.0, 1.0, np.nan):
        with pytest.raises(InputError, match="a quantile was asked for a probability that has none"):
            tau.quantile(wrong)
    assert tau.cdf(-1.0) == 0.0
    assert tau.cdf(np.inf) == pytest.approx(1.0, abs=1e-12)
