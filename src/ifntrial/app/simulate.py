"""``ifntrial simulate``: follow regimens, or the doses of a table, in a virtual population."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ifntrial.app import options
from ifntrial.app.runs import begin_run, facts_of, keep_run, say_run
from ifntrial.calendar import DAYS_PER_WEEK
from ifntrial.console.inputs import InputFile
from ifntrial.console.names import Name, one_of, populations
from ifntrial.errors import InputError
from ifntrial.studies.run_facts import RunFacts

if TYPE_CHECKING:
    from ifntrial.arrays import FloatArray
    from ifntrial.catalog import Catalog
    from ifntrial.dosing.regimen import Regimen
    from ifntrial.model import Model
    from ifntrial.studies.simulate.result import Simulation
    from ifntrial.studies.simulate.subjects import Setting

MOST_SUBJECTS = 20_000
"""Beyond this the courses of all read-outs no longer fit a small machine."""
MOST_REGIMENS = 8
USUAL_SUBJECTS = 200


class _RegimenCommand(click.Command):
    """A command whose argument may begin with a minus sign: a negative dose is a slip in the regimen, no option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, [f" {arg}" if re.match(r"-\d\S*\s", arg) else arg for arg in args])


@click.command("simulate", cls=_RegimenCommand)
@click.argument("regimens", nargs=-1, metavar="REGIMEN...")
@click.option(
    "--events",
    type=InputFile(path_type=Path, dir_okay=False),
    help="Event table with doses, as NONMEM and CDISC write them, in place of regimens.",
)
@click.option(
    "--time-unit",
    type=one_of("day", "hour"),
    metavar="UNIT",
    help="Of the times in tables, day or hour; day unless said.",
)
@click.option("--weeks", type=float, default=52.0, show_default=True, help="How long to follow [week].")
@click.option(
    "--at", "at", metavar="TIMES", help='Also show these times, such as "4, 12" weeks or "28 days, 36 h".'
)
@click.option("--every", metavar="TIME", help='Also show times so far apart, such as "2 weeks".')
@click.option(
    "--above",
    type=float,
    help="Count the time above this concentration [ug/mL]; 3.88 for anifrolumab unless said.",
)
@click.option(
    "--set",
    "values",
    multiple=True,
    metavar="NAME=VALUE",
    help="Put a value of the drug in the place of the evidence's, such as anifrolumab.clearance=0.2L/day.",
)
@click.option(
    "--covariates",
    type=InputFile(path_type=Path, dir_okay=False),
    help="Table of who is followed: WT [kg], IFN_HIGH (1 or 0), a row for each subject.",
)
@click.option(
    "--observed",
    type=InputFile(path_type=Path, dir_okay=False),
    help="Own measurements to lay over the courses: TIME, DV, and READ_OUT where it is not the concentration.",
)
@options.subjects(USUAL_SUBJECTS, "Size of the virtual population.")
@click.option(
    "--population",
    "selection",
    type=Name(populations),
    default="all",
    show_default=True,
    help="Who: all, ifn-high, ifn-low or healthy.",
)
@options.drug
@options.without
@options.for_a_run
def command(
    regimens: tuple[str, ...],
    events: Path | None,
    time_unit: str | None,
    weeks: float,
    at: str | None,
    every: str | None,
    above: float | None,
    values: tuple[str, ...],
    covariates: Path | None,
    observed: Path | None,
    subjects: int,
    selection: str,
    drug_name: str,
    without: tuple[str, ...],
    seed: int,
    workers: int | None,
    out: Path | None,
    json_path: Path | None,
) -> None:
    """Follow one REGIMEN or several, in words such as "300 mg IV every 4 weeks", in a virtual population.

    Prints what is there before each dose and the peak after it, non-compartmental measures of the first and the last
    interval, target engagement and signature suppression, as median and 5 to 95 % of subjects. With --out also writes
    a page with figures.
    """
    from ifntrial.app.progress import default_workers, terminal_reporter
    from ifntrial.catalog import shipped
    from ifntrial.report.terminal.courses import simulation_lines
    from ifntrial.studies.simulate.plans import plans_of_regimens, plans_of_table
    from ifntrial.studies.simulate.study import simulate_regimen

    options.require_range("--weeks", weeks, 0.1, options.MOST_WEEKS)
    options.require_range("--subjects", subjects, 1, MOST_SUBJECTS)
    asked = _regimens(regimens, events)
    catalog = shipped()
    model = catalog.model(_drug_of(asked, drug_name), without)
    setting = _setting(
        catalog,
        model,
        weeks=weeks,
        subjects=subjects,
        selection=selection,
        seed=seed,
        asked_days=_asked_days(at, every, weeks),
        above=above,
        values=values,
        covariates=covariates,
        observed=observed,
        time_unit=time_unit,
    )
    run = begin_run(out, json_path, catalog)
    notes: tuple[str, ...] = ()
    if events is None:
        plans = plans_of_regimens(asked, model, weeks * DAYS_PER_WEEK)
    else:
        plans, notes = plans_of_table(events, model, time_unit, weeks * DAYS_PER_WEEK)
    result = simulate_regimen(
        catalog.pool(model),
        plans,
        setting.with_notes(notes),
        workers=workers or default_workers(),
        progress=terminal_reporter("subjects"),
    )
    facts = facts_of(run)
    keep_run(run, facts, "simulation.json", result, _render)
    for line in simulation_lines(result):
        click.echo(line)
    say_run(run, facts)


