"""Suppression of the interferon signature in skin."""

from ifntrial.arrays import FloatArray
from ifntrial.clinic.conduct import ObservedArm
from ifntrial.clinic.endpoints.record import Endpoint, at_visit
from ifntrial.design.assumed import AssumedRules


def compute_signature_suppression_skin(
    observed: ObservedArm, visit_week: float, rules: AssumedRules
) -> FloatArray:
    """Return one minus post over pre, NaN where missing."""
    del rules
    return at_visit(observed, "signature_suppression_skin", visit_week)


ENDPOINT = Endpoint(
    name="signature_suppression_skin",
    label="Signature suppression, skin",
    kind="value",
    low=-100.0,
    high=1.0,
    unit="1",
    higher_is_better=True,
    definition="1 - post/pre of the fold-change score in skin: suppression (b); stays below 1",
    source="doi:10.1186/ar4492",
    compute=compute_signature_suppression_skin,
)
