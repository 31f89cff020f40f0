"""What makes a release: the version in every place, a dated changelog, a tag that must agree; and what describes it."""

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[3]
PLACES = ("pyproject.toml", "src/ifntrial/__init__.py", "CITATION.cff", "CHANGELOG.md")
WHO = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
NOBODY = {
    f"GIT_{role}_{what}": "a@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
}


@pytest.fixture
def clone(tmp_path) -> Path:
    """Return a repository with what a release changes, where nothing is built."""
    for name in (*PLACES, ".ci/release.py", ".ci/tag"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "hatchling.py").write_text("", encoding="utf-8")
    for words in (["init", "-q"], ["add", "."], [*WHO, "commit", "-q", "-m", "all"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    return tmp_path


def call(clone: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **NOBODY, "PYTHONPATH": str(clone), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(words, cwd=clone, env=environment, capture_output=True, text=True, check=False)


def release(clone: Path, version: str) -> subprocess.CompletedProcess[str]:
    return call(clone, sys.executable, ".ci/release.py", version)


def test_a_release_has_one_version_a_date_and_a_tag(clone):
    ended = release(clone, "7.8.9")
    assert ended.returncode == 0, ended.stderr
    text = {name: (clone / name).read_text(encoding="utf-8") for name in PLACES}
    assert '\nversion = "7.8.9"\n' in text["pyproject.toml"]
    assert '__version__ = "7.8.9"\n' in text["src/ifntrial/__init__.py"]
    citation = yaml.safe_load(text["CITATION.cff"])
    assert (citation["version"], citation["date-released"]) == ("7.8.9", date.today())
    assert re.search(r"## \[Unreleased\]\n\n## \[7\.8\.9\] - \d{4}-\d\d-\d\d\n\n### ", text["CHANGELOG.md"])
    assert call(clone, "git", "tag").stdout == "v7.8.9\n"
    assert call(clone, "git", "status", "--porcelain").stdout == ""
    assert call(clone, ".ci/tag").stdout == "tag: v7.8.9, version 7.8.9.\n"
    assert "there is a tag v7.8.9" in release(clone, "7.8.9").stderr
    assert "the changelog tells of nothing" in release(clone, "7.9.0").stderr


@pytest.mark.parametrize(
    ("version", "said"),
    [("", "is not a version"), ("1.2", "is not a version"), ("0.0.1", "0.0.1 is below the version of now")],
)
def test_a_version_that_cannot_be_is_refused(version, said, clone):
    ended = release(clone, version)
    assert ended.returncode == 1
    assert said in ended.stderr


def test_changes_that_are_not_committed_stop_a_release(clone):
    (clone / "CHANGELOG.md").write_text("", encoding="utf-8")
    assert "not committed" in release(clone, "7.8.9").stderr


def test_a_tag_that_is_not_the_version_is_refused(clone):
    assert call(clone, ".ci/tag").stdout.startswith("tag: none, version ")
    call(clone, "git", "tag", "v7.7.7")
    ended = call(clone, ".ci/tag")
    assert ended.returncode == 1
    assert "HEAD is tagged v7.7.7" in ended.stderr


@pytest.mark.parametrize(
    ("schema", "name"),
    [
        ("citation-file-format", "CITATION.cff"),
        ("github-workflows", ".github/workflows/ci.yml"),
        ("gitlab-ci", ".gitlab-ci.yml"),
    ],
)
def test_what_others_read_is_valid(schema, name, tmp_path):
    pytest.importorskip("check_jsonschema")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
    ended = subprocess.run([*command, str(ROOT / name)], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    broken = tmp_path / Path(name).name
    broken.write_text(json.dumps({"cff-version": 1, "jobs": 3, "ci": {"script": 4}}), encoding="utf-8")
    assert subprocess.run([*command, str(broken)], capture_output=True, check=False).returncode == 1


def test_hooks_are_local_and_of_this_environment():
    settings = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert [each["repo"] for each in settings["repos"]] == ["local"]
    hooks = settings["repos"][0]["hooks"]
    assert {"ruff", "mypy", "lint-imports", "ifntrial", "check-jsonschema"} == {
        Path(each["entry"].split()[0]).name for each in hooks
    }
    for each in hooks:
        assert each["language"] == "system"
        assert each["entry"].startswith(".venv/bin/")


def test_hosts_run_what_everyone_runs():
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    steps = [each.get("run") for each in workflow["jobs"]["run"]["steps"]]
    assert ".ci/run" in steps
    assert ".ci/run" in yaml.safe_load((ROOT / ".gitlab-ci.yml").read_text(encoding="utf-8"))["ci"]["script"]


def test_a_benchmark_says_when_where_and_of_what(tmp_path):
    history = tmp_path / "history.json"
    command = [sys.executable, "benchmarks/usual.py", "--quick", "--json", str(history)]
    history.write_text("[]", encoding="utf-8")
    for count in (1,):
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr
        records = json.loads(history.read_text(encoding="utf-8"))
        assert len(records) == count
    for record in (*records, *json.loads((ROOT / "benchmarks" / "history.json").read_text(encoding="utf-8"))):
        assert set(record) == {"date", "machine", "version", "commit", "seconds"}
        assert record["machine"]["name"]
        assert record["machine"]["processor"]
        assert 0 < record["seconds"]["import"] < 60
