"""Endpoints that are events: whether, or how often, one happened by a visit, from a cumulative hazard of the model."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import poisson

from ifntrial.arrays import FloatArray
from ifntrial.clinic.conduct import ObservedArm
from ifntrial.clinic.endpoints.record import Endpoint, visit_index
from ifntrial.design.assumed import AssumedRules


def expected_events(observed: ObservedArm, quantity: str, visit_week: float) -> FloatArray:
    """Return the cumulative hazard until a visit or leaving, whichever is first, shape (replicates, subjects)."""
    return expected_in_time(observed, observed.values[quantity], visit_week)


def expected_in_time(observed: ObservedArm, cumulative: FloatArray, visit_week: float) -> FloatArray:
    """Return a hazard that is known at visits, shape (replicates, subjects, visits), as in ``expected_events``."""
    place = visit_index(observed, visit_week)
    weeks = observed.visit_week[: place + 1]
    hazard = cumulative[..., : place + 1]
    end = np.minimum(observed.leaving_week, visit_week)
    # linear between visits: piecewise constant rate
    after = np.clip(np.searchsorted(weeks, end, side="right"), 1, place)
    before = after - 1
    share = (end - weeks[before]) / (weeks[after] - weeks[before])
    low = np.take_along_axis(hazard, before[..., None], axis=-1)[..., 0]
    high = np.take_along_axis(hazard, after[..., None], axis=-1)[..., 0]
    return low + share * (high - low)


@dataclass(frozen=True, slots=True)
class Event:
    """An event that happens while in the trial.

    Parameters
    ----------
    label
        In words.
    hazard
        Quantity of the model: expected number since baseline.
    luck
        Name of the uniform numbers that decide.
    """

    label: str
    hazard: str
    luck: str

    def has_happened(self, observed: ObservedArm, visit_week: float, rules: AssumedRules) -> FloatArray:
        """Return who had at least one by a visit, 0 or 1; NaN where the model's value is missing."""
        del rules
        expected = expected_events(observed, self.hazard, visit_week)
        happened = expected >= -np.log(observed.uniforms[self.luck])
        return np.where(np.isnan(expected), np.nan, happened)

    def count(self, observed: ObservedArm, visit_week: float, rules: AssumedRules) -> FloatArray:
        """Return how many there were by a visit, Poisson around the cumulative hazard."""
        del rules
        expected = np.maximum(expected_events(observed, self.hazard, visit_week), 1e-12)
        return np.asarray(poisson.ppf(observed.uniforms[self.luck], expected), dtype=np.float64)


ZOSTER = Event("Herpes zoster", "zoster_hazard", "zoster")
SERIOUS_INFECTION = Event("Serious infection", "infection_hazard", "serious infection")
NEW_ULCERS = Event("New digital ulcers", "ulcer_hazard", "ulcers")


def _one_or_more(name: str, event: Event, source: str) -> Endpoint:
    return Endpoint(
        name=name,
        label=event.label,
        kind="responder",
        low=0.0,
        high=1.0,
        unit="1",
        higher_is_better=False,
        definition=f"{event.label.lower()} at least once between the first dose and the visit, or leaving",
        source=source,
        compute=event.has_happened,
    )


ENDPOINTS_OF_EVENTS = (
    Endpoint(
        name="new_ulcers",
        label=NEW_ULCERS.label,
        kind="count",
        low=0.0,
        high=np.inf,
        unit="ulcer",
        higher_is_better=False,
        definition="digital ulcers that appeared between the first dose and the visit, or leaving",
        source="DUAL-1, JAMA 2016",
        compute=NEW_ULCERS.count,
    ),
    _one_or_more("zoster", ZOSTER, "doi:10.1136/lupus-2020-000464"),
    _one_or_more("serious_infection", SERIOUS_INFECTION, "doi:10.1136/lupus-2020-000464"),
)
