"""One trial with all its visits: both treatment periods, who stops and what follows, ready for the ADaM tables."""

from collections.abc import Mapping
from dataclasses import dataclass

from ifntrial.arrays import FloatArray
from ifntrial.calendar import planned_days
from ifntrial.clinic.conduct import ObservedArm
from ifntrial.clinic.consequences import AfterStop
from ifntrial.clinic.observe import observe_arms
from ifntrial.clinic.readings import measurement_error
from ifntrial.clinic.stopping import solved_without_later_doses
from ifntrial.course.assemble import subject_parameters
from ifntrial.course.simulate import simulate_arm
from ifntrial.design.design import Arm, TrialDesign
from ifntrial.dosing.regimen import Regimen
from ifntrial.errors import InputError
from ifntrial.evidence.records import Evidence
from ifntrial.model import Model
from ifntrial.patients.records import LatentCourse, VirtualPopulation
from ifntrial.worlds.draw import Worlds


@dataclass(frozen=True, slots=True)
class SolvedArms:
    """True courses of all arms of one world, and what follows stopping in each.

    Parameters
    ----------
    courses
        Arm to true course at all visits, those of the open-label extension included.
    after_stop
        Arm to the course after stopping, solved without the later doses.
    """

    courses: Mapping[str, LatentCourse]
    after_stop: Mapping[str, AfterStop]


@dataclass(frozen=True, slots=True)
class Treatment:
    """The model of a drug, and the parameters of the same subjects in it.

    Parameters
    ----------
    model
        Of the drug.
    parameters
        See ``course.assemble.subject_parameters``, each (subjects,); those of shared mechanisms are the same for
        every drug.
    """

    model: Model
    parameters: Mapping[str, FloatArray]


def drug_with_extension(design: TrialDesign, arm: Arm) -> str:
    """Return the name of the drug of ``dosing_with_extension``."""
    extended = arm.planned_dosing().is_placebo and design.assumed.schedule.open_label_visit_weeks
    return (design.active if extended else arm).drug_name


def dosing_with_extension(design: TrialDesign, arm: Arm) -> Regimen:
    """Return what an arm is given over the whole trial.

    With visits in an open-label extension an arm on placebo gets the regimen of the first active arm from the end of
    the randomized treatment; an active arm goes on with its own.
    """
    own = arm.planned_dosing()
    if not (own.is_placebo and design.assumed.schedule.open_label_visit_weeks):
        return own
    return design.active.planned_dosing().starting_on(float(planned_days(design.treatment_weeks)))


def solve_arms(
    design: TrialDesign,
    model: Model,
    parameters: Mapping[str, FloatArray],
    *,
    world: int,
    others: Mapping[str, Treatment] | None = None,
    workers: int = 1,
) -> SolvedArms:
    """Return the true courses of every arm of a design for the same subjects.

    Parameters
    ----------
    parameters
        See ``course.assemble.subject_parameters``, each (subjects,).
    world
        Number of the world.
    others
        Name of each drug beside that of ``model`` to its model and the same subjects in it.

    Raises
    ------
    InputError
        If an arm gets a drug whose model is not there.
    """
    treatments = {model.drug.name: Treatment(model, parameters), **(others or {})}
    courses, after_stop = {}, {}
    for arm in design.arms:
        regimen = dosing_with_extension(design, arm)
        own = _treatment(treatments, design, arm)
        courses[arm.name] = course = simulate_arm(
            own.model,
            own.parameters,
            regimen,
            design.all_visit_weeks,
            arm=arm.name,
            world=world,
            workers=workers,
        )
        after_stop[arm.name] = solved_without_later_doses(
            own.model, own.parameters, regimen, course, workers=workers
        )
    return SolvedArms(courses, after_stop)


def _treatment(treatments: Mapping[str, Treatment], design: TrialDesign, arm: Arm) -> Treatment:
    """Return the model of an arm; untreated courses are those of the first model."""
    if dosing_with_extension(design, arm).is_placebo:
        return next(iter(treatments.values()))
    drug = drug_with_extension(design, arm)
    if drug not in treatments:
        raise InputError(
            f"arm '{arm.name}' gets a drug whose model was not given",
            given=drug,
            allowed=", ".join(treatments),
            fix="give its model and the same subjects in it as others",
        )
    return treatments[drug]


def run_trial(
    design: TrialDesign,
    model: Model,
    evidence: Evidence,
    population: VirtualPopulation,
    worlds: Worlds,
    position: int,
    *,
    seed: int,
    others: Mapping[str, Treatment] | None = None,
    replicates: int = 1,
    workers: int = 1,
) -> dict[str, ObservedArm]:
    """Return what one trial sees in every arm of a design in one world, with all its visits.

    Subjects who stop treatment are solved again without the doses they do not get; those who stay are seen so. Visits
    of the open-label extension are those after ``design.treatment_weeks``; a subject who stopped gets no drug there.

    Parameters
    ----------
    population
        Eligible subjects; every one is in every arm.
    position
        Place of the world in ``worlds``.
    others
        As in ``solve_arms``.
    """
    parameters = subject_parameters(model, evidence, population, worlds, position)
    # the typical world has a number below zero, which no random stream has
    world = max(int(worlds.number[position]), 0)
    solved = solve_arms(design, model, parameters, world=world, others=others, workers=workers)
    return observe_arms(
        design,
        solved.courses,
        population.covariates,
        measurement_error(evidence),
        seed=seed,
        replicates=replicates,
        after_stop=solved.after_stop,
    )
