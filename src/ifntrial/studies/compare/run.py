"""Simulate every world once and keep each patient's chance of response; resumes, and gives the same on any workers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from ifntrial.arrays import SingleArray
from ifntrial.course.assemble import subject_parameters
from ifntrial.course.simulate import CLINICAL, simulate_arm
from ifntrial.design.design import Arm, TrialDesign
from ifntrial.patients.records import LatentCourse
from ifntrial.studies.blocks import Block
from ifntrial.studies.common_trial import chance_of_response, failures, require_some_solved
from ifntrial.studies.compare.plan import PreparedComparison, plan_text
from ifntrial.studies.executors import Workers, executor_of
from ifntrial.studies.fill_in import Report, do_absent
from ifntrial.studies.plans import claimed
from ifntrial.studies.runs import WORLDS, WorldRun, each_world, worlds_at_once


@dataclass(frozen=True, slots=True)
class WorldResponses:
    """Chance of response of every common subject in one world.

    Parameters
    ----------
    active, control
        Name of a simulated design to probabilities, shares of a few replicates that single precision keeps, (subjects,).
    failed
        Number of a subject whose course is not complete to the first arm that failed and its reason.
    """

    active: Mapping[str, SingleArray]
    control: Mapping[str, SingleArray]
    failed: Mapping[str, str]


def run_in(prepared: PreparedComparison, folder: Path) -> WorldRun[WorldResponses]:
    """Return the run of a comparison in a folder."""
    at_once = worlds_at_once(prepared.plan.worlds, prepared.plan.subjects)
    return WorldRun(folder, plan_text(prepared), prepared.worlds.size, at_once, WorldResponses)


def simulate_responses(
    prepared: PreparedComparison,
    folder: Path,
    workers: Workers = 1,
    report: Report = lambda done, total: None,
) -> WorldRun[WorldResponses]:
    """Simulate the worlds that are not in the folder yet; return the run, whose worlds can then be read.

    Only the places of worlds that are there are among those to go on with, where nobody does the others.

    Raises
    ------
    RunError
        If the folder holds another run or another process works in it, or blocks could not be done.
    PartDoneError
        If only a part was asked for.
    """
    run = run_in(prepared, folder)
    with claimed(folder, run.plan, (WORLDS,), executor_of(workers).access):
        there = do_absent(run, partial(_do_block, prepared, run), workers, report, needs_all=False)
    return run if len(there) == run.worlds else replace(run, only=tuple(there))


def only_there(prepared: PreparedComparison, run: WorldRun[WorldResponses]) -> PreparedComparison:
    """Return what was prepared with those of its worlds that a run goes on with."""
    if run.only is None:
        return prepared
    there = np.array(run.only)
    return replace(prepared, worlds=prepared.worlds.take(there), choice=prepared.choice.only(there))


def respond(prepared: PreparedComparison, place: int) -> WorldResponses:
    """Return the responses of all common subjects in one world.

    Raises
    ------
    InputError
        If no subject could be simulated.
    """
    population = prepared.common.population
    parameters = subject_parameters(prepared.model, prepared.evidence, population, prepared.worlds, place)
    world = int(prepared.worlds.number[place])
    solved: dict[tuple[str, tuple[float, ...]], LatentCourse] = {}

    def course(design: TrialDesign, arm: Arm) -> LatentCourse:
        # every placebo is the same untreated course, whatever its route
        regimen = arm.dosing()
        key = ("placebo" if regimen.is_placebo else regimen.text, design.visit_weeks)
        if key not in solved:
            solved[key] = simulate_arm(
                prepared.model,
                parameters,
                regimen,
                design.visit_weeks,
                arm=arm.name,
                world=world,
                outputs=CLINICAL,
            )
        return solved[key]

    active, control = {}, {}
    failed: dict[str, str] = {}
    for design in prepared.readings:
        courses = {arm.name: course(design, arm) for arm in (design.active, design.control)}
        found = chance_of_response(prepared.trial(design), *courses.values())
        active[design.name] = found.active.astype(np.float32)
        control[design.name] = found.control.astype(np.float32)
        for subject, reason in failures(courses).items():
            failed.setdefault(subject, f"{design.name}, {reason}")
    require_some_solved(world, population.size, failed)
    return WorldResponses(active, control, failed)


def _do_block(prepared: PreparedComparison, run: WorldRun[WorldResponses], block: Block) -> None:
    run.write(block, each_world(partial(respond, prepared), block))
