"""``ifntrial evidence effects``: what published trials say of the next drug, and what the prior adds to it."""

from pathlib import Path

import click

from ifntrial.api.runs import facts_of, keep_run
from ifntrial.app import options
from ifntrial.app.runs import begin_run, say_run
from ifntrial.console.names import Name, classes


@click.command("effects")
@click.argument("class_names", type=Name(classes), metavar="[CLASS]...", nargs=-1)
@click.option(
    "--scale",
    type=float,
    default=None,
    help="Half-normal scale of the SD between drugs, in the unit of CLASS; the declared one by default.",
)
@options.json_file
def command(class_names: tuple[str, ...], scale: float | None, json_path: Path | None) -> None:
    """Pool the published contrasts of active against control of CLASS, and predict the next drug.

    Without CLASS, every class. The beliefs of a forecast are made from it.
    """
    from ifntrial.catalog import shipped
    from ifntrial.report.terminal.effects import class_lines
    from ifntrial.studies.reference_class.study import KINDS, pool_classes

    catalog = shipped()
    run = begin_run(None, json_path, catalog)
    result = pool_classes(catalog.evidence, class_names or tuple(KINDS), scale=scale)
    facts = facts_of(run)
    keep_run(run, facts, "effects.json", result)
    for place, (name, found) in enumerate(result.classes.items()):
        click.echo("" if place else None, nl=bool(place))
        for line in class_lines(name, found):
            click.echo(line)
    say_run(run, facts)
