"""One key, one shape, one unit: over the published schemas of all results together."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from ifntrial.studies.result_json import RESULTS, result_schema

OVER_TIME = "in a course each quantile holds one number for each time"
EXCEPTIONS = {"q05": OVER_TIME, "q50": OVER_TIME, "q95": OVER_TIME}
"""Keys that may have several shapes, and why."""


@dataclass(frozen=True)
class Use:
    """Where a key stands, what is in it and which units its description gives."""

    place: str
    shape: str
    keys: frozenset[str]
    units: frozenset[str]


def uses_of(schemas: Mapping[str, Mapping[str, Any]]) -> dict[str, list[Use]]:
    """Return every use of every key: at the top of a result, and in each record within it."""
    found: dict[str, list[Use]] = defaultdict(list)
    for kind, schema in schemas.items():
        records = schema.get("$defs", {})
        for record, about in {kind: schema, **records}.items():
            for key, value in about.get("properties", {}).items():
                shape, keys = shape_of(value, records)
                units = frozenset(re.findall(r"\[([^\]]+)\]", value.get("description", "")))
                found[key].append(Use(f"{kind}: {record}", shape, keys, units))
    return found


def shape_of(value: Mapping[str, Any], records: Mapping[str, Any]) -> tuple[str, frozenset[str]]:
    """Return what stands under a key, in words, and the keys of a record; what may be absent counts as there."""
    if "$ref" in value:
        value = records[value["$ref"].rpartition("/")[2]]
    choices = [each for each in value.get("anyOf", value.get("oneOf", ())) if each.get("type") != "null"]
    if choices:
        shapes = {shape_of(each, records) for each in choices}
        return " or ".join(sorted({shape for shape, _ in shapes})), frozenset.union(*(k for _, k in shapes))
    if "properties" in value:
        return "record", frozenset(value["properties"])
    if "enum" in value or "const" in value:
        return "string", frozenset()
    if value["type"] == "object":
        return f"map to {shape_of(value['additionalProperties'], records)[0]}", frozenset()
    if value["type"] == "array":
        parts = value.get("prefixItems", [value.get("items", {})])
        return "list of " + " and ".join(sorted({shape_of(one, records)[0] for one in parts})), frozenset()
    return {"integer": "number"}.get(value["type"], value["type"]), frozenset()


def conflicts(found: Mapping[str, list[Use]]) -> Iterator[str]:
    """Yield one line for each key with two shapes, with records of another kind, or with two units.

    Records under one key may have keys of their own, as a mean beside the quantiles, but share two at least.
    """
    for key, uses in found.items():
        shapes = {each.shape: each.place for each in uses}
        if len(shapes) > 1:
            yield f"{key} is {', but '.join(f'{shape} in {place}' for shape, place in shapes.items())}"
        kept = [each.keys for each in uses if each.shape == "record"]
        if len(set(kept)) > 1 and len(frozenset.intersection(*kept)) < 2:
            yield f"{key} is a record of several kinds in {', '.join(each.place for each in uses)}"
        units = [each.units for each in uses if each.units]
        if units and not frozenset.intersection(*units):
            yield f"{key} has the units {sorted({unit for each in units for unit in each})}"


def test_a_key_has_one_shape_in_every_command():
    found = uses_of({kind: result_schema(kind) for kind in RESULTS})
    assert len(found) > 300
    assert [line for line in conflicts(found) if line.split()[0] not in EXCEPTIONS] == []


def test_every_exception_is_needed():
    found = uses_of({kind: result_schema(kind) for kind in RESULTS})
    assert {line.split()[0] for line in conflicts(found)} == set(EXCEPTIONS)


NUMBER, TEXT = {"type": "number"}, {"type": "string"}
BAND = {"properties": {"q05": NUMBER, "q50": NUMBER, "q95": NUMBER}}


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        (NUMBER, {"type": "integer"}, ""),
        (NUMBER, {"anyOf": [NUMBER, {"type": "null"}]}, ""),
        (NUMBER, TEXT, "share is number in a: a, but string in b: b"),
        (NUMBER, {"type": "array", "items": NUMBER}, "share is number in a: a, but list of number in b: b"),
        (NUMBER, {"anyOf": [NUMBER, TEXT]}, "share is number in a: a, but number or string in b: b"),
        (BAND, {"properties": {"mean": NUMBER, **BAND["properties"]}}, ""),
        (BAND, {"properties": {"q05": NUMBER, "name": TEXT}}, "share is a record of several kinds in a: a, b: b"),
        (
            {"type": "object", "additionalProperties": NUMBER},
            {"type": "object", "additionalProperties": BAND},
            "share is map to number in a: a, but map to record in b: b",
        ),
        (NUMBER | {"description": "[week]"}, NUMBER | {"description": "[day]"}, "share has the units ['day', 'week']"),
        (NUMBER | {"description": "[week]"}, NUMBER | {"description": "Of the visit."}, ""),
    ],
)  # fmt: skip
def test_what_clashes(first, second, clash):
    schemas = {name: {"properties": {"share": one}} for name, one in (("a", first), ("b", second))}
    assert list(conflicts(uses_of(schemas))) == ([clash] if clash else [])


def test_records_behind_references_are_walked():
    inside = {
        "$defs": {"Part": {"properties": {"share": TEXT}}},
        "properties": {"part": {"$ref": "#/$defs/Part"}},
    }
    found = uses_of({"a": inside, "b": {"properties": {"share": NUMBER}}})
    assert list(conflicts(found)) == ["share is string in a: Part, but number in b: b"]
