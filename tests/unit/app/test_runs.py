"""Every command tries its places before its work, and its JSON begins with the same facts."""

import json
import os
import re
from dataclasses import replace
from importlib import import_module

import pytest
from click.testing import CliRunner, Result

import ifntrial
from commands import COMMANDS as EVERY_COMMAND
from ifntrial.api import runs
from ifntrial.app import cli
from ifntrial.console.inputs import OutputFolder
from ifntrial.errors import FileError, InputError, RunError
from ifntrial.evidence.load import evidence_hash
from ifntrial.report.page import Frame, render_page
from ifntrial.studies.evidence.result import EvidenceProblems
from made_up import FACTS
from shipped import CATALOG

REGIMEN = "300 mg IV every 4 weeks"
SIZES = ["--worlds", "6", "--subjects", "10"]
COMMANDS = {
    "forecast": ["forecast", "daisy", *SIZES],
    "design compare": ["design", "compare", "daisy", *SIZES],
    "design simulate": ["design", "simulate", "daisy"],
    "doses": ["doses", "daisy", *SIZES],
    "enrich": ["enrich", "daisy", *SIZES],
    "sensitivity": ["sensitivity", "daisy", "--samples", "4", "--subjects", "10"],
    "validate": ["validate", "--subjects", "50"],
    "simulate": ["simulate", REGIMEN, "--weeks", "2", "--subjects", "3"],
    "map": ["map", "--week", "2", "--subjects", "3"],
    "score": ["score", "levels.csv"],
    "calibrate": ["calibrate"],
    "value": ["value", "daisy", *SIZES],
    "evidence without": ["evidence", "without", "tummala2018"],
}
WORK = (
    "ifntrial.api.forecast.prepare",
    "ifntrial.api.compare.prepare",
    "ifntrial.api.doses.prepare",
    "ifntrial.api.enrich.prepare",
    "ifntrial.api.trial.simulate_one_trial",
    "ifntrial.api.sensitivity.run_sensitivity",
    "ifntrial.api.validate.run_validation",
    "ifntrial.api.courses.answer.simulate_regimen",
    "ifntrial.api.courses.pathway.map_pathway",
    "ifntrial.api.scores.answer.read_expression",
    "ifntrial.patients.weights.calibrate_patients",
    "ifntrial.studies.evidence.without_source.without_source_effect",
    "ifntrial.studies.forecast.run.prepare",
)


def call(*words: object) -> Result:
    return CliRunner().invoke(cli.cli, [str(word) for word in words])


@pytest.fixture
def idle(monkeypatch, tmp_path):
    """Let no work be done, in a folder with an expression table."""

    def work(*_: object, **__: object) -> None:
        raise AssertionError("the work began")

    for name in WORK:
        monkeypatch.setattr(name, work)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "levels.csv").write_text("gene,a\nIFI27,1\n", encoding="utf-8")


def test_every_run_is_here():
    """An export is a model for other programs, a locked prediction is of a run, and neither is one."""
    runs_of_program = {
        " ".join(names)
        for names, command in EVERY_COMMAND.items()
        if any(isinstance(each.type, OutputFolder) for each in command.params)
    }
    assert runs_of_program - {"export petab", "prediction lock", "prediction deposit"} == set(COMMANDS)


@pytest.mark.parametrize("kind", COMMANDS)
def test_the_folder_is_made_before_the_work(idle, kind, tmp_path):
    ended = call(*COMMANDS[kind], "--out", tmp_path / "new" / "run")
    assert str(ended.exception) == "the work began"
    assert (tmp_path / "new" / "run").is_dir()


