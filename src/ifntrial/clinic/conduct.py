"""What happens in a trial beside the disease: stopping, leaving, escape therapy, missed visits, organ events."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ifntrial.arrays import AnyArray, BoolArray, CodeArray, FloatArray, WordArray
from ifntrial.calendar import WEEKS_PER_YEAR, planned_days
from ifntrial.clinic.organ_events import DEATH, HAZARDS, event_weeks, week_of_event
from ifntrial.clinic.visit_days import visit_key
from ifntrial.clinic.worsening import first_week, is_worse
from ifntrial.design.assumed import AssumedRules, Worsening
from ifntrial.patients.records import LatentCourse
from ifntrial.read_only import returns_read_only
from ifntrial.seeds import Stream

Reread = Callable[[FloatArray, FloatArray], Mapping[str, FloatArray]]
"""From the weeks of stopping and of escape therapy (infinite: never), each of shape (replicates, subjects), to the
readings that follow."""

INTERCURRENT_EVENTS = ("discontinuation", "rescue")

NEVER = np.inf

REASONS = ("", "at random", "adverse event", "lack of efficacy", DEATH)
_ONCE = (
    "leaving at random",
    "leaving for an adverse event",
    "staying after stopping",
    *HAZARDS,
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
        When the subject stopped treatment, and when escape therapy began; infinite: never. Shape (replicates, subjects).
        All events are told in weeks of the plan; the actual day of a visit only moves what is read.
    leaving_week
        When the subject left the trial: on stopping, or never if it stayed under observation. Same shape.
    discontinuation_reason
        Index into ``REASONS``, same shape.
    organ_event_week
        First organ event of the lists ``acr_2016`` and ``extended`` (without the lung), each organ event by its name,
        and ``death``, same shape.
    uniforms
        Numbers for events that follow a hazard of the model (``zoster``, ``serious infection``, ``ulcers``), same shape.
    covariates
        Name to values of shape (subjects,).
    status
        ``ok`` or why the simulation ended, shape (subjects,).
    offset_days
        How many days each visit was off its plan, shape (replicates, subjects, visits).
    """

    arm: str
    world: int
    visit_week: FloatArray
    values: Mapping[str, FloatArray]
    attended: BoolArray
    discontinuation_week: FloatArray
    discontinuation_reason: CodeArray
    leaving_week: FloatArray
    rescue_week: FloatArray
    organ_event_week: Mapping[str, FloatArray]
    uniforms: Mapping[str, FloatArray]
    covariates: Mapping[str, AnyArray]
    status: WordArray
    offset_days: FloatArray


# Worlds on the same seed, subjects and visits ask for the same numbers again and again.
@lru_cache(maxsize=4)
@returns_read_only
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


@dataclass(frozen=True, slots=True)
class _Events:
    """When what happened to each subject, (replicates, subjects), and which visits took place."""

    stop_week: FloatArray
    reason: CodeArray
    leaving_week: FloatArray
    rescue_week: FloatArray
    attended: BoolArray


def conduct(
    course: LatentCourse,
    readings: Mapping[str, FloatArray],
    rules: AssumedRules,
    noise: ConductNoise,
    covariates: Mapping[str, AnyArray],
    *,
    reread: Reread | None = None,
    without: frozenset[str] = frozenset(),
    offset_days: FloatArray | None = None,
) -> ObservedArm:
    """Return one arm with everything that happens to its subjects, in every replicate.

    Decisions rest on what was read at attended visits, not on the truth. Causes that do not depend on the disease strike
    the same subjects at the same time in every arm; organ events and death have the same luck in every arm, and come
    sooner or later as the organ goes. Death ends treatment and follow-up whatever else happens.

    Parameters
    ----------
    readings
        Of subjects who go on with treatment and get no escape therapy.
    reread
        The readings of subjects who stop or get escape therapy; without it neither changes what is read.
    without
        Intercurrent events that do not happen, of ``INTERCURRENT_EVENTS``: the world of a hypothetical strategy.
    offset_days
        How far off its plan each visit took place; only noted here.
    """
    weeks = np.asarray(course.visit_week, dtype=np.float64)
    # death is not drawn again for those who stop: its rate there is that of the treatment to the end
    death_week = week_of_event(DEATH, rules.organ_events, readings, covariates, weeks, noise.once)
    events = _events(readings, rules, noise, weeks, without, death_week)
    if reread is not None:
        # Readings are right up to and at the first event of each subject. With what follows it they are right up to
        # and at the second, and there is no third.
        stops_first = events.stop_week <= events.rescue_week
        stop = np.where(stops_first, events.stop_week, NEVER)
        rescue = np.where(stops_first, NEVER, events.rescue_week)
        readings = _changed_after(np.minimum(stop, rescue), readings, reread(stop, rescue), weeks)
        events = _events(readings, rules, noise, weeks, without, death_week)
        second = np.maximum(events.stop_week, events.rescue_week)
        both = reread(events.stop_week, events.rescue_week)
        readings = _changed_after(second, readings, both, weeks)
    return ObservedArm(
        arm=course.arm,
        world=course.world,
        visit_week=weeks,
        values=readings,
        attended=events.attended,
        discontinuation_week=events.stop_week,
        discontinuation_reason=events.reason,
        leaving_week=events.leaving_week,
        rescue_week=events.rescue_week,
        organ_event_week=event_weeks(rules.organ_events, readings, covariates, weeks, noise.once)
        | {DEATH: death_week},
        uniforms={name: noise.once[name] for name in ("zoster", "serious infection", "ulcers")},
        covariates=covariates,
        status=course.status,
        offset_days=np.zeros(events.attended.shape) if offset_days is None else offset_days,
    )


