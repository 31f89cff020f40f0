"""Candidate studies as a file, and the whole command."""

import json

import pytest
from click.testing import CliRunner

from ifntrial.app.cli import cli
from ifntrial.errors import FileError, InputError
from ifntrial.studies.value.candidates import EXAMPLE, USUAL, load_candidates

ADDRESSES = ("rcriss20_observed", "mrss_year")


def written(folder, text: str):
    path = folder / "studies.yaml"
    path.write_text(text)
    return path


def test_the_example_is_read(tmp_path):
    found = load_candidates(written(tmp_path, EXAMPLE), ADDRESSES)
    assert (found.decision.gain, found.decision.cost) == (4.0, 1.0)
    assert found.studies[0].address == "mrss_year"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("mrss_year", "mrss", "did you mean|is none of"),
        ("gain: 4.0", "gain: 0", "greater than 0"),
        ("cost: 1.0", "cost: free", "valid number"),
        ("standard_error: 1.2", "standard_error: 0", "greater than 0"),
        ("decision:", "decisions:", "decision"),
    ],
)
def test_what_is_wrong_is_told(tmp_path, old, new, words):
    with pytest.raises(InputError, match=words):
        load_candidates(written(tmp_path, EXAMPLE.replace(old, new)), ADDRESSES)


def test_those_that_come_with_the_program_are_usable():
    found = load_candidates(USUAL, (*ADDRESSES, "rcriss25_composite"))
    # 7 points of SD, 60 and 20 patients in each arm
    by_size = [7 * (2 / 60) ** 0.5, 7 * (2 / 20) ** 0.5]
    assert [each.standard_error for each in found.studies][:2] == pytest.approx(by_size, rel=0.02)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileError, match="does not exist"):
        load_candidates(tmp_path / "absent.yaml", ADDRESSES)


@pytest.mark.slow
def test_the_whole_command(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    more = EXAMPLE + "\n  - {name: Half of it, address: mrss_year, standard_error: 1.7, trial_sd: 0.5}\n"
    path = written(tmp_path, more)
    words = ["value", "daisy", "--studies", str(path), "--worlds", "40", "--subjects", "16", "--workers", "1"]
    ended = CliRunner().invoke(cli, [*words, "--out", "next", "--json", "v.json"])
    assert ended.exit_code == 0, ended.output
    found = json.loads((tmp_path / "v.json").read_text())
    larger, smaller = found["studies"]
    assert (larger["study"], smaller["study"]) == ("Phase 2 with 120 patients", "Half of it")
    assert 0.0 <= smaller["evsi"] <= larger["evsi"] <= larger["evppi"] + 1e-12 <= found["evpi"] + 2e-12
    assert larger["evppi"] == smaller["evppi"]
    assert larger["unit"] == "mrss_point"
    assert 0.0 < smaller["told_share"] < larger["told_share"] < 1.0
    assert found["goes_now"] == (4.0 * found["success_now"] > 1.0)
    page = (tmp_path / "next" / "report.html").read_text()
    assert "Not for diagnosis or treatment" in page
    # the worlds of the forecast are there now: nothing is simulated again
    again = CliRunner().invoke(cli, [*words, "--json", "again.json"])
    assert again.exit_code == 0, again.output
    assert json.loads((tmp_path / "again.json").read_text())["studies"] == found["studies"]
