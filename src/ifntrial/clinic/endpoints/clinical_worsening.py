"""Time to clinical worsening of skin or lung, organ event, or leaving for lack of efficacy."""

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.clinic.conduct import REASONS, ObservedArm
from ifntrial.clinic.endpoints.record import Endpoint, seen
from ifntrial.clinic.worsening import first_week, is_worse
from ifntrial.design.assumed import AssumedRules, Worsening
from ifntrial.items import ITEMS

_SKIN, _USUAL = ITEMS["mrss"], Worsening()
"""What worsens, and by how much where a design does not say otherwise."""


def compute_clinical_worsening(observed: ObservedArm, visit_week: float, rules: AssumedRules) -> FloatArray:
    """Return the week of the first event until a visit, infinite if there was none, shape (replicates, subjects)."""
    worse = is_worse(seen(observed, "mrss"), seen(observed, "fvc_percent"), rules.rescue.worsening)
    at_visits = first_week(worse & (observed.visit_week > 0), observed.visit_week)
    gave_up = observed.discontinuation_reason == REASONS.index("lack of efficacy")
    left = np.where(gave_up, observed.discontinuation_week, np.inf)
    organ = observed.organ_event_week["acr_2016"]
    organ = np.where(organ <= observed.leaving_week, organ, np.inf)
    first = np.minimum(np.minimum(at_visits, left), organ)
    return np.where(first <= visit_week, first, np.inf)


ENDPOINT = Endpoint(
    name="clinical_worsening",
    label="Time to clinical worsening",
    kind="time",
    low=0.0,
    high=np.inf,
    unit="week",
    higher_is_better=True,
    definition=(
        f"weeks until {_SKIN.label} rises by {_USUAL.mrss_points:g} {_SKIN.spoken_unit} and {_USUAL.mrss_percent:g} %, "
        f"{ITEMS['fvc_ml'].label} % falls by {_USUAL.fvc_percent:g} % of its value, an organ event, or leaving for lack "
        "of efficacy"
    ),
    source="rule of this package after the composite of doi:10.1002/art.43120",
    compute=compute_clinical_worsening,
    reads=("organ_events",),
)
