"""What a treatment does at each box of the map: every subject twice, untreated and treated, at one time."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import sympy

from ifntrial.arrays import FloatArray
from ifntrial.calendar import DAYS_PER_WEEK
from ifntrial.course.dose_plans import DosePlan, Parameters
from ifntrial.course.exposure import SELECTIONS
from ifntrial.course.system import build_system
from ifntrial.errors import SolverError, resolve_name
from ifntrial.model import Model
from ifntrial.model.drugs import Drug
from ifntrial.model.parts import Assignment, Mechanism, Species
from ifntrial.model.values import evidence_row
from ifntrial.patients.thinning import PatientPool
from ifntrial.solver import DoseTable, OdeSystem, Progress, Tolerance, Trajectories
from ifntrial.solver import simulate as solve
from ifntrial.studies.pathway.graph import (
    Equations,
    acts_on,
    equations_of,
    is_unknown,
    links_of,
    parameters_in,
    raises,
)
from ifntrial.studies.pathway.nodes import BOXES, DRUG_STEP, Box
from ifntrial.studies.pathway.result import (
    BoxEquation,
    PathwayBox,
    PathwayLink,
    PathwayMap,
    PathwayRow,
)
from ifntrial.studies.simulate.measures import spread
from ifntrial.studies.simulate.result import OverSubjects, People
from ifntrial.studies.simulate.subjects import Setting, subjects_of

_ABSENT = 1e-9
"""Of the quantity with the drug: what is less without it is not there."""


@dataclass(frozen=True, slots=True)
class _Courses:
    """Quantities to their values at the time of the map, in solved subjects, each (subjects,)."""

    without_drug: Mapping[str, FloatArray]
    with_drug: Mapping[str, FloatArray]
    typical: Mapping[str, float]
    status: Mapping[str, int]


def map_pathway(
    pool: PatientPool,
    plan: DosePlan,
    setting: Setting,
    drugs: Iterable[Drug],
    *,
    workers: int = 1,
    progress: Progress | None = None,
) -> PathwayMap:
    """Return what a plan does along the pathway at the end of the weeks of a setting.

    Parameters
    ----------
    drugs
        Whose points of attack are told.
    progress
        Called a few times per second with (subjects begun, subjects in all), once untreated and once treated.

    Raises
    ------
    UnknownNameError
        If the selection is not known.
    SolverError
        If nobody could be solved.
    """
    resolve_name(setting.selection, SELECTIONS, "population")
    model = pool.model
    system = build_system(model)
    courses = _courses(pool, plan, setting, system, workers, progress)
    equations = equations_of(system)
    boxes = tuple(_box(each, model, pool, courses, equations) for each in BOXES)
    return PathwayMap(
        drug=model.drug.label,
        regimen=plan.label,
        week=setting.weeks,
        without_mechanisms=tuple(model.without),
        people=People(
            setting.selection,
            SELECTIONS[setting.selection].replace("the same", SELECTIONS["all"]),
            setting.subjects,
        ),
        subjects_status=courses.status,
        boxes=boxes,
        links=_links(model, courses.typical),
        evidence_rows=_rows(pool, boxes),
        attacks={each.label: acts_on(each) for each in drugs},
    )


def _courses(
    pool: PatientPool,
    plan: DosePlan,
    setting: Setting,
    system: OdeSystem,
    workers: int,
    progress: Progress | None,
) -> _Courses:
    own, typical = subjects_of(pool, setting, plan.covariates)
    names = tuple(equations_of(system))
    day = round(DAYS_PER_WEEK * setting.weeks, 9) + plan.shift_days

    def at_day(parameters: Parameters, doses: DoseTable, told: Progress | None) -> Trajectories:
        return solve(
            system,
            {name: parameters[name] for name in system.parameters},
            doses,
            np.array([0.0, day]),
            tolerance=Tolerance.TRIAL,
            outputs=names,
            workers=workers,
            progress=told,
        )

    size = len(own["body_weight"])
    untreated = at_day(own, DoseTable.none(size), progress)
    treated = at_day(own, plan.build(pool.model, own), progress)
    center = at_day(typical, plan.build(pool.model, typical), None)
    words = np.where(untreated.words == "ok", treated.words, untreated.words)
    solved = words == "ok"
    if not solved.any():
        raise SolverError(
            f"nobody could be solved under '{plan.label}'",
            problems=[f"{count} x {word}" for word, count in _counted(words).items()],
            fix="check doses and values that were set",
        )
    values = {name: float(center.of(name)[0, -1]) for name in names}
    return _Courses(
        {name: untreated.of(name)[solved, -1] for name in names},
        {name: treated.of(name)[solved, -1] for name in names},
        {name: float(column[0]) for name, column in typical.items()} | values | {"time": day},
        _counted(words),
    )


def _counted(words: np.ndarray) -> dict[str, int]:
    found, counts = np.unique(words, return_counts=True)
    return {str(word): int(count) for word, count in zip(found, counts, strict=True)}


def _box(box: Box, model: Model, pool: PatientPool, courses: _Courses, equations: Equations) -> PathwayBox:
    before, after = courses.without_drug[box.name], courses.with_drug[box.name]
    is_there = np.abs(before) > _ABSENT * np.maximum(np.abs(after), np.abs(before))
    before = np.where(is_there, before, 0.0)
    change = np.where(is_there, after / np.where(is_there, before, 1.0) - 1, np.nan)
    parts = tuple(_equation(name, model, equations) for name in box.quantities if name in equations)
    system = build_system(model)
    rows = [
        row.name
        for parameter in parameters_in(box.quantities, equations, system)
        if (row := evidence_row(model, pool.evidence, parameter)) is not None
    ]
    return PathwayBox(
        name=box.name,
        label=box.label,
        title=box.title,
        step=box.step,
        body_part=box.place,
        unit=parts[0].unit,
        without_drug=_over_subjects(before),
        with_drug=_over_subjects(after),
        relative_change=spread(change),
        change_of_mean=float(np.mean(after - before)),
        ratio_of_means=float(np.mean(after) / np.mean(before)) if is_there.any() else None,
        equations=parts,
        row_names=tuple(dict.fromkeys(rows)),
    )


def _over_subjects(values: FloatArray) -> OverSubjects:
    found = spread(values)
    return OverSubjects(0.0, 0.0, 0.0, 0.0) if found is None else found


def _equation(name: str, model: Model, equations: Equations) -> BoxEquation:
    rates = {each.name for each in model.species}
    left = f"d/dt {name}" if name in rates else name
    law = f"{left} = {_in_words(equations[name])}"
    (found,) = (
        BoxEquation(name, each.meaning, each.unit, mechanism.name, law)
        for mechanism in model.mechanisms
        for each in _declared(mechanism)
        if each.name == name
    )
    return found


def _declared(mechanism: Mechanism) -> Iterator[Species | Assignment]:
    yield from mechanism.species
    yield from mechanism.assignments
    yield from mechanism.observables


def _in_words(law: sympy.Expr) -> str:
    return str(sympy.sstr(law, order="none")).replace("**", "^").replace("*", " · ")


def _links(model: Model, values: Mapping[str, float]) -> tuple[PathwayLink, ...]:
    system = build_system(model)
    equations = equations_of(system)
    steps = {box.name: box.step for box in BOXES}
    return tuple(
        PathwayLink(
            each.source,
            each.target,
            raises(each, system, values),
            steps[each.source] == DRUG_STEP != steps[each.target],
            is_unknown(each, equations),
        )
        for each in links_of(model)
    )


def _rows(pool: PatientPool, boxes: Iterable[PathwayBox]) -> dict[str, PathwayRow]:
    named = {name for box in boxes for name in box.row_names}
    rows = {row.name: row for row in pool.evidence.parameters if row.name in named}
    return {
        name: PathwayRow(
            f"{row.value:.4g} {'' if row.unit == '1' else row.unit}".strip(), row.status, tuple(row.sources)
        )
        for name, row in sorted(rows.items())
    }
