"""Skin improvement that patients notice: mRSS down by at least 5 points and 25 %."""

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.clinic.conduct import ObservedArm
from ifntrial.clinic.endpoints.record import Endpoint, change_at, composite_failure, seen
from ifntrial.design.assumed import AssumedRules
from ifntrial.items import ITEMS
from ifntrial.ties import reaches

_SKIN = ITEMS["mrss"]
POINTS = 5.0
PERCENT = 25.0


def compute_mrss_responder(observed: ObservedArm, visit_week: float, rules: AssumedRules) -> FloatArray:
    """Return who improved, 0 or 1; missing has not improved."""
    fall = -change_at(observed, "mrss", visit_week)
    baseline = seen(observed, "mrss")[..., 0]
    improved = reaches(fall, POINTS) & reaches(100.0 * fall, PERCENT * baseline)
    return (improved & ~composite_failure(observed, visit_week, rules)).astype(np.float64)


ENDPOINT = Endpoint(
    name="mrss_responder",
    label=f"{_SKIN.label} response",
    kind="responder",
    low=0.0,
    high=1.0,
    unit="1",
    higher_is_better=True,
    definition=(
        f"{_SKIN.label} lower than baseline by at least {POINTS:g} {_SKIN.spoken_unit} and {PERCENT:g} % "
        "(the mirror of progression as EUSTAR defines it)"
    ),
    source="doi:10.1186/s13075-019-1809-y",
    compute=compute_mrss_responder,
)
