"""A run of any kind keeps one form of manifest, and is made again from it wherever its folder and its inputs are now."""

import json
import re
import shutil
from datetime import datetime, tzinfo
from pathlib import Path

import click
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from ifntrial.app.cli import cli
from ifntrial.console.inputs import OutputFolder
from ifntrial.errors import IfntrialError
from ifntrial.studies.manifest import load_manifest
from ifntrial.studies.run_inputs import sha256_of
from shipped import CATALOG, load_signature

DESIGN = "extends: daisy\nschema_version: 1\nname: mine\nsize: {planned: 24}\n"
WORLDS = "--worlds 6 --subjects 10 --seed 3 --workers 1".split()
REGIMEN = "300 mg IV every 4 weeks"
SIMULATE = ["simulate", REGIMEN, "--weeks", "2", "--subjects", "3", "--workers", "1"]
ENVELOPE = {
    "schema_version",
    "kind",
    "version",
    "model_version",
    "evidence_hash",
    "lock_hash",
    "seed",
    "date",
    "seconds",
    "command",
    "chosen",
}
MANIFEST = ENVELOPE | {"arguments", "platform", "inputs", "results", "catalog"}


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """Return a folder with a design, an expression table, healthy samples and a score table."""
    folder = tmp_path_factory.mktemp("a place") / "it's mine"
    folder.mkdir()
    (folder / "my trial.yaml").write_text(DESIGN, encoding="utf-8")
    numbers, genes = np.random.default_rng(4), load_signature("az_4_gene").genes
    names = [f"H{i}" for i in range(8)] + [f"P{i}" for i in range(4)]
    levels = pd.DataFrame(numbers.normal(8, 1, (len(names), len(genes))).round(3), index=names, columns=genes)
    levels.T.to_csv(folder / "levels.csv")
    (folder / "healthy.txt").write_text("\n".join(names[:8]), encoding="utf-8")
    return folder


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def call(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


def made(*words: object) -> Result:
    ended = call(*words)
    assert ended.exit_code == 0, ended.output + str(ended.exception)
    return ended


def manifest_of(folder: Path) -> dict:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def change(folder: Path, name: str, edit) -> None:
    content = json.loads((folder / name).read_text(encoding="utf-8"))
    edit(content)
    (folder / name).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def assert_refused(ended: Result, *said: str) -> None:
    assert isinstance(ended.exception, IfntrialError), ended.output + str(ended.exception)
    for text in (*said, "To do:"):
        assert text in str(ended.exception), f"'{text}' is not in: {ended.exception}"


SCORE = [
    "score",
    "levels.csv",
    "--scale",
    "log2",
    "--healthy",
    "healthy.txt",
    "--signature",
    "az_4_gene",
    "--draws",
    "10",
]
KINDS = {
    "forecast": (["forecast", "my trial.yaml", "--without", "vascular", "--outcomes", *WORLDS],
                 "forecast.json", 1),
    "design compare": (["design", "compare", "my trial.yaml", "daisy", *WORLDS], "comparison.json", 1),
    "doses": (["doses", "my trial.yaml", "--regimen", REGIMEN, *WORLDS], "doses.json", 1),
    "enrich": (["enrich", "daisy", "--marker", "ifn_high", "--cutoff", "1.5", *WORLDS], "enrichment.json", 0),
    "design simulate": (["design", "simulate", "my trial.yaml", "--tables", "csv", "--world", "7"], "trial.json", 1),
    "sensitivity": (["sensitivity", "daisy", "--samples", "4", "--subjects", "10", "--workers", "1"],
                    "sensitivity.json", 0),
    "validate": (["validate", "--subjects", "50", "--without", "safety"], "validation.json", 0),
    "simulate": ([*SIMULATE, "--population", "healthy"], "simulation.json", 0),
    "map": (["map", "--drug", "tofacitinib", "--week", "2", "--subjects", "3", "--workers", "1", "--svg", "a.svg"],
            "map.json", 0),
    "score": (SCORE, "scores.json", 2),
    "calibrate": (["calibrate", "--show"], "calibration.json", 0),
    "value": (["value", "daisy", *WORLDS], "value.json", 0),
    "evidence without": (["evidence", "without", "tummala2018", "--worlds", "6", "--subjects", "10"], "without.json", 0),
}  # fmt: skip


def test_every_command_that_writes_a_run_is_a_kind():
    """An export is a model for other programs, a locked prediction is of a run, and neither is one."""

    def found(command: click.Command, name: str) -> set[str]:
        if isinstance(command, click.Group):
            context = click.Context(command)
            below = {each: command.get_command(context, each) for each in command.list_commands(context)}
            return set().union(*(found(each, f"{name} {word}".strip()) for word, each in below.items()))
        return {name} if any(isinstance(each.type, OutputFolder) for each in command.params) else set()

    assert found(cli, "") - {"export petab", "prediction lock", "prediction deposit"} == set(KINDS)


WITHOUT_PROGRESS = {"design simulate", "calibrate"}
"""One trial, and a look at what is there: over in seconds."""


def watched(patch: pytest.MonkeyPatch, out: Path) -> tuple[list[bool], list[tuple[int, int]]]:
    """Return two lists to be filled: for each line after the work whether results are written, and the progress."""
    from ifntrial.api import progress, runs

    said, told = [], []
    is_done = False
    echo = click.echo

    class Clock:
        @staticmethod
        def now(zone: tzinfo) -> datetime:
            nonlocal is_done
            is_done = True  # the facts of a run are gathered when its work is done
            return datetime.now(zone)

    def watched_echo(*message: object, **how: object) -> None:
        if is_done and not how.get("err"):
            said.append((out / "manifest.json").exists())
        echo(*message, **how)

    patch.setattr(runs, "datetime", Clock)
    patch.setattr(click, "echo", watched_echo)
    for name in ("progress_reporter", "terminal_reporter"):
        patch.setattr(progress, name, lambda label: lambda done, total: told.append((done, total)))
    return said, told


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_run_is_made_again(kind, place, tmp_path, monkeypatch):
    words, result, inputs = KINDS[kind]
    monkeypatch.chdir(place)
    out = tmp_path / "a run"
    with monkeypatch.context() as patch:
        said, told = watched(patch, out)
        ended = made(*words, "--out", out, "--json", tmp_path / "same.json")
    # a reader who goes away in the middle of what is printed, as before ``head``, takes no result with him
    assert said
    assert all(said), "a line is printed before the results are written"
    assert (kind in WITHOUT_PROGRESS) != any(done == total > 0 for done, total in told)
    manifest = manifest_of(out)
    assert set(manifest) == MANIFEST
    assert manifest["kind"] == kind
    assert manifest["catalog"] == CATALOG.fingerprint
    assert manifest["command"] in ended.output.splitlines()[-2]
    assert manifest["platform"]["processor"]
    assert len(manifest["inputs"]) == inputs
    files = {path.relative_to(out).as_posix(): path for path in files_in(out)}
    # what others on the same folder need to know of the run is no result of it
    beside = {name for name in files if name.startswith(".run/")}
    assert {each["file"] for each in manifest["results"]} == set(files) - beside - {"manifest.json", ".lock"}
    assert all(each["sha256"] == sha256_of(files[each["file"]]) for each in manifest["results"])
    found = json.loads((out / result).read_text(encoding="utf-8"))
    assert ENVELOPE <= set(found)
    assert found == json.loads((tmp_path / "same.json").read_text(encoding="utf-8"))
    assert found["command"] == manifest["command"]
    if "report.html" in files:
        page = files["report.html"].read_text(encoding="utf-8")
        assert manifest["command"].replace("'", "&#39;").replace('"', "&#34;") in page
        for label, text in found["chosen"].items():
            assert f"<strong>{label}:</strong> {text}" in page
        facts = " ".join(re.sub(r"<[^>]+>", " ", page).split())
        assert found["seed"] is None or f"{found['seed']}" in facts
    monkeypatch.chdir(tmp_path)
    again = call("reproduce", out)
    assert again.exit_code == 0, again.output + str(again.exception)
    assert "Equal bit for bit" in again.output


# --- where folder and inputs are now ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def scored(place) -> Path:
    """Return the folder of a run of scores, made from relative paths."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        made(*SCORE, "--out", "runs/scores")
    return place / "runs" / "scores"


def test_a_run_is_found_by_relative_paths_from_elsewhere(scored, tmp_path, monkeypatch):
    monkeypatch.chdir(scored.parent)
    assert call("reproduce", "scores").exit_code == 0
    monkeypatch.chdir(tmp_path)
    assert call("reproduce", scored).exit_code == 0


def test_a_project_that_moved_as_a_whole(scored, place, tmp_path, monkeypatch):
    moved = tmp_path / "elsewhere" / "project"
    shutil.copytree(place, moved)
    monkeypatch.chdir(tmp_path)
    for name in ("levels.csv", "healthy.txt"):
        (place / name).rename(place / f"{name}.away")
    try:
        assert call("reproduce", moved / "runs" / "scores").exit_code == 0
        assert_refused(
            call("reproduce", scored),
            "levels.csv is no longer there",
            "healthy.txt is no longer there",
            str(place / "levels.csv"),
        )
    finally:
        for name in ("levels.csv", "healthy.txt"):
            (place / f"{name}.away").rename(place / name)


def test_a_manifest_without_a_fingerprint_of_the_catalogue_is_read(scored, tmp_path):
    copy = shutil.copytree(scored, tmp_path / "copy")
    path = copy / "manifest.json"
    old = json.loads(path.read_text(encoding="utf-8"))
    old.pop("catalog")
    path.write_text(json.dumps(old), encoding="utf-8")
    assert load_manifest(copy).catalog is None


def test_a_folder_that_moved_alone(scored, tmp_path, monkeypatch):
    moved = tmp_path / "deep" / "down" / "here"
    shutil.copytree(scored, moved)
    monkeypatch.chdir(tmp_path)
    assert call("reproduce", moved).exit_code == 0


def test_a_folder_beside_inputs_of_the_names_given(scored, place, tmp_path, monkeypatch):
    """The run went to somebody else, who has the files in the working folder."""
    shutil.copytree(scored, tmp_path / "run")
    for name in ("levels.csv", "healthy.txt"):
        shutil.copy(place / name, tmp_path / name)
    change(tmp_path / "run", "manifest.json", forget_places)
    monkeypatch.chdir(tmp_path)
    assert call("reproduce", "run").exit_code == 0


def forget_places(manifest: dict) -> None:
    for each in manifest["inputs"]:
        each |= {"absolute": "/nowhere/x", "from_run": None}


def test_a_changed_input_is_named_and_nothing_is_run(scored, place, tmp_path, monkeypatch):
    moved = tmp_path / "project"
    shutil.copytree(place, moved)
    (moved / "healthy.txt").write_text("H0\nH1\nH2\n", encoding="utf-8")
    change(moved / "runs" / "scores", "manifest.json", lambda x: x["inputs"][1].update(absolute="/nowhere/x"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("ifntrial.api.scores.answer.answer_scores", lambda *_: pytest.fail("was run"))
    ended = call("reproduce", moved / "runs" / "scores")
    assert_refused(ended, "healthy.txt has changed since the run read it")
    assert "levels.csv" not in str(ended.exception).replace(str(moved), "")


def test_a_changed_design_file_is_named(place, tmp_path, monkeypatch):
    shutil.copy(place / "my trial.yaml", tmp_path / "trial.yaml")
    monkeypatch.chdir(tmp_path)
    made("design", "simulate", "trial.yaml", "--out", "run")
    (record,) = manifest_of(tmp_path / "run")["inputs"]
    assert record["given"] == "trial.yaml"
    assert record["from_run"] == "../trial.yaml"
    assert record["absolute"] == str(tmp_path / "trial.yaml")
    (tmp_path / "trial.yaml").write_text(DESIGN.replace("24", "26"), encoding="utf-8")
    assert_refused(call("reproduce", "run"), "trial.yaml has changed since the run read it")


def test_an_input_of_the_same_content_is_as_good_at_any_of_the_places(scored, place, tmp_path, monkeypatch):
    """A changed file at one place does not hide the right one at another."""
    moved = tmp_path / "project"
    shutil.copytree(place, moved)
    (tmp_path / "levels.csv").write_text("other", encoding="utf-8")
    change(moved / "runs" / "scores", "manifest.json",
           lambda x: x["inputs"][0].update(absolute=str(tmp_path / "levels.csv")))  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert call("reproduce", moved / "runs" / "scores").exit_code == 0


def test_a_run_of_an_older_version_is_refused_by_the_name_of_its_file(scored, tmp_path):
    shutil.copytree(scored, tmp_path / "run")
    (tmp_path / "run" / "worlds").mkdir()
    (tmp_path / "run" / "worlds" / "world=0000.json").write_text("{}", encoding="utf-8")
    assert_refused(call("reproduce", tmp_path / "run"), "an older ifntrial", "worlds/world=0000.json")


def test_nothing_is_written_but_into_a_folder_that_is_thrown_away(place, tmp_path, monkeypatch):
    monkeypatch.chdir(place)
    beside = [tmp_path / name for name in ("reference.json", "all.json")]
    made(*SCORE, "--save-reference", beside[0], "--json", beside[1], "--out", tmp_path / "run")
    before = {path: path.read_bytes() for path in (*beside, *files_in(tmp_path / "run"))}
    for path in beside:
        path.unlink()
    assert call("reproduce", tmp_path / "run").exit_code == 0
    assert not any(path.exists() for path in beside)
    assert {path: path.read_bytes() for path in files_in(tmp_path / "run")} == {
        path: content for path, content in before.items() if path not in beside
    }
