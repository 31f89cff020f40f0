"""The same habits in every command: a new one cannot miss them."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from commands import COMMANDS, needed
from ifntrial.app import cli as main_module
from ifntrial.app.cli import cli
from ifntrial.app.command_line import chosen_of, read_words
from ifntrial.console.inputs import InputFile, NameOrFile, OutputFile, OutputFolder
from ifntrial.console.names import DesignOrFile, Name

RUNS = {
    names: command
    for names, command in COMMANDS.items()
    if any(isinstance(each.type, OutputFolder) for each in command.params)
    and names[0] not in ("export", "prediction")
}
"""Commands that make a run; an export is a model for other programs, a locked prediction is of a run, and no run."""

HABITS = {
    "--out": ("directory", "Folder for the results.", None),
    "--json": ("file", "Write the result as JSON.", None),
    "--workers": (
        "integer range",
        "Processors to use; the numbers do not depend on it.",
        None,
    ),
    "--seed": ("integer range", "Random seed.", 20261122),
}
"""Option to its kind, help and default, the same in every run."""

MAKE_NO_SENSE = {("calibrate", "--seed"): "There is no --seed"}
"""Command and option that it lacks, to what its help says of it."""


def option_of(command: click.Command, flag: str) -> click.Option | None:
    return next((x for x in command.params if isinstance(x, click.Option) and flag in x.opts), None)


def help_of(names: tuple[str, ...]) -> str:
    ended = CliRunner().invoke(cli, [*names, "--help"], prog_name="ifntrial")
    assert ended.exit_code == 0
    return ended.output


def in_one_line(text: str) -> str:
    return " ".join(text.split())


# --- options ------------------------------------------------------------------------------------------------------


def test_there_are_runs():
    assert len(RUNS) > 10


@pytest.mark.parametrize("names", RUNS, ids=" ".join)
@pytest.mark.parametrize("flag", HABITS)
def test_an_option_of_a_run_is_the_same_in_every_run(names, flag):
    option = option_of(RUNS[names], flag)
    if said := MAKE_NO_SENSE.get((" ".join(names), flag)):
        assert option is None
        assert said in in_one_line(help_of(names))
        return
    assert option is not None
    default = read_words([*names, *needed(RUNS[names])]).params[option.name]
    assert (option.type.name, option.help, default) == HABITS[flag]
    assert not option.required


@pytest.mark.parametrize("names", COMMANDS, ids=" ".join)
def test_json_is_a_file_wherever_it_is(names):
    option = option_of(COMMANDS[names], "--json")
    writes_a_result = names[0] not in (
        "export",
        "schema",
        "completion",
        "reproduce",
        "gather",
    ) and names not in (
        ("design", "list"),
        ("design", "new"),
        ("design", "show"),
        ("design", "check"),
        ("design", "schema"),
        ("prediction", "lock"),
        ("prediction", "verify"),
        ("prediction", "deposit"),
    )
    assert (option is not None) == writes_a_result
    assert option is None or (isinstance(option.type, OutputFile) and option.help == HABITS["--json"][1])


# --- nothing hidden -----------------------------------------------------------------------------------------------

NO_NUMBER = {
    "workers",
    "svg",
    "part",
    "cluster",
    "out",
    "json_path",
    "outcomes",
    "path",
    "save_reference",
    "file_format",
}
"""Where results go, in which form, and how fast they are there."""

ON_EVERY_PAGE = {"seed", "worlds", "subjects"}


def chosen_values(option: click.Option) -> Iterator[list[str]]:
    if option.is_flag:
        yield [option.opts[0]]
    elif isinstance(option.type, click.types.IntParamType | click.types.FloatParamType):
        yield [option.opts[0], "17"]
    else:
        yield [option.opts[0], "some-thing"]


@pytest.mark.parametrize("names", RUNS, ids=" ".join)
def test_every_option_that_changes_numbers_is_told(names):
    for option in RUNS[names].params:
        if not isinstance(option, click.Option) or option.name in NO_NUMBER | ON_EVERY_PAGE:
            continue
        for words in chosen_values(option):
            told = chosen_of(read_words([*names, *needed(RUNS[names]), *words]))
            assert list(told.values()) == ["yes" if option.is_flag else words[1]], option.name


# --- help ---------------------------------------------------------------------------------------------------------


def examples_in(text: str) -> list[str]:
    _, mark, examples = text.partition("Examples:")
    assert mark, text
    return [part.strip() for line in examples.splitlines() for part in line.split("; ") if part.strip()]


@pytest.mark.parametrize("names", COMMANDS, ids=" ".join)
def test_every_help_ends_with_examples_that_can_be_given(names, monkeypatch):
    lines = examples_in(help_of(names))
    assert lines[0].startswith(f"ifntrial {' '.join(names)}")
    for line in lines:
        program, *words = shlex.split(line.split(" >")[0])
        assert program == "ifntrial"
        read_words(words)


@pytest.mark.parametrize(
    "names", sorted({(), *(names[:1] for names in COMMANDS if len(names) > 1)}), ids=" ".join
)
def test_lists_of_commands_are_whole(names):
    shown = help_of(names)
    assert "..." not in shown.partition("Commands:")[2]
    for below in COMMANDS:
        if below[: len(names)] == names:
            assert re.search(rf"^  {below[len(names)]} +[A-Z].*", shown, re.MULTILINE), below


LISTED = {
    "drug_name": "drugs",
    "without": "mechanisms",
    "markers": "markers",
    "signatures": "signatures",
    "methods": "methods",
}


def test_an_option_that_names_something_says_what_lists_it():
    found = set()
    for names, command in COMMANDS.items():
        for option in command.params:
            if option.name in LISTED:
                found.add(option.name)
                assert f"'ifntrial list {LISTED[option.name]}'" in option.help, names
    assert found == set(LISTED)


# --- names --------------------------------------------------------------------------------------------------------

FREE_TEXT = {
    "regimens", "regimen", "at", "every", "values", "weights", "assays", "healthy", "subject", "visit", "group",
    "disease", "platform", "baseline", "variables", "library_size", "reference_genes", "gene_column", "set_aside",
    "keep", "layer", "sheet", "pseudobulk", "control", "ratio", "visits", "conditions", "trial", "title", "part",
    "known", "registered", "cluster",
}  # fmt: skip
"""Words of a regimen, numbers with units, which part of how many, and what stands in the user's own files."""


