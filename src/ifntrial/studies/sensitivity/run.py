"""Run the worlds of a sensitivity analysis in blocks that are kept on disk as soon as they are done.

The numbers depend on the plan alone: blocks are the same for any number of workers. The worlds of a block are solved
together.
"""

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.catalog import Catalog
from ifntrial.design.design import TrialDesign
from ifntrial.errors import InputError, listed
from ifntrial.studies.blocks import Block
from ifntrial.studies.common_trial import CommonTrial, common_trial, simulate_arms, worlds_together
from ifntrial.studies.executors import Workers, executor_of
from ifntrial.studies.fill_in import Report, do_absent
from ifntrial.studies.plans import claimed, plan_text, run_folder
from ifntrial.studies.runs import WORLDS, WORLDS_AT_ONCE, WorldRun, each_world
from ifntrial.studies.sensitivity.indices import Design, sample_design
from ifntrial.studies.sensitivity.inputs import Input, list_inputs, worlds_of
from ifntrial.studies.sensitivity.outputs import OUTPUTS, WorldOutputs, read_outputs

GROUPINGS = ("mechanism", "parameter")


@dataclass(frozen=True, slots=True)
class SensitivityPlan:
    """Everything that decides the numbers.

    Parameters
    ----------
    method
        ``morris`` or ``sobol``.
    grouping
        ``mechanism``, or ``parameter`` for every input on its own.
    samples
        Trajectories or base points, a power of two.
    subjects, replicates
        Common subjects, and repeats of measurement and conduct behind each probability of response.
    """

    design: TrialDesign
    method: str
    grouping: str
    samples: int
    subjects: int
    seed: int
    replicates: int = 8


@dataclass(frozen=True, slots=True)
class PreparedSensitivity:
    """A plan with its inputs, the points at which they are taken, and the trial that is simulated there."""

    plan: SensitivityPlan
    catalog: Catalog
    inputs: tuple[Input, ...]
    design: Design
    trial: CommonTrial


@dataclass(frozen=True, slots=True)
class OutputsInWorlds:
    """The outputs of all worlds.

    Parameters
    ----------
    values
        Name of an output to its value in every world, shape (worlds,).
    failed_courses, worlds_with_failures
        Courses of subjects that could not be solved, and worlds that have any.
    """

    values: Mapping[str, FloatArray]
    failed_courses: int
    worlds_with_failures: int


def prepare(plan: SensitivityPlan, catalog: Catalog) -> PreparedSensitivity:
    """Return what a plan simulates.

    Raises
    ------
    InputError
        If the plan cannot be used.
    ExtraError
        If SALib is not installed.
    """
    if plan.grouping not in GROUPINGS:
        raise InputError(
            "the grouping is not known",
            given=plan.grouping,
            allowed=listed(GROUPINGS),
            fix="use one of these",
        )
    trial = common_trial(
        catalog, plan.design, subjects=plan.subjects, seed=plan.seed, replicates=plan.replicates
    )
    inputs = list_inputs(trial.model, trial.evidence)
    groups = {each.name: each.group if plan.grouping == "mechanism" else each.name for each in inputs}
    return PreparedSensitivity(
        plan, catalog, inputs, sample_design(groups, plan.method, plan.samples, plan.seed), trial
    )


def run_worlds(
    prepared: PreparedSensitivity, workers: Workers, report: Report, folder: Path | None
) -> OutputsInWorlds:
    """Simulate the worlds that are not in the folder yet; return the outputs of all.

    Raises
    ------
    RunError
        If the folder holds another run or another process works in it, or worlds could not be done.
    """
    worlds, together = len(prepared.design.points), at_once(prepared.plan)
    plan = plan_text(prepared.plan, prepared.catalog, worlds, together)
    with run_folder(folder) as place, claimed(place, plan, (WORLDS,), executor_of(workers).access):
        run = WorldRun(place, plan, worlds, together, WorldOutputs)
        do_absent(run, partial(_do_block, prepared, run), workers, report)
        return gather_outputs(run.records())


def at_once(plan: SensitivityPlan) -> int:
    """Return how many worlds make a block: all are solved together, and lost together when a run is stopped at once."""
    return min(WORLDS_AT_ONCE, worlds_together(plan.subjects))


def gather_outputs(records: Iterable[tuple[int, WorldOutputs]]) -> OutputsInWorlds:
    """Return the outputs of all worlds, from place and record of every world, in order."""
    values = {output.name: array("d") for output in OUTPUTS}
    failed = []
    for _, world in records:
        for name, column in values.items():
            column.append(getattr(world, name))
        if world.failed:
            failed.append(world.failed)
    return OutputsInWorlds({name: np.array(each) for name, each in values.items()}, sum(failed), len(failed))


def _do_block(prepared: PreparedSensitivity, run: WorldRun[WorldOutputs], block: Block) -> None:
    trial, first = prepared.trial, block.worlds[0]
    points = prepared.design.points[block.worlds]
    arms = simulate_arms(trial, worlds_of(trial.model, trial.evidence, prepared.inputs, points))
    run.write(block, each_world(lambda place: read_outputs(trial, *arms[place - first]), block))
