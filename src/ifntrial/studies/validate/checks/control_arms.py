"""The placebo arm of a design in one world, as observed and as its estimand counts."""

from ifntrial.clinic.conduct import ObservedArm
from ifntrial.clinic.estimand import observe_under_estimand
from ifntrial.clinic.observe import observe_arms
from ifntrial.clinic.readings import measurement_error
from ifntrial.course.assemble import subject_parameters
from ifntrial.course.simulate import simulate_arm
from ifntrial.design.design import TrialDesign
from ifntrial.evidence.records import Evidence
from ifntrial.model import Model
from ifntrial.patients.records import VirtualPopulation
from ifntrial.worlds.draw import Worlds

SeenAndCounted = dict[str, ObservedArm]
"""An arm ``observed``, and ``adjusted`` as its estimand counts."""


def observe_control(
    design: TrialDesign,
    model: Model,
    evidence: Evidence,
    population: VirtualPopulation,
    worlds: Worlds,
    position: int,
    seed: int,
    *,
    replicates: int = 1,
) -> SeenAndCounted:
    """Return the control arm of a design in one world, as observed and as its estimand counts.

    Parameters
    ----------
    population
        The enrolled.
    position
        Of the world in ``worlds``.
    replicates
        Repeats of measurement and conduct on the same true course.
    """
    error = measurement_error(evidence)
    control = design.control
    parameters = subject_parameters(model, evidence, population, worlds, position)
    world = int(worlds.number[position])
    course = simulate_arm(
        model, parameters, control.dosing(), design.visit_weeks, arm=control.name, world=world
    )
    drawn = (design, {control.name: course}, population.covariates, error)
    seen = observe_arms(*drawn, seed=seed, replicates=replicates)
    counted = observe_under_estimand(*drawn, seed=seed, replicates=replicates)
    return {"observed": seen[control.name], "adjusted": counted[control.name]}