def _changed_after(
    event_week: FloatArray,
    before: Mapping[str, FloatArray],
    after: Mapping[str, FloatArray],
    weeks: FloatArray,
) -> dict[str, FloatArray]:
    """Return readings that change only at visits after the event."""
    is_later = weeks > event_week[..., None]
    return {name: np.where(is_later, after[name], readings) for name, readings in before.items()}


def _events(
    readings: Mapping[str, FloatArray],
    rules: AssumedRules,
    noise: ConductNoise,
    weeks: FloatArray,
    without: frozenset[str],
    death_week: FloatArray,
) -> _Events:
    missed = (noise.at_visits["missed visit"] < rules.missed_visits.share) & (weeks > 0)
    simulated = np.all([np.isfinite(values) for values in readings.values()], axis=0)
    stop, reason = _discontinuation(readings, rules, noise, weeks, ~missed)
    if "discontinuation" in without:
        stop, reason = np.full_like(stop, NEVER), np.zeros_like(reason)
    stays = noise.once["staying after stopping"] < rules.dropout.observed_after_stop_share
    dies_first = (death_week < stop) & (death_week <= weeks[-1])
    stop, reason = (
        np.where(dies_first, death_week, stop),
        np.where(dies_first, REASONS.index(DEATH), reason).astype(np.int8),
    )
    leaving = np.minimum(np.where(stays, NEVER, stop), np.where(death_week <= weeks[-1], death_week, NEVER))
    attended = (weeks <= leaving[..., None]) & ~missed & simulated
    worse = _first_worsening(
        readings, rules.rescue.worsening, attended, weeks, from_week=rules.rescue.from_week
    )
    chosen = worse & (noise.at_visits["escape therapy"] < rules.rescue.share)
    rescue = first_week(chosen & ("rescue" not in without), weeks)
    return _Events(stop, reason, leaving, rescue, attended)


def _discontinuation(
    readings: Mapping[str, FloatArray],
    rules: AssumedRules,
    noise: ConductNoise,
    weeks: FloatArray,
    not_missed: BoolArray,
) -> tuple[FloatArray, CodeArray]:
    """Return the week of stopping and the reason, as an index into ``REASONS``."""
    worse = _first_worsening(readings, rules.dropout.worsening, not_missed, weeks, from_week=0.0)
    leaves = worse & (noise.at_visits["leaving for lack of efficacy"] < rules.dropout.lack_of_efficacy_share)
    candidates = np.array(
        [
            _exponential_weeks(noise.once["leaving at random"], rules.dropout.at_random),
            _exponential_weeks(noise.once["leaving for an adverse event"], rules.dropout.adverse_event),
            first_week(leaves, weeks),
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
    worse = is_worse(readings["mrss"], readings["fvc_percent"], rule)
    return worse & attended & (weeks > 0) & (planned_days(weeks) >= planned_days(from_week))


def _exponential_weeks(uniform: FloatArray, yearly_rate: float) -> FloatArray:
    if yearly_rate == 0:
        return np.full(uniform.shape, NEVER)
    return -np.log(uniform) / yearly_rate * WEEKS_PER_YEAR
