"""Regimens, or the doses of a table, followed in a virtual population."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from ifntrial.api import defaults
from ifntrial.api.answer import Files, Shown, keep
from ifntrial.api.calls import (
    Call,
    Given,
    begin,
    given_catalog,
    given_file,
    given_run,
    processors,
    reporter,
    require_whole,
    text_of,
)
from ifntrial.api.checks import as_listed, require_range
from ifntrial.api.runs import Run
from ifntrial.api.tables import Cell, Column, make_table
from ifntrial.arrays import FloatArray
from ifntrial.calendar import DAYS_PER_WEEK
from ifntrial.catalog import Catalog, shipped
from ifntrial.course.exposure import SELECTIONS
from ifntrial.course.replaced import read_replacements
from ifntrial.design.parts import USUAL_DRUG
from ifntrial.dosing.regimen import Regimen, parse_regimen
from ifntrial.dosing.time_words import read_every, read_times
from ifntrial.errors import InputError, resolve_name
from ifntrial.model import Model
from ifntrial.solver import Progress
from ifntrial.studies.over_worlds import fields_of
from ifntrial.studies.run_facts import RunFacts
from ifntrial.studies.simulate.plans import plans_of_regimens, plans_of_table
from ifntrial.studies.simulate.result import FollowedRegimen, ReadOut, Simulation
from ifntrial.studies.simulate.study import simulate_regimen
from ifntrial.studies.simulate.subjects import Setting
from ifntrial.studies.simulate.tables import read_covariates, read_observed
from ifntrial.units import convert

if TYPE_CHECKING:
    import pandas as pd

MOST_SUBJECTS = 20_000
"""Beyond this the courses of all read-outs no longer fit a small machine."""
MOST_REGIMENS = 8

_NEAR = 1e-6
"""Days that differ by less are the same."""

_COURSES = (
    ("concentration", "of the drug in serum", "ug/mL"),
    ("occupancy_blood", "share of receptors in blood bound by the drug", "1"),
    ("occupancy_skin", "share of receptors in skin bound by the drug", "1"),
    ("suppression_blood", "suppression (b) in blood: one minus post over pre of the fold-change score", "1"),
    ("suppression_skin", "suppression (b) in skin", "1"),
    ("signature_blood", "fold-change score in blood", "1"),
    ("signature_skin", "fold-change score in skin", "1"),
)
_QUANTILES = (("q05", "5 % of subjects"), ("q50", "median subject"), ("q95", "95 % of subjects"))
_COLUMNS = (
    Column("regimen", "in words; of an event table, the subject and occasion"),
    Column("day", "time after the first dose", "day"),
    *(
        Column(f"{name}_{quantile}", f"{meaning}, {of}", unit)
        for name, meaning, unit in _COURSES
        for quantile, of in _QUANTILES
    ),
)


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class SimulationAnswer(Shown[Simulation], Simulation):
    """Followed regimens: every field of the result of ``ifntrial simulate``, and what can be done with it."""

    def table(self, *, all_times: bool = False) -> "pd.DataFrame":
        """Return the courses, a row for each regimen and time.

        Parameters
        ----------
        all_times
            Every time that was simulated; otherwise those that were asked for with ``at`` or ``every``, if any.
        """
        rows = (row for each in self.followed for row in _rows(each, all_times))
        return make_table(f"{self.drug}, {self.people.subjects} virtual subjects", _COLUMNS, rows)

    def lines(self) -> Iterator[str]:
        """Yield who was followed, and the read-outs of each regimen at its end."""
        yield f"{self.drug}, {self.people.subjects} virtual subjects: {self.people.meaning}"
        for each in self.followed:
            level, score = each.concentration, each.suppression_blood
            yield (
                f"  {each.regimen}, {each.doses} doses; day {each.time_days[-1]:g}: serum {level.q50[-1]:.3g} ug/mL "
                f"({level.q05[-1]:.3g} to {level.q95[-1]:.3g}), suppression (b) in blood {100 * score.q50[-1]:.0f} % "
                f"({100 * score.q05[-1]:.0f} to {100 * score.q95[-1]:.0f})"
            )


def _rows(regimen: FollowedRegimen, all_times: bool) -> Iterator[tuple[Cell, ...]]:
    courses: tuple[ReadOut, ...] = tuple(getattr(regimen, name) for name, _, _ in _COURSES)
    asked = np.array(regimen.asked_days)
    for place, day in enumerate(regimen.time_days):
        if all_times or not len(asked) or np.abs(asked - day).min() < _NEAR:
            yield (
                regimen.regimen,
                day,
                *(each for one in courses for each in (one.q05[place], one.q50[place], one.q95[place])),
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedCourses:
    """What is asked of a simulation, as the options of ``ifntrial simulate``.

    Parameters
    ----------
    regimens, events, time_unit
        Regimens in words, or an event table and the unit of its times.
    weeks, at, every, above
        How long [week], times to show in words, and a concentration to count time above [ug/mL].
    values
        Values of the drug such as ``anifrolumab.clearance=0.2 L/day``.
    covariates, observed
        Tables of who is followed and of own measurements.
    subjects, population
        How many of whom.
    drug, without
        Which drug, None for the one that the words name; and mechanisms to leave out.
    """

    regimens: tuple[str, ...]
    events: Path | None
    time_unit: str | None
    weeks: float
    at: str | None
    every: str | None
    above: float | None
    values: tuple[str, ...]
    covariates: Path | None
    observed: Path | None
    subjects: int
    population: str
    drug: str | None
    without: tuple[str, ...]
    seed: int


def simulate(
    *regimens: str | Regimen,
    events: str | Path | None = None,
    time_unit: Literal["day", "hour"] | None = None,
    drug: str | None = None,
    weeks: float = defaults.SIMULATE_WEEKS,
    at: str | Sequence[float] | None = None,
    every: str | None = None,
    above: float | None = None,
    values: Mapping[str, str] | None = None,
    covariates: str | Path | None = None,
    observed: str | Path | None = None,
    subjects: int = defaults.SIMULATE_SUBJECTS,
    population: str = "all",
    without: Sequence[str] = (),
    catalog: Catalog | None = None,
    seed: int = defaults.SEED,
    workers: int | None = None,
    out: str | Path | None = None,
    progress: bool = False,
) -> SimulationAnswer:
    """Return the courses of regimens in a virtual population; does what ``ifntrial simulate`` does.

    Parameters
    ----------
    regimens
        In words, such as ``300 mg IV every 4 weeks``.
    events, time_unit
        An event table as NONMEM and CDISC write them, in place of regimens, and the unit of its times.
    drug
        Which drug; None: the one that the words name, else anifrolumab.
    weeks
        How long to follow [week].
    at
        Times to show: a text as ``--at`` takes it (numbers count weeks), or numbers of days.
    every
        Also times so far apart, such as ``2 weeks``.
    above
        Count the time above this concentration [ug/mL].
    values
        Name of an evidence row of the drug to what takes its place, such as ``{"anifrolumab.clearance": "0.2 L/day"}``.
    covariates, observed
        Tables of who is followed, and of own measurements.
    subjects, population
        How many of whom: ``all``, ``ifn-high``, ``ifn-low`` or ``healthy``.
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
    words = tuple(each.text if isinstance(each, Regimen) else each for each in regimens)
    times = (
        at if at is None or isinstance(at, str) else ", ".join(f"{text_of(float(day))} days" for day in at)
    )
    set_to = tuple(f"{name}={value}" for name, value in (values or {}).items())
    call = Call(
        "simulate",
        "simulate",
        (
            Given("regimens", "", words),
            given_file("events", "--events", events),
            Given("time_unit", "--time-unit", time_unit),
            Given("weeks", "--weeks", float(weeks), defaults.SIMULATE_WEEKS),
            Given("at", "--at", times),
            Given("every", "--every", every),
            Given("above", "--above", above),
            Given("values", "--set", set_to),
            given_file("covariates", "--covariates", covariates),
            given_file("observed", "--observed", observed),
            Given("subjects", "--subjects", subjects, defaults.SIMULATE_SUBJECTS),
            Given("selection", "--population", population, "all"),
            Given("drug_name", "--drug", drug, USUAL_DRUG),
            Given("without", "--without", tuple(without)),
            given_catalog(catalog),
            *given_run(seed, workers, out),
        ),
    )
    asked = AskedCourses(
        regimens=words,
        events=_path(events),
        time_unit=time_unit,
        weeks=weeks,
        at=times,
        every=every,
        above=above,
        values=set_to,
        covariates=_path(covariates),
        observed=_path(observed),
        subjects=require_whole("--subjects", subjects),
        population=as_listed(population, SELECTIONS),
        drug=None if drug is None else as_listed(drug, known.drugs),
        without=tuple(as_listed(each, known.mechanism_names) for each in without),
        seed=seed,
    )

    def run() -> Run:
        return begin(call, known, seed=seed, out=out, needs_folder=False)

    told = reporter(progress, "subjects") if progress else None
    return answer_simulation(asked, run, known, processors(workers), told)


