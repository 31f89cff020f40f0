"""Each scoring method by hand on levels of a few genes, one of which falls with interferon."""

import numpy as np
import pytest

from ifntrial.signature.methods import METHODS
from ifntrial.signature.records import GeneRoles, Healthy, Levels
from shipped import load_method

# two genes rise with interferon, the third falls
ROLES = GeneRoles(np.array([1.0, 1.0, -1.0]), np.zeros(3, dtype=np.intp), 1)
HEALTHY = Healthy(
    mean=np.array([5.0, 6.0, 7.0]), median=np.array([4.0, 6.0, 8.0]), spread=np.array([1.0, 2.0, 0.5])
)
SAMPLES = np.array([[8.0, 7.0, 6.0], [5.0, np.nan, 9.0], [np.nan] * 3])


def scored(name: str, values: np.ndarray, roles: GeneRoles = ROLES) -> np.ndarray:
    healthy = HEALTHY if load_method(name).needs_reference else None
    return load_method(name).score(Levels(values, np.full(len(values), 10.0)), healthy, roles)


@pytest.mark.parametrize(
    ("name", "raised", "missing_one"),
    [
        ("mean_z", (3 / 1 + 1 / 2 + 1 / 0.5) / 3, (0 - 2 / 0.5) / 2),
        ("mean_log2_fold_change", (3 + 1 + 1) / 3, (0 - 2) / 2),
        ("median_fold_change", 2.0**2, (2.0**1 + 2.0**-1) / 2),  # of 16, 2, 4; of 2, 1/2
        ("geometric_mean", 2.0 ** ((8 + 7 - 6) / 3), 2.0 ** ((5 - 9) / 2)),
        ("mean_ln", np.log(2) * (8 + 7 - 6) / 3, np.log(2) * (5 - 9) / 2),
    ],
)
def test_a_gene_that_falls_with_interferon_counts_the_other_way(name, raised, missing_one):
    found = scored(name, SAMPLES)
    assert found[:2] == pytest.approx([raised, missing_one], rel=1e-12)
    assert np.isnan(found[2]), "nothing was measured"


def test_ranks_are_counted_from_the_top_for_genes_that_fall():
    ranks = np.array([[9.0, 7.0, 2.0], [1.0, 2.0, 10.0], [9.0, 7.0, np.nan]])
    # of ten genes: the two that rise have mean rank r between 1.5 and 9.5, the one that falls between 1 and 10
    up = [(8.0 - 1.5) / 8 - 0.5, 0.0 / 8 - 0.5]
    down = [(9.0 - 1.0) / 9 - 0.5, (1.0 - 1.0) / 9 - 0.5]
    found = scored("singscore", ranks)
    assert found[:2] == pytest.approx([up[0] + down[0], up[1] + down[1]])
    assert np.isnan(found[2]), "a part of the signature was not measured"


def test_ranks_of_all_genes_say_nothing():
    roles = GeneRoles(np.ones(2), np.zeros(2, dtype=np.intp), 1)
    assert np.isnan(
        load_method("singscore").score(Levels(np.array([[1.0, 2.0]]), np.array([2.0])), None, roles)[0]
    )


def test_a_module_is_raised_when_a_fifth_of_its_genes_answer_in_their_direction():
    # one module of five genes, one of which must answer, and one of six, of which two must
    roles = GeneRoles(np.array([1.0] * 4 + [-1.0] + [1.0] * 6), np.array([0] * 5 + [1] * 6), 2)
    healthy = Healthy(np.full(11, 5.0), np.full(11, 5.0), np.full(11, 0.5))
    level = {"rest": 5.0, "up": 6.01, "not quite": 6.0, "down": 3.9}

    def count(**genes: str) -> float:
        values = np.full(11, level["rest"])
        for gene, word in genes.items():
            values[int(gene.removeprefix("g"))] = level[word]
        return float(load_method("active_modules").score(Levels(values[None], np.ones(1)), healthy, roles)[0])

    assert count() == 0.0
    assert count(g0="up") == 1.0
    assert count(g0="not quite") == 0.0, "more than two SDs"
    assert count(g4="down") == 1.0, "this gene falls with interferon"
    assert count(g4="up") == count(g0="down") == 0.0
    assert count(g5="up") == 0.0, "one of six is less than a fifth"
    assert count(g5="up", g6="up") == 1.0
    assert count(g0="up", g5="up", g6="up") == 2.0
    assert load_method("active_modules").fixed_cutoff == 1.5


def test_every_method_is_checked_here_or_says_otherwise():
    by_hand = {"mean_z", "mean_log2_fold_change", "median_fold_change", "geometric_mean", "mean_ln"}
    assert {method.name for method in METHODS} == by_hand | {"singscore", "active_modules"}
