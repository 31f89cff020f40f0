"""The JSON schema of a design file, whole or on top of a shipped design."""

from copy import deepcopy
from typing import Any

from ifntrial.design.known import Known
from ifntrial.design.parts import Criterion, TrialDesign

_PARTIAL = "Partial"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def build_design_schema(known: Known) -> dict[str, Any]:
    """Return a schema that takes a whole design, or one with ``extends`` that holds only what differs.

    Rules that tie several fields together, and the grammars of regimens and conditions, are checked when a design is
    loaded and are not part of the schema.

    Parameters
    ----------
    known
        What a design may name and extend.
    """
    whole = TrialDesign.model_json_schema()
    parts: dict[str, Any] = whole.pop("$defs")
    parts["AnalysisPlan"]["properties"]["method"]["enum"] = list(known.names.analyses)
    partial_parts = {f"{_PARTIAL}{name}": _without_required(part) for name, part in parts.items()}
    extension = _without_required(whole)
    extension["properties"] |= {
        "extends": {"enum": list(known.designs), "description": "the shipped design that this one changes"},
        "add_eligibility": {
            "type": "array",
            "items": {"$ref": f"#/$defs/{Criterion.__name__}"},
            "description": "entry criteria beside those of the extended design",
        },
    }
    extension["required"] = ["extends"]
    return {
        "$schema": _DIALECT,
        "title": TrialDesign.__name__,
        "description": whole.get("description", ""),
        "properties": extension["properties"],
        "if": {"required": ["extends"]},
        "then": extension,
        "else": whole,
        "$defs": parts | partial_parts,
    }


def _without_required(part: dict[str, Any]) -> dict[str, Any]:
    """Return a part of which any field may be left to the extended design.

    A list replaces the one below it, so that its items stay whole; so does the size.
    """
    changed = deepcopy(part)
    changed.pop("required", None)
    for name, field in changed.get("properties", {}).items():
        if "$ref" in field and name != "size":
            field["$ref"] = field["$ref"].replace("#/$defs/", f"#/$defs/{_PARTIAL}")
    return changed
