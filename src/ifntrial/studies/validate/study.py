"""Every published result that is kept for fits or tests, against the same statistic of virtual subjects.

Nothing is fitted here. What cannot be simulated is listed with the reason: every row appears exactly once.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from ifntrial.catalog import Catalog
from ifntrial.errors import EvidenceError
from ifntrial.evidence.records import Observation
from ifntrial.evidence.rows import Selected
from ifntrial.studies.beliefs.declared import declared_beliefs
from ifntrial.studies.calibrate.learnt import posterior_summary
from ifntrial.studies.executors import Workers
from ifntrial.studies.fill_in import Report
from ifntrial.studies.validate.before import verdicts_before
from ifntrial.studies.validate.by_status import effect_by_status
from ifntrial.studies.validate.causes import clusters
from ifntrial.studies.validate.checks import CHECKS
from ifntrial.studies.validate.checks.not_simulated import Reasons
from ifntrial.studies.validate.checks.setting import Simulated
from ifntrial.studies.validate.coverage import (
    Coverage,
    CoverageByYardstick,
    Placed,
    coverage,
    coverage_by_trial,
    place_by_distance,
    place_by_percentile,
)
from ifntrial.studies.validate.curves import bands_over_worlds
from ifntrial.studies.validate.predictive import CORRELATIONS
from ifntrial.studies.validate.result import Compared, Validation
from ifntrial.studies.validate.run import AllChecked, ValidationPlan, prepare, run_checks
from ifntrial.studies.validate.standing import standings
from ifntrial.studies.validate.verdict import USES, Said, compare, count

COMPARED = Selected(uses=USES)


def validate(
    plan: ValidationPlan,
    catalog: Catalog,
    workers: Workers = 1,
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
    evidence = catalog.evidence
    checked = run_checks(prepare(plan, catalog), workers, report, folder)
    rows = COMPARED.read(evidence)
    compared = _compared(rows, checked, Reasons(catalog))
    missed = {each.observation for each in compared if each.verdict == "miss"}
    return Validation(
        subjects=plan.subjects,
        drawn_worlds=plan.worlds,
        group_headings={name: heading for name, (heading, _) in CHECKS.items()},
        counts=count(compared),
        coverage_by_use={use: _coverage(compared, use) for use in USES},
        coverage_by_trial=coverage_by_trial(_predicted(compared)),
        comparisons=compared,
        clusters=clusters(row for row in rows if row.id in missed),
        standings=standings(evidence),
        untreated_curves=bands_over_worlds([each.curves for each in checked.worlds], evidence),
        response_steps=checked.steps,
        effect_by_status=effect_by_status(catalog),
        posterior=posterior_summary(
            catalog.model(), evidence, catalog.calibration, declared_beliefs(evidence)
        ),
    )


def _compared(rows: tuple[Observation, ...], checked: AllChecked, reasons: Reasons) -> tuple[Compared, ...]:
    found = said_of_rows(checked, {row.id: row for row in rows})
    before = verdicts_before()
    return tuple(
        compare(row, found.get(row.id), before.get(row.id), "" if row.id in found else reasons.of(row))
        for row in rows
    )


def said_of_rows(checked: AllChecked, rows: Mapping[str, Observation]) -> dict[str, Said]:
    """Return id of every observation that a check speaks of to what is said of it.

    Worlds are simulated with fewer subjects, the same in each: what a world adds to the typical one of these subjects
    is added to the typical value of all.
    """
    found = _by_observation(checked, set(rows))
    reference = {each.id: each.value for each in checked.reference.simulated}
    in_worlds: dict[str, list[float]] = {}
    for world in checked.worlds:
        for each in world.simulated:
            in_worlds.setdefault(each.id, []).append(each.value)
    return {
        id: Said(
            group,
            typical,
            tuple(
                _within(rows[id], typical.value + value - reference[id]) for value in in_worlds.get(id, ())
            ),
        )
        for id, (group, typical) in found.items()
    }


def _within(row: Observation, value: float) -> float:
    """Return a value cut to what its statistic can be."""
    if row.statistic == "proportion":
        return min(max(value, 0.0), 100.0)
    return min(max(value, -1.0), 1.0) if row.statistic in CORRELATIONS else value


def _by_observation(checked: AllChecked, known: set[str]) -> dict[str, tuple[str, Simulated]]:
    """Return the id of every observation that a check speaks of to the check's group and what it says."""
    found: dict[str, tuple[str, Simulated]] = {}
    for each in checked.typical:
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


def _coverage(compared: Iterable[Compared], use: str) -> CoverageByYardstick:
    """Return how often values lie where they were expected, by each yardstick."""
    rows = [each for each in compared if each.use == use]
    before = [(each, each.earlier.z) for each in rows if each.earlier is not None and _is_proof(each)]
    now = [(each, each.z) for each in rows if _is_proof(each)]
    compared_before = [each for each, z in before if z is not None]
    return CoverageByYardstick(
        _of_distances(before),
        _of_distances(now),
        coverage(list(_predicted(rows))),
        coverage(list(_predicted(compared_before))),
    )


def _of_distances(found: Iterable[tuple[Compared, float | None]]) -> Coverage:
    return coverage([place_by_distance(each.use, _trial(each), z) for each, z in found if z is not None])


def _predicted(compared: Iterable[Compared]) -> Iterable[Placed]:
    for each in compared:
        if each.predicted is not None and _is_proof(each):
            found = each.predicted
            yield place_by_percentile(each.use, _trial(each), found.percentile, found.standardized)


def _is_proof(row: Compared) -> bool:
    return row.verdict != "identity"


def _trial(row: Compared) -> str:
    return row.observation.partition(".")[0]
