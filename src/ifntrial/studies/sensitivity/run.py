"""Run a sensitivity analysis of a design: points, worlds in blocks, indices with intervals and convergence.

The numbers depend on the plan alone: blocks are the same for any number of workers, are kept on disk as soon as they
are done, and are put together by place.
"""

import json
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from functools import lru_cache, partial
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.clinic.enroll import enroll
from ifntrial.clinic.readings import measurement_error
from ifntrial.design.design import load_design
from ifntrial.errors import InputError, listed
from ifntrial.evidence.load import evidence_hash, load_evidence
from ifntrial.files import write_whole
from ifntrial.levels import BAND
from ifntrial.model import MODEL_VERSION, build_model
from ifntrial.read_only import returns_read_only
from ifntrial.studies.runs import UNREADABLE, Report, claimed, do_absent, unreadable
from ifntrial.studies.sensitivity.indices import (
    Design,
    compare_halves,
    estimate_indices,
    sample_design,
)
from ifntrial.studies.sensitivity.inputs import Input, group_label, list_inputs, worlds_of
from ifntrial.studies.sensitivity.outputs import (
    OUTPUTS,
    CommonTrial,
    Output,
    OutputTable,
    simulate_outputs,
    suppression_week,
)

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
    design
        Name or path of the design.
    method
        ``morris`` or ``sobol``.
    grouping
        ``mechanism``, or ``parameter`` for every input on its own.
    samples
        Trajectories or base points, a power of two.
    subjects, replicates
        Common subjects, and repeats of measurement and conduct behind each probability of response.
    """

    design: str
    method: str
    grouping: str
    samples: int
    subjects: int
    seed: int
    replicates: int = 8


@dataclass(frozen=True, slots=True)
class _Prepared:
    inputs: tuple[Input, ...]
    design: Design
    trial: CommonTrial


def run_sensitivity(
    plan: SensitivityPlan,
    workers: int = 1,
    report: Report = lambda done, total: None,
    folder: Path | None = None,
) -> dict[str, Any]:
    """Return the sensitivity of every output to every group, as plain values.

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
    prepared = _prepare(plan)
    week = suppression_week(prepared.trial.design.visit_weeks)
    with nullcontext(folder) if folder is not None else TemporaryDirectory() as place:
        table = _simulate(plan, prepared, Path(place), workers, report)
    return {
        "research_only": "not for diagnosis or treatment",
        "design": prepared.trial.design.name,
        "method": plan.method,
        "grouping": plan.grouping,
        "samples": plan.samples,
        "subjects": plan.subjects,
        "replicates": plan.replicates,
        "worlds": len(prepared.design.points),
        "failed_courses": int(table.failed.sum()),
        "worlds_with_failures": int((table.failed > 0).sum()),
        "suppression_week": week,
        "groups": _describe_groups(prepared, plan.grouping),
        "outputs": [
            _describe_output(output, week, prepared.design, table.values[output.name]) for output in OUTPUTS
        ],
        "limits": list(LIMITS),
    }


@lru_cache(maxsize=2)
@returns_read_only
def _prepare(plan: SensitivityPlan) -> _Prepared:
    if plan.grouping not in GROUPINGS:
        raise InputError(
            "the grouping is not known",
            given=plan.grouping,
            allowed=listed(GROUPINGS),
            fix="use one of these",
        )
    evidence, model, design = load_evidence(), build_model(), load_design(plan.design)
    inputs = list_inputs(model, evidence)
    groups = {each.name: each.group if plan.grouping == "mechanism" else each.name for each in inputs}
    trial = CommonTrial(
        design=design,
        model=model,
        evidence=evidence,
        population=enroll(design, model, evidence, plan.subjects, plan.seed).population,
        error=measurement_error(evidence),
        seed=plan.seed,
        replicates=plan.replicates,
    )
    return _Prepared(inputs, sample_design(groups, plan.method, plan.samples, plan.seed), trial)


def _simulate(
    plan: SensitivityPlan, prepared: _Prepared, folder: Path, workers: int, report: Report
) -> OutputTable:
    total = len(prepared.design.points)
    paths = [_path(folder, block) for block in range(-(-total // WORLDS_AT_ONCE))]

    def report_worlds(done: int, blocks: int) -> None:
        del blocks
        report(min(done * WORLDS_AT_ONCE, total), total)

    with claimed(folder, _plan_text(plan, prepared), ("blocks",)):
        do_absent(
            partial(_do_block, plan, folder),
            paths,
            workers,
            report_worlds,
            "block",
        )
        found = [_read_block(path, block) for block, path in enumerate(paths)]
    return OutputTable(
        {output.name: np.concatenate([each.values[output.name] for each in found]) for output in OUTPUTS},
        np.concatenate([each.failed for each in found]),
    )


def _plan_text(plan: SensitivityPlan, prepared: _Prepared) -> str:
    """Return everything that decides the numbers, as text."""
    basis = {
        "model_version": MODEL_VERSION,
        "evidence_hash": evidence_hash(prepared.trial.evidence),
        "plan": asdict(plan) | {"design": prepared.trial.design.model_dump(mode="json", exclude_none=True)},
    }
    return json.dumps(basis, indent=1, sort_keys=True)


def _path(folder: Path, block: int) -> Path:
    return folder / "blocks" / f"block={block:06d}.npz"


def _do_block(plan: SensitivityPlan, folder: Path, block: int) -> None:
    prepared = _prepare(plan)
    first = block * WORLDS_AT_ONCE
    points = prepared.design.points[first : first + WORLDS_AT_ONCE]
    trial = prepared.trial
    found = simulate_outputs(trial, worlds_of(trial.model, trial.evidence, prepared.inputs, points))
    packed = BytesIO()
    np.savez(packed, failed=found.failed, **found.values)  # type: ignore[arg-type]  # NumPy's stub takes them for options
    write_whole(_path(folder, block), packed.getvalue())


def _read_block(path: Path, block: int) -> OutputTable:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            return OutputTable({output.name: stored[output.name] for output in OUTPUTS}, stored["failed"])
    except UNREADABLE as error:
        raise unreadable(path, "block", block, error) from error


def _describe_groups(prepared: _Prepared, grouping: str) -> list[dict[str, Any]]:
    by_group: dict[str, list[Input]] = {}
    for each in prepared.inputs:
        by_group.setdefault(prepared.design.groups[each.name], []).append(each)
    return [
        {
            "group": group,
            "label": group_label(group) if grouping == "mechanism" else group,
            "mechanism": members[0].group,
            "inputs": [each.name for each in members],
            "shared_with": sorted({name for each in members for name in each.also}),
        }
        for group, members in by_group.items()
    ]


def _describe_output(output: Output, week: float, design: Design, values: FloatArray) -> dict[str, Any]:
    found = estimate_indices(design, values)
    low, middle, high = (float(x) for x in np.percentile(values, BAND))
    return {
        "name": output.name,
        "label": output.label.format(week=week),
        "unit": output.unit,
        "meaning": output.meaning,
        "mean": float(values.mean()),
        "band": {"5": low, "50": middle, "95": high},
        "indices": [asdict(index) for index in found],
        "convergence": compare_halves(design, values, found),
    }
