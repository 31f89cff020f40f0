"""Commands that take beliefs: what they say before their work, what they refuse, and that a run is made again."""

import json
import re
from dataclasses import replace

import pytest
from click.testing import CliRunner, Result

from ifntrial.app.cli import cli
from ifntrial.errors import FileError, InputError, RunError, UnknownNameError
from ifntrial.studies.beliefs.asked import DECLARED
from ifntrial.worlds.calibration import save_calibration
from made_up_calibration import made_up_catalog

BELIEFS = """\
schema_version: 1
whose: A clinic <b>
beliefs:
  - as_declared: irrelevant
  - name: hoped
    label: As hoped
    meaning: as those who planned it hope
    weight: 0.7
    address: rcriss20_observed
    effect: {normal: {mean: 0.5, sd: 0.3}}
"""
ADDRESS = """\
extends: daisy
schema_version: 1
name: as_in_daisy
title: rCRISS-25 of those observed in DAISY's patients, week 52
assumed:
  estimand: {discontinuation: hypothetical, rescue: hypothetical, summary: odds_ratio, reason: a test of addresses}
"""
SIZES = "--worlds 12 --subjects 10 --seed 3 --workers 1".split()
COMMANDS = {
    "forecast": ["forecast", "daisy", *SIZES],
    "design compare": ["design", "compare", "daisy", "daisy_iv", *SIZES],
    "doses": ["doses", "daisy", *SIZES],
    "enrich": ["enrich", "daisy", *SIZES],
}


@pytest.fixture
def catalog(tmp_path, monkeypatch):
    """Let the package come with worlds that were never simulated, in a folder with a file of beliefs."""
    made = made_up_catalog(tmp_path)
    monkeypatch.setattr("ifntrial.catalog.shipped", lambda: made)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "beliefs.yaml").write_text(BELIEFS, encoding="utf-8")
    (tmp_path / "address.yaml").write_text(ADDRESS, encoding="utf-8")
    return made


@pytest.fixture
def plans(monkeypatch):
    """Return the plans that commands prepare; their work does not begin."""
    found = []

    def prepare(plan: object, catalog: object) -> None:
        found.append((plan, catalog))
        raise AssertionError("the work began")

    for verb in ("forecast", "compare", "doses", "enrich"):
        monkeypatch.setattr(f"ifntrial.api.{verb}.prepare", prepare)
    return found


