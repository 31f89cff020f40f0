"""The printed command is the command: every command and every option, given again, mean the same."""

import shlex
import subprocess

import click
import pytest
from click.testing import CliRunner

from commands import COMMANDS, needed
from ifntrial.app.cli import cli
from ifntrial.app.command_line import chosen_of, command_text, kind_of, read_words, words_of
from ifntrial.console.inputs import InputFile, InputFolder, OutputFile, OutputFolder
from ifntrial.errors import InputError, RunError

AWKWARD = (
    "two words",
    "it's",
    'say "so"',
    "-dash",
    "--seed",
    "--",
    "größe→ß",
    " blank first",
    "$HOME `ls` \\ ; & | * ? #",
    "two\nlines",
    "a=b",
)


NOT_SAID = {"part", "cluster"}
"""Who does which part of a run: the command that gives its numbers again is the same for all."""


def caught(monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...], words: list[str]) -> click.Context:
    """Return the context of a call as the command line itself makes it, without doing the command's work."""
    seen: list[click.Context] = []
    with monkeypatch.context() as patch:
        patch.setattr(COMMANDS[names], "callback", lambda **_: seen.append(click.get_current_context()))
        ended = CliRunner().invoke(cli, words, catch_exceptions=False)
    assert ended.exit_code == 0, (words, ended.output)
    return seen[0]


def assert_survives(
    monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...], words: list[str]
) -> click.Context:
    """Require that the text of a call, given again, is a call with the same parameters, however it is read."""
    first = caught(monkeypatch, names, words)
    text = command_text(words_of(first))
    program, *again = shlex.split(text)
    assert program == "ifntrial"
    assert caught(monkeypatch, names, again).params == first.params, text
    assert read_words(again).params == first.params, text
    assert words_of(caught(monkeypatch, names, again)) == words_of(first)
    return first


def values(option: click.Option) -> list[str]:
    """Return values of an option that are not its default, awkward ones where it takes any."""
    if isinstance(option.type, click.types.IntParamType):
        return ["17"]
    if isinstance(option.type, click.types.FloatParamType):
        return ["0.1234567890123456", "3", "1e-300", "-2.5"]
    assert isinstance(option.type, click.types.StringParamType | click.Path), f"no values for {option.type}"
    return list(AWKWARD)


@pytest.mark.parametrize("names", COMMANDS, ids=" ".join)
def test_every_option_of_every_command_survives(names, monkeypatch):
    command = COMMANDS[names]
    for option in command.params:
        if not isinstance(option, click.Option) or option.name in NOT_SAID:
            continue
        for flag in (*option.opts, *option.secondary_opts):
            given = [[flag]] if option.is_flag else [[f"{flag}={value}"] for value in values(option)]
            if option.multiple:
                given.append([word for each in given for word in each])
            for words in given:
                rest = needed(command) if not option.required else needed(command)[2:]
                call = assert_survives(monkeypatch, names, [*names, *words, *rest])
                assert call.params[option.name] != caught_default(monkeypatch, names, command).get(
                    option.name
                )


def caught_default(monkeypatch, names, command) -> dict[str, object]:
    return caught(monkeypatch, names, [*names, *needed(command)]).params


@pytest.mark.parametrize("names", COMMANDS, ids=" ".join)
def test_every_argument_of_every_command_survives(names, monkeypatch):
    command = COMMANDS[names]
    places = [each for each in command.params if isinstance(each, click.Argument)]
    options = [
        word
        for x in command.params
        if isinstance(x, click.Option) and x.required
        for word in (x.opts[0], "o")
    ]
    for place in places:
        texts = [["-5 mg IV once"], *([text] for text in AWKWARD)]
        if place.nargs == -1:
            texts.append([*AWKWARD])
        for given in texts:
            call = assert_survives(monkeypatch, names, [*names, *options, "--", *given])
            value = call.params[place.name]
            assert [str(each).strip() for each in (value if place.nargs == -1 else [value])] == [
                x.strip() for x in given
            ]


@pytest.mark.parametrize("names", COMMANDS, ids=" ".join)
def test_all_options_at_once_survive(names, monkeypatch):
    command = COMMANDS[names]
    words: list[str] = []
    for option in command.params:
        if isinstance(option, click.Option) and option.name not in NOT_SAID:
            words += [option.opts[-1]] if option.is_flag else [option.opts[-1], values(option)[0]]
    arguments = ["daisy" for x in command.params if isinstance(x, click.Argument)]
    call = assert_survives(monkeypatch, names, [*names, *arguments, *words])
    assert len(words_of(call)) == len(names) + len(arguments) + len(words)


