"""What happens in a trial beside the disease: leaving, escape therapy, missed visits, organ events."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ifntrial.population.records import LatentCourse
from ifntrial.seeds import Stream
from ifntrial.trial.measure import visit_key
from ifntrial.trial.rules import AssumedRules, OrganEvents, Worsening

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

WEEKS_PER_YEAR = 365.25 / 7.0
NEVER = np.inf

ACR_2016_EVENTS = ("renal_crisis", "left_ventricular_failure", "pulmonary_arterial_hypertension")
EXTENDED_EVENTS = (*ACR_2016_EVENTS, "gut_failure", "digital_ischemia")
REASONS = ("", "at random", "adverse event", "lack of efficacy")
_ONCE = (
    "leaving at random",
    "leaving for an adverse event",
    *EXTENDED_EVENTS,
    "zoster",
    "serious infection",
    "ulcers",
)
_AT_VISITS = ("leaving for lack of efficacy", "escape therapy", "missed visit")


@dataclass(frozen=True, slots=True)
class ConductNoise:
    """Uniform numbers behind the conduct; the same for every arm.

    Parameters
    ----------
    once
        Purpose to one number per subject, shape (replicates, subjects).
    at_visits
        Purpose to one number per visit, shape (replicates, subjects, visits).
    """

    once: Mapping[str, FloatArray]
    at_visits: Mapping[str, FloatArray]


@dataclass(frozen=True, slots=True)
class ObservedArm:
    """One arm as a trial sees it; arrays lead with the replicates of measurement and conduct.

    Parameters
    ----------
    arm, world, visit_week
        As in ``LatentCourse``.
    values
        Quantity to readings of shape (replicates, subjects, visits), also for visits that nobody attended.
    attended
        Whether the visit took place, same shape.
    discontinuation_week, rescue_week
        When the subject left, and when escape therapy began; infinite: never. Shape (replicates, subjects).
    discontinuation_reason
        Index into ``REASONS``, same shape.
    organ_event_week
        First organ event of the lists ``acr_2016`` and ``extended`` (without the lung), same shape.
    uniforms
        Numbers for events that follow a hazard of the model (``zoster``, ``serious infection``, ``ulcers``), same shape.
    covariates
        Name to values of shape (subjects,).
    status
        ``ok`` or why the simulation ended, shape (subjects,).
    """

    arm: str
    world: int
    visit_week: FloatArray
    values: Mapping[str, FloatArray]
    attended: BoolArray
    discontinuation_week: FloatArray
    discontinuation_reason: NDArray[np.int8]
    rescue_week: FloatArray
    organ_event_week: Mapping[str, FloatArray]
    uniforms: Mapping[str, FloatArray]
    covariates: Mapping[str, NDArray[np.generic]]
    status: NDArray[np.str_]


# Worlds on the same seed, subjects and visits ask for the same numbers again and again.
@lru_cache(maxsize=4)
def draw_conduct_noise(
    seed: int,
    world: int,
    visit_week: tuple[float, ...],
    subjects: int,
    replicates: int = 1,
    first_replicate: int = 0,
) -> ConductNoise:
    """Return the noise of ``replicates`` repeats of the same trial on the same subjects."""
    draws = range(first_replicate, first_replicate + replicates)
    once = {
        purpose: np.array([Stream(seed, purpose).uniform(subjects, world=world, draw=draw) for draw in draws])
        for purpose in _ONCE
    }
    at_visits = {}
    for purpose in _AT_VISITS:
        stream = Stream(seed, purpose)
        columns = [
            [stream.uniform(subjects, world=world, visit=visit_key(week), draw=draw) for week in visit_week]
            for draw in draws
        ]
        at_visits[purpose] = np.moveaxis(np.array(columns), 1, 2)
    return ConductNoise(once, at_visits)


def conduct(
    course: LatentCourse,
    readings: Mapping[str, FloatArray],
    rules: AssumedRules,
    noise: ConductNoise,
    covariates: Mapping[str, NDArray[np.generic]],
) -> ObservedArm:
    """Return one arm with everything that happens to its subjects, in every replicate.

    Decisions rest on what was read, not on the truth, and on visits before leaving. The organ events and the causes that
    do not depend on the disease strike the same subjects at the same time in every arm.
    """
    weeks = np.asarray(course.visit_week, dtype=np.float64)
    last, reason = _discontinuation(readings, rules, noise, weeks)
    missed = (noise.at_visits["missed visit"] < rules.missed_visits.share) & (weeks > 0)
    simulated = np.all([np.isfinite(values) for values in readings.values()], axis=0)
    attended = (weeks <= last[..., None]) & ~missed & simulated
    rescue = _first_worsening(
        readings, rules.rescue.worsening, attended, weeks, from_week=rules.rescue.from_week
    )
    chosen = rescue & (noise.at_visits["escape therapy"] < rules.rescue.share)
    return ObservedArm(
        arm=course.arm,
        world=course.world,
        visit_week=weeks,
        values=readings,
        attended=attended,
        discontinuation_week=last,
        discontinuation_reason=reason,
        rescue_week=_first_week(chosen, weeks),
        organ_event_week={
            "acr_2016": _first_organ_event(ACR_2016_EVENTS, rules.organ_events, noise),
            "extended": _first_organ_event(EXTENDED_EVENTS, rules.organ_events, noise),
        },
        uniforms={name: noise.once[name] for name in ("zoster", "serious infection", "ulcers")},
        covariates=covariates,
        status=course.status,
    )


def _discontinuation(
    readings: Mapping[str, FloatArray], rules: AssumedRules, noise: ConductNoise, weeks: FloatArray
) -> tuple[FloatArray, NDArray[np.int8]]:
    """Return the week of leaving and the reason, as an index into ``REASONS``."""
    everyone = np.ones(noise.at_visits["missed visit"].shape, dtype=bool)
    worse = _first_worsening(readings, rules.dropout.worsening, everyone, weeks, from_week=0.0)
    leaves = worse & (noise.at_visits["leaving for lack of efficacy"] < rules.dropout.lack_of_efficacy_share)
    candidates = np.array(
        [
            _exponential_weeks(noise.once["leaving at random"], rules.dropout.at_random),
            _exponential_weeks(noise.once["leaving for an adverse event"], rules.dropout.adverse_event),
            _first_week(leaves, weeks),
        ]
    )
    week = candidates.min(axis=0)
    after_end = week > weeks[-1]
    reason = np.where(after_end, 0, candidates.argmin(axis=0) + 1).astype(np.int8)
    return np.where(after_end, NEVER, week), reason


def _first_worsening(
    readings: Mapping[str, FloatArray],
    rule: Worsening,
    attended: BoolArray,
    weeks: FloatArray,
    *,
    from_week: float,
) -> BoolArray:
    """Return at which attended visits the skin or the lung is read as worse than at baseline."""
    mrss, fvc = readings["mrss"], readings["fvc_percent"]
    rise = mrss - mrss[..., :1]
    skin = (rise >= rule.mrss_points) & (100.0 * rise >= rule.mrss_percent * mrss[..., :1])
    lung = 100.0 * (fvc[..., :1] - fvc) >= rule.fvc_percent * fvc[..., :1]
    return (skin | lung) & attended & (weeks > 0) & (weeks >= from_week)


def _first_week(happens: BoolArray, weeks: FloatArray) -> FloatArray:
    """Return the week of the first visit at which something happens, infinite if never."""
    return np.where(happens, weeks, NEVER).min(axis=-1)


def _exponential_weeks(uniform: FloatArray, yearly_rate: float) -> FloatArray:
    if yearly_rate == 0:
        return np.full(uniform.shape, NEVER)
    return -np.log(uniform) / yearly_rate * WEEKS_PER_YEAR


def _first_organ_event(names: tuple[str, ...], rates: OrganEvents, noise: ConductNoise) -> FloatArray:
    return np.min([_exponential_weeks(noise.once[name], getattr(rates, name)) for name in names], axis=0)
