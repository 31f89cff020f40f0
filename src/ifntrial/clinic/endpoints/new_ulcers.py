"""Number of new digital ulcers."""

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.clinic.conduct import ObservedArm
from ifntrial.clinic.endpoints.hazards import count_by
from ifntrial.clinic.endpoints.record import Endpoint
from ifntrial.design.assumed import AssumedRules


def compute_new_ulcers(observed: ObservedArm, visit_week: float, rules: AssumedRules) -> FloatArray:
    """Return the number of new ulcers while in the trial."""
    del rules
    return count_by(observed, "ulcer_hazard", "ulcers", visit_week)


ENDPOINT = Endpoint(
    name="new_ulcers",
    label="New digital ulcers",
    kind="count",
    low=0.0,
    high=np.inf,
    unit="ulcer",
    higher_is_better=False,
    definition="digital ulcers that appeared between the first dose and the visit, or leaving",
    source="DUAL-1, JAMA 2016",
    compute=compute_new_ulcers,
)
