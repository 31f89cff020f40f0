"""What one virtual trial counts: subjects with an event, and their exact Poisson interval."""

from collections.abc import Iterator, Mapping

import numpy as np
from scipy.stats import chi2

from ifntrial.arrays import IntArray
from ifntrial.clinic.conduct import ObservedArm
from ifntrial.clinic.endpoints.events import SERIOUS_INFECTION, ZOSTER
from ifntrial.clinic.safety import SafetyEvent, years_at_risk
from ifntrial.design.design import TrialDesign
from ifntrial.studies.safety.in_worlds import events_of
from ifntrial.studies.safety.result import CountedEvents

_HAZARDS = {event.hazard: event for event in (ZOSTER, SERIOUS_INFECTION)}
ALPHA = 0.05


def counted_events(
    design: TrialDesign, arms: Mapping[str, ObservedArm], assigned: IntArray
) -> tuple[CountedEvents, ...]:
    """Return the events of each arm until the primary visit, of the subjects who were assigned to it.

    Reactions and antibodies are told by rates over worlds alone: no subject's own are drawn.

    Parameters
    ----------
    assigned
        Place in ``design.arms`` of the arm each subject got, shape (subjects,).
    """
    return tuple(
        row
        for event in events_of(design)
        if event.kind != "early"
        for row in _of_event(event, design, arms, assigned)
    )


def _of_event(
    event: SafetyEvent, design: TrialDesign, arms: Mapping[str, ObservedArm], assigned: IntArray
) -> Iterator[CountedEvents]:
    week = design.primary.visit_week
    for place, arm in enumerate(design.arms):
        seen, own = arms[arm.name], assigned == place
        followed = np.minimum(seen.leaving_week[0], week)
        if event.kind == "organ":
            happened = seen.organ_event_week[event.name][0] <= followed
        else:
            happened = _HAZARDS[event.hazard].has_happened(seen, week, design.assumed)[0] == 1
        is_known = own & (seen.status == "ok")
        count = int(np.sum(happened & is_known))
        years = float(years_at_risk(seen, week)[0][is_known].sum())
        low, high = exact_rate_interval(count, years / 100.0)
        yield CountedEvents(
            arm.name, event.name, event.label, count, years, count / years * 100.0, low, high, event.borrowed
        )


def exact_rate_interval(count: int, time: float) -> tuple[float, float]:
    """Return the exact 95 % interval of a Poisson rate (Garwood 1936) from a count in some time."""
    low = chi2.ppf(ALPHA / 2, 2 * count) / 2 if count else 0.0
    return float(low / time), float(chi2.ppf(1 - ALPHA / 2, 2 * count + 2) / 2 / time)
