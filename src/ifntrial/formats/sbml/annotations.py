"""Which thing of the world a variable of the model stands for, as identifiers of the table of entities."""

import re
from typing import Any

from ifntrial.evidence import identifiers
from ifntrial.evidence.records import Entity, Evidence

DRUG = "the model's drug"
"""Stands for the entity named after the drug; a drug without one is not annotated."""

VARIABLES = (
    (r"drug_.*", "is_version_of", DRUG),
    (r"receptor_.*", "is_version_of", "ifnar1"),
    (r"ifn_alpha", "has_part", "ifna1"),
    (r"(isgf3|isg_mrna|usp18|socs1|pstat)_.*", "occurs_in", "type_i_interferon_signalling"),
    (r"plasmacytoid_dendritic_cell", "is_version_of", "plasmacytoid_dendritic_cell"),
    (r"macrophage_.*", "is_version_of", "macrophage"),
    (r"myofibroblast_.*", "is_version_of", "myofibroblast"),
    (r"csf1_.*", "is_version_of", "csf1"),
    (r"pdgf_.*", "is_version_of", "pdgf"),
    (r"tgf_beta_.*", "is_version_of", "tgfb1"),
    (r"troponin", "is_version_of", "troponin_t2"),
    (r"inflammation", "is_version_of", "inflammation"),
    (r"mrss", "is_property_of", "fibrosis"),
    (r"fvc_percent", "is_property_of", "interstitial_lung_disease"),
    (r".*_blood", "occurs_in", "blood"),
    (r".*_skin", "occurs_in", "skin"),
    (r".*_lung", "occurs_in", "lung"),
    (r".*_heart", "occurs_in", "heart"),
)
"""Pattern of a variable's name, how it relates, and the entity; every fitting line counts."""

MODEL = (("has_taxon", "human"), ("is_version_of", "systemic_sclerosis"), ("has_property", DRUG))

_QUALIFIER = {
    "is_version_of": "BQB_IS_VERSION_OF",
    "has_part": "BQB_HAS_PART",
    "occurs_in": "BQB_OCCURS_IN",
    "is_property_of": "BQB_IS_PROPERTY_OF",
    "has_property": "BQB_HAS_PROPERTY",
    "has_taxon": "BQB_HAS_TAXON",
}


def address_of(entity: Entity) -> str:
    """Return the address of an entity's identifier, empty where it has none of its own or a wider thing's."""
    return identifiers.address_of(entity.exact_match or entity.broad_match)


def annotations_of(name: str) -> tuple[tuple[str, str], ...]:
    """Return the relations and entities that fit a variable's name."""
    return tuple((how, entity) for pattern, how, entity in VARIABLES if re.fullmatch(pattern, name))


def addresses(relations: tuple[tuple[str, str], ...], drug: str, evidence: Evidence) -> list[tuple[str, str]]:
    """Return each relation with the address of what it points to; entities without an address are left out."""
    entities = {entity.id: entity for entity in evidence.entities}
    named = ((how, drug if entity == DRUG else entity) for how, entity in relations)
    found = ((how, address_of(entities[name])) for how, name in named if name in entities)
    return [(how, address) for how, address in found if address]


def annotate(
    element: Any,  # noqa: ANN401 - libsbml has no types
    relations: tuple[tuple[str, str], ...],
    drug: str,
    evidence: Evidence,
    libsbml: Any,  # noqa: ANN401 - as above
) -> None:
    """Add controlled-vocabulary terms to an element of an SBML document that has a metaid."""
    for how, address in addresses(relations, drug, evidence):
        term = libsbml.CVTerm(libsbml.BIOLOGICAL_QUALIFIER)
        term.setBiologicalQualifierType(getattr(libsbml, _QUALIFIER[how]))
        term.addResource(address)
        element.addCVTerm(term)
