"""What a design file takes over from the shipped design that it extends, and what not: which trial it is."""

from collections.abc import Mapping
from typing import Any

IDENTITY = ("title", "registration", "sources")
"""Which trial a design is: another trial takes none of these over."""

ESTIMAND_WORDS = ("population", "treatment", "endpoint")
"""Words of an estimand that tell what the arms, the primary endpoint and the entry criteria already say."""

_OF_THE_SAME_TRIAL = {"extends", "schema_version", "name", "assumed", *IDENTITY}
_REPLACED_WHOLE = ("size",)  # a new planned size must not keep the enrolled size of the design below
_TAKEN_OVER = "as assumed for "


def extend_design(below: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a file on top of those of the design that it extends.

    Mappings are merged; lists and ``size`` are replaced; ``add_eligibility`` is added to the entry criteria. A file that
    gives another name, or changes more than what is assumed, is another trial: it does not take over ``IDENTITY``, the
    words of the estimand, and the reasons of rules; a rule that it does take over says for which trial it was assumed.

    Parameters
    ----------
    below
        The extended design, as plain values.
    own
        The file, as plain values.
    """
    added = own.get("add_eligibility", [])
    changed = {key: value for key, value in own.items() if key not in ("extends", "add_eligibility")}
    merged = _merged(_taken_over(below, own), changed)
    if isinstance(merged["eligibility"], list):
        merged["eligibility"] = [*merged["eligibility"], *added]
    return merged


def is_another_trial(below: Mapping[str, Any], own: Mapping[str, Any]) -> bool:
    """Return whether a file describes another trial than the design that it extends."""
    return own.get("name", below["name"]) != below["name"] or not set(own) <= _OF_THE_SAME_TRIAL


def _taken_over(below: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of the design below that holds for the file as well."""
    is_another = is_another_trial(below, own)
    stated = own.get("assumed")
    rules = {
        name: _rule(
            block, stated.get(name) if isinstance(stated, Mapping) else None, below["name"], is_another
        )
        for name, block in below["assumed"].items()
    }
    kept = {key: value for key, value in below.items() if not (is_another and key in IDENTITY)}
    if is_another:
        kept["title"] = str(own.get("name", below["name"]))
    return kept | {"assumed": rules}


def _rule(block: Mapping[str, Any], stated: object, base: str, is_another: bool) -> dict[str, Any]:
    """Return a block of rules with a reason that is true of the file, which states ``stated`` of it."""
    reason = str(block["reason"])
    if isinstance(stated, Mapping) and stated:
        reason = f"changed in this design; the rest {_TAKEN_OVER}{base}"
    elif is_another and not reason.startswith(_TAKEN_OVER):
        reason = f"{_TAKEN_OVER}{base}"
    words = ESTIMAND_WORDS if is_another else ()
    return {key: value for key, value in block.items() if key not in words} | {"reason": reason}


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    both = {
        key: _merged(below[key], value)
        for key, value in above.items()
        if key not in _REPLACED_WHOLE and _are_mappings(below.get(key), value)
    }
    return {**below, **above, **both}


def _are_mappings(one: object, other: object) -> bool:
    return isinstance(one, dict) and isinstance(other, dict)
