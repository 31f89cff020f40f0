"""Simulate every world once and keep each patient's chance of response; resumes, and gives the same on any workers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np

from ifntrial.arrays import FloatArray, SingleArray
from ifntrial.course.assemble import subject_parameters
from ifntrial.course.simulate import CLINICAL, simulate_arm
from ifntrial.design.design import Arm, TrialDesign
from ifntrial.patients.records import LatentCourse
from ifntrial.statistics.power import stratum_index
from ifntrial.studies.blocks import Block
from ifntrial.studies.common_trial import (
    CommonTrial,
    chance_of_response,
    failures,
    require_some_solved,
    values_in,
)
from ifntrial.studies.compare.plan import PreparedComparison, plan_text
from ifntrial.studies.executors import Workers, executor_of
from ifntrial.studies.fill_in import Report, do_absent
from ifntrial.studies.other_drugs import DrugInWorlds, drug_of, treatment_of
from ifntrial.studies.outcomes import Outcome, Outcomes, response_outcome
from ifntrial.studies.plans import claimed
from ifntrial.studies.runs import WORLDS, WorldRun, each_world, worlds_at_once


@dataclass(frozen=True, slots=True)
class WorldResponses:
    """Chance of response of every common subject in one world.

    Parameters
    ----------
    active, control
        Name of a simulated design to probabilities, shares of a few replicates that single precision keeps, (subjects,);
        to ``Outcome.value`` where the primary endpoint is no response.
    failed
        Number of a subject whose course is not complete to the first arm that failed and its reason.
    active_known, control_known, active_square, control_square
        The rest of ``Outcome``, of designs whose primary endpoint is no response.
    """

    active: Mapping[str, SingleArray]
    control: Mapping[str, SingleArray]
    failed: Mapping[str, str]
    active_known: Mapping[str, SingleArray] = field(default_factory=dict)
    control_known: Mapping[str, SingleArray] = field(default_factory=dict)
    active_square: Mapping[str, SingleArray] = field(default_factory=dict)
    control_square: Mapping[str, SingleArray] = field(default_factory=dict)

    def numbers(self, design: str) -> list[SingleArray]:
        """Return what is kept of each subject under a design: two rows of a response, six of another endpoint."""
        rows = [self.active[design], self.control[design]]
        if design in self.active_known:
            rows += [self.active_known[design], self.control_known[design]]
            rows += [self.active_square[design], self.control_square[design]]
        return rows


def outcomes_from(rows: Sequence[FloatArray]) -> Outcomes:
    """Return the outcomes of subjects from ``WorldResponses.numbers``, each (subjects,)."""
    if len(rows) == 2:
        return Outcomes(*(response_outcome(chance) for chance in rows))
    active, control, known, other_known, square, other_square = rows
    return Outcomes(Outcome(known, active, square), Outcome(other_known, control, other_square))


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
    usual = DrugInWorlds(prepared.model, population, prepared.worlds)
    parameters: dict[str, dict[str, FloatArray]] = {}
    world = int(prepared.worlds.number[place])
    solved: dict[tuple[str, str, tuple[float, ...]], LatentCourse] = {}

    def course(design: TrialDesign, arm: Arm) -> LatentCourse:
        # every placebo is the same untreated course, whatever its route
        regimen, drug = arm.planned_dosing(), drug_of(arm)
        key = (drug, "placebo" if regimen.is_placebo else regimen.text, design.visit_weeks)
        treatment = treatment_of(arm, usual, prepared.others)
        if drug not in parameters:
            parameters[drug] = subject_parameters(
                treatment.model, prepared.evidence, treatment.population, treatment.worlds, place
            )
        if key not in solved:
            solved[key] = simulate_arm(
                treatment.model,
                parameters[drug],
                regimen,
                design.visit_weeks,
                arm=arm.name,
                world=world,
                outputs=CLINICAL,
            )
        return solved[key]

    rows: dict[str, Outcomes] = {}
    failed: dict[str, str] = {}
    for design in prepared.readings:
        courses = {arm.name: course(design, arm) for arm in (design.active, design.control)}
        rows[design.name] = _outcomes(prepared.trial(design), courses)
        for subject, reason in failures(courses).items():
            failed.setdefault(subject, f"{design.name}, {reason}")
    require_some_solved(world, population.size, failed)
    return _kept(rows, failed, {design.name for design in prepared.readings if is_response(prepared, design)})


def is_response(prepared: PreparedComparison, design: TrialDesign) -> bool:
    """Return whether the primary endpoint of a design is a response."""
    return prepared.catalog.endpoints[design.primary.endpoint].kind == "responder"


def _outcomes(trial: CommonTrial, courses: Mapping[str, LatentCourse]) -> Outcomes:
    if trial.is_response:
        found = chance_of_response(trial, *courses.values())
        return Outcomes(response_outcome(found.active), response_outcome(found.control))
    is_solved = np.all([course.status == "ok" for course in courses.values()], axis=0)
    weight = np.where(is_solved, trial.population.prevalence_weight, 0.0)
    stratum, _ = stratum_index(trial.design, dict(trial.population.covariates))
    return values_in(trial, courses, weight, stratum).outcomes


def _kept(rows: Mapping[str, Outcomes], failed: Mapping[str, str], responses: set[str]) -> WorldResponses:
    def each(read: Callable[[Outcomes], FloatArray], *, whole: bool = False) -> dict[str, SingleArray]:
        return {
            name: read(found).astype(np.float32)
            for name, found in rows.items()
            if whole or name not in responses
        }

    return WorldResponses(
        each(lambda found: found.active.value, whole=True),
        each(lambda found: found.control.value, whole=True),
        failed,
        each(lambda found: found.active.known),
        each(lambda found: found.control.known),
        each(lambda found: found.active.square),
        each(lambda found: found.control.square),
    )


def _do_block(prepared: PreparedComparison, run: WorldRun[WorldResponses], block: Block) -> None:
    run.write(block, each_world(partial(respond, prepared), block))
