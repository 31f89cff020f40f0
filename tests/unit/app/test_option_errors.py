"""What the command line's own parser refuses also says what to do, with the command that shows what is allowed."""

import pytest
from click.testing import CliRunner

from ifntrial.app.cli import cli

REFUSED = {
    ("evidence", "show"): ("Missing argument 'NAME'", "evidence show --help"),
    ("forecast", "daisy", "--seed", "x"): ("'x' is not a valid integer", "forecast --help"),
    ("validate", "--subject", "3"): ("Did you mean '--subjects'", "validate --help"),
    ("evidence", "shoow", "x"): ("Did you mean 'show'", "evidence --help"),
    ("--sed", "3"): ("No such option '--sed'", "--help"),
    ("export", "word"): ("word", "export --help"),
}


@pytest.mark.parametrize(("words", "said"), REFUSED.items(), ids=lambda x: " ".join(x))
def test_a_refusal_ends_with_what_to_do(words, said):
    ended = CliRunner().invoke(cli, list(words), prog_name="ifntrial")
    assert ended.exit_code == 2
    last = ended.output.strip().splitlines()[-1]
    assert said[0] in last
    assert last.count("To do: ") == 1
    assert f"'ifntrial {said[1]}' says what is allowed" in last


def test_an_unknown_command_keeps_its_own_advice():
    ended = CliRunner().invoke(cli, ["forcast"], prog_name="ifntrial")
    assert ended.exit_code == 2
    assert ended.output.count("To do: ") == 1
    assert "did you mean forecast" in ended.output


@pytest.mark.parametrize("words", [["evidence"], []])
def test_a_group_without_a_command_shows_its_help_without_advice(words):
    ended = CliRunner().invoke(cli, words, prog_name="ifntrial")
    assert "Usage:" in ended.output
    assert "To do:" not in ended.output