def _path(given: str | Path | None) -> Path | None:
    return None if given is None else Path(given)


def answer_simulation(
    asked: AskedCourses,
    begin_run: Callable[[], Run],
    catalog: Catalog,
    workers: int,
    progress: Progress | None,
) -> SimulationAnswer:
    """Return the answer, kept where the run says; errors as in ``simulate``.

    Parameters
    ----------
    begin_run
        Called when all that is asked has been understood.
    """
    require_range("--weeks", asked.weeks, 0.1, defaults.MOST_WEEKS)
    require_range("--subjects", asked.subjects, 1, MOST_SUBJECTS)
    regimens = _regimens(asked.regimens, asked.events)
    model = catalog.model(_drug_of(regimens, asked.drug), asked.without)
    setting = _setting(asked, catalog, model)
    run = begin_run()
    until = asked.weeks * DAYS_PER_WEEK
    notes: tuple[str, ...] = ()
    if asked.events is None:
        plans = plans_of_regimens(regimens, model, until)
    else:
        plans, notes = plans_of_table(asked.events, model, asked.time_unit, until)
    result = simulate_regimen(
        catalog.pool(model), plans, setting.with_notes(notes), workers=workers, progress=progress
    )
    kept = keep(run, result, Files("simulation.json", _render))
    return SimulationAnswer(**fields_of(result), kept=kept)