def call(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


def with_more_worlds(catalog, folder, name):
    """Keep worlds that know one more address, which is like another."""
    frozen = catalog.calibration
    at = {**frozen.implied.at, name: frozen.implied.at["rcriss20_observed"]}
    path = folder / "more.npz"
    save_calibration(replace(frozen, implied=replace(frozen.implied, at=at)), path)
    return path


@pytest.mark.parametrize("kind", COMMANDS)
def test_a_command_says_what_beliefs_imply_before_its_work(catalog, plans, kind):
    ended = call(*COMMANDS[kind], "--beliefs", "beliefs.yaml")
    assert str(ended.exception) == "the work began"
    ((plan, _),) = plans
    assert plan.beliefs.own.whose == "A clinic <b>"
    assert "Beliefs of A clinic <b>, and what they imply:" in ended.output
    assert "hoped: As hoped (weight 0.70)" in ended.output
    assert "as stated, median (5 to 95 %): log odds ratio 0.50 (0.01 to 0.99); 4.8" in ended.output
    assert "35" in ended.output.split("at rcriss20_observed")[1]


@pytest.mark.parametrize("kind", COMMANDS)
def test_a_command_takes_weights(catalog, plans, kind):
    ended = call(*COMMANDS[kind], "--weights", "irrelevant=1,lupus_bridge=3")
    assert str(ended.exception) == "the work began"
    ((plan, _),) = plans
    assert plan.beliefs.weights == (("irrelevant", 1.0), ("lupus_bridge", 3.0))
    assert "imply" not in ended.output


@pytest.mark.parametrize("kind", COMMANDS)
def test_a_command_without_them_asks_the_declared_beliefs(catalog, plans, kind):
    call(*COMMANDS[kind])
    ((plan, _),) = plans
    assert plan.beliefs == DECLARED


@pytest.mark.parametrize(
    ("words", "error", "message"),
    [
        (["--weights", "irrelevant=-1"], InputError, "out of range"),
        (["--weights", "irelevant=1"], UnknownNameError, "did you mean irrelevant"),
        (["--beliefs", "beliefs.yaml", "--weights", "lupus_bridge=1"], UnknownNameError, "Allowed: irrelevant, hoped"),
        (["--beliefs", "none.yaml"], FileError, "does not exist"),
        (["--beliefs", "address.yaml"], InputError, "are not usable"),
        (["--address", "address.yaml"], InputError, "calibrated at other addresses"),
        (["--address", "beliefs.yaml"], InputError, "is not usable|unknown"),
        (["--calibration", "none.npz"], FileError, "absent"),
        (["--calibration", "beliefs.yaml"], RunError, "cannot be read"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_before_the_work(catalog, plans, words, error, message):
    ended = call(*COMMANDS["forecast"], *words)
    assert isinstance(ended.exception, error), ended.exception
    assert re.search(message, str(ended.exception)), ended.exception
    assert plans == []


def test_a_belief_can_be_stated_at_an_address_of_ones_own(catalog, plans, tmp_path):
    worlds = with_more_worlds(catalog, tmp_path, "as_in_daisy")
    own = ["--calibration", worlds, "--address", "address.yaml"]
    assert "as_in_daisy: rCRISS-25 of those observed" in call("list", "addresses", *own).output
    text = BELIEFS.replace("rcriss20_observed", "as_in_daisy")
    (tmp_path / "beliefs.yaml").write_text(text, encoding="utf-8")
    ended = call(*COMMANDS["forecast"], "--beliefs", "beliefs.yaml", *own)
    assert str(ended.exception) == "the work began", ended.exception
    ((_, known),) = plans
    assert known.addresses["as_in_daisy"].assumed.estimand.rescue == "hypothetical"
    assert "at as_in_daisy (Revised CRISS-25 response at week 52)" in ended.output
    refused = call(*COMMANDS["forecast"], "--calibration", worlds)
    assert "calibrated at other addresses" in str(refused.exception)
    assert "as_in_daisy" in str(call(*COMMANDS["forecast"], "--beliefs", "beliefs.yaml").exception)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("name: as_in_daisy", "name: mrss_year", "there is an address of the name 'mrss_year'"),
        ("summary: odds_ratio", "summary: risk_difference", "the summary of its estimand is risk_difference"),
        ("summary: odds_ratio", "summary: mean_difference", "mean_difference, which does not fit rcriss"),
        (
            "summary: odds_ratio",
            "summary: mean_difference, population: all\nprimary: {endpoint: fvc_ml_change, visit_week: 52}\n#",
            "it states a mean_difference of fvc_ml_change",
        ),
    ],
)
def test_a_design_that_states_nothing_of_use_is_no_address(catalog, tmp_path, old, new, message):
    text = ADDRESS.replace(old, new)
    if "\n#" in new:
        text = text.replace("population: all\n", "reason: a test of addresses}\n")
    (tmp_path / "address.yaml").write_text(text, encoding="utf-8")
    ended = call("calibrate", "--address", "address.yaml", "--out", tmp_path / "run")
    assert isinstance(ended.exception, InputError), ended.exception
    assert message in str(ended.exception)
    assert not (tmp_path / "run").exists()


def test_worlds_at_an_address_of_ones_own_do_not_go_into_the_package(catalog):
    ended = call("calibrate", "--address", "address.yaml")
    assert "do not belong into the package" in str(ended.exception)


def test_addresses_and_declared_beliefs_are_listed(catalog):
    shown = call("list", "addresses").output
    for text in (
        "rcriss20_observed: rCRISS-20 of those observed",
        "states      log odds ratio, active against control: Revised CRISS-20 response at week 52; above zero",
        "population  adults with early diffuse systemic sclerosis without background immunosuppression",
        "worlds go   from −1.50 to 2.50",
        "below zero is benefit",
    ):
        assert text in shown, f"'{text}' is not in: {shown}"
    declared = call("list", "beliefs").output
    assert "irrelevant: Interferon is irrelevant (weight 0.30)" in declared
    assert "ssc_skin_class: Like other drugs in SSc, by skin (beside the mixture)" in declared


@pytest.mark.slow
def test_a_forecast_of_own_beliefs_names_whose_they_are_and_is_made_again(catalog, tmp_path):
    out = tmp_path / "run"
    ended = call(*COMMANDS["forecast"], "--beliefs", "beliefs.yaml", "--out", out)
    assert ended.exit_code == 0, ended.exception
    found = json.loads((out / "forecast.json").read_text(encoding="utf-8"))
    assert found["whose_beliefs"] == "A clinic <b>"
    assert list(found["by_prior"]) == ["irrelevant", "hoped", "mixture"]
    assert found["by_prior"]["hoped"]["weight"] == pytest.approx(0.7)
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "<strong>A clinic &lt;b&gt;</strong>" in page
    assert (
        json.loads((out / "plan.json").read_text(encoding="utf-8"))["plan"]["beliefs"]["own"]["whose"]
        == "A clinic <b>"
    )
    inputs = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["inputs"]
    assert [each["parameter"] for each in inputs] == ["beliefs"]
    again = call("reproduce", out, "--workers", "1")
    assert again.exit_code == 0, again.output
    (tmp_path / "beliefs.yaml").write_text(BELIEFS.replace("0.7", "0.6"), encoding="utf-8")
    assert "beliefs.yaml has changed since the run read it" in str(call("reproduce", out).exception)
