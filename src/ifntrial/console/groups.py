"""Groups of commands: their lists are whole, their commands end with examples, and their refusals have one form."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from ifntrial.console.examples import EXAMPLES
from ifntrial.console.reader import end_without_reader
from ifntrial.console.refusals import refusal, unknown_command

_CALLED = "ifntrial.called"
"""Key in a context's ``meta`` of the command whose words are read."""


class Group(click.Group):
    """A group of commands; those within it are shown with the whole first sentence of their help."""

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        """Add a command, with its examples after its help."""
        super().add_command(with_examples(cmd, f"{self.name} {name or cmd.name}"), name)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words before the command."""
        with in_one_form(ctx):
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Call the command that is asked for."""
        with in_one_form(ctx):
            return super().invoke(ctx)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the first word names, whatever its capitals."""
        name, *rest = args
        known = {each.casefold(): each for each in self.list_commands(ctx)}
        if name.casefold() in known:
            found = super().resolve_command(ctx, [known[name.casefold()], *rest])
            if found[1] is not None:
                ctx.meta[_CALLED] = click.Context(found[1], ctx, found[0])
            return found
        if ctx.resilient_parsing or name.startswith("-"):
            return super().resolve_command(ctx, args)
        raise unknown_command(name, tuple(known.values()), ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, self.meaning_of(ctx, name)) for name in self.list_commands(ctx)], col_max=24
            )

    def meaning_of(self, ctx: click.Context, name: str) -> str:
        """Return what a command does, in a sentence."""
        command = self.get_command(ctx, name)
        words = "" if command is None else " ".join((command.help or "").split("\n\n")[0].split())
        return words.partition(". ")[0].removesuffix(".") + "."


@contextmanager
def in_one_form(context: click.Context) -> Iterator[None]:
    """Return a block whose refusals have the form of all errors, and that ends quietly where nobody reads on."""
    try:
        yield
    except click.UsageError as error:
        if error.ctx is None:  # the parser of words does not tell whose words it read
            error.ctx = context.meta.get(_CALLED, context)
        raise refusal(error) from error
    except BrokenPipeError:
        end_without_reader()
        raise


def with_examples(command: click.Command, kind: str) -> click.Command:
    """Return a command whose help ends with its examples."""
    examples = EXAMPLES.get(kind, ())
    if examples and command.epilog is None:
        command.epilog = "\b\nExamples:" + "".join(f"\n  {each}" for each in examples)
    return command
