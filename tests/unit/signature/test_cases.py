"""Files as people have them, made from one table: each gives its scores, or a refusal that says what to do."""

import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from ifntrial.app.score import command
from ifntrial.errors import InputError
from ifntrial.signature import load_scores

BASE = pd.read_csv(Path(__file__).parent / "data" / "base.csv", index_col=0)
HEALTHY = [f"HC_{i}" for i in range(1, 11)]
RIGHT = {"az_4_gene": 7.96, "ags_6": 11.72}
"""Of PT_4, by hand: mean z of the four genes, median fold change of the six."""
NUMBERS = np.random.default_rng(11)
COUNTS = np.exp2(BASE).round().astype(int)


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("hc.txt").write_text("\n".join(HEALTHY))
    return tmp_path


def score(file: str, *words: str, healthy: str | None = "hc.txt") -> tuple[str, pd.DataFrame]:
    """Return what is printed, and the score table."""
    given = [file, *(["--healthy", healthy] if healthy else []), *words, "--draws", "0", "--out", "O"]
    if "--signature" not in words:
        given += ["--signature", "az_4_gene", "--signature", "ags_6"]
    result = CliRunner().invoke(command, given)
    if result.exception is not None:
        raise result.exception
    return result.output, load_scores("O/scores.csv").frame


def refusal(file: str, *words: str, **given) -> str:
    with pytest.raises(InputError) as caught:
        score(file, *words, **given)
    return str(caught.value)


def scores_of(table: pd.DataFrame, signature: str = "az_4_gene") -> pd.Series:
    return table[table["signature"] == signature].set_index("sample")["score"]


def check_base(table: pd.DataFrame) -> None:
    assert set(table["sample"]) == set(BASE.columns)
    for signature, number in RIGHT.items():
        own = table[table["signature"] == signature].set_index("sample")
        assert own.loc["PT_4", "score"] == pytest.approx(number, abs=0.005)
        assert sorted(own.index[own["class"] == "high"]) == [f"PT_{i}" for i in range(1, 6)]


def same_scores(table: pd.DataFrame, clean: pd.DataFrame) -> None:
    for signature in RIGHT:
        pd.testing.assert_series_equal(
            scores_of(table, signature), scores_of(clean, signature), check_exact=True
        )


def test_the_table_itself(here):
    BASE.to_csv("x.csv")
    output, table = score("x.csv")
    check_base(table)
    assert "rows: 150 in, 150 used, 0 set aside; samples: 20 in, 20 used, 0 set aside" in output


def test_samples_in_rows_with_a_clinical_variable(here):
    frame = BASE.T.rename_axis("sample")
    frame.insert(0, "age", NUMBERS.integers(18, 80, 20))
    frame.to_csv("x.csv")
    output, table = score("x.csv")
    check_base(table)
    assert "scale log2" in output
    assert "set aside, no gene (clinical or technical variable): age" in output


def test_ids_beside_samples(here):
    frame = BASE.copy()
    frame.insert(0, "ENTREZID", NUMBERS.integers(1, 60000, 150))
    frame.to_csv("x.csv")
    output, table = score("x.csv")
    check_base(table)
    assert "set aside, no sample (annotation of genes): ENTREZID" in output


def test_text_in_a_column_that_is_no_gene(here):
    frame = BASE.T.rename_axis("sample")
    frame.insert(0, "well", [str(i) for i in range(19)] + ["5_repeat"])
    frame.to_csv("x.csv")
    output, table = score("x.csv")
    check_base(table)
    assert "text columns are not levels: well" in output


def test_counters_below_the_genes(here):
    COUNTS.to_csv("clean.csv")
    _, clean = score("clean.csv")
    rows = {"__no_feature": NUMBERS.integers(1e4, 9e6, 20), "__ambiguous": NUMBERS.integers(10, 9e3, 20),
            "__too_low_aQual": 0, "__not_aligned": NUMBERS.integers(10, 9e5, 20),
            "__alignment_not_unique": 0}  # fmt: skip
    more = pd.DataFrame(rows, index=BASE.columns).T
    pd.concat([COUNTS, more]).to_csv("x.csv")
    output, table = score("x.csv")
    same_scores(table, clean)
    assert "counter of the aligner or counting tool): __no_feature, __ambiguous" in output


