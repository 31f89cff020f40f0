"""Scores depend on the sample and the healthy reference alone; formulas by hand; order does not matter."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ifntrial import signature
from ifntrial.errors import InputError, UnknownNameError
from ifntrial.signature import METHODS, ReadOptions, ScoreSettings, compute_gene_z, load_signatures
from shipped import CATALOG, load_signature, make_signature, score_anndata, score_samples

GENES = sorted({gene for s in load_signatures() if s.material == "rna" for gene in s.genes})
RNA_METHODS = [
    method.name for method in METHODS if "rna" in method.material and method.name != "active_modules"
]
LOG2 = ReadOptions(scale="log2")
NUMBERS = ["score", "interval_low", "interval_high", "probability_high"]


def toy(
    seed: int, patients: int = 6, healthy: int = 12, holes: float = 0.0
) -> tuple[pd.DataFrame, list[str]]:
    """Return log2 levels, samples x genes, and the names of the healthy samples; patients are raised."""
    numbers = np.random.default_rng(seed)
    names = [f"H{i}" for i in range(healthy)] + [f"P{i}" for i in range(patients)]
    genes = [*GENES, *(f"OTHER{i}" for i in range(60))]
    values = numbers.normal(8.0, 1.0, len(genes)) + numbers.normal(0.0, 0.5, (len(names), len(genes)))
    values[healthy:, : len(GENES)] += numbers.uniform(0.0, 5.0, patients)[:, None]
    values[numbers.uniform(size=values.shape) < holes] = np.nan
    return pd.DataFrame(values, index=names, columns=genes), names[:healthy]


def test_the_list_and_the_genes_of_the_catalogue_are_used():
    data, healthy = toy(3)
    mine = replace(make_signature("mine", ["IFI27", "IFI44"]), is_usual=True)
    genes = replace(CATALOG.genes, by_name={**CATALOG.genes.by_name, "NICKNAME": "IFI27"})
    other = replace(CATALOG, signatures={"mine": mine, "ags_6": CATALOG.signatures["az_4_gene"]}, genes=genes)
    named = data.rename(columns={"IFI27": "NICKNAME"})
    found = signature.score_samples(named, other.library, healthy=healthy, options=LOG2)
    assert [(each.name, each.genes) for each, _ in found.pairs] == [
        ("mine", ("IFI27", "IFI44")),
        ("az_4_gene", ("IFI27", "IFI44", "IFI44L", "RSAD2")),
    ]
    assert found.log2["IFI27"].tolist() == data["IFI27"].tolist()
    assert CATALOG.genes.symbol_of("NICKNAME") == "NICKNAME"


def test_a_catalogue_without_usual_signatures_asks_for_a_name():
    data, healthy = toy(3)
    asked = {name: replace(each, is_usual=False) for name, each in CATALOG.signatures.items()}
    library = replace(CATALOG, signatures=asked).library
    with pytest.raises(
        InputError, match=r"no signature of rna is reported unless it is asked for.*az_4_gene"
    ):
        signature.score_samples(data, library, healthy=healthy, options=LOG2)


@settings(max_examples=settings.default.max_examples // 12)
@given(seed=st.integers(0, 10_000), one=st.integers(0, 5), holes=st.sampled_from([0.0, 0.1]))
def test_one_sample_scores_the_same_alone_and_in_its_cohort(seed, one, holes):
    data, healthy = toy(seed, holes=holes)
    few = ScoreSettings(draws=12)
    for method, signatures in (
        (RNA_METHODS, ["az_4_gene", "aybey_ifn_ii"]),
        (["active_modules"], ["chiche_modules"]),
    ):
        cohort = score_samples(
            data, healthy=healthy, signatures=signatures, methods=method, options=LOG2, settings=few
        )
        alone = score_samples(
            data.loc[[f"P{one}"]], reference=cohort.reference, signatures=signatures, methods=method, options=LOG2,
            settings=few,
        )  # fmt: skip
        expected = cohort.table[cohort.table["sample"] == f"P{one}"].reset_index(drop=True)
        for column in NUMBERS:
            np.testing.assert_array_equal(alone.table[column].to_numpy(), expected[column].to_numpy())
        assert alone.table["class"].tolist() == expected["class"].tolist()


def test_signatures_are_reported_as_they_are_done():
    data, healthy = toy(1)
    reported = []
    score_samples(
        data,
        healthy=healthy,
        signatures=["az_4_gene", "aybey_ifn_ii"],
        options=LOG2,
        settings=ScoreSettings(draws=2),
        report=lambda done, total: reported.append((done, total)),
    )
    assert reported == [(0, 2), (1, 2), (2, 2)]


@settings(max_examples=settings.default.max_examples // 16)
@given(seed=st.integers(0, 10_000))
def test_the_order_of_genes_and_samples_changes_nothing(seed):
    data, healthy = toy(seed)
    few = ScoreSettings(draws=5)
    numbers = np.random.default_rng(seed)
    shuffled = data.iloc[numbers.permutation(len(data)), numbers.permutation(data.shape[1])]
    one = score_samples(data, healthy=healthy, methods=RNA_METHODS, options=LOG2, settings=few)
    two = score_samples(shuffled, healthy=healthy[::-1], methods=RNA_METHODS, options=LOG2, settings=few)
    assert one.reference.reference_id == two.reference.reference_id
    key = ["sample", "signature", "method"]
    a, b = (r.table.sort_values(key).reset_index(drop=True) for r in (one, two))
    for column in NUMBERS:
        np.testing.assert_array_equal(a[column].to_numpy(), b[column].to_numpy())


def test_counts_score_the_same_alone_in_any_gene_order():
    data, healthy = toy(3)
    counts = np.round(np.exp2(data) * 1.37, 2)  # expected counts need not be whole
    options = ReadOptions(scale="counts")
    cohort = score_samples(counts, healthy=healthy, options=options, settings=ScoreSettings(draws=3))
    alone = score_samples(
        counts.loc[["P2"], counts.columns[::-1]],
        reference=cohort.reference,
        options=options,
        settings=ScoreSettings(draws=3),
    )
    expected = cohort.table[cohort.table["sample"] == "P2"]
    np.testing.assert_array_equal(alone.table["score"].to_numpy(), expected["score"].to_numpy())


def hand_made() -> tuple[pd.DataFrame, list[str]]:
    """Return three healthy samples and one patient with numbers to check by hand."""
    genes = ["IFI27", "IFI44", "IFI44L", "RSAD2", "ACTB"]
    rows = {"h1": [1, 2, 3, 4, 9], "h2": [2, 3, 4, 5, 9], "h3": [3, 4, 5, 6, 9], "p": [4, 4, 6, 9, 9]}
    return pd.DataFrame.from_dict(rows, orient="index", columns=genes).astype(float), ["h1", "h2", "h3"]


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("mean_log2_fold_change", (2 + 1 + 2 + 4) / 4),
        ("mean_z", (2 + 1 + 2 + 4) / 4),  # every SD is 1
        ("median_fold_change", 4.0),  # 2, 4, 4, 16
        ("geometric_mean", 2 ** ((4 + 4 + 6 + 9) / 4)),
        ("singscore", ((1.5 + 1.5 + 3 + 4.5) / 4 - 2.5) / (5 - 4) - 0.5),
    ],
)
def test_each_method_gives_the_number_done_by_hand(method, expected):
    data, healthy = hand_made()
    result = score_samples(data, healthy=healthy, signatures=["az_4_gene"], methods=[method], options=LOG2)
    assert result.scores_of("az_4_gene").loc["p", "score"] == pytest.approx(expected, rel=1e-14)


def test_modules_are_counted_by_hand():
    genes = list(dict.fromkeys(load_signature("chiche_modules").genes))
    numbers = np.random.default_rng(1)
    data = pd.DataFrame(
        numbers.normal(8, 0.3, (12, len(genes))), columns=genes, index=[f"h{i}" for i in range(12)]
    )
    for raised in range(4):
        levels = data.mean()
        for part in ("chiche_m1_2", "chiche_m3_4", "chiche_m5_12")[:raised]:
            levels[list(load_signature(part).genes)] += 5.0
        data.loc[f"p{raised}"] = levels
    result = score_samples(
        data,
        healthy=data.index[:12],
        signatures=["chiche_modules"],
        options=LOG2,
        settings=ScoreSettings(draws=0),
    )
    assert [result.scores_of("chiche_modules").loc[f"p{i}", "score"] for i in range(4)] == [0, 1, 2, 3]
    assert [result.scores_of("chiche_modules").loc[f"p{i}", "class"] for i in range(4)] == [
        "low",
        "low",
        "high",
        "high",
    ]


def test_protein_score_is_the_mean_of_natural_logarithms():
    proteins = list(load_signature("ssc_chemokine_6").genes)
    data = pd.DataFrame(
        [[10.0, 20, 30, 40, 50, 60], [100.0, 200, 300, 400, 500, 600]], index=["a", "b"], columns=proteins
    )
    result = score_samples(
        data, signatures=["ssc_chemokine_6"], methods=["mean_ln"], options=ReadOptions(scale="protein")
    )
    expected = np.log(data).mean(axis=1)
    assert result.scores_of("ssc_chemokine_6")["score"].to_numpy() == pytest.approx(
        expected.to_numpy(), rel=1e-13
    )
    assert set(result.table["class"]) == {"unclassified"}


def test_a_gene_without_spread_in_healthy_samples_is_floored_and_said():
    data, healthy = toy(5)
    data.loc[healthy, "CXCL9"] = 2.24
    data.loc["P0", "CXCL9"] = 12.24
    result = score_samples(data, healthy=healthy, signatures=["aybey_ifn_ii"], options=LOG2)
    assert compute_gene_z(result).loc["P0", "CXCL9"] == pytest.approx(10.0 / 0.2)
    assert any("CXCL9" in notice.text and "0.2" in notice.text for notice in result.notices)


def test_a_healthy_outlier_that_moves_the_cutoff_is_named():
    data, healthy = toy(6, healthy=20)
    data.loc["H7", GENES] += 6.0
    result = score_samples(data, healthy=healthy, signatures=["az_4_gene"], options=LOG2)
    assert any("'H7'" in notice.text and "mean + 2 SD" in notice.text for notice in result.notices)
    cut = result.cutoffs.set_index("rule")["cutoff"]
    assert cut["median_mad"] < 0.6 * cut["mean_2sd"]


def test_every_sample_has_a_row_and_a_reason_when_genes_are_missing():
    data, healthy = toy(7)
    data.loc["P1", ["IFI27", "IFI44"]] = np.nan
    result = score_samples(data, healthy=healthy, signatures=["az_4_gene"], options=LOG2)
    rows = result.scores_of("az_4_gene")
    assert len(rows) == len(data)
    assert rows.loc["P1", "status"] == "not scored"
    assert "IFI27, IFI44" in rows.loc["P1", "reason"]
    assert np.isnan(rows.loc["P1", "probability_high"])
    assert rows.loc["P1", "class"] == "unclassified"
    assert (rows.drop(index="P1")["status"] == "scored").all()


def test_probability_grows_with_the_score_and_the_interval_holds_it():
    data, healthy = toy(8, patients=25, healthy=30)
    rows = score_samples(data, healthy=healthy, signatures=["aybey_ifn_i"], options=LOG2).scores_of(
        "aybey_ifn_i"
    )
    ordered = rows.sort_values("score")["probability_high"].to_numpy()
    assert ordered[0] < 0.1
    assert ordered[-1] > 0.9
    assert np.corrcoef(ordered, np.arange(len(ordered)))[0, 1] > 0.7
    inside = (rows["interval_low"] <= rows["score"]) & (rows["score"] <= rows["interval_high"])
    assert inside.mean() > 0.9


def test_assay_noise_widens_the_interval():
    data, healthy = toy(9)
    quiet = score_samples(data, healthy=healthy, signatures=["az_4_gene"], options=LOG2)
    noisy = score_samples(
        data,
        healthy=healthy,
        signatures=["az_4_gene"],
        options=LOG2,
        settings=ScoreSettings(assay_sd_log2=1.5),
    )
    width = [(r.table["interval_high"] - r.table["interval_low"]).mean() for r in (quiet, noisy)]
    assert width[1] > 1.2 * width[0]
    np.testing.assert_array_equal(quiet.table["score"], noisy.table["score"])


def test_the_seed_changes_intervals_and_never_scores():
    data, healthy = toy(10)
    one = score_samples(data, healthy=healthy, signatures=["ags_6"], options=LOG2, seed=1).table
    two = score_samples(data, healthy=healthy, signatures=["ags_6"], options=LOG2, seed=2).table
    np.testing.assert_array_equal(one["score"], two["score"])
    assert not np.array_equal(one["interval_low"], two["interval_low"])


def test_a_signature_with_genes_that_fall_is_scored_by_direction():
    data, healthy = hand_made()
    both = make_signature("mine", ["IFI27", "IFI44"])
    turned = type(both)(**{**{f: getattr(both, f) for f in both.__dataclass_fields__}, "directions": (1, -1)})
    result = score_samples(
        data, healthy=healthy, signatures=[turned], methods=["mean_log2_fold_change"], options=LOG2
    )
    assert result.table.set_index("sample").loc["p", "score"] == pytest.approx((2 - 1) / 2)


def test_scores_land_in_obs_of_a_copy():
    from anndata import AnnData

    data, healthy = toy(11)
    before = AnnData(data)
    after = score_anndata(before, healthy=healthy, signatures=["az_4_gene"], options=LOG2)
    assert "az_4_gene__mean_z" in after.obs
    assert "az_4_gene__mean_z" not in before.obs
    plain = score_samples(data, healthy=healthy, signatures=["az_4_gene"], options=LOG2).scores_of(
        "az_4_gene"
    )
    np.testing.assert_array_equal(after.obs["az_4_gene__mean_z"], plain["score"])
    assert set(after.obs["az_4_gene__mean_z__class"]) <= {"high", "low", "borderline"}


def test_without_healthy_samples_rank_scores_work_and_z_says_what_to_do():
    data, _ = toy(12)
    result = score_samples(data, methods=["singscore"], options=LOG2)
    assert (result.table["class"] == "unclassified").all()
    assert result.table["score"].notna().all()
    assert any("ranks among only" in notice.text for notice in result.notices)
    with pytest.raises(InputError, match=r"mean_z.*name the healthy samples"):
        score_samples(data, options=LOG2)


def test_names_are_checked():
    data, healthy = toy(13)
    with pytest.raises(UnknownNameError, match="az_4_gene"):
        score_samples(data, healthy=healthy, signatures=["az_4_genes"], options=LOG2)
    with pytest.raises(UnknownNameError, match="mean_z"):
        score_samples(data, healthy=healthy, methods=["mean_zz"], options=LOG2)
    with pytest.raises(UnknownNameError, match="median_mad"):
        score_samples(data, healthy=healthy, settings=ScoreSettings(rule="median_made"), options=LOG2)


def test_secondary_and_user_lists_are_labelled_wherever_they_are_scored():
    data, healthy = toy(14)
    result = score_samples(
        data,
        healthy=healthy,
        signatures=["ifngs_21_gene", make_signature("mine", ["MX1", "OAS1", "IFIT1"])],
        options=LOG2,
    )
    texts = " ".join(notice.text for notice in result.notices)
    assert "SECONDARY SOURCE" in texts
    assert "not checked against a publication" in texts
