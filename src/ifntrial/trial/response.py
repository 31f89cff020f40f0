"""From true courses to what a trial sees in both arms, and to the chance of response of each subject."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ifntrial.errors import InputError, listed
from ifntrial.population.records import LatentCourse
from ifntrial.trial.conduct import ObservedArm, conduct, draw_conduct_noise
from ifntrial.trial.design import TrialDesign
from ifntrial.trial.endpoints import endpoint_named
from ifntrial.trial.endpoints.rcriss import variant
from ifntrial.trial.measure import MeasurementError, draw_measurement_noise, measure

FloatArray = NDArray[np.float64]
Covariates = Mapping[str, NDArray[np.generic]]

NUMBERS_AT_ONCE = 250_000


@dataclass(frozen=True, slots=True)
class ResponseProbabilities:
    """Chance of response of the same subjects in both arms, over repeats of measurement and conduct.

    Parameters
    ----------
    active, control
        Probability of response, shape (subjects,); zero where the course was not simulated.
    is_simulated
        Whether the subject's course is complete in both arms, shape (subjects,). Give others the weight zero.
    replicates
        Number of repeats behind each probability.
    """

    active: FloatArray
    control: FloatArray
    is_simulated: NDArray[np.bool_]
    replicates: int


def observe_arms(
    design: TrialDesign,
    courses: Mapping[str, LatentCourse],
    covariates: Covariates,
    error: MeasurementError,
    *,
    seed: int,
    replicates: int = 1,
    first_replicate: int = 0,
) -> dict[str, ObservedArm]:
    """Return what the trial sees in every arm: the same subjects with the same errors, luck and misfortune.

    Parameters
    ----------
    courses
        Arm to true course; one world, the same subjects and visits.
    covariates
        Of the subjects.
    replicates, first_replicate
        Repeats of measurement and conduct on the same true course.

    Raises
    ------
    InputError
        If the courses are not of the same world, subjects and visits.
    """
    reference = _require_same_subjects(courses)
    weeks = tuple(float(week) for week in reference.visit_week)
    drawn = (seed, reference.world, weeks, len(reference.status), replicates, first_replicate)
    reading_noise, conduct_noise = draw_measurement_noise(*drawn), draw_conduct_noise(*drawn)
    rules = design.assumed
    arms = {}
    for arm, course in courses.items():
        readings = measure(course, error, reading_noise, rounding=rules.responder_rule.rounding)
        arms[arm] = conduct(course, readings, rules, conduct_noise, covariates)
    return arms


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


def response_probabilities(
    design: TrialDesign,
    courses: Mapping[str, LatentCourse],
    covariates: Covariates,
    error: MeasurementError,
    *,
    seed: int,
    replicates: int = 32,
) -> ResponseProbabilities:
    """Return each subject's chance of response on the primary endpoint under active and under control.

    The same numbers serve both arms, so that a drug without effect gives exactly equal probabilities.
    """
    endpoint = endpoint_named(design.primary.endpoint)
    if endpoint.kind != "responder":
        raise InputError(
            f"the primary endpoint '{endpoint.name}' is not a response",
            allowed="an endpoint of kind responder",
            fix="use the analysis of that endpoint's own kind",
        )
    names = (design.active.name, design.control.name)
    pair = {name: _arm(courses, name) for name in names}
    sums = {name: np.zeros(len(pair[name].status)) for name in names}
    for first, size in _batches(pair[names[0]], replicates):
        arms = observe_arms(
            design, pair, covariates, error, seed=seed, replicates=size, first_replicate=first
        )
        for name, observed in arms.items():
            sums[name] += endpoint.compute(observed, design.primary.visit_week, design.assumed).sum(axis=0)
    return ResponseProbabilities(
        active=sums[names[0]] / replicates,
        control=sums[names[1]] / replicates,
        is_simulated=np.all([course.status == "ok" for course in pair.values()], axis=0),
        replicates=replicates,
    )


def _arm(courses: Mapping[str, LatentCourse], name: str) -> LatentCourse:
    if name not in courses:
        raise InputError(
            f"arm '{name}' was not simulated", allowed=listed(courses), fix="simulate every arm of the design"
        )
    return courses[name]


def _batches(course: LatentCourse, replicates: int) -> Iterator[tuple[int, int]]:
    """Yield first replicate and number of replicates of each batch, so that memory stays small."""
    if not 1 <= replicates <= 100_000:
        raise InputError(
            "the number of replicates is not usable",
            given=str(replicates),
            allowed="1 to 100000",
            fix="choose 8 to 64",
        )
    at_once = max(1, NUMBERS_AT_ONCE // max(1, len(course.status) * len(course.visit_week)))
    for first in range(0, replicates, at_once):
        yield first, min(at_once, replicates - first)


def with_variant(design: TrialDesign, name: str) -> TrialDesign:
    """Return the design with another reading of the responder rule, see ``endpoints.rcriss.VARIANTS``."""
    rule = variant(design.assumed.responder_rule, name)
    return design.model_copy(update={"assumed": design.assumed.model_copy(update={"responder_rule": rule})})
