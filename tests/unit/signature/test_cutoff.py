"""Cut-offs, intervals and redrawn scores by hand."""

import numpy as np
import pytest

from ifntrial.signature.cutoff import apply_rule, find_influential, mean_2sd, median_mad
from ifntrial.signature.records import GeneRoles, Levels
from ifntrial.signature.uncertainty import Draws, Sampling, draw_scores, summarize_draws
from shipped import load_method

FOUR = np.array([1.0, 2.0, 3.0, 8.0])
# mean 3.5, squared deviations 6.25 + 2.25 + 0.25 + 20.25 = 29, over 3
TWO_SD = 2.0 * np.sqrt(29.0 / 3.0)


def test_the_published_cutoff_takes_the_sd_of_a_sample():
    assert mean_2sd(FOUR, 3.0) == pytest.approx(3.5 + TWO_SD)
    rows = np.stack([FOUR, 2.0 * FOUR])
    assert mean_2sd(rows, 3.0) == pytest.approx([3.5 + TWO_SD, 7.0 + 2.0 * TWO_SD])


def test_the_robust_cutoff_takes_medians():
    # median 2.5, deviations 1.5, 0.5, 0.5, 5.5, of which the median is 1
    assert median_mad(FOUR, 3.0) == pytest.approx(2.5 + 3.0 * 1.4826)
    assert median_mad(np.stack([FOUR, 2.0 * FOUR]), 2.0) == pytest.approx([5.4652, 10.9304])


def test_the_rule_of_positive_scores_is_robust_on_their_logarithm():
    positive = np.exp2(FOUR)
    robust = apply_rule(positive, "median_mad", mad_multiple=3.0, is_positive=True)
    assert robust == pytest.approx(2.0 ** (2.5 + 3.0 * 1.4826))
    expected = positive.mean() + 2.0 * np.sqrt(((positive - positive.mean()) ** 2).sum() / 3.0)
    for is_positive in (True, False):
        found = apply_rule(positive, "mean_2sd", mad_multiple=3.0, is_positive=is_positive)
        assert found == pytest.approx(expected)


def test_the_healthy_sample_that_moves_the_cutoff_most_is_found():
    place, with_all, without = find_influential(FOUR)
    assert place == 3
    assert with_all == pytest.approx(3.5 + TWO_SD)
    assert without == pytest.approx(2.0 + 2.0)


# --- intervals ----------------------------------------------------------------------------------------------------


def test_the_interval_of_a_score_holds_95_percent_of_its_draws():
    scores = np.stack([np.arange(1001.0), np.arange(1001.0)[::-1]], axis=1)
    low, high, _ = summarize_draws(Draws(scores, np.zeros(1001)))
    assert low.tolist() == [25.0, 25.0]
    assert high.tolist() == [975.0, 975.0]


def test_draws_that_gave_no_score_do_not_count():
    scores = np.array([[1.0, np.nan], [2.0, np.nan], [3.0, np.nan], [np.nan, np.nan]])
    low, high, share = summarize_draws(Draws(scores, np.array([1.5, 1.5, np.nan, 0.0])))
    assert (low[0], high[0]) == (pytest.approx(1.05), pytest.approx(2.95))
    assert share[0] == 0.5, "of two draws with score and cut-off one is above"
    assert np.isnan([low[1], high[1], share[1]]).all()


def test_the_chance_of_being_high_is_the_share_of_draws_above_their_own_cutoff():
    scores = np.array([[1.0], [2.0], [3.0], [4.0]])
    share = summarize_draws(Draws(scores, np.array([0.0, 2.0, 5.0, 3.0])))[2]
    assert share.tolist() == [0.5], "equal is not above"


def test_no_draws_give_no_interval():
    for values in summarize_draws(Draws(np.empty((0, 3)), np.empty(0))):
        assert np.isnan(values).all()
        assert values.shape == (3,)


# --- draws --------------------------------------------------------------------------------------------------------

ROLES = GeneRoles(np.ones(3), np.zeros(3, dtype=np.intp), 1)
PATIENT = Levels(np.array([[1.0, 10.0, 100.0]]), np.ones(1))


def sampled(assay_sd_log2: float = 0.0, seed: int = 1) -> Sampling:
    return Sampling(2000, seed, 0.2, assay_sd_log2, "mean_2sd", 3.0)


def test_genes_and_healthy_samples_are_drawn_with_replacement():
    healthy = Levels(np.array([[0.0] * 3, [0.0] * 3, [8.0] * 3]), np.ones(3))
    draws = draw_scores(load_method("mean_log2_fold_change"), PATIENT, healthy, ROLES, sampled(), "a")
    middle = {round(value, 6) for value in draws.scores[:, 0]}
    genes = [(a + b + c) / 3 for a in (1, 10, 100) for b in (1, 10, 100) for c in (1, 10, 100)]
    healthy_means = (0.0, 8 / 3, 16 / 3, 8.0)
    assert middle == {round(gene - mean, 6) for gene in genes for mean in healthy_means}
    # the cut-off is that of the redrawn healthy samples against their own mean: 0, or twice their SD
    assert set(np.round(draws.cutoffs, 6)) == {0.0, round(2.0 * 8.0 / np.sqrt(3.0), 6)}


def test_without_healthy_samples_only_genes_are_drawn():
    draws = draw_scores(load_method("mean_ln"), PATIENT, None, ROLES, sampled(), "a")
    assert len(np.unique(draws.scores)) == 10, "combinations of three of three genes"
    assert np.isnan(draws.cutoffs).all()


def test_genes_are_drawn_within_their_module():
    roles = GeneRoles(np.ones(3), np.array([0, 1, 1]), 2)
    draws = draw_scores(load_method("mean_ln"), PATIENT, None, roles, sampled(), "a")
    expected = [np.log(2.0) * (1 + a + b) / 3 for a in (10, 100) for b in (10, 100)]
    assert sorted(set(np.round(draws.scores[:, 0], 9))) == pytest.approx(sorted(set(np.round(expected, 9))))


def test_assay_noise_has_its_sd_for_each_gene():
    one = GeneRoles(np.ones(1), np.zeros(1, dtype=np.intp), 1)
    draws = draw_scores(
        load_method("mean_ln"), Levels(np.zeros((1, 1)), np.ones(1)), None, one, sampled(1.5), "a"
    )
    assert np.std(draws.scores / np.log(2.0)) == pytest.approx(1.5, rel=0.05)
    many = draw_scores(
        load_method("mean_ln"), Levels(np.zeros((1, 3)), np.ones(1)), None, ROLES, sampled(1.5), "a"
    )
    # three genes drawn with replacement: variance 1.5^2 times the expected sum of squared shares, 5 / 9
    assert np.var(many.scores / np.log(2.0)) == pytest.approx(1.5**2 * 5 / 9, rel=0.1)


def test_draws_hang_on_the_seed_and_the_signature():
    found = [
        tuple(
            draw_scores(load_method("mean_ln"), PATIENT, None, ROLES, sampled(seed=seed), name).scores[:, 0]
        )
        for seed, name in ((1, "a"), (2, "a"), (1, "b"), (1, "a"))
    ]
    assert found[0] == found[3]
    assert len(set(found)) == 3
