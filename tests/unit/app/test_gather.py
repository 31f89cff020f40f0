"""A comparison in parts and gathered: the numbers of one process, and what is said where a part is missing."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ifntrial.api.runs import VARYING
from ifntrial.app.cli import cli
from ifntrial.errors import FileError, InputError, RunError

COMPARE = ("design", "compare", "daisy", "--worlds", "12", "--subjects", "10", "--workers", "1")


def call(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


def numbers(folder: Path) -> dict[str, object]:
    found = json.loads((folder / "comparison.json").read_text(encoding="utf-8"))
    return {name: value for name, value in found.items() if name not in VARYING}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run in one go, one in two parts, the second first, and one of which a part is missing."""
    place = tmp_path_factory.mktemp("runs")
    assert call(*COMPARE, "--out", place / "whole").exit_code == 0
    for folder, part in (("parts", "2/2"), ("parts", "1/2"), ("some", "3/3"), ("some", "1/3")):
        ended = call(*COMPARE, "--out", place / folder, "--part", part)
        assert ended.exit_code == 0, ended.output
        assert f"When all are there: ifntrial gather {place / folder}" in ended.output
    return place


@pytest.mark.slow
def test_parts_gathered_are_the_run(runs: Path) -> None:
    said = call("status", runs / "parts").output
    assert "complete" in said
    assert "blocks: 12 of 12 blocks done; 12 of 12 worlds" in said
    ended = call("gather", runs / "parts", "--workers", "1")
    assert ended.exit_code == 0, ended.output
    assert numbers(runs / "parts") == numbers(runs / "whole")
    for path in (runs / "whole" / "blocks").iterdir():
        assert (runs / "parts" / "blocks" / path.name).read_bytes() == path.read_bytes()
    about = json.loads((runs / "parts" / "manifest.json").read_text(encoding="utf-8"))
    assert about["arguments"][:2] == ["design", "compare"]
    assert "--part" not in about["arguments"]
    assert "parts: finished" in call("status", runs / "parts").output


@pytest.mark.slow
def test_what_is_missing_is_said_and_how_much_it_counts(runs: Path) -> None:
    ended = call("gather", runs / "some", "--workers", "1")
    assert ended.exit_code == 1, ended.output
    assert "4 of 12 blocks, 0 failed worlds" in ended.output
    found = json.loads((runs / "some" / "comparison.json").read_text(encoding="utf-8"))
    assert found["chosen"]["Incomplete"].startswith("8 of 12 worlds are there. Those absent count ")
    assert found["chosen"]["Incomplete"] in (runs / "some" / "report.html").read_text(encoding="utf-8")
    assert not (runs / "some" / "manifest.json").exists()
    asked = runs / "status.json"
    assert call("status", runs / "some", "--json", asked).exit_code == 0
    (stage,) = json.loads(asked.read_text(encoding="utf-8"))["stages"]
    assert (stage["blocks"], stage["blocks_done"], stage["worlds"], stage["worlds_done"]) == (12, 8, 12, 8)


def test_what_cannot_be_gathered_or_told(tmp_path: Path) -> None:
    for command in ("gather", "status"):
        ended = call(command, tmp_path)
        assert isinstance(ended.exception, FileError)
        assert "is not the folder of a run" in str(ended.exception)
    (tmp_path / "plan.json").write_text("{}", encoding="utf-8")
    assert isinstance(call("gather", tmp_path).exception, RunError)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("forecast", "daisy", "--part", "0/4"), "the part cannot be read"),
        (("forecast", "daisy", "--part", "1/4", "--json", "x.json"), "a part of a run has no result"),
        (("sensitivity", "daisy", "--part", "1/4"), "the parts of a run need a folder that they share"),
        (("validate", "--part", "1/4"), "the parts of a run need a folder that they share"),
    ],
)
def test_parts_that_make_no_sense(
    words: tuple[str, ...], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = call(*words)
    assert isinstance(ended.exception, InputError)
    assert told in str(ended.exception)
    assert list(tmp_path.iterdir()) == []
