"""Events and counts that follow a cumulative hazard of the model."""

import numpy as np
from scipy.stats import poisson

from ifntrial.arrays import FloatArray
from ifntrial.clinic.conduct import ObservedArm
from ifntrial.clinic.endpoints.record import visit_index


def expected_events(observed: ObservedArm, quantity: str, visit_week: float) -> FloatArray:
    """Return the cumulative hazard until a visit or leaving, whichever is first, shape (replicates, subjects)."""
    place = visit_index(observed, visit_week)
    weeks = observed.visit_week[: place + 1]
    hazard = observed.values[quantity][..., : place + 1]
    end = np.minimum(observed.leaving_week, visit_week)
    # linear between visits: piecewise constant rate
    after = np.clip(np.searchsorted(weeks, end, side="right"), 1, place)
    before = after - 1
    share = (end - weeks[before]) / (weeks[after] - weeks[before])
    low = np.take_along_axis(hazard, before[..., None], axis=-1)[..., 0]
    high = np.take_along_axis(hazard, after[..., None], axis=-1)[..., 0]
    return low + share * (high - low)


def event_by(observed: ObservedArm, quantity: str, purpose: str, visit_week: float) -> FloatArray:
    """Return who had at least one event by a visit, 0 or 1; NaN where the model's value is missing."""
    expected = expected_events(observed, quantity, visit_week)
    happened = expected >= -np.log(observed.uniforms[purpose])
    return np.where(np.isnan(expected), np.nan, happened)


def count_by(observed: ObservedArm, quantity: str, purpose: str, visit_week: float) -> FloatArray:
    """Return the number of events by a visit, Poisson around the cumulative hazard."""
    expected = expected_events(observed, quantity, visit_week)
    return np.asarray(poisson.ppf(observed.uniforms[purpose], np.maximum(expected, 1e-12)), dtype=np.float64)
