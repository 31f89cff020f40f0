"""A command as text that can be given again: every argument, and every option that is not the default."""

import shlex
from collections.abc import Sequence
from typing import Any

import click

from ifntrial.console.inputs import OutputFile, OutputFolder
from ifntrial.errors import InputError, RunError

PROGRAM = "ifntrial"

_NOT_SAID = {"part", "cluster"}
"""Who does which part of a run is no part of what is asked."""

_WITHOUT_BANNER = {"seed", "workers", "worlds", "subjects", "outcomes"}
"""Every page shows them, or they change no number."""

_LABELS = {"without": "Left out"}


def words_of(context: click.Context) -> tuple[str, ...]:
    """Return the words of a call after the program's name: commands, arguments, options that are not the default."""
    options: list[str] = []
    arguments: list[str] = []
    for parameter in context.command.params:
        value = context.params[parameter.name or ""]
        if parameter.name in _NOT_SAID:
            continue
        if isinstance(parameter, click.Option):
            options += _option_words(parameter, value) if _is_chosen(parameter, context) else []
        else:
            arguments += _texts(value)
    names = _names(context)
    if any(text.startswith("-") for text in arguments):
        return (*names, *options, "--", *arguments)
    return (*names, *arguments, *options)


def kind_of(context: click.Context) -> str:
    """Return the command's name, such as ``design compare``."""
    return " ".join(_names(context))


def _names(context: click.Context) -> list[str]:
    names: list[str] = []
    each: click.Context | None = context
    while each is not None:
        if each.parent is not None or not isinstance(each.command, click.Group):
            names.insert(0, each.command.name or "")
        each = each.parent
    return names


def command_text(words: Sequence[str]) -> str:
    """Return words as one line for a shell.

    Raises
    ------
    InputError
        If a word is not text, such as a file name of bytes that are no characters.
    """
    text = shlex.join([PROGRAM, *words])
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InputError(
            "a word of the command is not text, and could not be written down to give it again",
            given=text.encode("utf-8", "backslashreplace").decode(),
            allowed="names of files in UTF-8",
            fix="rename the file",
        ) from None
    return text


def read_words(words: Sequence[str]) -> click.Context:
    """Return the call that words stand for, without making it.

    Raises
    ------
    RunError
        If no command of this version understands them.
    """
    from ifntrial.app.cli import cli

    rest = list(words)
    context = click.Context(cli, info_name=PROGRAM)
    try:
        while isinstance(context.command, click.Group):
            name = rest.pop(0) if rest else ""
            command = context.command.get_command(context, name)
            if command is None:
                raise click.UsageError(f"no such command '{name}'")
            if isinstance(command, click.Group):
                context = click.Context(command, context, name)
            else:
                context = command.make_context(name, rest, context)
    except click.ClickException as error:
        raise RunError(
            f"the command of the run is not understood: {error.format_message()}",
            given=shlex.join([PROGRAM, *words]),
            fix="use the version of ifntrial that made the run",
        ) from error
    return context


def chosen_of(context: click.Context) -> dict[str, str]:
    """Return every option that is not the default and changes numbers, as label and text for a reader."""
    found = {}
    for option in context.command.params:
        is_shown = option.name not in _WITHOUT_BANNER | _NOT_SAID and not isinstance(
            option.type, OutputFile | OutputFolder
        )
        if isinstance(option, click.Option) and is_shown and _is_chosen(option, context):
            value = context.params[option.name or ""]
            label = _LABELS.get(option.name or "") or _flag(option)[2:].replace("-", " ").capitalize()
            found[label] = "yes" if option.is_flag else ", ".join(_texts(value))
    return found


def _is_chosen(option: click.Option, context: click.Context) -> bool:
    is_given = context.get_parameter_source(option.name or "") is not click.core.ParameterSource.DEFAULT
    return is_given and context.params[option.name or ""] != option.get_default(context)


def _option_words(option: click.Option, value: Any) -> list[str]:  # noqa: ANN401 any option's value
    flag = _flag(option)
    if option.is_flag:
        return [flag]
    return [word for text in _texts(value) for word in (flag, text)]


def _flag(option: click.Option) -> str:
    return max(option.opts, key=len)


def _texts(value: Any) -> list[str]:  # noqa: ANN401 any parameter's value
    values = value if isinstance(value, tuple) else (value,)
    return [_text(each) for each in values]


def _text(value: Any) -> str:  # noqa: ANN401 any single value
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)
