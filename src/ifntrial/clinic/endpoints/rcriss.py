"""Revised CRISS: improved by at least x percent in at least three of five items, and no new organ event."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray
from ifntrial.clinic.conduct import ObservedArm
from ifntrial.clinic.endpoints.record import (
    RULES_OF_ENDPOINTS,
    Endpoint,
    at_visit,
    composite_failure,
    seen,
    visit_index,
)
from ifntrial.clinic.readings import CONFIRMATION
from ifntrial.design.assumed import AssumedRules, ResponderRule
from ifntrial.items import CORE_ITEMS, ITEMS
from ifntrial.ties import exceeds, reaches


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """What another reading of the rule has otherwise, by the fields of ``ResponderRule``; None: as the design has it."""

    percent: float | None = None
    fvc_kind: Literal["points"] | None = None
    worsening_items_allowed: Literal["one", "none"] | None = None
    organ_events: Literal["extended", "ignored"] | None = None
    missing: Literal["last_observation", "imputed"] | None = None
    rounding: bool | None = None

    def of(self, rule: ResponderRule) -> ResponderRule:
        """Return the rule with these changes."""
        stated = {name: value for name, value in asdict(self).items() if value is not None}
        return rule.model_copy(update=stated)


# Thresholds are met by exact steps of the scales (5 of 20 points is 25 %): rounding of floats must not decide.
VARIANTS: Mapping[str, RuleChange] = MappingProxyType(
    {
        "rcriss_20": RuleChange(percent=20.0),
        "rcriss_25": RuleChange(percent=25.0),
        "rcriss_30": RuleChange(percent=30.0),
        "rcriss_50": RuleChange(percent=50.0),
        "fvc in points": RuleChange(fvc_kind="points"),
        "at most one item worse": RuleChange(worsening_items_allowed="one"),
        "no item worse": RuleChange(worsening_items_allowed="none"),
        "extended organ events": RuleChange(organ_events="extended"),
        "organ events ignored": RuleChange(organ_events="ignored"),
        "last observation carried forward": RuleChange(missing="last_observation"),
        "missing readings imputed": RuleChange(missing="imputed"),
        "readings not rounded": RuleChange(rounding=False),
    }
)
"""Ways to read the rule, each as its difference from the design's own."""


def variant(rule: ResponderRule, name: str) -> ResponderRule:
    """Return the design's rule with the changes of one variant."""
    return VARIANTS[name].of(rule)


def items_improved(
    baseline: Mapping[str, FloatArray], value: Mapping[str, FloatArray], rule: ResponderRule
) -> FloatArray:
    """Return how many of the five items improved; a baseline of zero cannot improve, a missing item has not."""
    improved = [_improved(baseline[item], value[item], rule, item) for item in CORE_ITEMS]
    count: FloatArray = np.sum(improved, axis=0, dtype=np.float64)
    return count


def items_worsened(
    baseline: Mapping[str, FloatArray], value: Mapping[str, FloatArray], rule: ResponderRule
) -> FloatArray:
    """Return how many of the five items worsened by the same thresholds; from zero, any rise counts."""
    worsened = []
    for item in CORE_ITEMS:
        change = value[item] - baseline[item]
        if item == "fvc_percent":
            worsened.append(reaches(-change, _fvc_threshold(baseline[item], rule)))
        else:
            worsened.append((change > 0) & reaches(100.0 * change, rule.percent * baseline[item]))
    count: FloatArray = np.sum(worsened, axis=0, dtype=np.float64)
    return count


def _improved(baseline: FloatArray, value: FloatArray, rule: ResponderRule, item: str) -> BoolArray:
    if item == "fvc_percent":
        return reaches(value - baseline, _fvc_threshold(baseline, rule))
    return (baseline > 0) & reaches(100.0 * (baseline - value), rule.percent * baseline)


def _fvc_threshold(baseline: FloatArray, rule: ResponderRule) -> FloatArray:
    return (
        baseline * rule.fvc_percent / 100.0
        if rule.fvc_kind == "relative"
        else np.full(baseline.shape, rule.fvc_percent)
    )


def organ_event_by(observed: ObservedArm, visit_week: float, rules: AssumedRules) -> BoolArray:
    """Return who had an organ event of CRISS step 1 by a visit, shape (replicates, subjects)."""
    kind = rules.responder_rule.organ_events
    if kind == "ignored":
        return np.zeros(observed.discontinuation_week.shape, dtype=bool)
    return (observed.organ_event_week[kind] <= visit_week) | _lung_event_by(observed, visit_week, rules)


