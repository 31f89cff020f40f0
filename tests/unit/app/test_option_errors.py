"""What the command line's own parser refuses has the form of all errors: what failed, given, allowed, to do."""

import click
import pytest
from click.testing import CliRunner

from commands import COMMANDS, needed
from ifntrial.app.cli import cli

REFUSED = {
    ("evidence", "show"): ("argument NAME is missing", "nothing for it", "a text", "evidence show --help"),
    ("forecast", "daisy", "--seed", "x"): (
        "the value of option --seed cannot be used: 'x' is not a valid whole number",
        "'x'",
        "a whole number from 0 to 9223372036854775807",
        "forecast --help",
    ),
    ("validate", "--subject", "3"): ("option '--subject' is not known", "--subject", "--subjects", "validate --help"),
    ("evidence", "shoow", "x"): ("command 'shoow' is not known", "shoow", "check, effects, show, without",
                                 "did you mean show? 'ifntrial evidence --help"),
    ("forcast",): ("command 'forcast' is not known", "forcast", "forecast, design", "did you mean forecast? 'ifntrial"),
    ("--sed", "3"): ("option '--sed' is not known", "--sed", "--help, --version", "--help"),
    ("export", "word"): ("command 'word' is not known", "word", "omex, petab, sbml", "export --help"),
    ("forecast", "daisy", "more", "words"): ("more words than the command takes", "more words",
                                             "ifntrial forecast [OPTIONS] DESIGN", "forecast --help"),
    ("design", "compare", "daisy", "--worlds"): ("option --worlds lacks its value", "nothing after --worlds",
                                                 "a whole number", "design compare --help"),
    ("forecast", "daisy", "--outcomes=3"): ("option --outcomes takes no value", "--outcomes with a value",
                                            "--outcomes alone", "forecast --help"),
    ("simulate", "x", "--weeks", "y"): ("option --weeks cannot be used", "'y'", "a number", "simulate --help"),
    ("validate", "--out", __file__): ("option --out cannot be used", __file__, "a folder", "validate --help"),
}  # fmt: skip


def refused(*words: str) -> str:
    ended = CliRunner().invoke(cli, list(words), prog_name="ifntrial")
    assert ended.exit_code == 2, ended.output
    assert ended.stdout == ""
    (line,) = ended.stderr.splitlines()
    assert line.startswith("ifntrial: ")
    return line


def assert_of_one_form(line: str) -> None:
    """Require the parts of a message, each once and in order."""
    places = [line.index(part) for part in (" Given: ", " Allowed: ", " To do: ")]
    assert places == sorted(places), line
    assert all(line.count(part) == 1 for part in (" Given: ", " Allowed: ", " To do: ")), line
    assert "Usage:" not in line
    assert "Error:" not in line


@pytest.mark.parametrize(("words", "said"), REFUSED.items(), ids=lambda x: " ".join(x)[:40])
def test_a_refusal_in_full(words, said):
    line = refused(*words)
    assert_of_one_form(line)
    what, rest = line.split(" Given: ")
    given, rest = rest.split(" Allowed: ")
    allowed, to_do = rest.split(" To do: ")
    for text, part in zip(said, (what, given, allowed, to_do), strict=True):
        assert text in part
    assert "says what is allowed." in to_do


@pytest.mark.parametrize("names", COMMANDS, ids=" ".join)
def test_every_command_refuses_in_one_form(names):
    command = COMMANDS[names]
    calls = [[*names, "--no-such-option"]]
    calls += [names] if any(isinstance(x, click.Argument) and x.required for x in command.params) else []
    for each in command.params:
        if isinstance(each, click.Option) and not each.is_flag:
            calls.append([*names, *needed(command), each.opts[0]])
        if isinstance(each.type, click.types.IntParamType | click.types.FloatParamType):
            calls.append([*names, *needed(command), each.opts[0], "word"])
    for words in calls:
        line = refused(*words)
        assert_of_one_form(line)
        assert f"'ifntrial {' '.join(names)} --help'" in line


@pytest.mark.parametrize("words", [["evidence"], []])
def test_a_group_without_a_command_shows_its_help_without_advice(words):
    ended = CliRunner().invoke(cli, words, prog_name="ifntrial")
    assert "Usage:" in ended.output
    assert "To do:" not in ended.output
