"""Change of the disability index of the health assessment questionnaire."""

from ifntrial.arrays import FloatArray
from ifntrial.clinic.conduct import ObservedArm
from ifntrial.clinic.endpoints.record import Endpoint, change_at
from ifntrial.design.assumed import AssumedRules


def compute_haq_di_change(observed: ObservedArm, visit_week: float, rules: AssumedRules) -> FloatArray:
    """Return reading minus baseline [points], NaN where missing."""
    del rules
    return change_at(observed, "haq_di", visit_week)


ENDPOINT = Endpoint(
    name="haq_di_change",
    label="Change of HAQ-DI",
    kind="change",
    low=-3.0,
    high=3.0,
    unit="haq_point",
    higher_is_better=False,
    definition="HAQ-DI (0-3 in steps of 0.125) minus baseline",
    source="PMID:16540546",
    compute=compute_haq_di_change,
)
