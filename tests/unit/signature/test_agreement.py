"""Agreement of two platforms, against numbers worked out by hand, SciPy and scikit-learn."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import cohen_kappa_score

from ifntrial.errors import InputError
from ifntrial.signature import compare_scores
from ifntrial.signature.agreement import compare_calls, compare_numbers
from ifntrial.signature.score_table import check_scores
from shipped import CATALOG


def table(scores, calls, names="abcd", **more):
    rows = {"sample": list(names), "subject": list(names), "visit": "", "signature": "az_4_gene"}
    rows |= {"method": "mean_z", "score": scores, "probability_high": "", "class": "low"}
    rows |= {"published_call": calls} | more
    return check_scores(pd.DataFrame(rows).astype(str))


def test_four_samples_by_hand():
    # differences 1, 1, 2, 0: mean 1, SD sqrt(2/3); means 1.5, 2.5, 4, 5 about 3.25
    found = compare_numbers(np.array([2.0, 3.0, 5.0, 5.0]), np.array([1.0, 2.0, 3.0, 5.0]))
    assert found["bias"] == pytest.approx(1.0)
    assert found["sd"] == pytest.approx(np.sqrt(2.0 / 3.0))
    assert found["limit_low"] == pytest.approx(1.0 - 1.959963984540054 * np.sqrt(2.0 / 3.0))
    assert found["limit_high"] == pytest.approx(1.0 + 1.959963984540054 * np.sqrt(2.0 / 3.0))
    # (-1.75*1 - 0.75*1 + 0.75*2 + 1.75*0) / (2*1.75^2 + 2*0.75^2) = -1 / 7.25
    assert found["slope"] == pytest.approx(-1.0 / 7.25)
    # variances 27/16 and 35/16, covariance (2 + 6 + 15 + 25)/4 - 3.75*2.75 = 27/16; 2*27/16 / (27/16 + 35/16 + 1)
    assert found["concordance"] == pytest.approx(2.0 * 27.0 / (27.0 + 35.0 + 16.0))


def test_random_numbers_against_scipy():
    numbers = np.random.default_rng(5)
    a = numbers.normal(3.0, 2.0, 60)
    b = 0.8 * a + numbers.normal(0.5, 0.7, 60)
    found = compare_numbers(a, b)
    assert found["correlation"] == pytest.approx(stats.pearsonr(a, b).statistic)
    assert found["slope"] == pytest.approx(stats.linregress((a + b) / 2.0, a - b).slope)
    bias_correction = 2.0 / (
        a.std() / b.std() + b.std() / a.std() + (a.mean() - b.mean()) ** 2 / (a.std() * b.std())
    )
    assert found["concordance"] == pytest.approx(found["correlation"] * bias_correction)


def test_calls_against_scikit_learn():
    numbers = np.random.default_rng(6)
    a, b = (np.where(numbers.uniform(size=50) < 0.4, "high", "low") for _ in range(2))
    b[:30] = a[:30]
    called, same, kappa = compare_calls(a, b)
    assert (called, same) == (50, np.mean(a == b))
    assert kappa == pytest.approx(cohen_kappa_score(a, b))
    assert compare_calls(np.array(["high", ""]), np.array(["high", "low"])) == (1, 1.0, None)


def test_samples_are_matched_by_name_whatever_their_order():
    one = table([2, 3, 5, 5], ["low", "low", "high", "high"])
    other = table([5, 1, 3, 2], ["high", "low", "low", "low"], "dacb")
    found = compare_scores(one.frame, other, CATALOG.library.methods)[0]
    assert (found.samples, found.bias, found.samples_called, found.same_call) == (4, 1.0, 4, 0.75)
    # 3 of 4 alike; by chance 1/2 * 1/4 + 1/2 * 3/4 = 1/2
    assert found.kappa == pytest.approx(0.5)
    assert found.status == "compared"


def test_samples_are_matched_by_subject_and_visit_where_names_differ():
    one = table([2, 3, 5, 5], "low", visit="week 0")
    other = table([1, 2, 3, 5], "low", ["a2", "b2", "c2", "d2"], subject=list("abcd"), visit="week 0")
    assert compare_scores(one.frame, other, {})[0].bias == 1.0
    with pytest.raises(InputError, match="no sample in common"):
        compare_scores(one.frame, table([1, 2, 3, 5], "low", ["a2", "b2", "c2", "d2"]), {})


def test_ratios_are_compared_as_log2():
    ratio = {"signature": "ags_6", "method": "median_fold_change"}
    one, other = (table(scores, "low", **ratio) for scores in ([2, 4, 8, 16], [1, 2, 4, 8]))
    found = compare_scores(one.frame, other, CATALOG.library.methods)[0]
    assert (found.bias, found.sd) == (1.0, 0.0)
    assert found.unit.startswith("log2")


def test_too_few_samples_and_other_scores_are_said():
    one = table([2, 3], "low", "ab")
    assert "fewer than 3" in compare_scores(one.frame, table([1, 2], "low", "ab"), {})[0].status
    with pytest.raises(InputError, match="no signature and method in common"):
        compare_scores(one.frame, table([1, 2], "low", "ab", method="singscore"), {})
