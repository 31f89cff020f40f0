"""Run a sensitivity analysis of a design: points, worlds in blocks, indices with intervals and convergence.

The numbers depend on the plan alone: blocks are the same for any number of workers, and are kept on disk as soon as they
are done. The worlds of a block are solved together.
"""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.catalog import Catalog
from ifntrial.design.design import TrialDesign
from ifntrial.errors import InputError, listed
from ifntrial.levels import BAND
from ifntrial.studies.blocks import Block
from ifntrial.studies.common_trial import CommonTrial, common_trial, simulate_arms
from ifntrial.studies.plans import claimed, plan_text, run_folder
from ifntrial.studies.runs import WORLDS, Report, WorldRun, do_absent, each_world
from ifntrial.studies.sensitivity.indices import (
    Design,
    compare_halves,
    estimate_indices,
    sample_design,
)
from ifntrial.studies.sensitivity.inputs import Input, group_label, list_inputs, worlds_of
from ifntrial.studies.sensitivity.outputs import (
    OUTPUTS,
    Output,
    WorldOutputs,
    read_outputs,
    suppression_week,
)
from ifntrial.studies.sensitivity.result import InputGroup, OutputIndices, Sensitivity
from ifntrial.worlds.quantiles import Spread

GROUPINGS = ("mechanism", "parameter")
DEFAULT_SAMPLES = {
    ("morris", "mechanism"): 64,
    ("morris", "parameter"): 8,
    ("sobol", "mechanism"): 128,
    ("sobol", "parameter"): 16,
}
"""By method and grouping; about two minutes each on two processors, by parameter rough."""

WORLDS_AT_ONCE = 16

LIMITS = (
    "Worlds are drawn from the structural priors, before they are weighted by the three named efficacy priors: the "
    "indices say what the answer hangs on, not what the answer is. The split of the variance of power in a forecast is "
    "under the efficacy priors.",
    "An index is about the spread of each prior as stated: a wide prior that is a guess counts as much as one that is "
    "known to be wide.",
    "All worlds share one group of virtual patients, so that differences between worlds are not sampling noise; another "
    "group would move every number a little.",
    "A parameter that several mechanisms use counts for the first of them.",
)


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


def run_sensitivity(
    plan: SensitivityPlan,
    catalog: Catalog,
    workers: int = 1,
    report: Report = lambda done, total: None,
    folder: Path | None = None,
) -> Sensitivity:
    """Return the sensitivity of every output to every group.

    Parameters
    ----------
    report
        Called with worlds done and in all.
    folder
        Where finished worlds are kept, so that a stopped run resumes; None: nowhere.

    Raises
    ------
    InputError
        If the plan cannot be used.
    ExtraError
        If SALib is not installed.
    RunError
        If a world cannot be simulated, or the folder holds another run.
    """
    prepared = prepare(plan, catalog)
    week = suppression_week(prepared.trial.design.visit_weeks)
    with run_folder(folder) as place:
        worlds = _simulate(prepared, place, workers, report)
    return Sensitivity(
        design=plan.design.name,
        method=plan.method,
        grouping=plan.grouping,
        samples=plan.samples,
        subjects=plan.subjects,
        replicates=plan.replicates,
        research_only="not for diagnosis or treatment",
        worlds=len(prepared.design.points),
        failed_courses=sum(world.failed for world in worlds),
        worlds_with_failures=sum(world.failed > 0 for world in worlds),
        suppression_week=week,
        groups=_describe_groups(prepared, plan.grouping),
        outputs=tuple(
            _describe_output(
                output, week, prepared.design, np.array([getattr(world, output.name) for world in worlds])
            )
            for output in OUTPUTS
        ),
        limits=LIMITS,
    )


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


def _simulate(
    prepared: PreparedSensitivity, folder: Path, workers: int, report: Report
) -> list[WorldOutputs]:
    worlds = len(prepared.design.points)
    plan = plan_text(prepared.plan, prepared.catalog, worlds, WORLDS_AT_ONCE)
    run = WorldRun(folder, plan, worlds, WORLDS_AT_ONCE, WorldOutputs)
    with claimed(folder, plan, (WORLDS,)):
        do_absent(run, partial(_do_block, prepared, run), workers, report)
        return [world for _, world in run.records()]


def _do_block(prepared: PreparedSensitivity, run: WorldRun[WorldOutputs], block: Block) -> None:
    trial, first = prepared.trial, block.worlds[0]
    points = prepared.design.points[block.worlds]
    arms = simulate_arms(trial, worlds_of(trial.model, trial.evidence, prepared.inputs, points))
    run.write(block, each_world(lambda place: read_outputs(trial, *arms[place - first]), block))


def _describe_groups(prepared: PreparedSensitivity, grouping: str) -> tuple[InputGroup, ...]:
    by_group: dict[str, list[Input]] = {}
    for each in prepared.inputs:
        by_group.setdefault(prepared.design.groups[each.name], []).append(each)
    return tuple(
        InputGroup(
            group=group,
            label=group_label(group) if grouping == "mechanism" else group,
            mechanism=members[0].group,
            inputs=tuple(each.name for each in members),
            shared_with=tuple(sorted({name for each in members for name in each.also})),
        )
        for group, members in by_group.items()
    )


def _describe_output(output: Output, week: float, design: Design, values: FloatArray) -> OutputIndices:
    found = estimate_indices(design, values)
    return OutputIndices(
        name=output.name,
        label=output.label.format(week=week),
        unit=output.unit,
        meaning=output.meaning,
        mean=float(values.mean()),
        band=Spread(*(float(each) for each in np.percentile(values, BAND))),
        indices=found,
        convergence=compare_halves(design, values, found),
    )
