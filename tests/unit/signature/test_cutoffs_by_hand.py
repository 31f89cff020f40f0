"""Cut-offs, mixtures and redrawn scores on numbers small enough to be done by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ifntrial.signature import ReadOptions
from ifntrial.signature.cutoff import (
    apply_rule,
    compare_rules,
    find_influential,
    fit_mixture,
    mean_2sd,
    median_mad,
)
from ifntrial.signature.records import GeneRoles, Levels, Method
from ifntrial.signature.uncertainty import Draws, Sampling, draw_scores, summarize_draws
from shipped import load_method

LOG2 = ReadOptions(scale="log2")
NAN = float("nan")


def test_mean_and_two_sd_by_hand():
    assert mean_2sd(np.array([1.0, 2.0, 3.0, 4.0]), 3.0) == pytest.approx(2.5 + 2.0 * np.sqrt(5.0 / 3.0))
    both = mean_2sd(np.array([[1.0, 2.0, 3.0, 4.0], [2.0, 2.0, 2.0, 2.0]]), 3.0)
    assert both == pytest.approx([2.5 + 2.0 * np.sqrt(5.0 / 3.0), 2.0])


def test_median_and_mad_by_hand():
    assert median_mad(np.array([1.0, 2.0, 3.0, 4.0, 100.0]), 2.5) == pytest.approx(3.0 + 2.5 * 1.4826)
    assert median_mad(np.array([[0.0, 1.0, 2.0], [5.0, 5.0, 5.0]]), 2.0) == pytest.approx(
        [1 + 2 * 1.4826, 5.0]
    )


def test_only_the_mad_of_positive_scores_is_taken_on_their_logarithm():
    scores = np.array([1.0, 2.0, 4.0, 8.0, 16.0])
    robust = apply_rule(scores, "median_mad", mad_multiple=2.0, is_positive=True)
    assert robust == pytest.approx(2.0 ** (2.0 + 2.0 * 1.4826))
    plain = 6.2 + 2.0 * np.sqrt((5.2**2 + 4.2**2 + 2.2**2 + 1.8**2 + 9.8**2) / 4.0)
    for is_positive in (False, True):
        assert apply_rule(scores, "mean_2sd", mad_multiple=2.0, is_positive=is_positive) == pytest.approx(
            plain
        )


def test_the_healthy_sample_that_moves_the_cutoff_most():
    place, with_all, without = find_influential(np.array([0.0, 0.0, 10.0, 0.0, 0.0]))
    assert place == 2
    assert with_all == pytest.approx(2.0 + 2.0 * np.sqrt(20.0))
    assert without == 0.0


# Two groups of equal size at 0 and 4, symmetric about 2.
GROUPS = np.concatenate([np.linspace(-1.0, 1.0, 15), np.linspace(3.0, 5.0, 15)])


def test_the_mixture_of_two_equal_groups():
    found = fit_mixture(np.append(GROUPS, NAN), on_log2=False)
    variance = float(np.var(np.linspace(-1.0, 1.0, 15)))
    assert found.cutoff == pytest.approx(2.0, abs=1e-6)
    assert found.means == pytest.approx((0.0, 4.0), abs=1e-3)
    assert found.share_upper == pytest.approx(0.5, abs=1e-6)
    # the odds of two normals of one variance are exp(4 (x - 2) / variance), 9 to 1 at the edges of the band
    half = variance * np.log(9.0) / 4.0
    assert found.band == pytest.approx((2.0 - half, 2.0 + half), abs=2e-3)
    assert found.probability_upper[:15].max() < 0.05
    assert found.probability_upper[15:30].min() > 0.95
    assert np.isnan(found.probability_upper[30])


def test_a_mixture_on_the_logarithm_is_that_of_the_logarithms():
    plain, positive = fit_mixture(GROUPS, on_log2=False), fit_mixture(np.exp2(GROUPS), on_log2=True)
    assert positive.cutoff == pytest.approx(2.0**plain.cutoff)
    assert positive.band == pytest.approx((2.0 ** plain.band[0], 2.0 ** plain.band[1]))
    assert positive.means == pytest.approx((2.0 ** plain.means[0], 2.0 ** plain.means[1]))
    assert positive.probability_upper == pytest.approx(plain.probability_upper)


def test_when_there_is_no_mixture():
    assert fit_mixture(GROUPS[5:24], on_log2=False) == "a mixture needs 20 scores; there are 19"
    assert not isinstance(fit_mixture(GROUPS[5:25], on_log2=False), str)
    assert fit_mixture(np.full(30, 7.0), on_log2=False) == "all scores are the same"


def test_rules_agree_where_both_are_known():
    flags = pd.DataFrame({"a": [1, 1, 0, 0, NAN], "b": [1, 0, 0, 0, 1], "c": [1, NAN, NAN, NAN, NAN]})
    found = compare_rules(flags).set_index(["rule", "other_rule"])
    assert found.index.tolist() == [("a", "b"), ("a", "c"), ("b", "c")]
    assert found["samples"].tolist() == [4, 1, 1]
    assert found["same_call"].tolist() == [0.75, 1.0, 1.0]
    # chance of the same call: 0.5 * 0.25 + 0.5 * 0.75
    assert found["kappa"].iloc[0] == pytest.approx((0.75 - 0.5) / 0.5)
    assert np.isnan(found["kappa"].iloc[1])


def test_rules_without_a_common_sample_do_not_agree_or_differ():
    found = compare_rules(pd.DataFrame({"a": [1.0, NAN], "b": [NAN, 0.0]})).iloc[0]
    assert found["samples"] == 0
    assert np.isnan(found["same_call"])


def test_the_interval_of_a_score_is_the_95_percent_one():
    low, high, _ = summarize_draws(Draws(np.arange(1001.0)[:, None], np.zeros(1001)))
    assert (low[0], high[0]) == (25.0, 975.0)


def test_the_probability_is_the_share_of_draws_above_their_own_cutoff():
    scores = np.array([[1.0, 5.0, NAN], [2.0, 6.0, NAN], [3.0, NAN, NAN], [4.0, 8.0, NAN]])
    low, high, share = summarize_draws(Draws(scores, np.array([0.0, 2.0, NAN, 9.0])))
    # above 0, not above 2 (the same), not counted without a cut-off, not above 9
    assert share[:2].tolist() == [1 / 3, 2 / 3]
    assert low[1] == pytest.approx(5.0 + 0.05)
    assert high[1] == pytest.approx(8.0 - 0.1)
    assert np.isnan([low[2], high[2], share[2]]).all()


def test_without_draws_nothing_is_known():
    for values in summarize_draws(Draws(np.zeros((0, 2)), np.zeros(0))):
        assert values.shape == (2,)
        assert np.isnan(values).all()


def seeing(record, **changed):
    """Return a method that records what it is given."""

    def score(levels, healthy, roles):
        record.append((levels, healthy, roles))
        return levels.values.mean(axis=1)

    return replace(load_method("mean_z"), score=score, **changed)


def sampling(**changed) -> Sampling:
    return replace(Sampling(30, 1, 0.2, 0.0, "mean_2sd", 3.0), **changed)


def test_genes_are_redrawn_within_their_module_and_keep_their_role():
    roles = GeneRoles(np.array([1.0, 1, -1, -1, -1]), np.array([0, 0, 1, 1, 1]), 2)
    levels = Levels(np.array([[10.0, 11.0, 22.0, 23.0, 24.0]]), np.zeros(1))
    seen = []
    draw_scores(seeing(seen), levels, None, roles, sampling(), "x")
    assert len(seen) == 30
    drawn = np.array([given.values[0] for given, _, _ in seen])
    assert (drawn[:, :2] < 12).all()
    assert (drawn[:, 2:] > 21).all()
    assert all(given.part.tolist() == [0, 0, 1, 1, 1] for _, _, given in seen)
    assert all(given.direction.tolist() == [1, 1, -1, -1, -1] for _, _, given in seen)
    assert {10.0, 11.0, 22.0, 23.0, 24.0} == set(drawn.ravel())
    assert len({tuple(row) for row in drawn}) > 10


def test_each_draw_has_a_cutoff_from_its_own_healthy_samples():
    roles = GeneRoles(np.ones(1), np.zeros(1, dtype=np.intp), 1)
    healthy = Levels(np.array([[0.0], [1.0], [2.0], [3.0]]), np.zeros(4))
    seen = []
    drawn = draw_scores(seeing(seen), Levels(np.array([[9.0]]), np.zeros(1)), healthy, roles, sampling(), "x")
    assert (drawn.scores == 9.0).all()
    redrawn = [given.values[:, 0] for given, _, _ in seen[1::2]]
    assert drawn.cutoffs == pytest.approx([x.mean() + 2.0 * x.std(ddof=1) for x in redrawn])
    assert len(set(drawn.cutoffs)) > 10
    fixed = draw_scores(
        seeing([], fixed_cutoff=1.5), Levels(np.array([[9.0]]), np.zeros(1)), healthy, roles, sampling(), "x"
    )
    assert set(fixed.cutoffs) == {1.5}


def test_a_draw_with_one_healthy_score_has_no_cutoff():
    method = Method("m", "", "", "", "", True, True, "log2", ("rna",), lambda lev, _, __: lev.values[:, 0])
    roles = GeneRoles(np.ones(1), np.zeros(1, dtype=np.intp), 1)
    healthy = Levels(np.array([[0.0], [NAN], [NAN], [NAN]]), np.zeros(4))
    patient = Levels(np.ones((1, 1)), np.zeros(1))
    cutoffs = draw_scores(method, patient, healthy, roles, sampling(draws=60), "x").cutoffs
    assert set(np.isnan(cutoffs)) == {True, False}
    # twice the same sample is a spread of zero
    assert set(cutoffs[~np.isnan(cutoffs)]) == {0.0}


def test_assay_noise_has_the_spread_that_was_given_and_is_shared_by_all_samples():
    roles = GeneRoles(np.ones(1), np.zeros(1, dtype=np.intp), 1)
    levels = Levels(np.array([[5.0], [6.0]]), np.zeros(2))
    noisy = draw_scores(seeing([]), levels, None, roles, sampling(draws=2000, assay_sd_log2=0.4), "x").scores
    assert noisy[:, 0].std() == pytest.approx(0.4, rel=0.06)
    assert noisy[:, 0].mean() == pytest.approx(5.0, abs=0.04)
    assert noisy[:, 1] - noisy[:, 0] == pytest.approx(np.ones(2000))
    ranks = draw_scores(
        seeing([], level="rank"), levels, None, roles, sampling(assay_sd_log2=0.4), "x"
    ).scores
    assert set(ranks[:, 0]) == {5.0}
