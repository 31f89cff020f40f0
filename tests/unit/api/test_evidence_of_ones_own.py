"""``--evidence``: rows of a folder take part in a run, the page says so, and the run can be made again."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from ifntrial.app.cli import cli

ROW = "anifrolumab.clearance,0.6,L/day,,none,none,,,tummala2018,assumed,three times as fast\n"
SIMULATE = ["simulate", "300 mg IV every 4 weeks", "--weeks", "2", "--subjects", "3"]


@pytest.fixture
def place(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    rows = tmp_path / "my_rows"
    rows.mkdir()
    header = "name,value,unit,spread,spread_kind,prior,prior_a,prior_b,source,status,note\n"
    (rows / "parameters.csv").write_text(header + ROW, encoding="utf-8")
    return tmp_path


def call(*words: object):
    return CliRunner().invoke(cli, [str(word) for word in words])


def trough(folder: Path) -> float:
    found = json.loads((folder / "simulation.json").read_text(encoding="utf-8"))
    return found["followed"][0]["concentration"]["q50"][-1]


def test_a_clearance_of_ones_own_is_used_and_said(place):
    assert call(*SIMULATE, "--out", "usual").exit_code == 0
    ended = call(*SIMULATE, "--evidence", "my_rows", "--out", "mine")
    assert ended.exit_code == 0, ended.output
    assert trough(place / "mine") < 0.9 * trough(place / "usual")
    page = (place / "mine" / "report.html").read_text(encoding="utf-8")
    assert "<strong>Evidence:</strong> my_rows" in page
    assert "<strong>Own rows of evidence:</strong> anifrolumab.clearance" in page
    assert "Own rows" not in (place / "usual" / "report.html").read_text(encoding="utf-8")
    manifest = json.loads((place / "mine" / "manifest.json").read_text(encoding="utf-8"))
    (read,) = manifest["inputs"]
    assert (read["parameter"], read["given"]) == ("evidence", "my_rows")
    assert call("reproduce", "mine").exit_code == 0


def test_a_run_with_rows_that_changed_is_not_made_again(place):
    assert call(*SIMULATE, "--evidence", "my_rows", "--out", "mine").exit_code == 0
    table = place / "my_rows" / "parameters.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("0.6", "0.7"), encoding="utf-8")
    ended = call("reproduce", "mine")
    assert "my_rows has changed since the run read it" in str(ended.exception)


@pytest.mark.parametrize(
    "kind", ["forecast", "design compare", "doses", "enrich", "sensitivity", "design simulate"]
)
def test_other_studies_take_it_too(kind, place):
    (place / "empty").mkdir()
    ended = call(*kind.split(), "daisy", "--evidence", "empty")
    assert "the folder holds no evidence table" in str(ended.exception)
