"""Scores, ranks, cut-offs and mixed models against SciPy, scikit-learn's metrics by hand and statsmodels."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from ifntrial.signature import ReadOptions
from ifntrial.signature.association import compute_between_share
from ifntrial.signature.cutoff import apply_rule, compare_rules, fit_mixture
from ifntrial.signature.ranks import rank_genes
from ifntrial.signature.records import Levels
from ifntrial.signature.reference import summarize_healthy
from shipped import load_signature, score_samples

LOG2 = ReadOptions(scale="log2")


@pytest.fixture(scope="module")
def cohort():
    numbers = np.random.default_rng(31)
    genes = [*load_signature("aybey_ifn_i").genes, *(f"G{i}" for i in range(400))]
    data = pd.DataFrame(
        numbers.normal(8, 2, (40, len(genes))).round(2), columns=genes, index=[f"s{i}" for i in range(40)]
    )
    data.iloc[20:, :20] += 2.0
    return data, list(data.index[:20])


def scored(cohort, method):
    data, healthy = cohort
    result = score_samples(data, healthy=healthy, signatures=["aybey_ifn_i"], methods=[method], options=LOG2)
    return (
        result.scores_of("aybey_ifn_i")["score"].to_numpy(),
        data[list(load_signature("aybey_ifn_i").genes)],
        healthy,
    )


def test_ranks_against_rankdata():
    values = np.random.default_rng(1).integers(0, 30, (15, 200)).astype(float)  # many ties
    found = rank_genes(values, [0, 7, 199])
    np.testing.assert_array_equal(found.values, stats.rankdata(values, axis=1)[:, [0, 7, 199]])


def test_ranks_with_missing_genes_against_rankdata():
    numbers = np.random.default_rng(2)
    values = numbers.normal(size=(15, 200))
    values[numbers.uniform(size=values.shape) < 0.2] = np.nan
    found = rank_genes(values, np.arange(200))
    np.testing.assert_array_equal(found.values, stats.rankdata(values, axis=1, nan_policy="omit"))
    np.testing.assert_array_equal(found.ranked, np.isfinite(values).sum(axis=1))


def test_mean_z_against_zmap(cohort):
    score, own, healthy = scored(cohort, "mean_z")
    expected = stats.zmap(own.to_numpy(), own.loc[healthy].to_numpy(), ddof=1).mean(axis=1)
    np.testing.assert_allclose(score, expected, rtol=1e-12)


def test_geometric_mean_against_gmean(cohort):
    score, own, _ = scored(cohort, "geometric_mean")
    np.testing.assert_allclose(score, stats.gmean(np.exp2(own.to_numpy()), axis=1), rtol=1e-12)


def test_median_fold_change_against_numpy(cohort):
    score, own, healthy = scored(cohort, "median_fold_change")
    level = np.exp2(own.to_numpy())
    # The median of logarithms of an even number of samples is the geometric middle, hence log2 inside.
    middle = np.exp2(np.median(np.log2(level[: len(healthy)]), axis=0))
    np.testing.assert_allclose(score, np.median(level / middle, axis=1), rtol=1e-12)


def test_singscore_against_its_definition_with_rankdata(cohort):
    score, own, _ = scored(cohort, "singscore")
    data = cohort[0].to_numpy()
    k, n = own.shape[1], data.shape[1]
    mean_rank = stats.rankdata(data, axis=1)[:, :k].mean(axis=1)
    low = np.arange(1, k + 1).mean()
    high = np.arange(n - k + 1, n + 1).mean()
    np.testing.assert_allclose(score, (mean_rank - low) / (high - low) - 0.5, rtol=1e-12)


def test_healthy_summary_against_numpy_with_missing_values():
    numbers = np.random.default_rng(3)
    values = numbers.normal(8, 1, (25, 40))
    values[numbers.uniform(size=values.shape) < 0.15] = np.nan
    found = summarize_healthy(Levels(values, np.zeros(25)), 1e-9)
    np.testing.assert_allclose(found.mean, np.nanmean(values, axis=0), rtol=1e-12)
    np.testing.assert_allclose(found.median, np.nanmedian(values, axis=0), rtol=1e-12)
    np.testing.assert_allclose(found.spread, np.nanstd(values, axis=0, ddof=1), rtol=1e-10)


def test_robust_cutoff_against_median_abs_deviation():
    healthy = np.random.default_rng(4).normal(0, 1, 31)
    expected = np.median(healthy) + 2.5 * stats.median_abs_deviation(healthy, scale="normal")
    found = apply_rule(healthy, "median_mad", mad_multiple=2.5, is_positive=False)
    assert found == pytest.approx(expected, rel=1e-4)  # 1.4826 is the constant to four decimals
    positive = apply_rule(np.exp2(healthy), "median_mad", mad_multiple=2.5, is_positive=True)
    assert positive == pytest.approx(2**found)


def test_mixture_finds_the_groups_it_was_made_of():
    numbers = np.random.default_rng(5)
    low, high = numbers.normal(0, 0.5, 300), numbers.normal(4, 0.5, 700)
    found = fit_mixture(np.concatenate([low, high]), on_log2=False)
    assert found.means == pytest.approx((0, 4), abs=0.1)
    assert found.share_upper == pytest.approx(0.7, abs=0.02)
    # Where two normal densities of the same SD, weighted 0.3 and 0.7, cross.
    assert found.cutoff == pytest.approx(2 - 0.25 / 4 * np.log(0.7 / 0.3), abs=0.08)
    upper = 0.7 * stats.norm.pdf(3.0, 4, 0.5)
    expected = upper / (upper + 0.3 * stats.norm.pdf(3.0, 0, 0.5))
    at_three = np.interp(
        3.0, *np.array(sorted(zip(np.concatenate([low, high]), found.probability_upper, strict=True))).T
    )
    assert at_three == pytest.approx(expected, abs=0.02)


def test_one_group_is_not_split():
    assert isinstance(fit_mixture(np.random.default_rng(6).normal(size=400), on_log2=False), str)


def test_kappa_by_hand():
    flags = pd.DataFrame(
        {"a": [1.0] * 45 + [0.0] * 55, "b": [1.0] * 40 + [0.0] * 5 + [1.0] * 10 + [0.0] * 45}
    )
    found = compare_rules(flags).iloc[0]
    agree, chance = 0.85, 0.45 * 0.5 + 0.55 * 0.5
    assert found["same_call"] == pytest.approx(agree)
    assert found["kappa"] == pytest.approx((agree - chance) / (1 - chance))


def test_between_share_against_a_mixed_model():
    numbers = np.random.default_rng(7)
    subject = pd.Series(np.repeat([f"p{i}" for i in range(150)], 4))
    score = pd.Series(np.repeat(numbers.normal(0, 1.5, 150), 4) + numbers.normal(0, 1, 600))
    fit = sm.MixedLM(score, np.ones((600, 1)), groups=subject).fit(reml=True)
    variance = float(fit.cov_re.iloc[0, 0])
    # In a balanced table the ANOVA estimate is the REML estimate.
    assert compute_between_share(score, subject) == pytest.approx(variance / (variance + fit.scale), abs=1e-4)