def test_featurecounts(here):
    COUNTS.to_csv("clean.csv")
    _, clean = score("clean.csv")
    frame = COUNTS.copy()
    for place, name in enumerate(["Chr", "Start", "End", "Length"]):
        frame.insert(place, name, NUMBERS.integers(1, 90000, 150))
    frame.insert(3, "Strand", "+")
    text = '# Program:featureCounts v2.0.1; Command:"featureCounts" "-a" ...\n' + frame.to_csv(
        sep="\t", index_label="Geneid"
    )
    Path("x.txt").write_text(text)
    output, table = score("x.txt")
    same_scores(table, clean)
    for name in ("Chr", "Start", "End", "Length", "Strand"):
        assert name in output


def test_estimated_counts_ask_and_are_corrected_for_depth(here):
    deeper = np.where([name.startswith("PT") for name in BASE.columns], 8.0, 1.0)
    (np.exp2(BASE + 5.0) * deeper + 0.13).round(2).to_csv("x.csv")
    words = refusal("x.csv")
    assert "estimated counts" in words
    assert "--scale counts" in words
    _, table = score("x.csv", "--scale", "counts")
    assert set(table.loc[table["class"] == "high", "sample"]) == {f"PT_{i}" for i in range(1, 6)}


def test_numbers_of_features_are_no_entrez_ids(here):
    noise = pd.DataFrame(NUMBERS.normal(8.0, 2.0, (11000, 6)).round(3), index=range(1, 11001))
    noise.columns = [f"HC_{i}" for i in range(1, 7)]
    Path("x.csv.gz").write_bytes(gzip.compress(noise.to_csv(index_label="FeatureNum").encode()))
    assert "not Entrez ids" in refusal("x.csv.gz")
    kept = noise.sample(3000, random_state=1)
    kept.to_csv("some.csv", index_label="FeatureNum")
    assert "not Entrez ids" in refusal("some.csv")


@pytest.mark.parametrize(
    "first", [[str(i) for i in range(1, 151)], [f"ILMN_{10 * i + 1000000}" for i in range(150)]]
)
def test_names_in_a_later_column(here, first):
    frame = BASE.reset_index()
    frame.insert(0, "row", first)
    frame.to_csv("x.csv", index=False)
    output, table = score("x.csv")
    check_base(table)
    assert "gene names from column 'gene'" in output
    _, said = score("x.csv", "--gene-column", "gene")
    same_scores(said, table)
    assert "'genes'" not in refusal("x.csv", "--gene-column", "genes")


def test_a_map_of_probes_for_any_table(here):
    probes = [f"ILMN_{1000000 + i}" for i in range(150)]
    BASE.set_axis(probes, axis=0).to_csv("x.csv", index_label="probe")
    BASE.set_axis(probes, axis=0).T.to_csv("turned.csv", index_label="sample")
    pd.DataFrame({"probe": probes, "gene": BASE.index}).to_csv("map.csv", index=False)
    assert "--probes MAP" in refusal("x.csv")
    check_base(score("x.csv", "--probes", "map.csv")[1])
    check_base(score("turned.csv", "--probes", "map.csv")[1])
    BASE.to_csv("genes.csv")
    assert "names nothing that is in the table" in refusal("genes.csv", "--probes", "map.csv")


def meta(subjects, visits) -> None:
    groups = ["healthy"] * 10 + ["SSc"] * 10
    frame = pd.DataFrame({"sample": BASE.columns, "subject": subjects, "visit": visits, "group": groups})
    frame.to_csv("meta.csv", index=False)


def test_long_ids_stay_as_written(here):
    BASE.to_csv("x.csv")
    subjects = ["", *np.repeat(np.arange(1234567, 1234577), 2).astype(str)][:20]
    meta(subjects, ["week 0", *["week 0", "week 12"] * 10][:20])
    score("x.csv", "--metadata", "meta.csv", healthy="group=healthy")
    found = pd.read_csv("O/suppression.csv", dtype=str)
    assert found["subject"].tolist() == [str(i) for i in range(1234567, 1234576)]
    assert set(found["baseline_visit"]) == {"week 0"}


@pytest.mark.parametrize(
    ("first", "later"), [("Day 29", "W12"), ("week 2", "month 1"), ("5 Dec 2022", "3 Jan 2023")]
)
def test_visits_in_the_order_of_their_times(here, first, later):
    BASE.to_csv("x.csv")
    meta(np.repeat([f"S{i}" for i in range(10)], 2), [later, first] * 10)
    output, _ = score("x.csv", "--metadata", "meta.csv", healthy="group=healthy")
    assert f"visits in order: {first}, {later}" in output
    assert set(pd.read_csv("O/suppression.csv")["baseline_visit"]) == {first}


