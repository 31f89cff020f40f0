"""What comes with the package: the only place that names it."""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Protocol, TypeVar

from ifntrial.catalog.extension import installed, loaded, owned_by
from ifntrial.catalog.readings import ANALYSES_OF_READINGS, AnyAnalysis
from ifntrial.catalog.record import Catalog, names_of
from ifntrial.catalog.responses import ANALYSES
from ifntrial.clinic.endpoints import ENDPOINTS
from ifntrial.design.design import ADDRESSES, Known, load_designs
from ifntrial.evidence.load import load_evidence
from ifntrial.model.drugs import DRUGS
from ifntrial.model.mechanisms import MECHANISMS
from ifntrial.patients.weights_file import PATIENT_ARTIFACT
from ifntrial.signature import METHODS, load_citations, load_genes, load_signatures
from ifntrial.worlds.calibration import ARTIFACT


class _Named(Protocol):
    @property
    def name(self) -> str: ...


_Thing = TypeVar("_Thing", bound=_Named)


@lru_cache(maxsize=1)
def shipped() -> Catalog:
    """Return what comes with the package, and with the packages beside it that extend it.

    Raises
    ------
    InputError
        If what two packages bring has the same name, or a package cannot be loaded.
    """
    found = _own()
    owners = owned_by("ifntrial")
    for by, point in installed():
        found = found.extended(loaded(by, point), by, owners)
        found = replace(found, extensions=tuple(dict.fromkeys((*found.extensions, by))))
    return found


def _own() -> Catalog:
    """Return what this package knows without any other."""
    drugs, endpoints = _by_name(DRUGS.values()), _by_name(ENDPOINTS)
    analyses: dict[str, AnyAnalysis] = {each.name: each for each in (*ANALYSES, *ANALYSES_OF_READINGS)}
    known = Known(names_of(drugs, endpoints, analyses))
    designs = load_designs(known)
    return Catalog(
        evidence=load_evidence(),
        drugs=drugs,
        mechanisms=MECHANISMS,
        endpoints=endpoints,
        analyses=analyses,
        signatures=_by_name(load_signatures()),
        methods=_by_name(METHODS),
        citations=load_citations(),
        genes=load_genes(),
        designs=designs,
        addresses=load_designs(replace(known, designs=designs), ADDRESSES),
        calibration_file=ARTIFACT,
        patients_file=PATIENT_ARTIFACT,
    )


def _by_name(things: Iterable[_Thing]) -> dict[str, _Thing]:
    return {thing.name: thing for thing in things}
