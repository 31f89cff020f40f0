"""Which unknowns the answers hang on: the indices of every group for every output, with intervals and convergence."""

from pathlib import Path

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.catalog import Catalog
from ifntrial.levels import BAND
from ifntrial.studies.executors import Workers
from ifntrial.studies.fill_in import Report
from ifntrial.studies.sensitivity.indices import Design, compare_halves, estimate_indices
from ifntrial.studies.sensitivity.inputs import Input, group_label
from ifntrial.studies.sensitivity.outputs import OUTPUTS, Output, suppression_week
from ifntrial.studies.sensitivity.result import InputGroup, OutputIndices, Sensitivity
from ifntrial.studies.sensitivity.run import (
    OutputsInWorlds,
    PreparedSensitivity,
    SensitivityPlan,
    prepare,
    run_worlds,
)
from ifntrial.worlds.quantiles import Spread

DEFAULT_SAMPLES = {
    ("morris", "mechanism"): 64,
    ("morris", "parameter"): 8,
    ("sobol", "mechanism"): 128,
    ("sobol", "parameter"): 16,
}
"""By method and grouping; about two minutes each on two processors, by parameter rough."""

LIMITS = (
    "Worlds are drawn from the structural priors, before beliefs weigh them: the "
    "indices say what the answer hangs on, not what the answer is. The split of the variance of power in a forecast is "
    "under the beliefs.",
    "An index is about the spread of each prior as stated: a wide prior that is a guess counts as much as one that is "
    "known to be wide.",
    "All worlds share one group of virtual patients, so that differences between worlds are not sampling noise; another "
    "group would move every number a little.",
    "A parameter that several mechanisms use counts for the first of them.",
)


def run_sensitivity(
    plan: SensitivityPlan,
    catalog: Catalog,
    workers: Workers = 1,
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
    return sensitivity_result(prepared, run_worlds(prepared, workers, report, folder))


def sensitivity_result(prepared: PreparedSensitivity, worlds: OutputsInWorlds) -> Sensitivity:
    """Return every number of an analysis from the outputs of all worlds."""
    plan, week = prepared.plan, suppression_week(prepared.trial.design.visit_weeks)
    return Sensitivity(
        design=plan.design.name,
        method=plan.method,
        grouping=plan.grouping,
        samples=plan.samples,
        subjects=plan.subjects,
        replicates=plan.replicates,
        research_only="not for diagnosis or treatment",
        worlds=len(prepared.design.points),
        failed_courses=worlds.failed_courses,
        worlds_with_failures=worlds.worlds_with_failures,
        suppression_week=week,
        groups=_describe_groups(prepared, plan.grouping),
        outputs=tuple(
            _describe_output(output, week, prepared.design, worlds.values[output.name]) for output in OUTPUTS
        ),
        limits=LIMITS,
    )


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