def test_visits_in_no_clear_order_are_refused(here):
    BASE.to_csv("x.csv")
    meta(np.repeat([f"S{i}" for i in range(10)], 2), ["04/05/2023", "06/07/2023"] * 10)
    words = ["--metadata", "meta.csv"]
    assert "--dates dmy" in refusal("x.csv", *words, healthy="group=healthy")
    score("x.csv", *words, "--dates", "mdy", healthy="group=healthy")
    meta(np.repeat([f"S{i}" for i in range(10)], 2), ["red", "blue"] * 10)
    assert "--baseline" in refusal("x.csv", *words, healthy="group=healthy")
    score("x.csv", *words, "--baseline", "red", healthy="group=healthy")
    assert set(pd.read_csv("O/suppression.csv")["baseline_visit"]) == {"red"}


def test_two_samples_of_a_subject_at_one_visit_are_refused(here):
    BASE.to_csv("x.csv")
    meta(np.repeat([f"S{i}" for i in range(5)], 4), ["week 0", "week 0", "week 4", "week 8"] * 5)
    words = ["--metadata", "meta.csv"]
    assert "S0 at week 0" in refusal("x.csv", *words, healthy="group=healthy")
    score("x.csv", *words, "--replicates", "first", healthy="group=healthy")
    assert len(pd.read_csv("O/suppression.csv")) == 10


def skewed() -> tuple[pd.DataFrame, list[str]]:
    """Return 20 healthy samples of which 4 stand 2.5 log2 above, and 5 patients with two visits."""
    numbers = np.random.default_rng(3)
    middle = BASE.mean(axis=1).to_numpy()
    healthy = [f"HC_{i}" for i in range(1, 21)]
    names = healthy + [f"S{i}_w{week}" for i in range(1, 6) for week in (0, 12)]
    levels = middle[:, None] + numbers.normal(0.0, 0.35, (150, 30))
    raised = np.array([2.5 if i in (2, 7, 11, 16) else 0.0 for i in range(20)] + [4.5, 1.6] * 5)
    levels[:25] += raised
    about = {"sample": names, "subject": healthy + [f"S{i}" for i in range(1, 6) for _ in "ab"],
             "visit": [""] * 20 + ["week 0", "week 12"] * 5, "group": ["healthy"] * 20 + ["SSc"] * 10}  # fmt: skip
    pd.DataFrame(about).to_csv("meta.csv", index=False)
    return pd.DataFrame(levels, index=BASE.index, columns=names), healthy


def test_the_healthy_range_is_that_of_the_rule_in_use(here):
    frame, _ = skewed()
    frame.to_csv("x.csv")
    words = ["--metadata", "meta.csv", "--rule", "median_mad"]
    _, table = score("x.csv", *words, healthy="group=healthy")
    own = table[table["signature"] == "az_4_gene"].set_index("sample")
    assert (own.loc[[f"S{i}_w12" for i in range(1, 6)], "class"] == "high").all()
    assert not pd.read_csv("O/suppression.csv")["in_healthy_range_after"].any()


@pytest.mark.parametrize(
    ("make", "scale"),
    [(lambda x: 12.0 - x, "delta_ct"), (lambda x: np.exp2(x - 7.0).round(6), "rq")],
)
def test_qpcr_needs_its_scale(here, make, scale):
    make(BASE.iloc[:29]).to_csv("x.csv")
    assert f"--scale {scale}" in refusal("x.csv")
    _, table = score("x.csv", "--scale", scale)
    check_base(table)


def test_standardised_genes_are_refused_or_scored_without_fold_changes(here):
    BASE.sub(BASE.mean(axis=1), axis=0).div(BASE.std(axis=1), axis=0).round(4).to_csv("x.csv")
    assert "--scale z" in refusal("x.csv")
    output, table = score("x.csv", "--scale", "z")
    assert set(table["signature"]) == {"az_4_gene"}
    assert "ags_6 was not scored" in output


def test_a_header_that_begins_with_a_hash(here):
    BASE.to_csv("x.tsv", sep="\t", index_label="#gene")
    check_base(score("x.tsv")[1])


