"""From true courses to what a trial sees in both arms."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import AnyArray, FloatArray
from ifntrial.clinic.conduct import ObservedArm, Reread, conduct, draw_conduct_noise
from ifntrial.clinic.consequences import (
    AfterStop,
    Consequences,
    draw_escape_share,
    have_consequences,
    returning,
    unchanged,
)
from ifntrial.clinic.endpoints.rcriss import variant
from ifntrial.clinic.readings import (
    MeasurementError,
    MeasurementNoise,
    draw_measurement_noise,
    read_values,
    with_screening_as_baseline,
)
from ifntrial.clinic.visit_days import draw_visit_offsets
from ifntrial.design.assumed import EscapeEffect
from ifntrial.design.design import TrialDesign
from ifntrial.errors import InputError, listed
from ifntrial.patients.records import LatentCourse

Covariates = Mapping[str, AnyArray]


def observe_arms(
    design: TrialDesign,
    courses: Mapping[str, LatentCourse],
    covariates: Covariates,
    error: MeasurementError,
    *,
    seed: int,
    replicates: int = 1,
    after_stop: Mapping[str, AfterStop] | None = None,
    without: frozenset[str] = frozenset(),
) -> dict[str, ObservedArm]:
    """Return what the trial sees in every arm: the same subjects with the same errors, luck and misfortune.

    Visits take place within the window of the design. Subjects who stop treatment go on without it and those who get
    escape therapy change by its effect, where the design lets either be seen or asks for it.

    Parameters
    ----------
    courses
        Arm to true course, treated to the end; one world, the same subjects and visits.
    covariates
        Of the subjects.
    replicates
        Repeats of measurement and conduct on the same true course.
    after_stop
        Arm to what follows stopping, see ``stopping.solved_without_later_doses``. For other arms the effect wanes with
        the half-life of the design's estimand towards the control arm.
    without
        Intercurrent events that do not happen, see ``conduct``.

    Raises
    ------
    InputError
        If the courses are not of the same world, subjects and visits, or it is not known what follows stopping.
    """
    reference = _require_same_subjects(courses)
    weeks = tuple(float(week) for week in reference.visit_week)
    subjects = len(reference.status)
    drawn = (seed, reference.world, weeks, subjects, replicates)
    reading_noise, conduct_noise = draw_measurement_noise(*drawn), draw_conduct_noise(*drawn)
    rules = design.assumed
    offset = draw_visit_offsets(
        seed,
        reference.world,
        weeks,
        subjects,
        rules.schedule.window_days,
        replicates,
    )
    read = _Reading(design, error, reading_noise, reference.visit_week, offset, covariates)
    share = draw_escape_share(rules.rescue.effect, seed, reference.world)
    arms = {}
    for arm, course in courses.items():
        reread: Reread | None = None
        if have_consequences(rules):
            after = (after_stop or {}).get(arm) or _after_stop(design, courses, arm)
            half_time = rules.rescue.effect.half_time_weeks
            reread = _rereading(read, Consequences(course, after, share, half_time))
        arms[arm] = conduct(
            course,
            read(course.values),
            rules,
            conduct_noise,
            covariates,
            reread=reread,
            without=without,
            offset_days=offset,
        )
    return arms


@dataclass(frozen=True, slots=True)
class _Reading:
    """How true values are read in one world: callable with true values."""

    design: TrialDesign
    error: MeasurementError
    noise: MeasurementNoise
    visit_week: FloatArray
    offset_days: FloatArray
    covariates: Covariates

    def __call__(self, values: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
        readings = read_values(
            values,
            self.error,
            self.noise,
            rounding=self.design.assumed.responder_rule.rounding,
            visit_week=self.visit_week,
            offset_days=self.offset_days,
        )
        if self.design.assumed.schedule.screening == "at_baseline":
            readings = with_screening_as_baseline(readings, values, self.covariates)
        return readings


def _rereading(read: _Reading, consequences: Consequences) -> Reread:
    return lambda stop_week, rescue_week: read(consequences.values(stop_week, rescue_week))


def _after_stop(design: TrialDesign, courses: Mapping[str, LatentCourse], arm: str) -> AfterStop:
    """Return what follows stopping where it was not solved: nothing on placebo, else a return to control."""
    on_placebo = {each.name for each in design.arms if each.planned_dosing().is_placebo}
    if arm in on_placebo:
        return unchanged(courses[arm])
    control = next((each.name for each in design.arms if each.is_control and each.name in courses), None)
    if control is None:
        raise InputError(
            f"what follows stopping treatment in arm '{arm}' is not known",
            given=f"arms {listed(courses)}",
            allowed="a control arm among them, or after_stop for this arm",
            fix="simulate the control arm as well, or solve it: stopping.solved_without_later_doses",
        )
    return returning(courses[arm], courses[control], design.assumed.estimand.return_half_life_weeks)


def as_primary_sees_it(design: TrialDesign) -> TrialDesign:
    """Return a design with the same primary response that is quicker to simulate.

    Where stopping and escape therapy both count as failure, nothing read after them matters: nobody is followed
    further, and escape therapy does nothing.
    """
    rules = design.assumed
    if not {rules.estimand.discontinuation, rules.estimand.rescue} <= {"composite"}:
        return design
    dropout = rules.dropout.model_copy(update={"observed_after_stop_share": 0.0})
    rescue = rules.rescue.model_copy(update={"effect": EscapeEffect()})
    return design.model_copy(
        update={"assumed": rules.model_copy(update={"dropout": dropout, "rescue": rescue})}
    )


def _require_same_subjects(courses: Mapping[str, LatentCourse]) -> LatentCourse:
    if not courses:
        raise InputError("no arm was simulated", allowed="one course per arm", fix="simulate the arms first")
    first = next(iter(courses.values()))
    for arm, course in courses.items():
        same = course.world == first.world and len(course.status) == len(first.status)
        if not same or not np.array_equal(course.visit_week, first.visit_week):
            raise InputError(
                f"arm '{arm}' has another world, other subjects or other visits than arm '{first.arm}'",
                given=f"world {course.world}, {len(course.status)} subjects, weeks {listed(course.visit_week)}",
                allowed=f"world {first.world}, {len(first.status)} subjects, weeks {listed(first.visit_week)}",
                fix="simulate all arms of a world on the same subjects and visits",
            )
    return first


def with_variant(design: TrialDesign, name: str) -> TrialDesign:
    """Return the design with another reading of the responder rule, see ``endpoints.rcriss.VARIANTS``."""
    rule = variant(design.assumed.responder_rule, name)
    return design.model_copy(update={"assumed": design.assumed.model_copy(update={"responder_rule": rule})})
