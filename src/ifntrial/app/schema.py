"""``ifntrial schema``: what the JSON of a result holds."""

import json

import click

from ifntrial.console.names import Name, words_of_results


@click.command("schema")
@click.argument("kind", type=Name(words_of_results), nargs=-1)
def command(kind: tuple[str, ...]) -> None:
    """Print the JSON schema of the result of command KIND, such as "validate"; without KIND list the commands.

    Every key has a description with its unit. The result is what the command writes with --json.
    """
    from ifntrial.studies.result_json import RESULTS, result_schema

    if kind:
        click.echo(json.dumps(result_schema(" ".join(kind)), indent=1))
    else:
        click.echo("\n".join(RESULTS))
