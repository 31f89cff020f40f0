"""Change of forced vital capacity in percent of the predicted value."""

from ifntrial.arrays import FloatArray
from ifntrial.clinic.conduct import ObservedArm
from ifntrial.clinic.endpoints.record import Endpoint, change_at
from ifntrial.design.assumed import AssumedRules


def compute_fvc_percent_change(observed: ObservedArm, visit_week: float, rules: AssumedRules) -> FloatArray:
    """Return reading minus baseline [percentage points], NaN where missing."""
    del rules
    return change_at(observed, "fvc_percent", visit_week)


ENDPOINT = Endpoint(
    name="fvc_percent_change",
    label="Change of FVC % predicted",
    kind="change",
    low=-195.0,
    high=195.0,
    unit="percent_predicted",
    higher_is_better=True,
    definition="forced vital capacity, % of predicted, minus baseline",
    source="doi:10.1164/rccm.201709-1845OC",
    compute=compute_fvc_percent_change,
)
