"""``ifntrial completion``: what a shell reads to complete commands and options."""

import click
from click.shell_completion import get_completion_class

from ifntrial.console.names import one_of
from ifntrial.errors import resolve_name

SHELLS = ("bash", "zsh", "fish")


@click.command("completion")
@click.argument("shell", type=one_of(*SHELLS))
def command(shell: str) -> None:
    """Print what SHELL (bash, zsh or fish) reads to complete the words of ifntrial.

    Put its output where the shell starts from: 'ifntrial completion bash' at the end of ~/.bashrc, that for zsh of
    ~/.zshrc, that for fish in ~/.config/fish/completions/ifntrial.fish. Bash 4.4 or newer.
    """
    from ifntrial.app.cli import cli

    found = get_completion_class(resolve_name(shell, dict(zip(SHELLS, SHELLS, strict=True)), "shell"))
    if found is None:
        raise AssertionError(f"the library of the command line knows no {shell}")
    text = found(cli, {}, "ifntrial", "_IFNTRIAL_COMPLETE")
    # its own ``source`` asks the shell for its version, which need not be there where the text is made
    click.echo(text.source_template % text.source_vars())
