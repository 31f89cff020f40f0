"""Results as a file, and a whole small forecast that is given one."""

import json
from html import unescape

import pytest
from click.testing import CliRunner

from ifntrial.app.cli import cli
from ifntrial.errors import FileError, InputError
from ifntrial.studies.beliefs.given import EXAMPLE, load_given

ADDRESSES = ("rcriss20_observed", "mrss_year")
GOOD = (
    "  - {name: one, source: a paper, address: mrss_year, effect: -2.0, standard_error: 1.1, trial_sd: 0.5}\n"
)


def written(folder, results: str, first: str = "schema_version: 1\n"):
    path = folder / "given.yaml"
    path.write_text(f"{first}results:\n{results}")
    return path


def test_the_example_is_read(tmp_path):
    path = tmp_path / "given.yaml"
    path.write_text(EXAMPLE)
    (found,) = load_given(path, ADDRESSES).records()
    assert (found.address, found.effect, found.error) == (
        "mrss_year",
        -2.0,
        pytest.approx(1.208305, abs=1e-6),
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("mrss_year", "mrss_yeer", "did you mean"),
        ("standard_error: 1.1", "standard_error: 0", "greater than 0"),
        ("trial_sd: 0.5", "trial_sd: -1", "greater than or equal to 0"),
        ("effect: -2.0", "effect: lots", "valid number"),
        ("effect: -2.0", "effect: .nan", "finite|greater|valid"),
        ("source: a paper, ", "", "source"),
        ("trial_sd", "trial_sdd", "trial_sd"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path, old, new, words):
    with pytest.raises(InputError, match=words) as caught:
        load_given(written(tmp_path, GOOD.replace(old, new)), ADDRESSES)
    assert "line 3" in str(caught.value) or "results" in str(caught.value)


@pytest.mark.parametrize("content", ["[]", "results: []", "schema_version: 1\nresults: []\n"])
def test_nothing_is_refused_with_the_form(tmp_path, content):
    path = tmp_path / "given.yaml"
    path.write_text(content)
    with pytest.raises(InputError, match="write it so"):
        load_given(path, ADDRESSES)


def test_one_result_counts_once(tmp_path):
    with pytest.raises(InputError, match="one result counts once: one"):
        load_given(written(tmp_path, GOOD + GOOD), ADDRESSES)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileError, match="does not exist"):
        load_given(tmp_path / "absent.yaml", ADDRESSES)


@pytest.mark.slow
def test_a_forecast_after_a_result(tmp_path):
    words = ["forecast", "daisy", "--worlds", "40", "--subjects", "16", "--workers", "1"]
    path = written(tmp_path, GOOD)
    ended = CliRunner().invoke(cli, [*words, "--given", str(path), "--out", str(tmp_path / "after")])
    assert ended.exit_code == 0, ended.output
    assert "Given: one (a paper): -2 ± 1.1" in ended.output
    found = json.loads((tmp_path / "after" / "forecast.json").read_text())
    given = found["given"]
    mixture = given["learnt_by_belief"]["mixture"]
    assert mixture["success_after"] == pytest.approx(found["assurance"]["estimate"])
    shares = [each["share_after"] for name, each in given["learnt_by_belief"].items() if name != "mixture"]
    assert sum(shares) == pytest.approx(1.0)
    # less skin score on blockade speaks for beliefs in a benefit
    nothing = given["learnt_by_belief"]["irrelevant"]
    assert nothing["share_after"] < nothing["share_before"]
    assert nothing["success_after"] == pytest.approx(nothing["success_before"])
    page = unescape((tmp_path / "after" / "report.html").read_text())
    assert 'id="given"' in page
    assert "No efficacy result for blocking" not in page
    assert any(text.endswith("given.yaml") for text in found["chosen"].values())
    assert found["belief_readings"] == []
    without = CliRunner().invoke(cli, [*words, "--out", str(tmp_path / "before")])
    assert without.exit_code == 0, without.output
    before = json.loads((tmp_path / "before" / "forecast.json").read_text())
    assert before["given"] is None
    assert before["assurance"]["estimate"] == pytest.approx(mixture["success_before"])
    assert (
        before["by_prior"]["lupus_bridge"]["prior_check"] == found["by_prior"]["lupus_bridge"]["prior_check"]
    )
