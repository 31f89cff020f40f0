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
        **given: object,
    ) -> None:
        catalog = catalog_with(calibration, addresses)
        command(catalog=catalog, asked=asked_beliefs(catalog, beliefs, weights), **given)

    for option in (options.addresses, options.calibration, options.weights, options.beliefs):
        option(call)
    return cast(_Command, call)


def catalog_with(calibration: Path | None, addresses: tuple[Path, ...]) -> "Catalog":
    """Return what comes with the package, with the frozen worlds and addresses that a command is given.

    Raises
    ------
    InputError
        If they do not belong together, or a file is not usable.
    """
    from ifntrial.catalog import shipped
    from ifntrial.studies.beliefs.addresses import with_calibration

    if calibration is None and not addresses:
        return shipped()
    return with_calibration(shipped(), calibration, addresses)


def asked_beliefs(catalog: "Catalog", path: Path | None, weights: str | None) -> "AskedBeliefs":
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
    from ifntrial.report.terminal.beliefs import belief_lines
    from ifntrial.studies.beliefs.asked import AskedBeliefs, read_weights
    from ifntrial.studies.beliefs.declared import SHOWN
    from ifntrial.studies.beliefs.own import Stateable, load_own_beliefs
    from ifntrial.studies.beliefs.study import implied_rates

    own = None if path is None else load_own_beliefs(path, Stateable(tuple(catalog.addresses), SHOWN))
    asked = AskedBeliefs(own, None if weights is None else read_weights(weights))
    if asked == AskedBeliefs():
        return asked
    beliefs = asked.beliefs(catalog.evidence)
    if own is not None:
        click.echo(f"Beliefs of {asked.whose}, and what they imply:")
        for each in implied_rates(beliefs, catalog):
            for line in belief_lines(each):
                click.echo(f"  {line}")
    return asked
