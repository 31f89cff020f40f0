"""The how-to runs as it is written: its design is saved, its code executed from top to bottom."""

import contextlib
import io
import json
import re
import shlex
from pathlib import Path
from shutil import copy

import pytest
import yaml
from click.testing import CliRunner

from ifntrial.app.cli import cli

PAGE = Path(__file__).parents[3] / "docs" / "plan_a_trial.md"
EXAMPLE = PAGE.parent / "examples" / "looks_24_weeks.yaml"


def blocks(language: str) -> list[str]:
    return re.findall(
        rf"^```{language}\n(.*?)^```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE
    )


def test_the_design_has_about_thirty_lines() -> None:
    design, looks = blocks("yaml")
    assert len(design.splitlines()) <= 30
    whole = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    assert {part: whole[part] for part in yaml.safe_load(looks)} == yaml.safe_load(looks)


def test_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my_trial.yaml").write_text(blocks("yaml")[0], encoding="utf-8")
    (tmp_path / "docs" / "examples").mkdir(parents=True)
    copy(EXAMPLE, tmp_path / "docs" / "examples")
    printed = io.StringIO()
    names: dict = {}
    with contextlib.redirect_stdout(printed):
        for block in blocks("python"):
            exec(compile(block, PAGE.name, "exec"), names)
    text = printed.getvalue()
    assert "did you mean eligibility" in text
    assert "OPEN LABEL" in text
    assert "patients for 80 %" in text
    assert (tmp_path / "tables" / "adsl.parquet").is_file()
    assert names["design"].n_of(names["design"].active) == 160


def test_every_command_of_the_page_runs_as_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my_trial.yaml").write_text(blocks("yaml")[0], encoding="utf-8")
    commands = [line for block in blocks("sh") for line in block.splitlines() if line]
    shown = {}
    for command in commands:
        program, *words = shlex.split(command)
        assert program == "ifntrial"
        ended = CliRunner().invoke(cli, words)
        assert ended.exit_code == 0, ended.output
        shown[command] = ended.output
    assert "fine (early_ifn_high, 240 patients)" in shown["ifntrial design check my_trial.yaml"]
    assert "300 mg IV every 4 weeks, 160 patients" in shown["ifntrial design show my_trial.yaml"]
    assert json.loads(shown["ifntrial design schema"])["title"] == "TrialDesign"


def test_every_block_of_the_page_is_run() -> None:
    """No language is shown that the two tests above do not run."""
    fences = re.findall(r"^```(\w*)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert set(fences) == {"yaml", "python", "sh", ""}
    # the whole design, and parts of the example that a test above finds there
    assert len(blocks("yaml")) == 2
