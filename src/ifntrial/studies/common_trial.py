"""A trial in many worlds at once: the same subjects and the same random numbers in each."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ifntrial.arrays import FloatArray, IntArray
from ifntrial.catalog import Catalog
from ifntrial.catalog.readings import AnalysisOfReadings, AnyAnalysis
from ifntrial.clinic.endpoints.record import Endpoint
from ifntrial.clinic.enroll import enroll
from ifntrial.clinic.observe import observe_arms
from ifntrial.clinic.readings import MeasurementError, measurement_error
from ifntrial.clinic.responses_by_rule import RuleResponses, responder_of, responses_by_rule
from ifntrial.course.assemble import subject_parameters
from ifntrial.course.simulate import simulate_arm
from ifntrial.design.design import Arm, TrialDesign
from ifntrial.errors import InputError
from ifntrial.evidence.records import Evidence
from ifntrial.model import Model
from ifntrial.patients.records import LatentCourse, VirtualPopulation
from ifntrial.studies.primary_values import PrimaryValues, primary_values
from ifntrial.worlds.draw import Worlds

FEWEST_SUBJECTS, MOST_SUBJECTS = 10, 20_000
"""Of one world."""
SUBJECTS_TOGETHER = 5_000
"""Subjects of all worlds that are solved in one go."""


@dataclass(frozen=True, slots=True)
class CommonTrial:
    """The trial that is simulated in every world.

    Parameters
    ----------
    population
        The common subjects.
    replicates
        Repeats of measurement and conduct behind each probability of response.
    analysis
        The test of the primary endpoint.
    """

    design: TrialDesign
    endpoint: Endpoint
    model: Model
    evidence: Evidence
    population: VirtualPopulation
    error: MeasurementError
    seed: int
    replicates: int
    analysis: AnyAnalysis

    @property
    def is_response(self) -> bool:
        """Whether the primary endpoint is a response."""
        return not isinstance(self.analysis, AnalysisOfReadings)


def common_trial(
    catalog: Catalog, design: TrialDesign, *, subjects: int, seed: int, replicates: int
) -> CommonTrial:
    """Return the trial of a design on so many common subjects.

    Raises
    ------
    InputError
        If its primary endpoint is not a response of all who are enrolled, or its entry criteria let hardly anyone in.
    """
    responder_of(design, catalog.endpoints)
    model = catalog.model()
    population = enroll(design, catalog.pool(model), subjects, seed).population
    return trial_on(catalog, model, design, population, seed=seed, replicates=replicates)


def trial_on(
    catalog: Catalog,
    model: Model,
    design: TrialDesign,
    population: VirtualPopulation,
    *,
    seed: int,
    replicates: int,
) -> CommonTrial:
    """Return the trial of a design on subjects who are there already."""
    return CommonTrial(
        design=design,
        endpoint=catalog.endpoints[design.primary.endpoint],
        model=model,
        evidence=catalog.evidence,
        population=population,
        error=measurement_error(catalog.evidence),
        seed=seed,
        replicates=replicates,
        analysis=catalog.analysis_of(design),
    )


def require_subjects(subjects: int) -> None:
    """Raise ``InputError`` if a world of so many subjects is too small or too large."""
    if not FEWEST_SUBJECTS <= subjects <= MOST_SUBJECTS:
        raise InputError(
            "the number of subjects per world is out of range",
            given=str(subjects),
            allowed=f"{FEWEST_SUBJECTS} to {MOST_SUBJECTS}",
            fix="a few hundred give a small Monte Carlo error",
        )


def worlds_together(subjects: int) -> int:
    """Return how many worlds of so many subjects are solved in one go."""
    return max(1, SUBJECTS_TOGETHER // subjects)


def simulate_arms(trial: CommonTrial, worlds: Worlds) -> list[tuple[LatentCourse, LatentCourse]]:
    """Return the courses of active and control in every world, each arm solved in one go."""
    active, control = (
        simulate_in_worlds(trial, worlds, arm) for arm in (trial.design.active, trial.design.control)
    )
    return list(zip(active, control, strict=True))


def simulate_in_worlds(
    trial: CommonTrial, worlds: Worlds, arm: Arm, *, workers: int = 1
) -> list[LatentCourse]:
    """Return the course of one arm in every world, all solved in one go.

    Parameters
    ----------
    workers
        Threads among which the subjects are shared; results do not depend on it.
    """
    each = [
        subject_parameters(trial.model, trial.evidence, trial.population, worlds, position)
        for position in range(worlds.size)
    ]
    course = simulate_arm(
        trial.model,
        {name: np.concatenate([one[name] for one in each]) for name in each[0]},
        arm.dosing(),
        trial.design.visit_weeks,
        arm=arm.name,
        world=0,
        workers=workers,
    )
    size = trial.population.size
    return [
        replace(
            course,
            values={name: values[first : first + size] for name, values in course.values.items()},
            status=course.status[first : first + size],
        )
        for first in range(0, worlds.size * size, size)
    ]


def responses(
    trial: CommonTrial, courses: Mapping[str, LatentCourse], variants: tuple[str, ...] | None = None
) -> dict[str, RuleResponses]:
    """Return each subject's chance of response in a world by rule, see ``responses_by_rule``."""
    return responses_by_rule(
        trial.design,
        trial.endpoint,
        courses,
        trial.population.covariates,
        trial.error,
        seed=trial.seed,
        replicates=trial.replicates,
        variants=variants,
    )


def chance_of_response(trial: CommonTrial, active: LatentCourse, control: LatentCourse) -> RuleResponses:
    """Return each subject's chance of response in a world, under the design's own rule."""
    courses = {trial.design.active.name: active, trial.design.control.name: control}
    return responses(trial, courses, variants=())[""]


def values_in(
    trial: CommonTrial, courses: Mapping[str, LatentCourse], weight: FloatArray, stratum: IntArray
) -> PrimaryValues:
    """Return what the test compares of each subject in a world, where the primary endpoint is no response.

    Parameters
    ----------
    courses
        True course of the active and the control arm.
    weight, stratum
        Of the common subjects, see ``primary_values``.
    """
    design = trial.design
    pair = {arm.name: courses[arm.name] for arm in (design.active, design.control)}
    seen = observe_arms(
        design, pair, trial.population.covariates, trial.error, seed=trial.seed, replicates=trial.replicates
    )
    if not isinstance(trial.analysis, AnalysisOfReadings):
        raise TypeError("a response has no values")
    return primary_values(design, trial.endpoint, trial.analysis, seen, weight, stratum)


def failures(courses: Mapping[str, LatentCourse]) -> dict[str, str]:
    """Return the subjects that could not be simulated: their place, and the first arm that failed with its reason."""
    found: dict[str, str] = {}
    for arm, course in courses.items():
        for subject in np.flatnonzero(course.status != "ok"):
            found.setdefault(str(subject), f"{arm}: {course.status[subject]}")
    return found


def require_some_solved(world: int, subjects: int, failed: Mapping[str, str]) -> None:
    """Raise ``InputError`` if no subject of a world could be simulated.

    Parameters
    ----------
    failed
        Place of a subject to the reason, see ``failures``.
    """
    if len(failed) == subjects:
        raise InputError(
            f"no subject of world {world} could be simulated",
            given=f"{subjects} subjects, the first: {failed['0']}",
            fix="look at the reason; a parameter may be out of its range",
        )
