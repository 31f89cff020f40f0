"""What an endpoint is, and the few steps that several endpoints share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray
from ifntrial.clinic.conduct import NEVER, ObservedArm
from ifntrial.clinic.organ_events import DEATH
from ifntrial.design.assumed import AssumedRules
from ifntrial.errors import InputError, listed

Kind = Literal["responder", "change", "value", "count", "time"]

RULES_OF_ENDPOINTS = ("responder_rule", "organ_events")
"""Blocks of a design's assumed rules that only some endpoints depend on."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What is measured per subject at a visit.

    Parameters
    ----------
    name, label
        Name in files and in words.
    kind
        ``responder`` (0 or 1), ``change`` from baseline, ``value``, ``count`` or ``time`` to an event.
    low, high, unit
        Range, and unit as ``units.parse_unit`` reads it.
    higher_is_better
        Direction.
    definition, source
        In words, and where it is from.
    compute
        From an arm, a visit week and the rules: one value per replicate and subject, shape (replicates, subjects); NaN
        where it is missing. A responder is never missing: the rules say how missing data count.
    reads
        Which of ``RULES_OF_ENDPOINTS`` it depends on.
    variants
        Names of other readings of its rule, see ``rcriss.VARIANTS``; empty where it has one reading.
    name_rule
        Label with what the rules fill in; None where they fill in nothing.
    define_rule
        The same for the definition.
    is_log
        Whether the logarithm is analysed: a ratio to baseline.
    """

    name: str
    label: str
    kind: Kind
    low: float
    high: float
    unit: str
    higher_is_better: bool
    definition: str
    source: str
    compute: Callable[[ObservedArm, float, AssumedRules], FloatArray]
    reads: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    name_rule: Callable[[AssumedRules], str] | None = None
    define_rule: Callable[[AssumedRules], str] | None = None
    is_log: bool = False

    def label_under(self, rules: AssumedRules) -> str:
        """Return the label, with what the rules of a design fill in."""
        return self.label if self.name_rule is None else self.name_rule(rules)

    def definition_under(self, rules: AssumedRules) -> str:
        """Return the definition, with what the rules of a design fill in."""
        return self.definition if self.define_rule is None else self.define_rule(rules)


Endpoints = Mapping[str, Endpoint]
"""What a design may plan, by name."""


def visit_index(observed: ObservedArm, visit_week: float) -> int:
    """Return the place of a visit.

    Raises
    ------
    InputError
        If the visit is not planned.
    """
    places = np.flatnonzero(np.isclose(observed.visit_week, visit_week))
    if len(places) == 0:
        raise InputError(
            f"visit week {visit_week:g} is not in the trial",
            allowed=listed(f"{week:g}" for week in observed.visit_week),
            fix="use one of these visits, or add it to the design's schedule",
        )
    return int(places[0])


def seen(observed: ObservedArm, quantity: str) -> FloatArray:
    """Return the readings of a quantity, NaN where the visit did not take place, shape (replicates, subjects, visits)."""
    return np.where(observed.attended, observed.values[quantity], np.nan)


def at_visit(
    observed: ObservedArm, quantity: str, visit_week: float, *, carry_forward: bool = False
) -> FloatArray:
    """Return the reading at a visit, or with ``carry_forward`` the last since baseline, shape (replicates, subjects)."""
    place = visit_index(observed, visit_week)
    reading = _seen_at(observed, quantity, place)
    for earlier in range(place - 1, 0, -1) if carry_forward else ():
        reading = np.where(np.isnan(reading), _seen_at(observed, quantity, earlier), reading)
    return reading


def _seen_at(observed: ObservedArm, quantity: str, place: int) -> FloatArray:
    return np.where(observed.attended[..., place], observed.values[quantity][..., place], np.nan)


def change_at(observed: ObservedArm, quantity: str, visit_week: float) -> FloatArray:
    """Return reading minus baseline, shape (replicates, subjects)."""
    return at_visit(observed, quantity, visit_week) - _seen_at(observed, quantity, 0)


def composite_failure(observed: ObservedArm, visit_week: float, rules: AssumedRules) -> BoolArray:
    """Return who had, before this visit, an intercurrent event that counts as failure, shape (replicates, subjects).

    Death counts under every strategy: there is no response to speak of after it.
    """
    left = (observed.discontinuation_week < visit_week) & (rules.estimand.discontinuation == "composite")
    rescued = (observed.rescue_week < visit_week) & (rules.estimand.rescue == "composite")
    died = observed.organ_event_week.get(DEATH, NEVER) < visit_week
    return left | rescued | died
