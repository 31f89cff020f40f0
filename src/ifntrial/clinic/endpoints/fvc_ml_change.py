"""Change of forced vital capacity in millilitres."""

from ifntrial.arrays import FloatArray
from ifntrial.clinic.conduct import ObservedArm
from ifntrial.clinic.endpoints.record import Endpoint, change_at
from ifntrial.design.assumed import AssumedRules


def compute_fvc_ml_change(observed: ObservedArm, visit_week: float, rules: AssumedRules) -> FloatArray:
    """Return reading minus baseline [mL], NaN where missing."""
    del rules
    return change_at(observed, "fvc_ml", visit_week)


ENDPOINT = Endpoint(
    name="fvc_ml_change",
    label="Change of FVC",
    kind="change",
    low=-10000.0,
    high=10000.0,
    unit="mL",
    higher_is_better=True,
    definition="forced vital capacity in mL minus baseline; falls with age by itself",
    source="doi:10.1186/s12931-022-02095-6",
    compute=compute_fvc_ml_change,
)