@pytest.mark.parametrize("kind", COMMANDS)
@pytest.mark.parametrize("option", ["--out", "--json"])
def test_a_place_below_a_file_is_refused_before_the_work(idle, kind, option, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    ended = call(*COMMANDS[kind], option, tmp_path / "file" / "below")
    assert isinstance(ended.exception, FileError), ended.exception
    assert "cannot be made" in str(ended.exception)


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs a folder in which nobody can write")
@pytest.mark.parametrize("kind", COMMANDS)
@pytest.mark.parametrize(("option", "place"), [("--out", "/proc/self"), ("--json", "/proc/self/result.json")])
def test_a_place_that_cannot_be_written_is_refused_before_the_work(idle, kind, option, place):
    ended = call(*COMMANDS[kind], option, place)
    assert isinstance(ended.exception, FileError), ended.exception
    assert "nothing can be written into folder /proc/self" in str(ended.exception)


@pytest.mark.parametrize("option", ["--save-reference", "--json"])
def test_a_file_beside_the_folder_is_tried_first_too(idle, option, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    ended = call("score", "levels.csv", option, tmp_path / "file" / "below")
    assert isinstance(ended.exception, FileError), ended.exception


@pytest.mark.parametrize("form", ["sbml", "petab", "omex"])
def test_an_export_tries_its_place_first(form, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("", encoding="utf-8")
    names = ("sbml.write.sbml_text", "petab.petab_files", "omex.omex_files")
    for name in names:  # a module that is loaded while another is patched keeps what was patched
        import_module(f"ifntrial.formats.{name.rpartition('.')[0]}")
    for name in names:
        monkeypatch.setattr(f"ifntrial.formats.{name}", lambda *_: pytest.fail("the work began"))
    ended = call("export", form, "--out", tmp_path / "file" / "below")
    assert isinstance(ended.exception, FileError), ended.exception


def test_a_calibration_has_one_place_to_go(idle, tmp_path):
    ended = call("calibrate", "--file", tmp_path / "c.npz", "--out", tmp_path / "run")
    assert isinstance(ended.exception, InputError)
    assert not (tmp_path / "run").exists()


def test_a_calibration_into_a_folder_uses_the_patients_of_the_package(idle, tmp_path, monkeypatch):
    monkeypatch.setattr("ifntrial.patients.weights_file.patients_stale", lambda *_: True)
    ended = call("calibrate", "--out", tmp_path / "run")
    assert isinstance(ended.exception, RunError)
    assert "calibrate --patients" in str(ended.exception)


def test_a_calibration_into_a_folder_leaves_the_package_as_it_is(monkeypatch, tmp_path):
    from ifntrial.patients import weights_file as patient_artifact

    frozen = patient_artifact.load_patients(patient_artifact.PATIENT_ARTIFACT)
    before = patient_artifact.PATIENT_ARTIFACT.read_bytes()
    monkeypatch.setattr("ifntrial.patients.weights.calibrate_patients", lambda *_: frozen)
    out = tmp_path / "run"
    assert call("calibrate", "--patients", "--out", out).exit_code == 0
    assert patient_artifact.PATIENT_ARTIFACT.read_bytes() == before
    assert (out / "patients.json").read_bytes() == before
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert [each["file"] for each in manifest["results"]] == ["calibration.json", "patients.json"]
    assert manifest["seed"] == 730
    assert call("reproduce", out).exit_code == 0
    assert patient_artifact.PATIENT_ARTIFACT.read_bytes() == before


# --- one folder, one kind of run ----------------------------------------------------------------------------------


def test_a_folder_keeps_one_kind_of_run(tmp_path):
    out = tmp_path / "run"
    assert call(*COMMANDS["simulate"], "--out", out).exit_code == 0
    assert call(*COMMANDS["simulate"], "--seed", "4", "--out", out).exit_code == 0
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    ended = call(*COMMANDS["evidence without"], "--out", out)
    assert isinstance(ended.exception, RunError)
    assert "a run of simulate" in str(ended.exception)
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("kind", ["simulate", "design simulate", "score", "evidence without"])
def test_the_folder_of_an_interrupted_run_is_left_alone(idle, kind, tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "plan.json").write_text("{}", encoding="utf-8")
    ended = call(*COMMANDS[kind], "--out", tmp_path / "run")
    assert isinstance(ended.exception, RunError)
    assert "the folder holds another run" in str(ended.exception)


def test_a_forecast_of_an_older_version_goes_on_in_its_folder(idle, tmp_path):
    old = {"schema_version": 1, "package_version": "0.1.0", "plan": {}}
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "manifest.json").write_text(json.dumps(old), encoding="utf-8")
    assert str(call(*COMMANDS["forecast"], "--out", tmp_path / "run").exception) == "the work began"
    ended = call(*COMMANDS["doses"], "--out", tmp_path / "run")
    assert isinstance(ended.exception, RunError)
    assert "a run of forecast" in str(ended.exception)


@pytest.mark.parametrize("option", ["--signature", "--method"])
def test_a_choice_of_scores_without_a_cohort_is_not_dropped(idle, option, tmp_path):
    ended = call("forecast", "daisy", option, "mean_z", "--out", tmp_path / "run")
    assert isinstance(ended.exception, InputError)
    assert "--cohort" in str(ended.exception)
    assert not (tmp_path / "run").exists()


# --- facts --------------------------------------------------------------------------------------------------------


def test_every_json_begins_with_the_same_facts(tmp_path):
    (tmp_path / "levels.csv").write_text(
        "gene,a,b\nIFI27,1,2\nIFI44,3,4\nIFI44L,5,6\nRSAD2,7,8\n", encoding="utf-8"
    )
    calls = (
        COMMANDS["simulate"],
        ["score", tmp_path / "levels.csv", "--draws", "0", "--scale", "log2", "--method", "singscore"],
        ["evidence", "check"],
        ["evidence", "show", "brake"],
        COMMANDS["evidence without"],
        ["calibrate", "--show"],
    )
    for words in calls:
        path = tmp_path / "result.json"
        ended = call(*words, "--json", path)
        assert ended.exit_code == 0, ended.output + str(ended.exception)
        found = json.loads(path.read_text(encoding="utf-8"))
        assert (
            list(found)[:11]
            == (
                "schema_version kind version model_version evidence_hash lock_hash seed date seconds command chosen"
            ).split()
        ), words
        assert found["schema_version"] == 2
        assert " ".join(map(str, words)).startswith(found["kind"])
        assert found["version"] == ifntrial.__version__
        assert re.fullmatch("[0-9a-f]{64}", found["evidence_hash"])
        assert re.fullmatch("[0-9a-f]{64}", found["lock_hash"])
        assert found["command"].startswith(f"ifntrial {found['kind']}")


def run_with(catalog, folder=None) -> runs.Run:
    return runs.Run(
        words=("evidence", "check"),
        command="ifntrial evidence check",
        kind="evidence check",
        chosen={},
        seed=None,
        inputs=(),
        folder=folder,
        json_path=None,
        start=0.0,
        is_again=False,
        catalog=catalog,
    )


def test_a_run_tells_of_the_evidence_it_worked_with(tmp_path):
    other = replace(CATALOG, evidence=CATALOG.evidence.with_values({"brake": 0.123}))
    said = {}
    for name, catalog in (("shipped", CATALOG), ("other", other)):
        run = run_with(catalog, tmp_path / name)
        (tmp_path / name).mkdir()
        runs.keep_run(run, runs.facts_of(run), "check.json", EvidenceProblems(()))
        said[name] = json.loads((tmp_path / name / "manifest.json").read_text(encoding="utf-8"))
        assert said[name]["catalog"] == catalog.fingerprint
        written = json.loads((tmp_path / name / "check.json").read_text(encoding="utf-8"))
        assert written["evidence_hash"] == said[name]["evidence_hash"] == evidence_hash(catalog.evidence)
    assert said["other"]["evidence_hash"] != said["shipped"]["evidence_hash"]
    assert said["other"]["catalog"] != said["shipped"]["catalog"]


def test_evidence_with_a_problem_has_no_hash():
    assert runs.facts_of(run_with(None)).evidence_hash is None


def test_a_simulation_has_its_median_once(tmp_path):
    assert call(*COMMANDS["simulate"], "--json", tmp_path / "s.json").exit_code == 0
    found = json.loads((tmp_path / "s.json").read_text(encoding="utf-8"))
    assert set(found["followed"][0]["concentration"]) == {"q05", "q50", "q95", "typical"}


def test_json_goes_through_what_stands_for_another_place(tmp_path):
    (tmp_path / "there").mkdir()
    link = tmp_path / "link.json"
    link.symlink_to(tmp_path / "there" / "s.json")
    assert call("evidence", "show", "brake", "--json", link).exit_code == 0
    assert link.is_symlink()
    assert json.loads((tmp_path / "there" / "s.json").read_text(encoding="utf-8"))["name"] == "brake"


# --- the page -----------------------------------------------------------------------------------------------------


def test_the_banner_tells_what_was_chosen_and_is_text(tmp_path):
    out = tmp_path / "run"
    assert (
        call(
            *COMMANDS["simulate"], "--without", "vascular", "--population", "ifn-high", "--out", out
        ).exit_code
        == 0
    )
    page = (out / "report.html").read_text(encoding="utf-8")
    banner = re.search(r'<main id="content">\s*<div class="banner" role="note"><p>(.*?)</p></div>', page)
    assert banner is not None
    assert (
        banner.group(1)
        == "<strong>Weeks:</strong> 2 · <strong>Population:</strong> ifn-high · <strong>Left out:</strong> vascular"
    )
    assert call(*COMMANDS["simulate"], "--out", out).exit_code == 0
    assert "Left out:" not in (out / "report.html").read_text(encoding="utf-8")


def test_markup_in_a_value_is_shown_as_text():
    run = replace(FACTS, chosen={"Cohort": "<b>x</b>.csv"})
    page = render_page("page.html.j2", Frame("kind", "title", "Why?", {}), [], run)
    assert "<strong>Cohort:</strong> &lt;b&gt;x&lt;/b&gt;.csv" in page
