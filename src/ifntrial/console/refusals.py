"""What the command line's own parser refuses, said in the one form of all errors."""

import re
from collections.abc import Sequence
from typing import cast

import click

from ifntrial.errors import InputError, UnknownNameError, closest, listed
from ifntrial.plain_text import show_plainly


class Refusal(click.UsageError):
    """An error of the parser as one message: what failed, what was given, what is allowed, what to do."""

    def show(self, file: object = None) -> None:
        """Print the message to the standard error, as all others are."""
        del file
        click.echo(f"ifntrial: {show_plainly(self.message)}", err=True)


def refusal(error: click.UsageError) -> click.UsageError:
    """Return a refusal in the form of all errors; a call for help stays what it is."""
    if isinstance(error, Refusal | click.exceptions.NoArgsIsHelpError):
        return error
    said = {
        click.MissingParameter: _missing,
        click.BadParameter: _bad_value,
        click.NoSuchOption: _no_option,
        click.BadOptionUsage: _bad_option,
    }.get(type(error), _other)(error)
    return Refusal(str(said), ctx=error.ctx)


def _help(error: click.UsageError) -> str:
    path = "ifntrial" if error.ctx is None else error.ctx.command_path
    return f"'{path} --help' says what is allowed"


def _missing(error: click.UsageError) -> InputError:
    missing = cast(click.MissingParameter, error)
    return InputError(
        f"{_name(missing.param)} is missing",
        given="nothing for it",
        allowed=_allowed(missing.param),
        fix=f"give it; {_help(error)}",
    )


def _bad_value(error: click.UsageError) -> InputError:
    bad = cast(click.BadParameter, error)
    value = re.match(r"(?:\w+ )?('[^']*'|\S+) ", bad.message)
    return InputError(
        f"the value of {_name(bad.param)} cannot be used: {_reason(bad)}",
        given=value[1] if value else None,
        allowed=_allowed(bad.param),
        fix=f"give another value; {_help(error)}",
    )


def _reason(bad: click.BadParameter) -> str:
    return bad.message.rstrip(".").replace("integer range", "whole number").replace("integer", "whole number")


def _no_option(error: click.UsageError) -> InputError:
    unknown = cast(click.NoSuchOption, error)
    known = [] if error.ctx is None else _options(error.ctx)
    hint = closest(unknown.option_name, known) or "remove or correct it"
    return UnknownNameError(
        f"option '{unknown.option_name}' is not known here",
        given=unknown.option_name,
        allowed=listed(known),
        fix=f"{hint}; {_help(error)}".replace("?;", "?"),
    )


def unknown_command(name: str, known: Sequence[str], context: click.Context) -> Refusal:
    """Return the refusal of a command that is not among those known."""
    error = click.UsageError("", ctx=context)
    hint = closest(name, known) or "use one of these"
    said = UnknownNameError(
        f"command '{name}' is not known",
        given=name,
        allowed=listed(known),
        fix=f"{hint}; {_help(error)}".replace("?;", "?"),
    )
    return Refusal(str(said), ctx=context)


def _bad_option(error: click.UsageError) -> InputError:
    name = cast(click.BadOptionUsage, error).option_name
    params = [] if error.ctx is None else error.ctx.command.params
    option = next((each for each in params if name in each.opts), None)
    is_flag = isinstance(option, click.Option) and option.is_flag
    return InputError(
        f"option {name} takes no value" if is_flag else f"option {name} lacks its value",
        given=f"{name} with a value" if is_flag else f"nothing after {name}",
        allowed=f"{name} alone" if is_flag else _allowed(option),
        fix=f"correct the command; {_help(error)}",
    )


def _other(error: click.UsageError) -> InputError:
    extra = re.search(r"unexpected extra argument[^(]*\((.*)\)", error.message)
    usage = "" if error.ctx is None else " ".join(error.ctx.get_usage().removeprefix("Usage: ").split())
    return InputError(
        "there are more words than the command takes" if extra else error.message,
        given=extra[1] if extra else None,
        allowed=usage,
        fix=f"correct the command; {_help(error)}",
    )


def _options(context: click.Context) -> list[str]:
    params = context.command.get_params(context)
    return sorted({max(each.opts, key=len) for each in params if isinstance(each, click.Option)})


def _name(parameter: click.Parameter | None) -> str:
    if parameter is None:
        return "an argument"
    if isinstance(parameter, click.Option):
        return f"option {max(parameter.opts, key=len)}"
    return f"argument {parameter.human_readable_name}"


def _allowed(parameter: click.Parameter | None) -> str:
    """Return what a parameter takes, in words."""
    kind = click.STRING if parameter is None else parameter.type
    if isinstance(kind, click.IntRange):
        return f"a whole number from {kind.min} to {kind.max}"
    if isinstance(kind, click.types.IntParamType):
        return "a whole number"
    if isinstance(kind, click.types.FloatParamType):
        return "a number"
    if isinstance(kind, click.Path):
        return "a folder" if not kind.file_okay else "the path of a file"
    return "a text"
