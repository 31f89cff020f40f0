"""The how-to of doses runs as it is written: its tables are saved, its commands are given."""

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from ifntrial.app.cli import cli

PAGE = (Path(__file__).parents[3] / "docs" / "choose_a_dose.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def shown(tmp_path_factory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("doses")
    names = re.findall(r"`(\w+\.csv)`:", PAGE)
    for name, table in zip(names, blocks("csv"), strict=True):
        (folder / name).write_text(table, encoding="utf-8")
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for command in (line for block in blocks("sh") for line in block.splitlines() if line):
            program, *words = shlex.split(command)
            assert program == "ifntrial"
            ended = CliRunner().invoke(cli, words)
            assert ended.exit_code == 0, ended.output
            found[command] = ended.output
        found["result"] = (folder / "table" / "simulation.json").read_text(encoding="utf-8")
        found["page"] = (folder / "table" / "report.html").read_text(encoding="utf-8")
    return found


def command_with(shown: dict[str, str], text: str) -> str:
    return next(output for command, output in shown.items() if text in command)


def test_regimens_stand_side_by_side(shown):
    output = command_with(shown, '"120 mg SC weekly" --weeks 24')
    assert "300 mg IV every 4 weeks: 6 doses" in output
    assert "120 mg SC every week: 24 doses" in output
    assert output.count("accumulation, AUC") == 2


def test_a_loading_dose_is_followed_at_times_of_ones_own(shown):
    output = command_with(shown, "loading dose")
    assert "600 mg IV once, then 300 mg IV every 4 weeks from day 28, counted from day 0: 3 doses" in output
    assert [line.split()[0] for line in output.splitlines() if re.match(r" +\d+ +[246]\.00 ", line)] == [
        "14",
        "28",
        "42",
    ]


def test_what_is_set_stands_in_the_command(shown):
    output = command_with(shown, "--set")
    assert "Set: anifrolumab.clearance = 0.25 L/day, not 0.193 L/day" in output
    assert "--set 'anifrolumab.clearance=0.25 L/day'" in output.splitlines()[-1]


def test_a_table_is_followed_subject_by_subject(shown):
    result = json.loads(shown["result"])
    assert [each["regimen"] for each in result["followed"]] == ["subject 001", "subject 002"]
    assert [each["doses"] for each in result["followed"]] == [3, 12]
    assert [each["measured"] for each in result["observed"]] == [21.5, 7.9, 24.1]
    assert 14.0 in result["followed"][0]["time_days"]
    assert "Open circles: 3 own measurements" in shown["page"]
    assert "3 virtual subjects" in command_with(shown, "who.csv")
