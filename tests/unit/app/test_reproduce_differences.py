"""``ifntrial reproduce`` tells what is not equal, and refuses by name what is no finished run of this version."""

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from ifntrial.app.cli import cli
from ifntrial.errors import IfntrialError
from ifntrial.studies.run_inputs import sha256_of

REGIMEN = "300 mg IV every 4 weeks"
SIMULATE = ["simulate", REGIMEN, "--weeks", "2", "--subjects", "3", "--workers", "1"]


def call(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


def change(folder: Path, name: str, edit) -> None:
    content = json.loads((folder / name).read_text(encoding="utf-8"))
    edit(content)
    (folder / name).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def assert_refused(ended: Result, *said: str) -> None:
    assert isinstance(ended.exception, IfntrialError), ended.output + str(ended.exception)
    for text in (*said, "To do:"):
        assert text in str(ended.exception), f"'{text}' is not in: {ended.exception}"


# --- what is not equal --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def simulated(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("simulated") / "run"
    assert call(*SIMULATE, "--out", folder).exit_code == 0
    return folder


@pytest.fixture
def copy(simulated, tmp_path) -> Path:
    shutil.copytree(simulated, tmp_path / "copy")
    return tmp_path / "copy"


def seal(folder: Path) -> None:
    """Let the manifest hold the hashes of the files as they are, as if the run had written them so."""

    def update(manifest: dict) -> None:
        for each in manifest["results"]:
            each["sha256"] = sha256_of(folder / each["file"])

    change(folder, "manifest.json", update)


def test_a_tampered_number_is_named_with_old_and_new(copy):
    def edit(result: dict) -> None:
        result["followed"][0]["concentration"]["q50"][3] *= 1.01

    true = json.loads((copy / "simulation.json").read_text())["followed"][0]["concentration"]["q50"][3]
    change(copy, "simulation.json", edit)
    ended = call("reproduce", copy)
    assert ended.exit_code == 1
    assert "Changed since the run wrote it: simulation.json" in ended.output
    assert (
        f"simulation.json followed[0].concentration.q50[3]: was {true * 1.01!r}, is {true!r}" in ended.output
    )
    assert "Values that differ: 1." in ended.output
    assert "Equal" not in ended.output


def test_a_number_that_no_longer_comes_out_is_a_difference(copy):
    change(copy, "simulation.json", lambda x: x["followed"][0]["suppression_skin"]["q95"].__setitem__(1, 0.5))
    seal(copy)
    ended = call("reproduce", copy)
    assert ended.exit_code == 1
    assert "suppression_skin.q95[1]: was 0.5" in ended.output
    assert "Changed since" not in ended.output


def test_a_changed_text_is_a_difference(copy):
    change(copy, "simulation.json", lambda x: x.update(drug="something else"))
    seal(copy)
    ended = call("reproduce", copy)
    assert ended.exit_code == 1
    assert "drug: was 'something else', is 'Anifrolumab'" in ended.output


def test_rounding_is_told_and_is_equal(copy):
    def edit(result: dict) -> None:
        values = result["followed"][0]["concentration"]["q50"]
        values[3] = float(np.nextafter(values[3], np.inf))

    change(copy, "simulation.json", edit)
    seal(copy)
    ended = call("reproduce", copy)
    assert ended.exit_code == 0
    assert "Equal within 1e-9" in ended.output
    assert "bit for bit" not in ended.output
    assert "concentration.q50[3]" in ended.output


def test_a_change_beyond_rounding_is_not_hidden_by_rounding(copy):
    def edit(result: dict) -> None:
        values = result["followed"][0]["concentration"]["q50"]
        values[2] = float(np.nextafter(values[2], np.inf))
        values[3] *= 1 + 1e-8

    change(copy, "simulation.json", edit)
    seal(copy)
    ended = call("reproduce", copy)
    assert ended.exit_code == 1
    assert "concentration.q50[3]" in ended.output


def test_date_and_seconds_and_version_do_not_count(copy):
    change(copy, "simulation.json", lambda x: x.update(date="1999-01-01", seconds=1e6, version="0.0.9"))
    seal(copy)
    assert call("reproduce", copy).exit_code == 0


def test_what_made_the_run_is_told_if_it_is_not_equal(copy):
    def edit(manifest: dict) -> None:
        manifest |= {"version": "0.0.9", "model_version": 1, "evidence_hash": "0" * 64}
        manifest["platform"]["processor"] = "abacus"

    change(copy, "simulation.json", lambda x: x.update(model_version=1))
    seal(copy)
    change(copy, "manifest.json", edit)
    ended = call("reproduce", copy)
    assert ended.exit_code == 1
    for text in (
        "version was 0.0.9, is ",
        "model_version was 1, is ",
        f"evidence_hash was {'0' * 64}",
        "was abacus",
    ):
        assert text in ended.output


def test_an_edited_page_and_a_lost_file_are_told(copy):
    page = copy / "report.html"
    page.write_text(
        page.read_text(encoding="utf-8").replace("Drug in serum", "Drug in tears"), encoding="utf-8"
    )
    ended = call("reproduce", copy)
    assert ended.exit_code == 1
    assert "Changed since the run wrote it: report.html" in ended.output
    (copy / "simulation.json").unlink()
    ended = call("reproduce", copy)
    assert ended.exit_code == 1
    assert "simulation.json : was 'absent', is 'a file'" in ended.output


def test_only_the_verdict_is_said_on_the_first_stream(simulated, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["ifntrial", "reproduce", str(simulated)])
    with pytest.raises(SystemExit) as end:
        cli(prog_name="ifntrial")
    assert end.value.code == 0
    shown = capsys.readouterr()
    assert shown.out == f"Equal bit for bit: every number and text of {simulated} came out again.\n"
    assert "Running again: ifntrial simulate" in shown.err


# --- folders that are no finished run of this version -------------------------------------------------------------


def test_a_folder_without_a_run(tmp_path):
    assert_refused(call("reproduce", tmp_path), "is not the folder of a finished run", "no manifest.json")
    assert_refused(call("reproduce", tmp_path / "gone"), "gone", "is not the folder of a finished run")


def test_an_unfinished_run_says_so(tmp_path, monkeypatch):
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ifntrial.studies.compare.run.respond", stop)
    words = ["design", "compare", "daisy", "--worlds", "6", "--subjects", "10", "--workers", "1"]
    assert call(*words, "--out", tmp_path / "run").exit_code == 130
    assert_refused(call("reproduce", tmp_path / "run"), "is not finished", "plan.json", "same --out")


def test_a_run_is_unfinished_while_its_results_are_written_anew(copy, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "x")

    monkeypatch.setattr("ifntrial.api.courses.answer._render", full)
    assert isinstance(call(*SIMULATE, "--out", copy).exception, OSError)
    assert not (copy / "manifest.json").exists()


OLD = {
    "schema_version": 1,
    "model_version": 2,
    "package_version": "0.1.0",
    "evidence_hash": "0" * 64,
    "lock_hash": "1" * 64,
    "seed": 1,
    "worlds": 6,
    "subjects": 10,
    "date": "2026-01-01",
    "command": "ifntrial forecast daisy --worlds 6 --subjects 10 --seed 1",
    "plan": {"design": {}, "worlds": 6, "subjects": 10, "seed": 1, "replicates": 16, "without": ["vascular"]},
}


def test_a_run_of_an_older_version_is_refused_by_name(tmp_path):
    (tmp_path / "manifest.json").write_text(json.dumps(OLD), encoding="utf-8")
    (tmp_path / "forecast.json").write_text("{}", encoding="utf-8")
    assert_refused(
        call("reproduce", tmp_path),
        "was written by an older ifntrial",
        "ifntrial forecast daisy --worlds 6 --subjects 10 --seed 1",
        "another --out",
        "0.1.0",
    )


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda x: x.update(schema_version=3), "schema_version 3"),
        (lambda x: x.pop("schema_version"), "schema_version None"),
        (lambda x: x.pop("arguments"), "arguments: "),
        (lambda x: x.update(arguments="simulate"), "arguments: "),
        (lambda x: x.update(inputs=[{"parameter": "design"}]), "inputs.0.given: "),
        (lambda x: x.update(results=[{"file": 3, "sha256": "x"}]), "results.0.file: "),
        (lambda x: x.update(arguments=["simulatte", REGIMEN]), "is not understood"),
        (lambda x: x.update(arguments=["simulate", REGIMEN, "--colour", "red"]), "No such option"),
        (lambda x: x.update(arguments=["simulate", REGIMEN, "--weeks", "many"]), "not a valid float"),
        (lambda x: x.update(arguments=["simulate", "300 furlongs IV once"]), "furlongs"),
        (lambda x: x.update(arguments=["evidence", "check"]), "writes no folder"),
        (lambda x: x.update(arguments=["export", "sbml", "--out", "model.xml"]), "writes no folder"),
    ],
)
def test_a_damaged_manifest_is_refused(copy, edit, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    change(copy, "manifest.json", edit)
    assert_refused(call("reproduce", copy), said)
    assert not (tmp_path / "model.xml").exists()


@pytest.mark.parametrize(
    ("text", "said"), [("", "cannot be read"), ("{", "cannot be read"), ("[]", "hold a manifest")]
)
def test_a_manifest_that_is_no_manifest(tmp_path, text, said):
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    assert_refused(call("reproduce", tmp_path), said)
