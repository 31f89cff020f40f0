"""Regimens, or the doses of a table, followed in a virtual population."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from ifntrial.api import defaults
from ifntrial.api.argument_names import names_arguments
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
from ifntrial.api.checks import as_listed
from ifntrial.api.courses.answer import SimulationAnswer, answer_simulation
from ifntrial.api.courses.asked import AskedCourses
from ifntrial.api.runs import Run
from ifntrial.catalog import Catalog, shipped
from ifntrial.course.exposure import SELECTIONS
from ifntrial.design.parts import USUAL_DRUG
from ifntrial.dosing.regimen import Regimen


@names_arguments
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
