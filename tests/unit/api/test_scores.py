"""Scores from Python: a file as the command reads it, a pandas table and AnnData with the same numbers."""

import json

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import ifntrial as ift
from ifntrial.app.cli import cli
from ifntrial.app.command_line import command_text, read_words, words_of
from shipped import make_signature

GENES = ["IFI27", "IFI44", "IFI44L", "RSAD2", "ISG15", "OAS1", "MX1", "CXCL10"]
SAMPLES = [f"s{number}" for number in range(14)]
ASKED = {"signatures": ["az_4_gene"], "scale": "log2", "seed": 3}
VARYING = {"seconds", "date", "command"}


@pytest.fixture
def levels(tmp_path, monkeypatch) -> pd.DataFrame:
    """Return levels, genes x samples, of which the first ten are healthy, beside the same in files."""
    monkeypatch.chdir(tmp_path)
    values = np.random.default_rng(1).normal(6.0, 0.5, (len(GENES), len(SAMPLES)))
    values[:, 10:] += 3.0
    table = pd.DataFrame(values, GENES, SAMPLES)
    table.to_csv("levels.csv", index_label="gene")
    (tmp_path / "healthy.txt").write_text("\n".join(SAMPLES[:10]), encoding="utf-8")
    visits = pd.DataFrame(
        {"sample": SAMPLES, "subject": SAMPLES, "group": ["control"] * 10 + ["patient"] * 4}
    )
    visits.to_csv("about.csv", index=False)
    return table


def test_a_file_is_scored_as_the_command_does(levels, tmp_path):
    found = ift.score("levels.csv", healthy="group=control", metadata="about.csv", **ASKED)
    words = found.kept.run.words
    assert command_text(words_of(read_words(words))) == found.facts.command
    ended = CliRunner().invoke(cli, [*words, "--out", "run"])
    assert ended.exit_code == 0, ended.output
    written = json.loads((tmp_path / "run" / "scores.json").read_text(encoding="utf-8"))
    own = json.loads(found.to_json())
    assert {name for name in written if written[name] != own[name]} <= VARYING
    saved = found.save("saved")
    for name in ("scores.csv", "report.html"):
        assert (saved / name).is_file()
    assert (saved / "scores.csv").read_bytes() == (tmp_path / "run" / "scores.csv").read_bytes()
    table = found.table()
    assert table.attrs["columns"]["probability_high"]["meaning"].startswith("That the score lies above")
    assert set(table.loc[table["sample"].isin(SAMPLES[10:]), "class"]) == {"high"}
    assert "az_4_gene by " in repr(found)


def test_a_table_and_anndata_have_the_scores_of_the_file(levels):
    from anndata import AnnData

    healthy = SAMPLES[:10]
    file = ift.score("levels.csv", healthy="healthy.txt", **ASKED)
    table = ift.score(levels, healthy=healthy, **ASKED)
    cells = AnnData(levels.T.to_numpy(), pd.DataFrame(index=SAMPLES), pd.DataFrame(index=GENES))
    data = ift.score(cells, healthy=healthy, **ASKED)
    for other in (table, data):
        assert [each.score for each in other.scores] == pytest.approx([each.score for each in file.scores])
        assert other.facts.command.startswith("ifntrial.score(data, ")
        assert other.kept.run.words is None


def test_metadata_may_be_a_table(levels):
    about = pd.read_csv("about.csv").set_index("sample")
    one = ift.score("levels.csv", healthy="group=control", metadata="about.csv", **ASKED)
    other = ift.score("levels.csv", healthy="group=control", metadata=about, **ASKED)
    assert one.scores == other.scores


def test_a_signature_of_ones_own(levels):
    mine = make_signature("mine", GENES[:4])
    found = ift.score("levels.csv", healthy="healthy.txt", scale="log2", signatures=[mine])
    assert {each.signature for each in found.scores} == {"mine"}
    assert found.kept.run.words is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"signatures": ["az_5_gene"]}, "did you mean az_4_gene"),
        ({"healthy": "group=nobody", "metadata": "about.csv"}, "no sample has this value"),
        ({"healthy": "group=control"}, "the column is not in the metadata"),
        ({"variables": "all"}, "clinical variables need a metadata table"),
        ({"baseline": "week 0"}, "no subject has several"),
        (
            {"save_reference": "reference.json", "healthy": None, "methods": ["singscore"]},
            "no healthy reference to save",
        ),
    ],
)
def test_what_cannot_be_scored_is_refused(levels, given, said):
    with pytest.raises(ift.InputError, match=said):
        ift.score("levels.csv", **({"healthy": "healthy.txt"} | ASKED | given))
