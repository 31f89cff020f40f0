"""Change of the modified Rodnan skin score."""

from ifntrial.arrays import FloatArray
from ifntrial.clinic.conduct import ObservedArm
from ifntrial.clinic.endpoints.record import Endpoint, change_at
from ifntrial.design.assumed import AssumedRules


def compute_mrss_change(observed: ObservedArm, visit_week: float, rules: AssumedRules) -> FloatArray:
    """Return reading minus baseline [points], NaN where missing."""
    del rules
    return change_at(observed, "mrss", visit_week)


ENDPOINT = Endpoint(
    name="mrss_change",
    label="Change of mRSS",
    kind="change",
    low=-51.0,
    high=51.0,
    unit="mrss_point",
    higher_is_better=False,
    definition="modified Rodnan skin score (0-51) minus baseline",
    source="PMID:7562759",
    compute=compute_mrss_change,
)
