"""The catalogue: everything the program knows, in one frozen value that is passed down.

:func:`shipped` is the only place that names what comes with the package. Rooms below take the piece they need; what is
not in the catalogue that they are given does not exist for them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Protocol, TypeVar

from ifntrial.clinic.endpoints import ENDPOINTS
from ifntrial.clinic.endpoints.record import Endpoint
from ifntrial.evidence.load import load_evidence
from ifntrial.evidence.records import Evidence
from ifntrial.model.drugs import DRUGS, Drug
from ifntrial.model.mechanisms import MECHANISMS
from ifntrial.model.parts import Mechanism
from ifntrial.signature import METHODS, Library, Method, Signature, load_signatures


class _Named(Protocol):
    @property
    def name(self) -> str: ...


_Thing = TypeVar("_Thing", bound=_Named)


@dataclass(frozen=True, slots=True)
class Catalog:
    """What the program knows, by name.

    Parameters
    ----------
    evidence
        All tables.
    drugs
        Those that an arm may give.
    mechanisms
        What happens in the body whatever the drug, in the order of the model.
    endpoints
        Those that a design may plan.
    signatures, methods
        What a sample may be scored with.
    """

    evidence: Evidence
    drugs: Mapping[str, Drug]
    mechanisms: tuple[Mechanism, ...]
    endpoints: Mapping[str, Endpoint]
    signatures: Mapping[str, Signature]
    methods: Mapping[str, Method]

    @property
    def library(self) -> Library:
        """What scoring may name."""
        return Library(self.signatures, self.methods)


@lru_cache(maxsize=1)
def shipped() -> Catalog:
    """Return what comes with the package."""
    return Catalog(
        evidence=load_evidence(),
        drugs=_by_name(DRUGS.values()),
        mechanisms=MECHANISMS,
        endpoints=_by_name(ENDPOINTS),
        signatures=_by_name(load_signatures()),
        methods=_by_name(METHODS),
    )


def _by_name(things: Iterable[_Thing]) -> Mapping[str, _Thing]:
    return MappingProxyType({thing.name: thing for thing in things})
