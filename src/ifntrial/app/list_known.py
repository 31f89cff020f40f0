"""``ifntrial list``: where beliefs can be stated, and what is declared there."""

from pathlib import Path

import click

from ifntrial.app import options
from ifntrial.app.beliefs import catalog_with


@click.group("list")
def command() -> None:
    """List what the program knows by name."""


@command.command("addresses")
@options.calibration
@options.addresses
def list_addresses(calibration: Path | None, addresses: tuple[Path, ...]) -> None:
    """List the addresses at which a belief can state the effect of blockade.

    An address is an effect measure of one endpoint, at one week, in one population, under one estimand.
    """
    from ifntrial.report.terminal.beliefs import address_lines
    from ifntrial.studies.beliefs.study import address_facts

    for each in address_facts(catalog_with(calibration, addresses)):
        for line in address_lines(each):
            click.echo(line)


@command.command("beliefs")
def list_beliefs() -> None:
    """List the declared beliefs, their shares in the mixture, and what they imply at their addresses."""
    from ifntrial.catalog import shipped
    from ifntrial.report.terminal.beliefs import belief_lines
    from ifntrial.studies.beliefs.declared import declared_beliefs
    from ifntrial.studies.beliefs.study import implied_rates

    catalog = shipped()
    for each in implied_rates(declared_beliefs(catalog.evidence), catalog):
        for line in belief_lines(each):
            click.echo(line)
