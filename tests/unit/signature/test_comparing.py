"""Suppression, specificity, association and the score table, on numbers that can be checked by hand."""

import numpy as np
import pandas as pd
import pytest

from ifntrial.errors import InputError
from ifntrial.signature import (
    ReadOptions,
    ScoreSettings,
    associate,
    compare_interferons,
    describe_specificity,
    load_scores,
    measure_suppression,
    save_scores,
    select_scores,
)
from ifntrial.signature.association import compute_between_share, spearman_interval
from ifntrial.signature.infection import describe_infection
from ifntrial.signature.specificity import looks_epithelial
from ifntrial.signature.visits import baseline_place, order_visits
from shipped import load_signature, score_samples

INFECTION_POSSIBLE = "not excluded: a viral infection raises the same genes"
INFECTION_NO_SIGN = "no sign of a viral one: the IFN-I genes are not raised"
LOG2 = ReadOptions(scale="log2")
FOUR = list(load_signature("az_4_gene").genes)
ONE = list(load_signature("aybey_ifn_i").genes)
TWO = list(load_signature("aybey_ifn_ii").genes)
BACTERIAL = list(load_signature("sweeney_bacterial").genes)


def cohort(
    raised: dict[str, dict[str, float]], genes: list[str], healthy: int = 15
) -> tuple[pd.DataFrame, list[str]]:
    """Return healthy noise, and samples raised above the healthy mean by log2 amounts for named genes."""
    numbers = np.random.default_rng(4)
    names = [f"H{i}" for i in range(healthy)]
    base = pd.DataFrame(numbers.normal(8.0, 0.4, (healthy, len(genes))), index=names, columns=genes)
    rows = {
        name: base.mean() + pd.Series(0.0, index=genes).add(pd.Series(up), fill_value=0.0)
        for name, up in raised.items()
    }
    return pd.concat([base, pd.DataFrame(rows).T]), names


def followed():
    ups = {"a0": 4.0, "a1": 1.0, "b0": 3.0, "b1": 4.0, "c0": 0.0, "c1": 1.0, "d1": 2.0, "e0": 5.0, "e1": 0.0}
    data, healthy = cohort({name: dict.fromkeys(FOUR, up) for name, up in ups.items()}, FOUR)
    about = pd.DataFrame(
        {"subject": [n[0] for n in ups], "visit": [f"week {12 * int(n[1])}" for n in ups]}, index=list(ups)
    )
    return score_samples(data, healthy=healthy, signatures=["az_4_gene"], metadata=about, options=LOG2)


def test_suppression_is_on_the_fold_change_scale():
    found = measure_suppression(followed(), "az_4_gene").set_index("subject")
    assert found.loc["a", "suppression"] == pytest.approx(1 - 2**-3)
    assert found.loc["b", "suppression"] == pytest.approx(1 - 2.0)
    assert found.loc["e", "suppression"] == pytest.approx(1 - 2**-5)
    assert found.loc["a", "fold_change_before"] == pytest.approx(16.0)
    assert bool(found.loc["e", "in_healthy_range_after"])
    assert not found.loc["b", "in_healthy_range_after"]


def test_a_subject_that_was_not_raised_is_kept_and_said():
    found = measure_suppression(followed(), "az_4_gene").set_index("subject")
    assert not found.loc["c", "raised_before"]
    assert "not raised before" in found.loc["c", "reason"]


def test_a_subject_without_the_baseline_keeps_its_row():
    found = measure_suppression(followed(), "az_4_gene", baseline="week 0").set_index("subject")
    assert found.loc["d", "status"] == "not measured"
    assert found.loc["d", "reason"] == "the subject has no baseline sample"


def test_suppression_interval_holds_the_estimate_and_is_tight_where_genes_agree():
    found = measure_suppression(followed(), "az_4_gene").set_index("subject").loc["a"]
    assert found["interval_low"] == pytest.approx(found["suppression"])
    assert found["interval_high"] == pytest.approx(found["suppression"])
    median = (
        measure_suppression(followed(), "az_4_gene", method="median_fold_change")
        .set_index("subject")
        .loc["a"]
    )
    assert median["interval_low"] <= median["suppression"] <= median["interval_high"]


