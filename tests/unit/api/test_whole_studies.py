"""The verbs that take long, at their smallest: what they answer is what their commands write."""

import json

import pytest
from click.testing import CliRunner

import ifntrial as ift
from ifntrial.app.cli import cli
from ifntrial.app.command_line import command_text, read_words, words_of

VARYING = {"seconds", "date", "command"}


def require_as_written(answer, folder, name: str) -> None:
    words = answer.kept.run.words
    assert command_text(words_of(read_words(words))) == answer.facts.command
    ended = CliRunner().invoke(cli, [*words, "--out", str(folder)])
    assert ended.exit_code == 0, ended.output
    written, own = json.loads((folder / name).read_text(encoding="utf-8")), json.loads(answer.to_json())
    assert list(written) == list(own)
    assert {each for each in written if written[each] != own[each]} <= VARYING


@pytest.mark.slow
def test_what_answers_hang_on(tmp_path):
    found = ift.sensitivity("daisy", samples=4, subjects=10, workers=1)
    require_as_written(found, tmp_path / "run", "sensitivity.json")
    table = found.table()
    assert set(table["output"]) == {each.name for each in found.outputs}
    assert table.groupby("output")["main"].is_monotonic_decreasing.all()


@pytest.mark.slow
def test_a_trial_is_what_the_command_writes(tmp_path):
    found = ift.simulate_trial("daisy", workers=1)
    require_as_written(found, tmp_path / "run", "trial.json")
    saved = found.save(tmp_path / "saved")
    for path in saved.glob("*.parquet"):
        assert path.read_bytes() == (tmp_path / "run" / path.name).read_bytes()
    with pytest.raises(ift.InputError, match="there is no page"):
        found.report(tmp_path / "page.html")


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: ift.validate(subjects=10), "'subjects' is out of range"),
        (lambda: ift.validate(drug="anifrolumub"), "did you mean anifrolumab"),
        (lambda: ift.validate(without=["vasculer"]), "vascular"),
        (lambda: ift.sensitivity("daisy", samples=2), "'samples' is out of range"),
        (lambda: ift.sensitivity("daisy", method="moris", samples=4, subjects=10), "morris"),
        (lambda: ift.simulate_trial("daisy", world=-5), "there is no such world"),
        (lambda: ift.simulate_trial("daisy", tables="sas"), "file format"),
        (lambda: ift.forecast("daisy", visit="week 0"), "there is no cohort"),
        (lambda: ift.forecast("daisy", weights={"irelevant": 1.0}), "did you mean irrelevant"),
        (lambda: ift.compare(), "0 designs"),
        (lambda: ift.enrich("daisy", assays=["0.9"]), "the assay cannot be read"),
        (lambda: ift.doses("daisy", regimens=["much"]), "much"),
    ],
)
def test_a_bad_argument_is_refused_as_the_commands_refuse_it(ask, said):
    with pytest.raises(ift.InputError, match=said):
        ask()
