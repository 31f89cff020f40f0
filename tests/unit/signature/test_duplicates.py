"""Genes with several rows: a dead or saturated one dilutes nothing, lively ones are averaged, counts added up."""

import numpy as np
import pandas as pd
import pytest

from ifntrial.errors import InputError
from ifntrial.signature import ReadOptions, load_reference, save_reference
from shipped import compute_scores, read_expression, score_samples
from unit.signature.made import HEALTHY, make_cohort

BASE = make_cohort().log2
NUMBERS = np.random.default_rng(4)
SETS = ["az_4_gene", "ags_6"]


def with_row(values, name: str = "IFI27") -> pd.DataFrame:
    return pd.concat([BASE, pd.DataFrame([values], index=[name], columns=BASE.columns)])


def text_of(expression) -> str:
    return "\n".join(notice.text for notice in expression.notices)


@pytest.mark.parametrize(
    "dead",
    [
        np.full(20, 3.0),
        np.full(20, 15.9),
        3.0 + NUMBERS.normal(0.0, 0.15, 20),
        7.0 + NUMBERS.normal(0.0, 0.4, 20),
    ],
    ids=["floor", "saturated", "noise at the floor", "noise"],
)
def test_a_dead_row_dilutes_nothing(dead):
    clean = compute_scores(BASE, healthy=HEALTHY, signatures=SETS)
    found = read_expression(with_row(dead))
    pd.testing.assert_frame_equal(compute_scores(found, healthy=HEALTHY, signatures=SETS), clean)
    assert "used are IFI27: IFI27 (row 1 of that name)" in text_of(found)


def test_rows_that_all_move_are_averaged():
    other = BASE.loc["IFI27"] + NUMBERS.normal(0.0, 0.2, 20)
    found = read_expression(with_row(other))
    assert found.values["IFI27"].to_numpy() == pytest.approx((BASE.loc["IFI27"] + other) / 2.0)
    assert "averaged: IFI27" in text_of(found)


def test_counts_are_added_up():
    counts = np.exp2(BASE).round()
    more = pd.concat([counts, pd.DataFrame([np.full(20, 7.0)], index=["IFI27"], columns=BASE.columns)])
    found = read_expression(more, ReadOptions(scale="counts"))
    expected = np.log2((counts.loc["IFI27"] + 7.0) / (counts.sum() + 7.0) * 1e6 + 1.0)
    assert found.values["IFI27"].to_numpy() == pytest.approx(expected)


def test_one_sample_uses_the_rows_of_the_stored_reference(tmp_path):
    probes = pd.DataFrame({"probe": [f"ILMN_{i}" for i in range(151)], "gene": [*BASE.index, "IFI27"]})
    probes.to_csv(tmp_path / "map.csv", index=False)
    table = with_row(3.0 + NUMBERS.normal(0.0, 0.1, 20)).set_axis(probes["probe"], axis=0)
    options = ReadOptions(probes=tmp_path / "map.csv")
    cohort = score_samples(table, healthy=HEALTHY, signatures=["az_4_gene"], options=options)
    assert cohort.reference.chosen_rows == {"IFI27": ("ILMN_0",)}
    save_reference(cohort.reference, tmp_path / "r.json")
    stored = load_reference(tmp_path / "r.json")
    alone = score_samples(table[["PT_1"]], reference=stored, signatures=["az_4_gene"], options=options)
    assert (
        alone.scores_of("az_4_gene").loc["PT_1", "score"]
        == cohort.scores_of("az_4_gene").loc["PT_1", "score"]
    )
    other = table.rename(index={"ILMN_0": "ILMN_900"})
    (tmp_path / "map.csv").write_text((tmp_path / "map.csv").read_text().replace("ILMN_0,", "ILMN_900,"))
    with pytest.raises(InputError, match="other rows of IFI27"):
        score_samples(other[["PT_1"]], reference=stored, signatures=["az_4_gene"], options=options)
