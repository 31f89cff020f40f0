"""Registries whose identifiers the tables use, like ``mondo:0005100``: prefix, form of the local part, address.

Patterns and names are those of Bioregistry 0.15.6 (https://bioregistry.io, CC0), which tests compare with; addresses are
those of https://identifiers.org, whose names of some registries differ.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Registry:
    """One registry.

    Parameters
    ----------
    prefix
        What stands before the colon, in lower case; any case is read.
    local
        Regular expression of what stands behind it, matched whole.
    at_identifiers_org
        Its name there.
    """

    prefix: str
    local: str
    at_identifiers_org: str


_REGISTRIES = (
    Registry("cl", r"\d{7}", "CL"),
    Registry("clinicaltrials", r"NCT\d{8}", "clinicaltrials"),
    Registry("go", r"\d{7}", "GO"),
    Registry("mesh", r"(C|D|Q)\d+", "mesh"),
    Registry("mondo", r"\d{7}", "mondo"),
    Registry("ncbigene", r"\d+", "ncbigene"),
    Registry("ncbitaxon", r"\d+|[a-zA-Z_]+", "taxonomy"),
    Registry("omim", r"\d+", "mim"),
    Registry("uberon", r"\d+", "UBERON"),
)

REGISTRIES = {registry.prefix: registry for registry in _REGISTRIES}


def split_identifier(text: str) -> tuple[Registry | None, str]:
    """Return the registry of an identifier, ``None`` if its prefix is not in the table, and its local part."""
    prefix, _, local = text.partition(":")
    return REGISTRIES.get(prefix.lower()), local


def is_well_formed(registry: Registry, local: str) -> bool:
    """Return whether a local part has the form that its registry gives out."""
    return re.fullmatch(registry.local, local, re.ASCII) is not None


def address_of(text: str) -> str:
    """Return the address of an identifier; empty where the text is none."""
    registry, local = split_identifier(text)
    if registry is None or not is_well_formed(registry, local):
        return ""
    return f"https://identifiers.org/{registry.at_identifiers_org}:{local}"