def test_the_words_of_a_part_are_those_of_the_run(monkeypatch):
    words = ["forecast", "daisy", "--worlds", "12"]
    part = caught(monkeypatch, ("forecast",), [*words, "--part", "3/16"])
    assert words_of(part) == tuple(words)
    assert part.params["part"] == "3/16"


def test_the_text_is_one_for_a_shell_too():
    text = command_text(AWKWARD).removeprefix("ifntrial ")
    ended = subprocess.run(["sh", "-c", f"printf '%s\\0' {text}"], capture_output=True, check=True)
    assert tuple(ended.stdout.decode().split("\0")[:-1]) == AWKWARD


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("forecast daisy", "ifntrial forecast daisy"),
        ("forecast daisy --worlds 240 --seed 20261122", "ifntrial forecast daisy"),
        ("forecast --without vascular --without immune daisy --worlds 12",
         "ifntrial forecast daisy --worlds 12 --without vascular --without immune"),
        ("enrich daisy --cutoff 1 --cutoff 1.5", "ifntrial enrich daisy --cutoff 1 --cutoff 1.5"),
        ("simulate '300 mg IV once' --weeks 4", "ifntrial simulate '300 mg IV once' --weeks 4"),
        ("design compare 'my trial.yaml' daisy", "ifntrial design compare 'my trial.yaml' daisy"),
        ("forecast -- -odd.yaml", "ifntrial forecast -- -odd.yaml"),
    ],
)  # fmt: skip
def test_texts_in_full(words, text):
    assert command_text(words_of(read_words(shlex.split(words)))) == text


def test_a_command_that_is_called_by_itself_has_its_name(monkeypatch):
    from ifntrial.app.forecast import command

    seen = []
    monkeypatch.setattr(command, "callback", lambda **_: seen.append(words_of(click.get_current_context())))
    command.main(["daisy", "--seed", "3"], standalone_mode=False)
    assert seen == [("forecast", "daisy", "--seed", "3")]


def test_the_kind_is_the_name_of_the_command():
    for names in COMMANDS:
        assert kind_of(read_words([*names, *needed(COMMANDS[names])])) == " ".join(names)


def test_every_path_is_declared_as_read_or_written():
    others = {
        ("reproduce", "run"),
        ("status", "run"),
        ("gather", "run"),
        ("prediction lock", "run"),
        ("evidence check", "tables"),
    }
    for names, command in COMMANDS.items():
        for each in command.params:
            if isinstance(each.type, click.Path) and (" ".join(names), each.name) not in others:
                assert isinstance(each.type, InputFile | InputFolder | OutputFile | OutputFolder), (
                    names,
                    each.name,
                )


def test_a_name_that_is_no_text_is_refused():
    with pytest.raises(InputError, match=r"not text.*Given: ifntrial forecast 'a\\udcff'.*rename"):
        command_text(["forecast", "a\udcff"])


@pytest.mark.parametrize(
    "words", [["nonsense"], [], ["design"], ["forecast"], ["forecast", "daisy", "--colour"]]
)
def test_words_of_another_version_are_refused(words):
    with pytest.raises(RunError, match="is not understood"):
        read_words(words)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("forecast daisy --worlds 12 --subjects 20 --seed 1 --workers 2 --out x --json y", {}),
        ("forecast daisy --without vascular --without immune", {"Left out": "vascular, immune"}),
        ("forecast daisy --cohort a.csv --signature ifn4 --method mean_z",
         {"Cohort": "a.csv", "Signature": "ifn4", "Method": "mean_z"}),
        ("forecast daisy --signature ''", {"Signature": ""}),
        ("enrich daisy --score-noise 0.5 --score-noise 1 --test-cost 0.1",
         {"Score noise": "0.5, 1", "Test cost": "0.1"}),
        ("simulate '1 mg IV once' --drug tofacitinib --population healthy",
         {"Drug": "tofacitinib", "Population": "healthy"}),
        ("score x.csv --healthy state=well --save-reference r.json", {"Healthy": "state=well"}),
        ("calibrate --patients --file x", {"Patients": "yes"}),
    ],
)  # fmt: skip
def test_options_that_change_numbers_are_told(words, shown):
    assert chosen_of(read_words(shlex.split(words))) == shown