def _lung_event_by(observed: ObservedArm, visit_week: float, rules: AssumedRules) -> BoolArray:
    """Return who had a confirmed relative fall of FVC with ILD and a low FVC at any attended visit so far."""
    limits = rules.organ_events
    until = (observed.visit_week > 0) & (observed.visit_week <= visit_week)
    baseline = observed.values["fvc_percent"][..., :1]
    fell = np.ones(observed.attended.shape, dtype=bool)
    for reading in (seen(observed, "fvc_percent"), observed.values[CONFIRMATION]):
        fell &= reaches(100.0 * (baseline - reading), limits.fvc_relative_fall_percent * baseline)
        fell &= exceeds(limits.fvc_below_percent_predicted, reading)
    has_ild = np.asarray(observed.covariates["has_ild"]).astype(bool)
    has_fallen: BoolArray = (fell & until & has_ild[:, None]).any(axis=-1)
    return has_fallen


def _reading(observed: ObservedArm, item: str, visit_week: float, rule: ResponderRule) -> FloatArray:
    """Return the reading of an item that counts at a visit, NaN where missing does not count as improved."""
    if rule.missing == "imputed":
        return observed.values[item][..., visit_index(observed, visit_week)]
    return at_visit(observed, item, visit_week, carry_forward=rule.missing == "last_observation")


def compute_rcriss(observed: ObservedArm, visit_week: float, rules: AssumedRules) -> FloatArray:
    """Return who is a responder, 0 or 1, shape (replicates, subjects)."""
    rule = rules.responder_rule
    baseline = {item: seen(observed, item)[..., 0] for item in CORE_ITEMS}
    value = {item: _reading(observed, item, visit_week, rule) for item in CORE_ITEMS}
    responds = items_improved(baseline, value, rule) >= rule.items_needed
    if rule.worsening_items_allowed != "any":
        responds &= items_worsened(baseline, value, rule) <= (
            1 if rule.worsening_items_allowed == "one" else 0
        )
    responds &= ~organ_event_by(observed, visit_week, rules) & ~composite_failure(observed, visit_week, rules)
    return responds.astype(np.float64)


def _label(rules: AssumedRules) -> str:
    return f"Revised CRISS-{rules.responder_rule.percent:g} response"


_EVENTS = {
    "acr_2016": ", and no new organ event (kidney, heart, lung, gut or fingers)",
    "extended": ", and no new organ event of the longer list",
    "ignored": "",
}
_MISSING = {
    "not_improved": "a reading that is missing counts as not improved",
    "last_observation": "the last reading stands for one that is missing",
    "imputed": "a reading that is missing is imputed",
}
_WORSE = {"any": "", "one": ", at most one worse by as much", "none": ", none worse by as much"}


def _definition(rules: AssumedRules) -> str:
    rule = rules.responder_rule
    of_what = "of its value" if rule.fvc_kind == "relative" else ITEMS["fvc_percent"].spoken_unit
    return (
        f"at least {rule.percent:g} % better in at least {rule.items_needed} of five: {', '.join(_OTHERS)} and {_LUNG} "
        f"({rule.fvc_percent:g} % {of_what}){_WORSE[rule.worsening_items_allowed]}{_EVENTS[rule.organ_events]}; "
        f"{_MISSING[rule.missing]}"
    )


_LUNG = ITEMS["fvc_ml"].label
_OTHERS = [ITEMS[item].label for item in CORE_ITEMS if item != "fvc_percent"]

ENDPOINT = Endpoint(
    name="rcriss",
    label="Revised CRISS response",
    kind="responder",
    low=0.0,
    high=1.0,
    unit="1",
    higher_is_better=True,
    definition=(
        f"at least x % improvement in at least three of {', '.join(_OTHERS)} and {_LUNG} "
        f"(5 % of {ITEMS['fvc_percent'].spoken_unit} for {_LUNG}), without an organ event; details in the design's "
        "responder_rule"
    ),
    source="doi:10.1136/annrheumdis-2020-219100",
    compute=compute_rcriss,
    reads=RULES_OF_ENDPOINTS,
    variants=tuple(VARIANTS),
    name_rule=_label,
    define_rule=_definition,
)