def test_visits_are_ordered_by_their_numbers():
    names = ["week 52", "week 4", "baseline", "week 12", "week -2"]
    ordered = order_visits(pd.Series(names))
    assert list(ordered) == ["week -2", "baseline", "week 4", "week 12", "week 52"]
    assert baseline_place(ordered) == ordered["baseline"]
    assert list(order_visits(pd.Series(["3", "10", "1"]))) == ["1", "3", "10"]


def interferons(**arguments):
    raised = {
        "one": dict.fromkeys(ONE, 4.0),
        "two": dict.fromkeys(TWO, 4.0),
        "both": dict.fromkeys(ONE + TWO, 4.0),
        "none": {},
    }
    data, healthy = cohort(raised, ONE + TWO)
    result = score_samples(data, healthy=healthy, signatures=["aybey_ifn_i", "aybey_ifn_ii"], options=LOG2)
    return compare_interferons(result, **arguments).set_index("sample")


@pytest.mark.parametrize(
    ("tissue", "first", "third"),
    [
        ("blood", "IFN-I", "not measured"),
        ("skin", "IFN-I or IFN-III", "cannot be told from IFN-I in epithelium"),
        ("epithelium", "IFN-I or IFN-III", "cannot be told from IFN-I in epithelium"),
        ("unknown", "IFN-I or IFN-III", "cannot be told from IFN-I unless"),
    ],
)
def test_each_interferon_is_read_by_tissue(tissue, first, third):
    found = interferons(tissue=tissue)
    assert found["reading"][["one", "two", "both", "none"]].tolist() == [
        first,
        "IFN-II",
        f"{first} and IFN-II",
        "none raised",
    ]
    assert third in found.loc["one", "ifn_iii"]


def test_infection_is_never_excluded_where_interferon_genes_are_raised():
    found = interferons(tissue="blood")
    assert found.loc["one", "infection"] == INFECTION_POSSIBLE
    assert found.loc["none", "infection"] == INFECTION_NO_SIGN
    assert set(found["bacterial"]) == {"not measured: the set was not scored"}
    assert any("infection" in notice.text for notice in describe_specificity("blood"))


def infected(tissue: str, measured: list[str]):
    raised = {
        "virus or interferon": dict.fromkeys(ONE, 4.0),
        "bacterial": dict.fromkeys(measured, 3.0),
        "neither": {},
    }
    data, healthy = cohort(raised, ONE + TWO + measured)
    sets = ["aybey_ifn_i", "aybey_ifn_ii", "sweeney_bacterial"]
    result = score_samples(data, healthy=healthy, signatures=sets, options=LOG2)
    return compare_interferons(result, tissue=tissue).set_index("sample")


def test_bacterial_genes_hint_and_exclude_nothing():
    found = infected("blood", BACTERIAL)
    assert found["bacterial_class"][["virus or interferon", "bacterial", "neither"]].tolist() == [
        "low",
        "high",
        "low",
    ]
    assert "a hint" in found.loc["bacterial", "bacterial"]
    assert "does not exclude" in found.loc["neither", "bacterial"]
    assert found.loc["virus or interferon", "infection"] == INFECTION_POSSIBLE
    # No interferon-stimulated gene is raised, yet the words are about a virus alone.
    assert found.loc["bacterial", "infection"] == INFECTION_NO_SIGN


def test_bacterial_genes_are_scored_and_not_read_outside_blood():
    found = infected("skin", BACTERIAL)
    assert set(found["bacterial"]) == {"not read: the panel was made for blood"}
    assert found["bacterial_score"].notna().all()


def test_too_few_bacterial_genes_are_not_measured():
    found = infected("blood", BACTERIAL[:2])
    assert set(found["bacterial"]) == {"not measured: 2 of 4 genes"}
    assert found["bacterial_score"].isna().all()


def test_infection_is_not_ruled_out_by_a_borderline_interferon_score():
    classes = pd.Series(["high", "borderline", "low", "unclassified"])
    assert describe_infection(classes).tolist() == [
        INFECTION_POSSIBLE,
        INFECTION_POSSIBLE,
        INFECTION_NO_SIGN,
        "not known",
    ]


def test_tissue_that_looks_like_epithelium_is_said():
    levels = pd.DataFrame({"EPCAM": [9.0, 9.0], "KRT8": [11.0, 11.0], "PTPRC": [2.0, 1.0]})
    assert looks_epithelial(levels)
    assert not looks_epithelial(levels.assign(PTPRC=14.0))
    assert not looks_epithelial(None)
    assert "look like epithelium" in describe_specificity("unknown", levels)[0].text


