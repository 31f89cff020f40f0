"""Whose beliefs a study asks, in which shares, and the frozen worlds that they weigh."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ifntrial.api.calls import Given, given_catalog, given_file, given_files
from ifntrial.catalog import Catalog, shipped
from ifntrial.studies.beliefs.addresses import with_calibration
from ifntrial.studies.beliefs.asked import AskedBeliefs, read_weights
from ifntrial.studies.beliefs.declared import SHOWN
from ifntrial.studies.beliefs.own import Stateable, load_own_beliefs

Weights = Mapping[str, float] | str


@dataclass(frozen=True, slots=True)
class Basis:
    """What a study over worlds rests on.

    Parameters
    ----------
    catalog
        With the frozen worlds and addresses that were asked for.
    beliefs
        Whose, and in which shares.
    given
        The same as options of a command.
    """

    catalog: Catalog
    beliefs: AskedBeliefs
    given: tuple[Given, ...]


def basis(
    catalog: Catalog | None,
    beliefs: str | Path | None,
    weights: Weights | None,
    calibration: str | Path | None,
    addresses: Sequence[str | Path],
) -> Basis:
    """Return what a study over worlds rests on, from the arguments of a verb; errors as in the functions below."""
    text = weights if weights is None or isinstance(weights, str) else weights_text(weights)
    known = catalog_with(catalog, calibration, addresses)
    return Basis(
        known,
        asked_beliefs(known, beliefs, text),
        (
            given_file("beliefs", "--beliefs", beliefs),
            Given("weights", "--weights", text),
            given_file("calibration", "--calibration", calibration),
            given_files("addresses", "--address", addresses),
            given_catalog(catalog),
        ),
    )


def weights_text(weights: Mapping[str, float]) -> str:
    """Return shares of beliefs as the option ``--weights`` has them."""
    return ",".join(f"{name}={value}" for name, value in weights.items())


def catalog_with(
    catalog: Catalog | None, calibration: str | Path | None, addresses: Sequence[str | Path]
) -> Catalog:
    """Return a catalogue, or what comes with the package, with the frozen worlds and addresses that are given.

    Raises
    ------
    InputError
        If they do not belong together, or a file is not usable.
    """
    known = shipped() if catalog is None else catalog
    if calibration is None and not addresses:
        return known
    return with_calibration(
        known, None if calibration is None else Path(calibration), tuple(map(Path, addresses))
    )


def asked_beliefs(catalog: Catalog, path: str | Path | None, weights: str | None) -> AskedBeliefs:
    """Return the beliefs that are asked.

    Parameters
    ----------
    path, weights
        As given with ``--beliefs`` and ``--weights``.

    Raises
    ------
    InputError
        If they are not usable.
    """
    own = None if path is None else load_own_beliefs(Path(path), Stateable(tuple(catalog.addresses), SHOWN))
    asked = AskedBeliefs(own, None if weights is None else read_weights(weights))
    if asked != AskedBeliefs():
        asked.beliefs(catalog.evidence)
    return asked