def test_a_condition_on_numbers_with_an_empty_cell(here):
    BASE.to_csv("x.csv")
    Path("meta.csv").write_text("sample,case\n" + "\n".join(f"{n},{0.0 if n in HEALTHY else 1.0}" for n in BASE.columns[:-1])  # noqa: E501
                                + f"\n{BASE.columns[-1]},\n")  # fmt: skip
    check_base(score("x.csv", "--metadata", "meta.csv", healthy="case=0")[1])
    words = refusal("x.csv", "--metadata", "meta.csv", healthy="case=2")
    assert "nan" not in words


def test_names_that_contain_a_gene(here):
    frame = BASE.T.rename_axis("sample")
    frame.insert(0, "SARS-CoV-2 Spike IgG", NUMBERS.uniform(15, 25, 20).round(2))
    frame.insert(1, "Anti IFI16 IgG", NUMBERS.uniform(0.5, 40, 20).round(2))
    frame.to_csv("x.csv")
    output, table = score("x.csv", "--scale", "log2")
    check_base(table)
    assert "29 genes of the signatures recognised" in output
    assert "Anti IFI16 IgG" in output
    assert "SARS-CoV-2 Spike IgG" in output


def nanostring() -> pd.DataFrame:
    lane = np.where(np.arange(20) % 2, 4.0, 1.0)
    rows = (np.exp2(BASE.iloc[:29]) * lane).round()
    controls = {
        f"POS_{x}({n})": n * 468.75 * lane for x, n in zip("ABCDEF", (128, 32, 8, 2, 0.5, 0.125), strict=True)
    }
    controls |= {f"NEG_{x}(0)": NUMBERS.integers(3, 15, 20) for x in "ABCDEFGH"}
    controls |= {gene: np.full(20, 500.0) * lane for gene in ("HPRT1", "TBP", "GUSB")}
    return pd.concat([rows, pd.DataFrame(controls, index=BASE.columns).T]).round().astype(int)


def test_nanostring_controls_are_no_genes(here):
    nanostring().to_csv("x.csv", index_label="gene")
    output, table = score("x.csv")
    assert "levels are relative to the mean of" in output
    for gene in ("HPRT1", "TBP", "GUSB"):
        assert gene in output
    assert "limit of detection" in output
    assert scores_of(table)["PT_4"] == pytest.approx(7.96, abs=0.05)


def test_files_of_geo(here):
    lines = ['!Series_title\t"x"', '!Sample_title\t"HC_1"\t"HC_2"', "!series_matrix_table_begin",
    '"ID_REF"\t"GSM1"\t"GSM2"',
             "!series_matrix_table_end", ""]  # fmt: skip
    Path("x.txt").write_text("\n".join(lines))
    assert "supplementary files of the series" in refusal("x.txt", "--method", "singscore", healthy=None)
    head = [
        "^SAMPLE = GSM1",
        "!Sample_title = HC_1",
        "#ID_REF = ",
        "#VALUE = log2 signal",
        "!sample_table_begin",
        "ID_REF\tVALUE",
    ]
    rows = [f"{gene}\t{value}" for gene, value in BASE["HC_1"].items()]
    Path("y.txt").write_text("\n".join([*head, *rows, "!sample_table_end", ""]))
    output, table = score("y.txt", "--method", "singscore", healthy=None)
    assert "SOFT" in output
    assert set(table["sample"]) == {"GSM1"}


def test_text_in_another_encoding_says_where(here):
    text = BASE.rename(columns={"PT_1": "M\u00fcller"}).to_csv()
    Path("x.csv").write_bytes(text.encode("latin-1"))
    words = refusal("x.csv")
    assert "not in UTF-8" in words
    assert "line 1" in words


def test_a_reference_of_another_batch_is_refused_or_reached_by_calibrators(here):
    BASE.to_csv("x.csv")
    _, first = score("x.csv", "--save-reference", "r.json")
    (BASE + 2.0).round(4).to_csv("later.csv")
    words = refusal("later.csv", "--reference", "r.json", healthy=None)
    assert "log2 from the stored reference" in words
    assert "--calibrators" in words
    Path("shared.txt").write_text("HC_1\nHC_2\nHC_3\n")
    _, moved = score("later.csv", "--reference", "r.json", "--calibrators", "shared.txt", healthy=None)
    assert scores_of(moved).to_numpy() == pytest.approx(scores_of(first).to_numpy(), abs=1e-3)
    output, table = score("later.csv", "--reference", "r.json", "--batch", "accept", healthy=None)
    assert "accepted as you said" in output
    assert (scores_of(table) > 4.0).all()
    BASE[["PT_4"]].to_csv("one.csv")
    check_one = scores_of(score("one.csv", "--reference", "r.json", healthy=None)[1])
    assert check_one["PT_4"] == scores_of(first)["PT_4"]


