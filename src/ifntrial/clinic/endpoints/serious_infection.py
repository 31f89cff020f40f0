"""Serious infection by a visit."""

from ifntrial.arrays import FloatArray
from ifntrial.clinic.conduct import ObservedArm
from ifntrial.clinic.endpoints.hazards import event_by
from ifntrial.clinic.endpoints.record import Endpoint
from ifntrial.design.assumed import AssumedRules


def compute_serious_infection(observed: ObservedArm, visit_week: float, rules: AssumedRules) -> FloatArray:
    """Return who had the event while in the trial, 0 or 1."""
    del rules
    return event_by(observed, "infection_hazard", "serious infection", visit_week)


ENDPOINT = Endpoint(
    name="serious_infection",
    label="Serious infection",
    kind="responder",
    low=0.0,
    high=1.0,
    unit="1",
    higher_is_better=False,
    definition="at least one serious infection between the first dose and the visit, or leaving",
    source="doi:10.1136/lupus-2020-000464",
    compute=compute_serious_infection,
)
