"""Identifiers against Bioregistry: the same verdict and the same address for ours and for malformed ones."""

import bioregistry
import pytest

from ifntrial.evidence.identifiers import REGISTRIES, address_of, is_well_formed, split_identifier
from ifntrial.evidence.load import load_evidence

OURS = sorted(
    {
        part.strip()
        for entity in load_evidence().entities
        for cell in (entity.exact_match, entity.broad_match, entity.source_annotation)
        for part in cell.split(";")
        if part.strip()
    }
)

LOCAL_PARTS = (
    "", " ", "0", "1", "123456", "1234567", "0000001", "12345678", "0000001 ", " 0000001", "000-0001", "-1", "1.5",
    "GO:0000001", "CL:0000084", "UBERON:0000178", "MONDO:0005100", "D012595", "C582345", "Q000941", "d012595", "D",
    "D01259X", "M01", "NCT05925803", "NCT0592580", "NCT059258030", "nct05925803", "05925803", "Homo_sapiens",
    "Homo sapiens", "9606", "9606x", "IFNAR1", "0000001\n", "1\n1", "1,2", "1;2", "MIM:1",
)  # fmt: skip


def accepts(text: str) -> bool:
    registry, local = split_identifier(text)
    return registry is not None and is_well_formed(registry, local)


def registry_accepts(text: str) -> bool:
    prefix, _, local = text.partition(":")
    canonical = bioregistry.normalize_prefix(prefix) if local else None
    return canonical is not None and bioregistry.is_valid_identifier(canonical, local)


def test_all_nine_registries_are_among_ours():
    assert len(OURS) > 40
    assert {text.partition(":")[0].lower() for text in OURS} == set(REGISTRIES)
    assert len(REGISTRIES) == 9


@pytest.mark.parametrize("text", OURS)
def test_ours_are_accepted_by_both_with_one_address(text):
    assert accepts(text)
    assert registry_accepts(text)
    prefix, _, local = text.partition(":")
    assert address_of(text) == bioregistry.get_identifiers_org_iri(prefix, local)


@pytest.mark.parametrize("local", LOCAL_PARTS)
def test_malformed_ones_have_the_same_verdict(local):
    for prefix in REGISTRIES:
        for text in (f"{prefix}:{local}", f"{prefix.upper()}:{local}"):
            assert accepts(text) == registry_accepts(text), text


def test_digits_of_other_scripts_are_refused_although_the_registry_takes_them():
    assert registry_accepts("omim:٣")
    assert not accepts("omim:٣")


@pytest.mark.parametrize(
    "text", ["", ":", "3454", "nosuchthing:1", ":1", "mondo", "mondo 0005100", "https://x:1"]
)
def test_what_has_no_registry_is_accepted_by_neither(text):
    assert not accepts(text)
    assert not registry_accepts(text)
    assert address_of(text) == ""
