"""What the analysis of an endpoint takes from an arm: outcomes as they count under the strategies of the estimand."""

from dataclasses import dataclass, replace

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray
from ifntrial.calendar import WEEKS_PER_YEAR
from ifntrial.clinic.conduct import ObservedArm
from ifntrial.clinic.endpoints.record import Endpoint, visit_index
from ifntrial.design.assumed import AssumedRules, EstimandPlan

_SUFFIXES = ("_change", "_ratio")


@dataclass(frozen=True, slots=True)
class AnalysedArm:
    """The outcomes of an arm, with what they are adjusted for.

    Parameters
    ----------
    outcome
        At each visit after baseline up to that of the endpoint, on the scale of the analysis; NaN where there is none,
        shape (replicates, subjects, visits).
    baseline
        What a change, or a ratio, is adjusted for, on the same scale, shape (replicates, subjects); None without one.
    years
        Time at risk [year], same shape.
    """

    outcome: FloatArray
    baseline: FloatArray | None
    years: FloatArray

    @property
    def last(self) -> FloatArray:
        """Outcome at the visit of the endpoint, shape (replicates, subjects)."""
        return np.asarray(self.outcome[..., -1])


def analysed_arm(
    observed: ObservedArm, endpoint: Endpoint, week: float, rules: AssumedRules, *, every_visit: bool = False
) -> AnalysedArm:
    """Return what is analysed of an endpoint at a visit.

    Parameters
    ----------
    every_visit
        Whether the visits before it are wanted, too.

    Raises
    ------
    InputError
        If the visit is not planned.
    """
    arm = as_it_counts(observed, rules.estimand) if endpoint.kind in ("change", "value") else observed
    place = visit_index(observed, week)
    weeks = observed.visit_week[1 : place + 1] if every_visit else observed.visit_week[place : place + 1]
    outcome = np.stack([endpoint.compute(arm, float(each), rules) for each in weeks], axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = np.log(outcome) if endpoint.is_log else outcome
    years = np.minimum(observed.leaving_week, week) / WEEKS_PER_YEAR
    return AnalysedArm(scaled, _baseline(observed, endpoint), np.asarray(years))


def _baseline(observed: ObservedArm, endpoint: Endpoint) -> FloatArray | None:
    """Return the reading at baseline of what changes, the same in every arm."""
    quantity = endpoint.name
    for suffix in _SUFFIXES:
        quantity = quantity.removesuffix(suffix)
    if quantity == endpoint.name or quantity not in observed.values:
        return None
    reading = np.asarray(observed.values[quantity][..., 0])
    return np.log(reading) if endpoint.is_log else reading


def as_it_counts(arm: ObservedArm, plan: EstimandPlan) -> ObservedArm:
    """Return an arm with the visits that count where stopping and escape therapy are no part of the endpoint.

    Under a hypothetical strategy what is read after the event is missing; while on treatment the last reading until it
    stands for all later ones. A composite strategy has no meaning here, see ``design.statements``.
    """
    attended, values = arm.attended, dict(arm.values)
    for week, strategy in (
        (arm.discontinuation_week, plan.discontinuation),
        (arm.rescue_week, plan.rescue),
    ):
        after = arm.visit_week > week[..., None]
        if strategy == "hypothetical":
            attended = attended & ~after
        elif strategy == "while_on_treatment":
            last = _last_attended(attended & ~after)
            values = {
                name: np.where(after, np.take_along_axis(_wide(each, last), last, axis=-1), each)
                for name, each in values.items()
            }
            attended = attended | after
    return replace(arm, attended=attended, values=values)


def _wide(values: FloatArray, like: np.ndarray) -> FloatArray:
    return np.broadcast_to(values, like.shape)


def _last_attended(attended: BoolArray) -> np.ndarray:
    """Return the place of the last attended visit at or before each one, shape of ``attended``; baseline is the first."""
    places = np.where(attended, np.arange(attended.shape[-1]), 0)
    return np.maximum.accumulate(places, axis=-1)