def _regimens(texts: Sequence[str], events: Path | None) -> list["Regimen"]:
    from ifntrial.dosing.regimen import parse_regimen

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


def _drug_of(regimens: Sequence["Regimen"], name: str) -> str:
    """Return the drug: the one that is asked for, or else the one that the words name."""
    named = {regimen.drug for regimen in regimens if regimen.drug}
    source = click.get_current_context().get_parameter_source("drug_name")
    if len(named) == 1 and source is click.core.ParameterSource.DEFAULT:
        return named.pop()
    return name


def _asked_days(at: str | None, every: str | None, weeks: float) -> "FloatArray":
    import numpy as np

    from ifntrial.dosing.time_words import read_every, read_times

    end = round(weeks * DAYS_PER_WEEK, 9)
    times = [np.empty(0)]
    times += [] if at is None else [read_times(at, "--at")]
    times += [] if every is None else [read_every(every, end, "--every")]
    found = np.unique(np.concatenate(times))
    if len(found) and found[-1] > end:
        raise InputError(
            "a time asked for is after the end",
            given=f"day {found[-1]:g}",
            allowed=f"up to day {end:g}, the end of --weeks {weeks:g}",
            fix="follow it for longer",
        )
    return found


def _setting(
    catalog: "Catalog",
    model: "Model",
    *,
    weeks: float,
    subjects: int,
    selection: str,
    seed: int,
    asked_days: "FloatArray",
    above: float | None,
    values: Sequence[str],
    covariates: Path | None,
    observed: Path | None,
    time_unit: str | None,
) -> "Setting":
    from ifntrial.course.exposure import SELECTIONS
    from ifntrial.course.replaced import read_replacements
    from ifntrial.errors import resolve_name
    from ifntrial.studies.simulate.subjects import Setting
    from ifntrial.studies.simulate.tables import read_covariates, read_observed

    resolve_name(selection, SELECTIONS, "population")
    if above is not None:
        options.require_range("--above", above, 0.0, 1e6)
    table = None if covariates is None else read_covariates(covariates)
    return Setting(
        weeks=weeks,
        subjects=_size(subjects, table),
        selection=selection,
        seed=seed,
        asked_days=asked_days,
        level=_usual_level(catalog, model) if above is None else above,
        replacements=read_replacements(values, model, catalog.evidence),
        covariates=table,
        observed=() if observed is None else read_observed(observed, time_unit),
    )


def _size(subjects: int, table: "dict[str, FloatArray] | None") -> int:
    """Return how many are followed: as many as the table has rows."""
    if table is None:
        return subjects
    rows = len(next(iter(table.values())))
    if subjects not in (USUAL_SUBJECTS, rows) or rows > MOST_SUBJECTS:
        raise InputError(
            "--subjects is not the number of rows of the table of covariates",
            given=f"--subjects {subjects}, {rows} rows",
            allowed=f"one subject for each row, up to {MOST_SUBJECTS}",
            fix="leave --subjects away",
        )
    return rows


def _usual_level(catalog: "Catalog", model: "Model") -> float | None:
    """Return the concentration with 80 % of the largest suppression, where it is published for the drug."""
    from ifntrial.units import convert

    row = catalog.evidence.first_parameter([f"{model.drug.name}.signature_ic80"])
    return None if row is None else convert(row.value, row.unit, "ug/mL")


def _render(result: "Simulation", facts: RunFacts) -> str:
    from ifntrial.report.simulate.page import render_simulation

    return render_simulation(result, facts)
