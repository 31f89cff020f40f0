"""Organ events and death of a trial's subjects.

A design has a rate for the first year of disease and one for later; each is multiplied by what the model says of the
patient and of the organ (``model.mechanisms.organ_events``): one for the average untreated patient. That is taken as
linear between visits and as what it was at the last visit after that. The rate steps once, where the first year of
disease ends.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import AnyArray, FloatArray
from ifntrial.calendar import WEEKS_PER_YEAR
from ifntrial.design.assumed import OrganEvents

ACR_2016_EVENTS = ("renal_crisis", "left_ventricular_failure", "pulmonary_arterial_hypertension")
EXTENDED_EVENTS = (*ACR_2016_EVENTS, "gut_failure", "digital_ischemia")
DEATH = "death"
HAZARDS = (*EXTENDED_EVENTS, DEATH)
"""Events with a rate in a design."""

RELATIVE_HAZARD = "{}_relative_hazard"
NEVER = np.inf


@dataclass(frozen=True, slots=True)
class Baseline:
    """Rate of the average untreated patient.

    Parameters
    ----------
    first, later
        Events per week, in the first year of disease and after it.
    first_weeks
        Weeks of the trial that are still in the first year, shape (subjects,) or a number.
    """

    first: float
    later: float
    first_weeks: FloatArray | float

    def expected(self, week: FloatArray | float) -> FloatArray:
        """Return expected events by a week of the trial."""
        early = np.minimum(week, self.first_weeks)
        return np.asarray(self.first * early + self.later * np.maximum(week - self.first_weeks, 0.0))

    def week_of(self, expected: FloatArray) -> FloatArray:
        """Return the week by which so many events are expected, infinite if never."""
        in_first = self.first * self.first_weeks
        with np.errstate(divide="ignore", invalid="ignore"):
            early = np.where(expected > 0, expected / self.first, 0.0)
            late = self.first_weeks + np.where(expected > in_first, (expected - in_first) / self.later, 0.0)
        found = np.where(expected <= in_first, early, late)
        return np.where(np.isnan(found) | np.isnan(expected), NEVER, found)


def baseline_of(event: str, rates: OrganEvents, covariates: Mapping[str, AnyArray]) -> Baseline:
    """Return the rate of an event in a design, for subjects of a known duration of disease."""
    later = getattr(rates, event) / WEEKS_PER_YEAR
    first = getattr(rates, f"{event}_first_year", None)
    duration = covariates.get("disease_duration_years")
    if first is None or duration is None:
        return Baseline(later, later, 0.0)
    return Baseline(
        first / WEEKS_PER_YEAR,
        later,
        WEEKS_PER_YEAR * np.maximum(1.0 - np.asarray(duration, np.float64), 0.0),
    )


def cumulative_hazard(baseline: Baseline, relative: FloatArray, weeks: FloatArray) -> FloatArray:
    """Return expected events at each visit.

    Parameters
    ----------
    relative
        Rate over that of the average patient at each visit, shape (..., subjects, visits).
    weeks
        Of the visits, the first 0, shape (visits,).
    """
    risen = np.diff(_at_visits(baseline, weeks), axis=-1)
    steps = 0.5 * (relative[..., 1:] + relative[..., :-1]) * risen
    return np.concatenate([np.zeros((*steps.shape[:-1], 1)), np.cumsum(steps, axis=-1)], axis=-1)


def event_week(
    baseline: Baseline, relative: FloatArray | None, weeks: FloatArray, luck: FloatArray
) -> FloatArray:
    """Return the week of the first event, infinite if never or not known, shape (replicates, subjects).

    Parameters
    ----------
    relative
        As in ``cumulative_hazard``; None where everyone is the average patient.
    luck
        Uniform numbers, shape (replicates, subjects).
    """
    needed = -np.log(luck)
    if relative is None:
        return baseline.week_of(needed)
    hazard = cumulative_hazard(baseline, relative, weeks)
    before = np.sum(hazard[..., 1:] <= needed[..., None], axis=-1)[..., None]
    slope = np.concatenate([0.5 * (relative[..., 1:] + relative[..., :-1]), relative[..., -1:]], axis=-1)
    hazard, slope, reached = (_at(values, before) for values in (hazard, slope, _at_visits(baseline, weeks)))
    with np.errstate(divide="ignore", invalid="ignore"):
        return baseline.week_of(reached + (needed - hazard) / slope)


def _at_visits(baseline: Baseline, weeks: FloatArray) -> FloatArray:
    """Return what is expected of the average patient at each visit, shape (subjects or 1, visits)."""
    each = Baseline(baseline.first, baseline.later, np.atleast_1d(baseline.first_weeks)[:, None])
    return each.expected(np.asarray(weeks, np.float64))


def _at(values: FloatArray, place: AnyArray) -> FloatArray:
    shape = np.broadcast_shapes(values.shape[:-1], place.shape[:-1])
    full = np.broadcast_to(values, (*shape, values.shape[-1]))
    return np.take_along_axis(full, np.broadcast_to(place, (*shape, 1)), axis=-1)[..., 0]


def week_of_event(
    event: str,
    rates: OrganEvents,
    values: Mapping[str, FloatArray],
    covariates: Mapping[str, AnyArray],
    weeks: FloatArray,
    luck: Mapping[str, FloatArray],
) -> FloatArray:
    """Return the week of one of ``HAZARDS``, shape (replicates, subjects); arguments as of ``event_weeks``."""
    relative = values.get(RELATIVE_HAZARD.format(event))
    return event_week(baseline_of(event, rates, covariates), relative, weeks, luck[event])


def event_weeks(
    rates: OrganEvents,
    values: Mapping[str, FloatArray],
    covariates: Mapping[str, AnyArray],
    weeks: FloatArray,
    luck: Mapping[str, FloatArray],
) -> dict[str, FloatArray]:
    """Return the week of each of ``HAZARDS``, and of the first event of ``acr_2016`` and ``extended``.

    Parameters
    ----------
    values
        Read-outs at visits; an event without one has the same rate in everyone.
    luck
        Event to uniform numbers, each (replicates, subjects).
    """
    found = {event: week_of_event(event, rates, values, covariates, weeks, luck) for event in HAZARDS}
    lists = {"acr_2016": ACR_2016_EVENTS, "extended": EXTENDED_EVENTS}
    return found | {
        name: np.min([found[event] for event in events], axis=0) for name, events in lists.items()
    }
