"""Every command of the command line, for tests that walk over all of them."""

from collections.abc import Iterator

import click

from ifntrial.app.cli import cli


def leaves(
    group: click.Group, names: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command that is no group, with its names."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from leaves(command, (*names, name))
        else:
            yield (*names, name), command


COMMANDS = dict(leaves(cli))


def needed(command: click.Command) -> list[str]:
    """Return words for what a command cannot do without."""
    options = [x for x in command.params if isinstance(x, click.Option) and x.required]
    arguments = [x for x in command.params if isinstance(x, click.Argument) and x.required]
    return [*(word for x in options for word in (x.opts[0], "some-place")), *("daisy" for _ in arguments)]
