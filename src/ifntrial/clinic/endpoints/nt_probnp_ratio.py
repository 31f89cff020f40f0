"""NT-proBNP at a visit relative to baseline."""

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.clinic.conduct import ObservedArm
from ifntrial.clinic.endpoints.record import Endpoint, at_visit, seen
from ifntrial.design.assumed import AssumedRules


def compute_nt_probnp_ratio(observed: ObservedArm, visit_week: float, rules: AssumedRules) -> FloatArray:
    """Return reading over baseline, NaN where missing."""
    del rules
    return at_visit(observed, "nt_probnp", visit_week) / seen(observed, "nt_probnp")[..., 0]


ENDPOINT = Endpoint(
    name="nt_probnp_ratio",
    label="NT-proBNP relative to baseline",
    kind="value",
    low=0.0,
    high=np.inf,
    unit="1",
    higher_is_better=False,
    definition="NT-proBNP over its baseline value; analyse the logarithm",
    source="ACR 2015 abstract on cardiac biomarkers in SSc",
    compute=compute_nt_probnp_ratio,
)
