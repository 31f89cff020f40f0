"""What a design file takes over from the shipped design that it extends, and what not: which trial it is."""

from collections.abc import Mapping
from typing import Any

IDENTITY = ("title", "registration", "sources")
"""Which trial a design is: another trial takes none of these over."""

LATER_PARTS = ("looks", "recruitment", "decision")
"""Parts that designs have had since the last calibration; none of them is needed."""

ESTIMAND_WORDS = ("population", "treatment", "endpoint")
"""Words of an estimand that tell what the arms, the primary endpoint and the entry criteria already say."""

_OF_THE_SAME_TRIAL = {"extends", "schema_version", "name", "assumed", *IDENTITY}
REPLACED_WHOLE = ("size",)  # a new planned size must not keep the enrolled size of the design below
_TAKEN_OVER = "as assumed for "
_EVENTS = ("discontinuation", "rescue")
RESPONSE = "responder"
"""Kind of an endpoint that a subject meets or does not."""


def extend_design(
    below: Mapping[str, Any], own: Mapping[str, Any], kinds: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return the fields of a file on top of those of the design that it extends.

    Mappings are merged; lists and ``size`` are replaced; ``add_eligibility`` is added to the entry criteria. A file that
    gives another name, or changes more than what is assumed, is another trial: it does not take over ``IDENTITY``, the
    words of the estimand, and the reasons of rules; a rule that it does take over says for which trial it was assumed.
    Where its primary endpoint is of another kind, so are the summary and the strategies of the estimand that it does not
    state, as those below would not fit.

    Parameters
    ----------
    below
        The extended design, as plain values.
    own
        The file, as plain values.
    kinds
        Kind of each endpoint, as ``Names.kinds``.
    """
    added = own.get("add_eligibility", [])
    changed = {key: value for key, value in own.items() if key not in ("extends", "add_eligibility")}
    merged = _merged(_taken_over(below, own), changed)
    if isinstance(merged["eligibility"], list):
        merged["eligibility"] = [*merged["eligibility"], *added]
    return _with_fitting_estimand(merged, below, own, kinds or {})


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
        if key not in REPLACED_WHOLE and _are_mappings(below.get(key), value)
    }
    return {**below, **above, **both}


def _are_mappings(one: object, other: object) -> bool:
    return isinstance(one, dict) and isinstance(other, dict)


def _with_fitting_estimand(
    merged: dict[str, Any], below: Mapping[str, Any], own: Mapping[str, Any], kinds: Mapping[str, str]
) -> dict[str, Any]:
    """Return the merged design with an estimand that fits a primary endpoint of another kind than the one below."""
    kind, before = (_kind_of_primary(each, kinds) for each in (merged, below))
    assumed = merged.get("assumed")
    plan = assumed.get("estimand") if isinstance(assumed, dict) else None
    if (
        kind is None
        or before is None
        or (kind == RESPONSE) == (before == RESPONSE)
        or not isinstance(plan, dict)
    ):
        return merged
    stated = _stated_plan(own)
    fitting = {"summary": "risk_difference" if kind == RESPONSE else "mean_difference"}
    if kind != RESPONSE:
        composite = (event for event in _EVENTS if plan.get(event) == "composite")
        fitting |= dict.fromkeys(composite, "treatment_policy")
    changed = {
        name: value for name, value in fitting.items() if name not in stated and plan.get(name) != value
    }
    if changed and "reason" not in stated:
        words = ", ".join(f"{name} {value}" for name, value in changed.items()).replace("_", " ")
        changed["reason"] = f"{plan.get('reason')}, but {words}, as its primary endpoint is of another kind"
    return merged | {"assumed": {**merged["assumed"], "estimand": plan | changed}}


def _kind_of_primary(design: Mapping[str, Any], kinds: Mapping[str, str]) -> str | None:
    primary = design.get("primary")
    name = primary.get("endpoint") if isinstance(primary, Mapping) else None
    return kinds.get(name) if isinstance(name, str) else None


def _stated_plan(own: Mapping[str, Any]) -> Mapping[str, Any]:
    assumed = own.get("assumed")
    plan = assumed.get("estimand") if isinstance(assumed, Mapping) else None
    return plan if isinstance(plan, Mapping) else {}