def test_several_healthy_samples_that_stand_apart_are_named(here):
    frame, _ = skewed()
    frame.to_csv("x.csv")
    output, _ = score("x.csv", "--metadata", "meta.csv", healthy="group=healthy")
    assert "az_4_gene: 4 of 20 healthy samples stand apart and carry mean + 2 SD" in output
    assert "HC_12, HC_17, HC_3, HC_8" in output


def test_rules_that_differ_widely_are_said(here):
    numbers = np.random.default_rng(5)
    healthy = [f"HC_{i}" for i in range(1, 41)]
    tone = numbers.normal(0.0, 1.1, 40)
    levels = BASE.mean(axis=1).to_numpy()[:, None] + numbers.normal(0.0, 0.2, (150, 40))
    levels[:25] += tone
    pd.DataFrame(levels, index=BASE.index, columns=healthy).to_csv("x.csv")
    Path("hc.txt").write_text("\n".join(healthy))
    output, _ = score("x.csv")
    assert "ags_6: the rules differ widely, mean_2sd" in output


def test_a_table_without_information_calls_no_one(here):
    (BASE * 0.0 + np.linspace(3.0, 14.0, 150)[:, None]).round(3).to_csv("x.csv")
    output, table = score("x.csv")
    assert set(table["class"]) == {"unclassified"}
    assert "all healthy samples have the same score" in output


def test_names_that_a_spreadsheet_or_terminal_would_obey(here):
    odd = ["=cmd|' /C calc'!A0", "@SUM(1+1)*cmd", "\x1b[31mRED", "-2+3", "<script>alert(1)</script>"]
    BASE.rename(columns=dict(zip(BASE.columns[15:], odd, strict=True))).to_csv("x.csv")
    output, table = score("x.csv")
    assert "\x1b" not in output
    assert "\\x1b[31mRED" in output or "RED" not in output
    cells = pd.read_csv("O/scores.csv", dtype=str, keep_default_na=False)["sample"]
    assert not cells.str.match(r"^[=+@-]").any()
    assert "\x1b" not in Path("O/scores.csv").read_text()
    assert {"=cmd|' /C calc'!A0", "@SUM(1+1)*cmd", "-2+3"} <= set(table["sample"])
    assert "<script>alert(1)" not in Path("O/report.html").read_text()


@pytest.mark.parametrize("write", [str.lower, lambda name: f" {name} ", lambda name: f"{name}.1"])
def test_names_written_otherwise(here, write):
    COUNTS.to_csv("clean.csv")
    _, clean = score("clean.csv")
    COUNTS.rename(index=write).to_csv("x.csv")
    same_scores(score("x.csv")[1], clean)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("HC_mean", BASE[HEALTHY].mean(axis=1)),
        ("weird", pd.Series(NUMBERS.uniform(0.0, 14.0, 150), index=BASE.index)),
        ("qual", 9.0),
    ],
)
def test_a_column_that_may_be_a_sample_is_a_question(here, name, values):
    frame = BASE.copy()
    frame.insert(3, name, values)
    frame.to_csv("x.csv")
    words = refusal("x.csv")
    assert f"--keep '{name}'" in words
    assert f"--set-aside '{name}'" in words
    check_base(score("x.csv", "--set-aside", name)[1])
    assert name in set(score("x.csv", "--keep", name)[1]["sample"])


def test_values_that_no_level_can_have_are_a_question(here):
    frame = BASE.T.rename_axis("sample")
    frame["CRP"] = NUMBERS.uniform(50.0, 90.0, 20).round(1)
    frame.to_csv("x.csv")
    assert "--set-aside 'CRP'" in refusal("x.csv")
    check_base(score("x.csv", "--set-aside", "CRP")[1])
    wrong = BASE.copy()
    wrong.iloc[0, 15] = 1e6
    wrong.to_csv("x.csv")
    assert "sample 'PT_6', gene 'IFI27'" in refusal("x.csv")
