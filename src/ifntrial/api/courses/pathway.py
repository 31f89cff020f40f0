"""The pathway as a map: what a treatment does at each place of it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ifntrial.api import defaults
from ifntrial.api.answer import Files, Shown, keep
from ifntrial.api.argument_names import names_arguments
from ifntrial.api.calls import (
    Call,
    Given,
    begin,
    given_catalog,
    given_run,
    processors,
    reporter,
    require_whole,
)
from ifntrial.api.checks import as_listed, require_range
from ifntrial.api.courses.asked import MOST_SUBJECTS
from ifntrial.api.runs import Run
from ifntrial.api.tables import Column, make_table
from ifntrial.calendar import DAYS_PER_WEEK
from ifntrial.catalog import Catalog, shipped
from ifntrial.course.exposure import SELECTIONS
from ifntrial.design.parts import USUAL_DRUG
from ifntrial.dosing.regimen import Regimen, parse_regimen
from ifntrial.errors import InputError, resolve_name
from ifntrial.files import write_whole
from ifntrial.solver import Progress
from ifntrial.studies.over_worlds import fields_of
from ifntrial.studies.pathway.result import PathwayMap
from ifntrial.studies.pathway.study import map_pathway
from ifntrial.studies.run_facts import RunFacts
from ifntrial.studies.simulate.plans import plans_of_regimens
from ifntrial.studies.simulate.subjects import Setting

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = (
    Column("box", "name of the quantity that a box of the map shows"),
    Column("title", "what it is"),
    Column("place", "where in the body"),
    Column("without_drug", "median subject, untreated, in the unit of the quantity"),
    Column("with_drug", "median subject, treated"),
    Column("ratio_of_means", "mean of the treated over that of the untreated", "1"),
    Column("change_of_mean", "mean of the treated less that of the untreated, in the unit of the quantity"),
    Column("unit", "unit of the quantity"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedMap:
    """What is asked of a map, as the options of ``ifntrial map``.

    Parameters
    ----------
    drug, regimen
        Which drug, None for the one that the words name; and its doses in words, None for its usual ones.
    week
        When it is looked at [week].
    subjects, population
        How many of whom.
    without
        Mechanisms to leave out.
    """

    drug: str | None
    regimen: str | None
    week: float
    subjects: int
    population: str
    without: tuple[str, ...]
    seed: int


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class PathwayAnswer(Shown[PathwayMap], PathwayMap):
    """A map: every field of the result of ``ifntrial map``, and what can be done with it."""

    def table(self) -> "pd.DataFrame":
        """Return what the treatment does, a row for each box."""
        rows = (
            (
                each.name,
                each.title,
                each.body_part,
                each.without_drug.q50,
                each.with_drug.q50,
                each.ratio_of_means,
                each.change_of_mean,
                each.unit,
            )
            for each in self.boxes
        )
        return make_table(f"{self.drug}, {self.regimen}, week {self.week:g}", _COLUMNS, rows)

    def lines(self) -> Iterator[str]:
        """Yield who was followed, and the change at each box."""
        from ifntrial.report.terminal.pathway import pathway_lines

        yield from pathway_lines(self)

    def svg(self, path: str | Path) -> Path:
        """Write the picture for a wide screen; return its path.

        Raises
        ------
        FileError
            If the file cannot be written.
        """
        from ifntrial.report.pathway.panels import pathway_svg

        write_whole(Path(path), pathway_svg(self))
        return Path(path)


@names_arguments
def pathway(
    regimen: str | Regimen | None = None,
    *,
    drug: str | None = None,
    week: float = defaults.SIMULATE_WEEKS,
    subjects: int = defaults.SIMULATE_SUBJECTS,
    population: str = defaults.MAP_POPULATION,
    without: Sequence[str] = (),
    catalog: Catalog | None = None,
    seed: int = defaults.SEED,
    workers: int | None = None,
    out: str | Path | None = None,
    progress: bool = False,
) -> PathwayAnswer:
    """Return what a treatment does at each place of the pathway; does what ``ifntrial map`` does.

    Parameters
    ----------
    regimen
        In words, such as ``300 mg IV every 4 weeks``; None: the usual one of the drug.
    drug
        Which drug; None: the one that the words name, else anifrolumab.
    week
        When it is looked at [week], before a dose of that day.
    subjects, population
        How many of whom: ``ifn-high``, ``all``, ``ifn-low`` or ``healthy``.
    without, catalog, seed, workers, out, progress
        As in ``forecast``.

    Raises
    ------
    InputError
        If a regimen is not understood, or an argument is not usable.
    SolverError
        If nobody could be solved.
    """
    known = shipped() if catalog is None else catalog
    words = regimen.text if isinstance(regimen, Regimen) else regimen
    call = Call(
        "pathway",
        "map",
        (
            Given("drug_name", "--drug", drug, USUAL_DRUG),
            Given("regimen", "--regimen", words),
            Given("week", "--week", float(week), defaults.SIMULATE_WEEKS),
            Given("subjects", "--subjects", subjects, defaults.SIMULATE_SUBJECTS),
            Given("selection", "--population", population, defaults.MAP_POPULATION),
            Given("without", "--without", tuple(without)),
            given_catalog(catalog),
            *given_run(seed, workers, out),
        ),
    )
    asked = AskedMap(
        drug=None if drug is None else as_listed(drug, known.drugs),
        regimen=words,
        week=week,
        subjects=require_whole("--subjects", subjects),
        population=as_listed(population, SELECTIONS),
        without=tuple(as_listed(each, known.mechanism_names) for each in without),
        seed=seed,
    )

    def run() -> Run:
        return begin(call, known, seed=seed, out=out, needs_folder=False)

    told = reporter(progress, "subjects") if progress else None
    return answer_pathway(asked, run, known, processors(workers), told)


def answer_pathway(
    asked: AskedMap,
    begin_run: Callable[[], Run],
    catalog: Catalog,
    workers: int,
    progress: Progress | None,
) -> PathwayAnswer:
    """Return the answer, kept where the run says; errors as in ``pathway``.

    Parameters
    ----------
    begin_run
        Called when all that is asked has been understood.
    """
    require_range("--week", asked.week, 0.1, defaults.MOST_WEEKS)
    require_range("--subjects", asked.subjects, 1, MOST_SUBJECTS)
    resolve_name(asked.population, SELECTIONS, "population")
    regimen = None if asked.regimen is None else parse_regimen(asked.regimen)
    drug = asked.drug or (regimen.drug if regimen is not None and regimen.drug else USUAL_DRUG)
    model = catalog.model(drug, asked.without)
    if regimen is None:
        regimen = _usual(catalog, drug)
    (plan,) = plans_of_regimens([regimen], model, asked.week * DAYS_PER_WEEK)
    setting = Setting(
        weeks=asked.week,
        subjects=asked.subjects,
        selection=asked.population,
        seed=asked.seed,
        asked_days=np.empty(0),
        level=None,
    )
    run = begin_run()
    result = map_pathway(
        catalog.pool(model), plan, setting, catalog.drugs.values(), workers=workers, progress=progress
    )
    return PathwayAnswer(**fields_of(result), kept=keep(run, result, Files("map.json", _render)))


def _usual(catalog: Catalog, drug: str) -> Regimen:
    words = catalog.drugs[drug].usual
    if not words:
        raise InputError(
            f"no usual regimen of {drug} is known",
            given="no regimen",
            allowed='a regimen in words such as "300 mg IV every 4 weeks"',
            fix="give --regimen",
        )
    return parse_regimen(words)


def _render(result: PathwayMap, facts: RunFacts) -> str:
    from ifntrial.report.map.page import render_pathway

    return render_pathway(result, facts)
