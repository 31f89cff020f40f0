"""Addresses and frozen worlds of a user's own, in place of those of the package."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from ifntrial.catalog import Catalog
from ifntrial.design.design import TrialDesign
from ifntrial.errors import InputError, listed
from ifntrial.studies.beliefs.study import MEASURES

_OF_MEANS = "mrss_change"
"""The one change whose standard deviation is known, on whose scale a belief is checked."""


def with_addresses(catalog: Catalog, files: Iterable[Path]) -> Catalog:
    """Return a catalogue with more addresses, each the design in a YAML file.

    Raises
    ------
    FileError
        If there is no such file, or it is not YAML.
    InputError
        If it is no design, its name is taken, or it states nothing that worlds can be asked for.
    """
    addresses = dict(catalog.addresses)
    for file in files:
        design = catalog.design(file)
        problems = list(_problems(design, catalog))
        if design.name in addresses:
            problems.append(f"there is an address of the name '{design.name}'")
        if problems:
            raise InputError(
                f"design '{file}' cannot be an address",
                problems=problems,
                allowed="a name of its own, a control arm, and as summary of the estimand the odds_ratio of a response "
                f"or the mean_difference of {_OF_MEANS}",
                fix="correct the design; those of the package are in design/addresses",
            )
        addresses[design.name] = design
    return replace(catalog, addresses=addresses)


def _problems(design: TrialDesign, catalog: Catalog) -> Iterable[str]:
    if not design.is_randomized:
        yield "it has no control arm"
        return
    for arm in (design.active, design.control):
        arm.dosing()  # refuses a drug that worlds are not calibrated for
    summary, endpoint = design.assumed.estimand.summary, design.primary.endpoint
    if summary not in MEASURES:
        yield f"the summary of its estimand is {summary}"
    elif (summary == "mean_difference") != (catalog.endpoints[endpoint].kind != "responder"):
        yield f"the summary of its estimand is {summary}, which does not fit {endpoint}"
    elif summary == "mean_difference" and endpoint != _OF_MEANS:
        yield f"it states a mean_difference of {endpoint}"
    if design.primary.among is not None:
        yield f"its primary endpoint is of those with {design.primary.among} only"


def with_calibration(catalog: Catalog, file: Path | None, addresses: Iterable[Path]) -> Catalog:
    """Return a catalogue with other frozen worlds, and the addresses at which they were calibrated beside the package's.

    Parameters
    ----------
    file
        What ``ifntrial calibrate --address`` wrote; None for the package's.
    addresses
        The files that it was made with.

    Raises
    ------
    InputError
        If worlds were calibrated at other addresses; and as ``with_addresses`` and ``load_calibration``.
    """
    more = with_addresses(catalog, addresses)
    found = more if file is None else replace(more, calibration_file=file)
    held, known = set(found.calibration.implied.at), set(found.addresses)
    if held != known:
        raise InputError(
            "the frozen worlds were calibrated at other addresses",
            given=f"addresses {listed(sorted(known))}, worlds calibrated at {listed(sorted(held))}",
            allowed="the same addresses",
            fix="give --calibration FILE with every --address FILE that 'ifntrial calibrate' was given",
        )
    return found
