"""Lists of what a catalogue holds: everything that a command or a design may name."""

from collections.abc import Callable, Iterable, Iterator, Mapping

import numpy as np

from ifntrial.arrays import AnyArray
from ifntrial.catalog import Catalog
from ifntrial.clinic.design_words import endpoint_words
from ifntrial.formats.adam.dictionary import COVARIATES, DICTIONARY
from ifntrial.items import ITEMS
from ifntrial.patients.sample import sample_population
from ifntrial.studies.beliefs.result import AddressFacts, ImpliedRates
from ifntrial.studies.enrich.markers import shipped_markers
from ifntrial.studies.known.result import (
    KnownAddresses,
    KnownBeliefs,
    KnownThing,
    KnownThings,
)

ENOUGH_TO_SEE = 1000
"""Virtual patients among whom every value of a covariate of words is found."""


def known_things(catalog: Catalog, kind: str) -> KnownThings:
    """Return what a catalogue holds of a kind, one of ``KINDS``."""
    return KnownThings(tuple(KINDS[kind](catalog)))


def known_addresses(found: Iterable[AddressFacts]) -> KnownAddresses:
    """Return addresses as a result."""
    return KnownAddresses(tuple(found))


def known_beliefs(found: Iterable[ImpliedRates]) -> KnownBeliefs:
    """Return beliefs as a result."""
    return KnownBeliefs(tuple(found))


def _drugs(catalog: Catalog) -> Iterator[KnownThing]:
    for drug in catalog.drugs.values():
        told = {"routes": ", ".join(drug.routes), "usual": drug.usual, "action": drug.structure.meaning}
        told["caveat"] = drug.caveat or "none"
        yield KnownThing(drug.name, drug.label, told)


def _mechanisms(catalog: Catalog) -> Iterator[KnownThing]:
    for mechanism in catalog.mechanisms:
        yield KnownThing(mechanism.name, mechanism.meaning, {"of": "every drug"})
    of_drugs: dict[str, list[str]] = {}
    for drug in catalog.drugs.values():
        of_drugs.setdefault(drug.structure.name, []).append(drug.name)
    for name, drugs in of_drugs.items():
        yield KnownThing(
            name, "How the drug moves through the body, and what it acts on", {"of": ", ".join(drugs)}
        )


def _endpoints(catalog: Catalog) -> Iterator[KnownThing]:
    for each in catalog.endpoints.values():
        better = "higher" if each.higher_is_better else "lower"
        told = {"kind": each.kind, "unit": each.unit, "better": better, "definition": each.definition}
        yield KnownThing(each.name, each.label, told)


def _markers(catalog: Catalog) -> Iterator[KnownThing]:
    for marker in shipped_markers(catalog.evidence):
        yield KnownThing(marker.name, marker.label, {"truly has it": marker.condition})


def _covariates(catalog: Catalog) -> Iterator[KnownThing]:
    found = sample_population(catalog.model(), catalog.evidence, ENOUGH_TO_SEE, 1).covariates
    for name, values in found.items():
        label, unit = _meaning(name)
        yield KnownThing(name, label, {"unit": unit, "values": _values(values)})


def _meaning(name: str) -> tuple[str, str]:
    """Return what a covariate is, and its unit."""
    if name in ITEMS:
        return ITEMS[name].title, ITEMS[name].spoken_unit
    if name == "is_female":
        return "Female sex", ""
    known = DICTIONARY[COVARIATES[name]]
    return known.label, known.unit


def _values(values: AnyArray) -> str:
    if values.dtype.kind == "b":
        return "yes or no: NAME, not NAME"
    if values.dtype.kind in "US":
        return ", ".join(sorted(map(str, np.unique(values))))
    return "a number"


def _designs(catalog: Catalog) -> Iterator[KnownThing]:
    for name, design in sorted(catalog.designs.items()):
        told = {
            "patients": str(design.size.analyzed),
            "primary": endpoint_words(design.primary, design, catalog.endpoints),
            "registered": design.registration or "",
        }
        yield KnownThing(name, design.title, told)


def _signatures(catalog: Catalog) -> Iterator[KnownThing]:
    for each in catalog.signatures.values():
        told = {
            "genes": str(len(set(each.genes))),
            "of": each.material,
            "answers to": each.target,
            "method": each.default_method,
            "usual": "yes" if each.is_usual else "by name",
        }
        yield KnownThing(each.name, each.label, told)


def _methods(catalog: Catalog) -> Iterator[KnownThing]:
    for each in catalog.methods.values():
        told = {
            "healthy samples": "needed" if each.needs_reference else "not needed",
            "formula": each.formula,
        }
        yield KnownThing(each.name, each.label, told)


def _analyses(catalog: Catalog) -> Iterator[KnownThing]:
    for each in catalog.analyses.values():
        yield KnownThing(each.name, each.label, {"tests": ", ".join(each.kinds)})


KINDS: Mapping[str, Callable[[Catalog], Iterator[KnownThing]]] = {
    "drugs": _drugs,
    "mechanisms": _mechanisms,
    "endpoints": _endpoints,
    "markers": _markers,
    "covariates": _covariates,
    "designs": _designs,
    "signatures": _signatures,
    "methods": _methods,
    "analyses": _analyses,
}