def _regimens(texts: Sequence[str], events: Path | None) -> list[Regimen]:
    if bool(texts) == (events is not None) or len(texts) > MOST_REGIMENS:
        raise InputError(
            "REGIMEN is missing"
            if not texts
            else "regimens and --events are both given, or there are too many",
            given=f"{len(texts)} regimens" + (" and an event table" if events else ""),
            allowed=f'1 to {MOST_REGIMENS} regimens such as "300 mg IV every 4 weeks", or --events TABLE',
            fix="give one of the two",
        )
    return [parse_regimen(text) for text in texts]


def _drug_of(regimens: Sequence[Regimen], asked: str | None) -> str:
    """Return the drug: the one that is asked for, or else the one that the words name."""
    if asked is not None:
        return asked
    named = {regimen.drug for regimen in regimens if regimen.drug}
    return named.pop() if len(named) == 1 else USUAL_DRUG


def _setting(asked: AskedCourses, catalog: Catalog, model: Model) -> Setting:
    resolve_name(asked.population, SELECTIONS, "population")
    days = _asked_days(asked)
    if asked.above is not None:
        require_range("--above", asked.above, 0.0, 1e6)
    table = None if asked.covariates is None else read_covariates(asked.covariates)
    return Setting(
        weeks=asked.weeks,
        subjects=_size(asked.subjects, table),
        selection=asked.population,
        seed=asked.seed,
        asked_days=days,
        level=_usual_level(catalog, model) if asked.above is None else asked.above,
        replacements=read_replacements(asked.values, model, catalog.evidence),
        covariates=table,
        observed=() if asked.observed is None else read_observed(asked.observed, asked.time_unit),
    )


def _asked_days(asked: AskedCourses) -> FloatArray:
    end = round(asked.weeks * DAYS_PER_WEEK, 9)
    times = [np.empty(0)]
    times += [] if asked.at is None else [read_times(asked.at, "--at")]
    times += [] if asked.every is None else [read_every(asked.every, end, "--every")]
    found = np.unique(np.concatenate(times))
    if len(found) and found[-1] > end:
        raise InputError(
            "a time asked for is after the end",
            given=f"day {found[-1]:g}",
            allowed=f"up to day {end:g}, the end of --weeks {asked.weeks:g}",
            fix="follow it for longer",
        )
    return found


def _size(subjects: int, table: Mapping[str, FloatArray] | None) -> int:
    """Return how many are followed: as many as the table has rows."""
    if table is None:
        return subjects
    rows = len(next(iter(table.values())))
    if subjects not in (defaults.SIMULATE_SUBJECTS, rows) or rows > MOST_SUBJECTS:
        raise InputError(
            "--subjects is not the number of rows of the table of covariates",
            given=f"--subjects {subjects}, {rows} rows",
            allowed=f"one subject for each row, up to {MOST_SUBJECTS}",
            fix="leave --subjects away",
        )
    return rows


def _usual_level(catalog: Catalog, model: Model) -> float | None:
    """Return the concentration with 80 % of the largest suppression, where it is published for the drug."""
    row = catalog.evidence.first_parameter([f"{model.drug.name}.signature_ic80"])
    return None if row is None else convert(row.value, row.unit, "ug/mL")


def _render(result: Simulation, facts: RunFacts) -> str:
    from ifntrial.report.simulate.page import render_simulation

    return render_simulation(result, facts)
