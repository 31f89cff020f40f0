"""What a command is told of beliefs, and what it says of them before it begins."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from ifntrial.app import options

if TYPE_CHECKING:
    from ifntrial.catalog import Catalog
    from ifntrial.studies.beliefs.asked import AskedBeliefs


_Command = TypeVar("_Command", bound=Callable[..., Any])


def takes_beliefs(command: _Command) -> _Command:
    """Give a command the options about beliefs, and in place of them ``catalog`` and ``asked``, a user's own shown."""

    @wraps(command)
    def call(
        beliefs: Path | None,
        weights: str | None,
        calibration: Path | None,
        addresses: tuple[Path, ...],
        evidence: Path | None,
        **given: object,
    ) -> None:
        from ifntrial.api.beliefs import catalog_with

        catalog = catalog_with(known_with(evidence), calibration, addresses)
        command(catalog=catalog, asked=shown_beliefs(catalog, beliefs, weights), **given)

    for option in (
        options.evidence,
        options.addresses,
        options.calibration,
        options.weights,
        options.beliefs,
    ):
        option(call)
    return cast(_Command, call)


def known_with(evidence: Path | None) -> "Catalog":
    """Return what the program knows, with a user's own rows of evidence; errors as in ``Catalog.with_``."""
    from ifntrial.catalog import shipped

    return shipped() if evidence is None else shipped().with_(evidence=evidence)


def shown_beliefs(catalog: "Catalog", path: Path | None, weights: str | None) -> "AskedBeliefs":
    """Return the beliefs that a command asks for; a user's own are shown with what they imply.

    Parameters
    ----------
    path, weights
        As given with ``--beliefs`` and ``--weights``.

    Raises
    ------
    InputError
        If they are not usable, or worlds reach too little of one.
    """
    from ifntrial.api.beliefs import asked_beliefs
    from ifntrial.report.terminal.beliefs import belief_lines
    from ifntrial.studies.beliefs.study import implied_rates

    asked = asked_beliefs(catalog, path, weights)
    if asked.own is not None:
        click.echo(f"Beliefs of {asked.whose}, and what they imply:")
        for each in implied_rates(asked.beliefs(catalog.evidence), catalog):
            for line in belief_lines(each):
                click.echo(f"  {line}")
    return asked
