"""Every published result that is kept for fits or tests, against the same statistic of virtual subjects.

Nothing is fitted here. What cannot be simulated is listed with the reason: every row appears exactly once.
"""

from collections.abc import Iterable
from pathlib import Path

from ifntrial.catalog import Catalog
from ifntrial.errors import EvidenceError
from ifntrial.evidence.rows import Selected
from ifntrial.studies.beliefs.declared import declared_beliefs
from ifntrial.studies.calibrate.learnt import posterior_summary
from ifntrial.studies.runs import Report
from ifntrial.studies.validate.checks import CHECKS
from ifntrial.studies.validate.checks.setting import Simulated
from ifntrial.studies.validate.result import Validation
from ifntrial.studies.validate.run import Checked, ValidationPlan, prepare, run_checks
from ifntrial.studies.validate.verdict import USES, compare, count

COMPARED = Selected(uses=USES)


def validate(
    plan: ValidationPlan,
    catalog: Catalog,
    workers: int = 1,
    report: Report = lambda done, total: None,
    folder: Path | None = None,
) -> Validation:
    """Return the comparison of every ``fit`` and ``test`` observation, with counts, and what was learnt from fits.

    Beside them what each rule of a trial does to the response on placebo.

    Parameters
    ----------
    report
        Called with checks done and in all.
    folder
        Where finished checks are kept, so that a stopped run resumes; None: nowhere.

    Raises
    ------
    EvidenceError
        If a check speaks of an observation that no table holds for ``fit`` or ``test``, or twice of the same.
    FileError
        If the frozen calibration is absent or cannot be read.
    RunError
        If a check cannot be simulated, or the folder holds another run.
    """
    prepared, evidence = prepare(plan, catalog), catalog.evidence
    *checked, last = run_checks(prepared, workers, report, folder)
    if last.steps is None:
        raise ValueError("the last check gave no steps")
    rows = COMPARED.read(evidence)
    found = _by_observation(checked, {row.id for row in rows})
    compared = [compare(row, *found.get(row.id, (None, None))) for row in rows]
    return Validation(
        subjects=plan.subjects,
        group_headings={name: heading for name, (heading, _) in CHECKS.items()},
        counts=count(compared),
        comparisons=tuple(compared),
        response_steps=last.steps,
        posterior=posterior_summary(
            catalog.model(), evidence, catalog.calibration, declared_beliefs(evidence)
        ),
    )


def _by_observation(checked: Iterable[Checked], known: set[str]) -> dict[str, tuple[str, Simulated]]:
    """Return the id of every observation that a check speaks of to the check's group and what it says."""
    found: dict[str, tuple[str, Simulated]] = {}
    for each in checked:
        for item in each.simulated:
            if item.id in found:
                raise EvidenceError("two checks speak of the same observation", problems=[item.id])
            found[item.id] = (each.group, item)
    unknown = sorted(set(found) - known)
    if unknown:
        raise EvidenceError(
            "checks speak of observations that no table holds for a fit or a test",
            problems=unknown,
            fix="correct the name in the check",
        )
    return found