def linked(visits: int, subjects: int = 40):
    numbers = np.random.default_rng(9)
    names = [f"p{i}v{v}" for i in range(subjects) for v in range(visits)]
    up = np.repeat(numbers.uniform(0, 5, subjects), visits) + numbers.normal(0, 0.5, len(names))
    data, healthy = cohort({n: dict.fromkeys(FOUR, u) for n, u in zip(names, up, strict=True)}, FOUR)
    about = pd.DataFrame({"subject": [n.split("v")[0] for n in names], "visit": [n.split("v")[1] for n in names],
                          "activity": up + numbers.normal(0, 0.5, len(names)), "noise": numbers.normal(size=len(names)),
                          "constant": 1.0,
                          "few": [1.0] * 3 + [np.nan] * (len(names) - 3), "word": "x"}, index=names)  # fmt: skip
    few = ScoreSettings(draws=0)
    return score_samples(
        data, healthy=healthy, signatures=["az_4_gene"], metadata=about, options=LOG2, settings=few
    ), about


def test_associations_keep_every_variable_and_correct_for_their_number():
    result, about = linked(1)
    found = associate(result, "az_4_gene", about, variables=["activity", "noise", "constant", "few", "word"])
    table = found.table.set_index("variable")
    assert table["status"].tolist() == ["tested", "tested", "not tested", "not tested", "not tested"]
    assert table.loc["activity", "rho"] > 0.8
    assert table.loc["activity", "rho_low"] < table.loc["activity", "rho"] < table.loc["activity", "rho_high"]
    assert table.loc["noise", "p_holm"] >= table.loc["noise", "p_value"]
    assert table.loc["constant", "reason"] == "all values are the same"
    assert np.isnan(found.between_share)


def test_repeated_visits_split_within_and_between_subjects():
    result, about = linked(4)
    found = associate(result, "az_4_gene", about, variables=["activity", "noise"])
    row = found.table.set_index("variable").loc["activity"]
    assert row["rho_between"] > row["rho_within"] > 0.2
    assert row["slope_low"] < row["slope"] < row["slope_high"]
    assert row["samples"] == 160
    assert row["subjects"] == 40
    assert 0.7 < found.between_share < 0.99


def test_between_share_of_a_balanced_table_by_hand():
    score = pd.Series([1.0, 3.0, 5.0, 7.0])
    subject = pd.Series(["a", "a", "b", "b"])
    # mean squares: between 16, within 2; variance between (16 - 2) / 2 = 7
    assert compute_between_share(score, subject) == pytest.approx(7 / 9)


def test_spearman_interval_by_hand():
    low, high = spearman_interval(0.5, 103)
    half = 1.959963984540054 * np.sqrt((1 + 0.125) / 100)
    assert (low, high) == pytest.approx((np.tanh(np.arctanh(0.5) - half), np.tanh(np.arctanh(0.5) + half)))


def test_a_score_table_comes_back_with_the_same_bits(tmp_path):
    result = followed()
    save_scores(result, tmp_path / "s.csv")
    table = load_scores(tmp_path / "s.csv")
    for column in ("score", "probability_high", "interval_low", "interval_high"):
        np.testing.assert_array_equal(table.frame[column], result.table[column])
    assert table.signatures == (("az_4_gene", "mean_z"),)


def test_one_row_for_each_subject_at_its_first_visit(tmp_path):
    save_scores(followed(), tmp_path / "s.csv")
    table = load_scores(tmp_path / "s.csv")
    chosen = select_scores(table, "az_4_gene")
    assert chosen.loc[["a", "d"], "sample"].tolist() == ["a0", "d1"]
    assert chosen.index.is_unique
    assert set(select_scores(table, "az_4_gene", visit="week 12").index) == {"a", "b", "c", "d", "e"}
    with pytest.raises(InputError, match="week 0, week 12"):
        select_scores(table, "az_4_gene", visit="week 24")


def test_a_table_by_hand_needs_only_the_main_columns(tmp_path):
    (tmp_path / "s.csv").write_text(
        "sample,subject,visit,signature,method,score,probability_high,class\nx1,,,az_4_gene,mean_z,2.5,0.93,high\nx2,,,az_4_gene,mean_z,NA,,unclassified\n"
    )
    frame = load_scores(tmp_path / "s.csv").frame
    assert frame["subject"].tolist() == ["x1", "x2"]
    assert frame["status"].tolist() == ["scored", "not scored"]
