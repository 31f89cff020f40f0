"""Scoring methods on numbers small enough to be done by hand."""

from dataclasses import replace

import numpy as np
import pytest

from ifntrial.signature import METHODS, ReadOptions
from ifntrial.signature.over_genes import mean_over_genes, median_over_genes
from ifntrial.signature.records import GeneRoles, Healthy, Levels
from shipped import load_method

LOG2 = ReadOptions(scale="log2")
NAN = float("nan")


@pytest.mark.parametrize(
    ("name", "unit", "needs_reference", "level", "material", "is_fold_change", "is_positive", "fixed"),
    [
        ("mean_z", "healthy SD", True, "log2", ("rna", "protein"), False, False, None),
        ("mean_log2_fold_change", "log2 fold change", True, "log2", ("rna", "protein"), False, False, None),
        ("median_fold_change", "fold change", True, "log2", ("rna", "protein"), True, True, None),
        ("geometric_mean", "level", False, "log2", ("rna", "protein"), False, True, None),
        ("singscore", "share of the rank range", False, "rank", ("rna",), False, False, None),
        ("active_modules", "modules", True, "log2", ("rna",), False, False, 1.5),
        ("mean_ln", "ln(concentration)", False, "log2", ("protein",), False, False, None),
    ],
)
def test_what_each_method_says_of_itself(
    name, unit, needs_reference, level, material, is_fold_change, is_positive, fixed
):
    method = load_method(name)
    assert method.name == name
    assert (method.unit, method.level, method.material) == (unit, level, material)
    assert (method.needs_reference, method.is_fold_change, method.is_positive) == (
        needs_reference,
        is_fold_change,
        is_positive,
    )
    assert method.fixed_cutoff == fixed
    assert method.single_sample


def test_the_methods_tested_above_are_all():
    assert len(METHODS) == 7


def one_sample(values, directions, *, mean=None, median=None, spread=None, ranked=0.0):
    """Return levels of one sample, a healthy summary, and roles in one part."""
    count = len(values)
    healthy = Healthy(
        *(np.zeros(count) if x is None else np.array(x) for x in (mean, median)), np.ones(count)
    )
    healthy = replace(healthy, spread=np.ones(count) if spread is None else np.array(spread))
    roles = GeneRoles(np.array(directions, dtype=float), np.zeros(count, dtype=np.intp), 1)
    return Levels(np.array([values], dtype=float), np.array([ranked])), healthy, roles


@pytest.mark.parametrize(
    ("name", "values", "directions", "known", "expected"),
    [
        # (3 - 1) / 1 and -(-4 - 0) / 2
        ("mean_z", [3.0, -4.0], [1, -1], {"mean": [1.0, 0.0], "spread": [1.0, 2.0]}, 2.0),
        ("mean_z", [3.0, NAN], [1, -1], {"mean": [1.0, 0.0], "spread": [1.0, 2.0]}, 2.0),
        # 3 - 1 and -(-4 - 2)
        ("mean_log2_fold_change", [3.0, -4.0], [1, -1], {"mean": [1.0, 2.0], "spread": [9.0, 9.0]}, 4.0),
        # 2^1, 2^2, 2^5: the median of healthy samples counts, not their mean
        ("median_fold_change", [1.0, -2.0, 6.0], [1, -1, 1], {"median": [0.0, 0.0, 1.0], "mean": [9, 9, 9]}, 4.0),
        ("median_fold_change", [1.0, 2.0], [1, 1], {}, 3.0),
        ("geometric_mean", [3.0, -1.0], [1, -1], {}, 4.0),
        ("mean_ln", [1.0, 3.0], [1, 1], {}, 2.0 * 0.6931471805599453),
        ("mean_ln", [1.0, -3.0], [1, -1], {}, 2.0 * 0.6931471805599453),
        # two of ten genes: ranks 9 and 7 have mean 8; (8 - 1.5) / 8 - 0.5
        ("singscore", [9.0, 7.0], [1, 1], {"ranked": 10.0}, 0.3125),
        # the same two from the top are ranks 2 and 4: (3 - 1.5) / 8 - 0.5
        ("singscore", [9.0, 7.0], [-1, -1], {"ranked": 10.0}, -0.3125),
        # groups of one: (9 - 1) / 9 - 0.5 and (11 - 2 - 1) / 9 - 0.5
        ("singscore", [9.0, 2.0], [1, -1], {"ranked": 10.0}, 7.0 / 9.0),
    ],
)  # fmt: skip
def test_each_method_on_one_sample(name, values, directions, known, expected):
    levels, healthy, roles = one_sample(values, directions, **known)
    assert load_method(name).score(levels, healthy, roles) == pytest.approx([expected], rel=1e-14)


def test_a_module_is_raised_from_a_fifth_of_its_genes_above_two_sd():
    score = load_method("active_modules").score
    roles = GeneRoles(np.array([1.0] * 5 + [-1.0] * 6), np.array([0] * 5 + [1] * 6), 2)
    healthy = Healthy(np.ones(11), np.full(11, NAN), np.full(11, 0.5))
    level = np.ones((4, 11))
    level[0, 0] = 2.01  # one of five answers, at z 2.02
    level[1, 0] = 2.0  # exactly two SD is no answer
    level[2, [0, 5]] = 2.5, -0.5  # one of five, and one of six that falls: too few
    level[3, [0, 5, 6]] = 2.5, -0.5, -0.5  # one of five, and two of six that fall
    assert score(Levels(level, np.zeros(4)), healthy, roles).tolist() == [1.0, 0.0, 1.0, 2.0]


def test_means_and_medians_over_the_genes_that_were_measured():
    values = np.array([[1.0, 2.0, 3.0, 10.0], [NAN, 2.0, 8.0, NAN], [5.0, NAN, 1.0, 9.0], [NAN] * 4])
    assert mean_over_genes(values)[:3].tolist() == [4.0, 5.0, 5.0]
    assert median_over_genes(values)[:3].tolist() == [2.5, 5.0, 5.0]
    assert np.isnan(mean_over_genes(values)[3])
    assert np.isnan(median_over_genes(values)[3])
    assert np.isnan(mean_over_genes(np.zeros((2, 0)))).all()
    assert np.isnan(median_over_genes(np.zeros((2, 0)))).all()