def test_every_parameter_that_names_something_is_of_that_kind():
    for names, command in COMMANDS.items():
        for each in command.params:
            is_text = type(each.type) in (click.types.StringParamType, NameOrFile)
            is_known = isinstance(each.type, Name | DesignOrFile | InputFile)
            assert not is_text or each.name in FREE_TEXT, (names, each.name)
            assert not is_known or each.name not in FREE_TEXT, (names, each.name)


@pytest.mark.parametrize("names", COMMANDS, ids=" ".join)
def test_capitals_of_a_name_do_not_matter(names, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    command = COMMANDS[names]
    for each in command.params:
        if not isinstance(each.type, Name | DesignOrFile):
            continue
        known = [*each.type.names()]
        assert known, (names, each.name)
        for name in (known[0], known[-1]):
            written = [name.upper(), f" {name.title()} "]
            for text in written:
                if isinstance(each, click.Option):
                    words = [*names, *needed(command), each.opts[0], text]
                else:
                    words = [*names, *[text for x in command.params if isinstance(x, click.Argument)]]
                value = read_words(words).params[each.name]
                assert value in (name, (name,)), (names, each.name, text)


def test_a_file_goes_before_a_name_with_other_capitals(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert read_words(["forecast", "DAISY"]).params["design"] == "daisy"
    (tmp_path / "DAISY").write_text("extends: daisy_iv\nschema_version: 1\nname: mine\n", encoding="utf-8")
    assert read_words(["forecast", "DAISY"]).params["design"] == "DAISY"
    ended = CliRunner().invoke(cli, ["design", "check", "DAISY"])
    assert "(mine," in ended.output


def test_a_command_is_found_whatever_its_capitals():
    assert CliRunner().invoke(cli, ["Evidence", "SHOW", "Brake"]).output.startswith("parameter")


# --- pipes --------------------------------------------------------------------------------------------------------


def piped(*words: str, read: int = 0) -> tuple[int, str]:
    """Return exit code and standard error of a call whose output is read up to a number of bytes only."""
    started = subprocess.Popen(
        [sys.executable, "-m", "ifntrial", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert started.stdout is not None
    assert started.stderr is not None
    if read:
        started.stdout.read(read)
    started.stdout.close()
    said = started.stderr.read().decode()
    started.stderr.close()
    return started.wait(timeout=120), said


@pytest.mark.parametrize(
    "words",
    [("--help",), ("forecast", "--help"), ("design", "schema"), ("list", "drugs"), ("evidence", "check")],
    ids=" ".join,
)
def test_a_reader_who_goes_away_is_no_error(words):
    assert piped(*words) == (141, "")


def test_a_reader_who_has_read_enough_is_no_error():
    code, said = piped("list", "endpoints", read=20)
    assert (code in (0, 141), said) == (True, "")


def test_a_pipe_that_breaks_elsewhere_is_told(monkeypatch, capsys):
    """Such as to a worker process: somebody reads what the command says, and is told."""

    def breaks(**_: object) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr(main_module, "cli", breaks)
    with pytest.raises(SystemExit) as end:
        main_module.main()
    assert end.value.code == 2
    assert "Broken pipe" in capsys.readouterr().err


# --- completion ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_is_told_how_to_complete(shell):
    ended = CliRunner().invoke(cli, ["completion", shell])
    assert ended.exit_code == 0
    assert f"_IFNTRIAL_COMPLETE={shell}_complete" in ended.output
    assert "ifntrial" in ended.output


def completed(line: str) -> set[str]:
    """Return what bash is told to offer at the end of a line."""
    words = line.split(" ")
    code = "from ifntrial.app.cli import main; main()"
    environment = {
        "_IFNTRIAL_COMPLETE": "bash_complete",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
    }
    ended = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.stderr == ""
    return {each.partition(",")[2] for each in ended.stdout.splitlines()}


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("ifntrial fore", {"forecast"}),
        ("ifntrial design comp", {"compare"}),
        ("ifntrial forecast --wo", {"--worlds", "--workers"}),
        ("ifntrial forecast daisy_r", {"daisy_rescue_none", "daisy_rescue_week12"}),
        ("ifntrial simulate x --drug to", {"tofacitinib", "tocilizumab"}),
        ("ifntrial validate --without va", {"vascular"}),
    ],
)
def test_what_is_offered(line, offered):
    assert completed(line) == offered


def test_a_shell_that_is_not_known_is_refused():
    ended = CliRunner().invoke(cli, ["completion", "tcsh"])
    assert "Allowed: bash, zsh, fish" in str(ended.exception)
