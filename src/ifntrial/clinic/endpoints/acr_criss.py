"""ACR CRISS (2016): the probability that an expert would call the patient improved."""

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.clinic.conduct import ObservedArm
from ifntrial.clinic.endpoints.rcriss import organ_event_by
from ifntrial.clinic.endpoints.record import RULES_OF_ENDPOINTS, Endpoint, change_at
from ifntrial.design.assumed import AssumedRules
from ifntrial.items import ITEMS

_GLOBAL = ITEMS["patient_global"]
INTERCEPT = -5.54
PER_UNIT_OF_CHANGE = {
    "mrss": -0.81,
    "fvc_percent": 0.21,
    "patient_global": -0.40,
    "physician_global": -0.44,
    "haq_di": -3.41,
}


def compute_acr_criss(observed: ObservedArm, visit_week: float, rules: AssumedRules) -> FloatArray:
    """Return the probability of improvement, 0 after an organ event, NaN if an item is missing."""
    changes = {item: change_at(observed, item, visit_week) for item in PER_UNIT_OF_CHANGE}
    predictor = INTERCEPT + np.sum(
        [slope * changes[item] for item, slope in PER_UNIT_OF_CHANGE.items()], axis=0
    )
    return np.where(organ_event_by(observed, visit_week, rules), 0.0, 1.0 / (1.0 + np.exp(-predictor)))


ENDPOINT = Endpoint(
    name="acr_criss",
    label="ACR CRISS",
    kind="value",
    low=0.0,
    high=1.0,
    unit="1",
    higher_is_better=True,
    definition=(
        f"logistic function of the changes in {ITEMS['mrss'].label}, {ITEMS['fvc_ml'].label} %, "
        f"globals ({_GLOBAL.low:g}-{_GLOBAL.high:g}) and {ITEMS['haq_di'].label}; 0 after an organ event"
    ),
    source="PMC4818571",
    compute=compute_acr_criss,
    reads=RULES_OF_ENDPOINTS,
)
