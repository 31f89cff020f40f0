"""Change of the patient's global assessment."""

from ifntrial.arrays import FloatArray
from ifntrial.clinic.conduct import ObservedArm
from ifntrial.clinic.endpoints.record import Endpoint, change_at
from ifntrial.design.assumed import AssumedRules


def compute_patient_global_change(
    observed: ObservedArm, visit_week: float, rules: AssumedRules
) -> FloatArray:
    """Return reading minus baseline [points], NaN where missing."""
    del rules
    return change_at(observed, "patient_global", visit_week)


ENDPOINT = Endpoint(
    name="patient_global_change",
    label="Change of patient global",
    kind="change",
    low=-10.0,
    high=10.0,
    unit="global_point",
    higher_is_better=False,
    definition="patient global assessment (0-10) minus baseline",
    source="doi:10.1002/acr.22339",
    compute=compute_patient_global_change,
)
