"""``--evidence``: rows of a folder take part in a run, the page says so, and the run can be made again."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import ifntrial as ift
from ifntrial.app.cli import cli
from ifntrial.studies.manifest import load_manifest

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


def test_what_is_shown_listed_and_exported_is_of_these_rows(place):
    shown = call("evidence", "show", "anifrolumab.clearance", "--evidence", "my_rows", "--json", "shown.json")
    assert "three times as fast" in shown.output
    assert json.loads((place / "shown.json").read_text())["chosen"] == {
        "Evidence": "my_rows",
        "Own rows of evidence": "anifrolumab.clearance",
    }
    assert "three times" not in call("evidence", "show", "anifrolumab.clearance").output
    for words in (["list", "markers"], ["list", "beliefs"], ["export", "petab", "--out", "folder"]):
        (place / "empty").mkdir(exist_ok=True)
        assert "holds no evidence table" in str(call(*words, "--evidence", "empty").exception)


def test_a_model_is_exported_with_these_rows(place):
    pytest.importorskip("libsbml")
    for name, more in (("usual.xml", []), ("mine.xml", ["--evidence", "my_rows"])):
        assert call("export", "sbml", "--out", name, *more).exit_code == 0
    value = ' high signature, reference weight, at the first dose" value="0.6"'
    assert value in (place / "mine.xml").read_text(encoding="utf-8")
    assert value not in (place / "usual.xml").read_text(encoding="utf-8")


def test_a_catalogue_of_ones_own_is_in_the_manifest(place):
    mine = ift.SHIPPED.with_(evidence="my_rows")
    found = ift.simulate("300 mg IV every 4 weeks", weeks=2, subjects=3, workers=1, catalog=mine)
    manifest = load_manifest(found.save("saved"))
    assert manifest.chosen["Own rows of evidence"] == "anifrolumab.clearance"
    assert manifest.arguments is None
    assert manifest.command == (
        "ifntrial.simulate(300 mg IV every 4 weeks, weeks=2, subjects=3, catalog=Catalog, workers=1)"
    )
    assert manifest.catalog == mine.fingerprint != ift.SHIPPED.fingerprint
    assert {each.file for each in manifest.results} >= {"report.html", "simulation.json"}
