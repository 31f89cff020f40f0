"""Classes, settings and suppression of whole runs on numbers small enough to be done by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ifntrial.errors import InputError
from ifntrial.signature import ReadOptions, ScoreSettings, measure_suppression
from ifntrial.signature.call import make_roles
from ifntrial.signature.cutoff import Mixture
from ifntrial.signature.visits import order_visits
from shipped import load_signature, make_signature, score_samples

LOG2 = ReadOptions(scale="log2")
NAN = float("nan")


def test_roles_number_the_modules_in_their_order():
    roles = make_roles(load_signature("chiche_modules"))
    assert roles.parts == 3
    assert np.bincount(roles.part).tolist() == [24, 51, 56]
    mine = replace(
        make_signature("mine", ["MX1", "OAS1", "IFIT1"]), parts=("b", "a", "b"), directions=(1, -1, 1)
    )
    assert make_roles(mine).part.tolist() == [0, 1, 0]
    assert make_roles(mine).direction.tolist() == [1.0, -1.0, 1.0]


def healthy_and(patients: dict[str, list[float]]) -> tuple[pd.DataFrame, list[str]]:
    """Return five healthy samples, whose four genes have mean 8 and SD 1, and patients."""
    genes = ["IFI27", "IFI44", "IFI44L", "RSAD2"]
    noise = np.array([-1.264911, -0.632456, 0.0, 0.632456, 1.264911])
    healthy = pd.DataFrame(
        8.0 + noise[:, None] * np.ones(4), index=[f"h{i}" for i in range(5)], columns=genes
    )
    return pd.concat([healthy, pd.DataFrame(patients, index=genes).T]), list(healthy.index)


def test_classes_without_draws_follow_the_cutoff():
    data, healthy = healthy_and({"above": [10.01] * 4, "below": [9.99] * 4, "few": [12.0, 12.0, NAN, NAN]})
    result = score_samples(
        data, healthy=healthy, signatures=["az_4_gene"], options=LOG2, settings=ScoreSettings(draws=0)
    )
    rows = result.scores_of("az_4_gene")
    cutoffs = result.cutoffs.set_index("rule")["cutoff"]
    assert cutoffs["mean_2sd"] == pytest.approx(2.0, abs=1e-5)
    assert cutoffs["median_mad"] == pytest.approx(3.0 * 1.4826 * 0.632456, abs=1e-5)
    assert rows.loc[["above", "below", "few"], "class"].tolist() == ["high", "low", "unclassified"]
    assert rows.loc[["above", "below"], "high_mean_2sd"].tolist() == [True, False]
    assert rows.loc[["above", "below"], "high_median_mad"].tolist() == [False, False]
    assert rows.loc["few", "genes_used"] == 2
    assert rows.loc["few", "genes_total"] == 4
    assert rows.loc["few", "reason"] == "2 of 4 genes measured, 60% needed; missing IFI44L, RSAD2"
    assert rows.loc["above", "status"] == "scored"
    assert rows.loc["above", "reason"] == ""


def test_the_least_share_of_genes_is_enough():
    data, healthy = healthy_and({"three": [9.0, 9.0, 9.0, NAN]})
    for coverage, status in ((0.75, "scored"), (0.76, "not scored")):
        settings = ScoreSettings(draws=0, minimum_coverage=coverage)
        result = score_samples(
            data, healthy=healthy, signatures=["az_4_gene"], options=LOG2, settings=settings
        )
        assert result.scores_of("az_4_gene").loc["three", "status"] == status


def test_a_score_with_a_cutoff_of_its_own_has_no_mixture():
    genes = list(load_signature("chiche_modules").genes)
    levels = 8.0 + np.sin(np.arange(30)[:, None] * np.arange(1, len(genes) + 1))
    levels[5:15] += 4.0
    data = pd.DataFrame(levels, index=[f"s{i}" for i in range(30)], columns=genes)
    result = score_samples(
        data,
        healthy=list(data.index[:5]),
        signatures=["chiche_modules"],
        methods=["active_modules", "mean_log2_fold_change"],
        options=LOG2,
        settings=ScoreSettings(draws=0),
    )
    counted, averaged = (
        result.mixtures["chiche_modules", method] for method in ("active_modules", "mean_log2_fold_change")
    )
    assert counted == "the score is a count with a cut-off of its own"
    assert isinstance(averaged, Mixture)


def test_the_class_follows_the_chosen_rule():
    data, healthy = healthy_and({"between": [10.4] * 4})
    for rule, expected in (("mean_2sd", "high"), ("median_mad", "low")):
        settings = ScoreSettings(draws=0, rule=rule)
        result = score_samples(
            data, healthy=healthy, signatures=["az_4_gene"], options=LOG2, settings=settings
        )
        assert result.scores_of("az_4_gene").loc["between", "class"] == expected


def test_nine_draws_of_ten_make_a_class():
    data, healthy = healthy_and({f"p{step:.1f}": [8.0 + step] * 4 for step in np.linspace(0.2, 3.8, 10)})
    result = score_samples(data, healthy=healthy, signatures=["az_4_gene"], options=LOG2)
    rows = result.scores_of("az_4_gene")
    chance = rows["probability_high"]
    expected = np.select([chance >= 0.9, chance <= 0.1], ["high", "low"], "borderline")
    assert rows["class"].tolist() == expected.tolist()
    assert set(rows["class"]) == {"high", "low", "borderline"}


@pytest.mark.parametrize(
    ("name", "allowed", "refused"),
    [
        ("minimum_coverage", [1e-9, 1.0], [0.0, 1.01]),
        ("spread_floor", [1e-9], [0.0]),
        ("draws", [0], [-1, 100_001]),
        ("mad_multiple", [1e-9], [0.0]),
        ("assay_sd_log2", [0.0, 9.9], [-0.1, 10.0]),
    ],
)
def test_settings_at_the_edge_of_what_is_allowed(name, allowed, refused):
    data, healthy = healthy_and({"p": [9.0] * 4})
    few = ScoreSettings(draws=1)
    for value in allowed:
        settings = replace(few, **{name: value})
        score_samples(data, healthy=healthy, signatures=["az_4_gene"], options=LOG2, settings=settings)
    for value in refused:
        with pytest.raises(InputError, match=f"{name} is {value}"):
            score_samples(
                data, healthy=healthy, signatures=["az_4_gene"], options=LOG2, settings=replace(few, **{name: value})
            )  # fmt: skip


@pytest.mark.parametrize(("seed", "is_allowed"), [(0, True), (2**63 - 1, True), (-1, False), (2**63, False)])
def test_seeds_at_the_edge_of_what_is_allowed(seed, is_allowed):
    data, healthy = healthy_and({"p": [9.0] * 4})
    arguments = {
        "healthy": healthy,
        "signatures": ["az_4_gene"],
        "options": LOG2,
        "settings": ScoreSettings(draws=1),
    }
    if is_allowed:
        assert len(score_samples(data, seed=seed, **arguments).table) == 6
    else:
        with pytest.raises(InputError, match="seed is"):
            score_samples(data, seed=seed, **arguments)


@pytest.mark.parametrize(("genes", "is_said"), [(999, True), (1000, False)])
def test_ranks_among_fewer_than_a_thousand_genes_are_said(genes, is_said):
    four = list(load_signature("az_4_gene").genes)
    columns = [*four, *(f"G{i}" for i in range(genes - 4))]
    data = pd.DataFrame(np.arange(2.0 * genes).reshape(2, genes) / 100.0, index=["a", "b"], columns=columns)
    result = score_samples(data, signatures=["az_4_gene"], methods=["singscore"], options=LOG2)
    assert any("ranks among only 999 genes" in notice.text for notice in result.notices) == is_said


def test_what_does_not_fit_together_is_said_and_left_out():
    data, healthy = healthy_and({"p": [9.0] * 4})
    result = score_samples(
        data,
        healthy=healthy,
        signatures=["az_4_gene"],
        methods=["mean_ln", "active_modules", "mean_z"],
        options=LOG2,
        settings=ScoreSettings(draws=0),
    )
    assert set(result.table["method"]) == {"mean_z"}
    texts = [notice.text for notice in result.notices]
    assert "mean_ln is not meant for rna: az_4_gene was not scored with it" in texts
    assert "active_modules counts modules and az_4_gene has one: it was not scored with it" in texts
    with pytest.raises(InputError, match="no signature can be scored with the methods named"):
        score_samples(data, healthy=healthy, signatures=["az_4_gene"], methods=["mean_ln"], options=LOG2)


def test_names_given_twice_or_not_at_all_are_refused():
    data, healthy = healthy_and({"p": [9.0] * 4})
    with pytest.raises(InputError, match=r"signature was named twice.*az_4_gene"):
        score_samples(data, healthy=healthy, signatures=["az_4_gene", "az_4_gene"], options=LOG2)
    with pytest.raises(InputError, match="no signature was named"):
        score_samples(data, healthy=healthy, signatures=[], options=LOG2)
    with pytest.raises(InputError, match="'h0' is named twice"):
        score_samples(data, healthy=["h0", *healthy], signatures=["az_4_gene"], options=LOG2)
    with pytest.raises(InputError, match="'h9' is not in the data"):
        score_samples(data, healthy=["h9", *healthy], signatures=["az_4_gene"], options=LOG2)
    few = ScoreSettings(draws=0)
    stored = score_samples(
        data, healthy=healthy, signatures=["az_4_gene"], options=LOG2, settings=few
    ).reference
    with pytest.raises(InputError, match="both given"):
        score_samples(data, healthy=healthy, reference=stored, signatures=["az_4_gene"], options=LOG2)


def followed(levels: dict[str, tuple[str, str, float]], **settings):
    """Score samples, each with a subject, a visit and a log2 fold change above healthy."""
    data, healthy = healthy_and({name: [8.0 + up] * 4 for name, (_, _, up) in levels.items()})
    about = pd.DataFrame(
        {"subject": [s for s, _, _ in levels.values()], "visit": [v for _, v, _ in levels.values()]}, index=list(levels)
    )  # fmt: skip
    return score_samples(
        data, healthy=healthy, signatures=["az_4_gene"], metadata=about, options=LOG2, settings=ScoreSettings(**settings)
    )  # fmt: skip


THREE = {
    "a0": ("a", "week 0", 3.0),
    "a4": ("a", "week 4", 2.0),
    "a12": ("a", "week 12", 0.0),
    "b4": ("b", "week 4", 1.0),
    "b12": ("b", "week 12", 2.0),
}


def test_every_later_visit_is_compared_with_the_first_of_its_subject():
    found = measure_suppression(followed(THREE, draws=5), "az_4_gene")
    assert found["subject"].tolist() == ["a", "a", "b"]
    assert found["visit"].tolist() == ["week 4", "week 12", "week 12"]
    assert found["baseline_visit"].tolist() == ["week 0", "week 0", "week 4"]
    assert found["fold_change_before"].tolist() == pytest.approx([8.0, 8.0, 2.0])
    assert found["fold_change_after"].tolist() == pytest.approx([4.0, 1.0, 4.0])
    assert found["suppression"].tolist() == pytest.approx([0.5, 0.875, -1.0])
    assert found["in_healthy_range_after"].tolist() == [True, True, True]
    assert found["status"].tolist() == ["measured"] * 3


def test_a_named_baseline_leaves_earlier_visits_out():
    found = measure_suppression(followed(THREE, draws=5), "az_4_gene", baseline="week 4")
    assert found["subject"].tolist() == ["a", "b"]
    assert found["baseline_visit"].tolist() == ["week 4", "week 4"]
    assert found["suppression"].tolist() == pytest.approx([0.75, -1.0])
    with pytest.raises(InputError, match=r"baseline visit is not in the data.*week 0, week 4, week 12"):
        measure_suppression(followed(THREE, draws=5), "az_4_gene", baseline="week 5")


def test_twice_healthy_is_raised():
    levels = {"a0": ("a", "0", 1.0001), "a1": ("a", "1", 0.0), "b0": ("b", "0", 0.9), "b1": ("b", "1", 0.0)}
    found = measure_suppression(followed(levels, draws=5), "az_4_gene").set_index("subject")
    assert found["raised_before"].tolist() == [True, False]
    assert found["reason"].tolist() == ["", "not raised before: the ratio says little"]


def test_the_interval_is_that_of_one_minus_the_ratio():
    data, healthy = healthy_and({"before": [12.0] * 4, "after": [11.0, 10.0, 9.0, 8.0]})
    about = pd.DataFrame({"subject": ["a", "a"], "visit": ["0", "1"]}, index=["before", "after"])
    result = score_samples(data, healthy=healthy, signatures=["az_4_gene"], metadata=about, options=LOG2)
    row = measure_suppression(result, "az_4_gene").iloc[0]
    # genes fall by 1 to 4 log2, 2.5 on average
    assert row["suppression"] == pytest.approx(1.0 - 2.0**-2.5)
    # the mean fall of four genes drawn again has SD sqrt(1.25 / 4)
    low, high = (-np.log2(1.0 - row[name]) for name in ("interval_low", "interval_high"))
    assert 1.25 <= low < 1.75
    assert 3.25 < high <= 3.75


def test_words_for_a_first_visit_come_first():
    visits = pd.Series(["week 1", "Screening", "", "before", "week 1.5"])
    assert list(order_visits(visits)) == ["Screening", "before", "week 1", "week 1.5"]
