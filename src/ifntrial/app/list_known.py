"""``ifntrial list``: what commands and designs may name."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ifntrial.api.runs import facts_of, keep_run
from ifntrial.app import options
from ifntrial.app.beliefs import known_with
from ifntrial.app.runs import begin_run
from ifntrial.console.groups import Group

if TYPE_CHECKING:
    from ifntrial.catalog import Catalog

THINGS = {
    "drugs": "List the drugs that an arm may give, with their routes and usual regimens.",
    "mechanisms": "List the mechanisms of the model, which --without leaves out.",
    "endpoints": "List the endpoints that a design may plan, with unit, direction and definition.",
    "markers": "List the markers by which 'ifntrial enrich --marker' selects patients.",
    "covariates": "List what a condition of a design may ask of a patient.",
    "designs": "List the trial designs that come with the package.",
    "signatures": "List the interferon signatures that 'ifntrial score --signature' knows.",
    "methods": "List the scoring methods that 'ifntrial score --method' knows, with their formulas.",
    "analyses": "List the tests of a primary endpoint that a design may plan.",
}
"""What can be listed to what its command does."""


@click.group("list", cls=Group)
def command() -> None:
    """List what the program knows by name, as a table, or with --json as the result of any other command."""


def _add(kind: str, meaning: str) -> None:
    @command.command(kind, help=meaning)
    @options.evidence
    @options.json_file
    def list_things(evidence: Path | None, json_path: Path | None) -> None:
        from ifntrial.report.terminal.known import table_lines
        from ifntrial.studies.known.study import known_things

        catalog = known_with(evidence)
        found = known_things(catalog, kind)
        _keep(catalog, json_path, found)
        for line in table_lines(found):
            click.echo(line)


for _kind, _meaning in THINGS.items():
    _add(_kind, _meaning)


@command.command("addresses")
@options.calibration
@options.addresses
@options.evidence
@options.json_file
def list_addresses(
    calibration: Path | None, addresses: tuple[Path, ...], evidence: Path | None, json_path: Path | None
) -> None:
    """List the addresses at which a belief can state the effect of blockade.

    An address is an effect measure of one endpoint, at one week, in one population, under one estimand.
    """
    from ifntrial.api.beliefs import catalog_with
    from ifntrial.report.terminal.beliefs import address_lines
    from ifntrial.studies.beliefs.study import address_facts
    from ifntrial.studies.known.study import known_addresses

    catalog = catalog_with(known_with(evidence), calibration, addresses)
    found = address_facts(catalog)
    _keep(catalog, json_path, known_addresses(found))
    for each in found:
        for line in address_lines(each):
            click.echo(line)


@command.command("beliefs")
@options.evidence
@options.json_file
def list_beliefs(evidence: Path | None, json_path: Path | None) -> None:
    """List the declared beliefs, their shares in the mixture, and what they imply at their addresses."""
    from ifntrial.report.terminal.beliefs import belief_lines
    from ifntrial.studies.beliefs.declared import declared_beliefs
    from ifntrial.studies.beliefs.study import implied_rates
    from ifntrial.studies.known.study import known_beliefs

    catalog = known_with(evidence)
    found = implied_rates(declared_beliefs(catalog.evidence), catalog)
    _keep(catalog, json_path, known_beliefs(found))
    for each in found:
        for line in belief_lines(each):
            click.echo(line)


def _keep(catalog: "Catalog", json_path: Path | None, found: object) -> None:
    if json_path is not None:
        run = begin_run(None, json_path, catalog)
        keep_run(run, facts_of(run), "list.json", found)
