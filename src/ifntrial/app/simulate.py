"""``ifntrial simulate``: follow regimens, or the doses of a table, in a virtual population."""

import re
from functools import partial
from pathlib import Path

import click

from ifntrial.api import defaults
from ifntrial.app import options
from ifntrial.app.beliefs import known_with
from ifntrial.app.runs import begin_run, say_run
from ifntrial.console.inputs import InputFile
from ifntrial.console.names import Name, one_of, populations


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
@click.option(
    "--weeks",
    type=float,
    default=defaults.SIMULATE_WEEKS,
    show_default=True,
    help="How long to follow [week].",
)
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
@options.subjects(defaults.SIMULATE_SUBJECTS, "Size of the virtual population.")
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
@options.evidence
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
    evidence: Path | None,
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
    from ifntrial.api.courses.answer import answer_simulation
    from ifntrial.api.courses.asked import AskedCourses
    from ifntrial.api.progress import default_workers, terminal_reporter
    from ifntrial.report.terminal.courses import simulation_lines

    source = click.get_current_context().get_parameter_source("drug_name")
    catalog = known_with(evidence)
    asked = AskedCourses(
        regimens=regimens,
        events=events,
        time_unit=time_unit,
        weeks=weeks,
        at=at,
        every=every,
        above=above,
        values=values,
        covariates=covariates,
        observed=observed,
        subjects=subjects,
        population=selection,
        drug=None if source is click.core.ParameterSource.DEFAULT else drug_name,
        without=without,
        seed=seed,
    )
    begin = partial(begin_run, out, json_path, catalog)
    told = terminal_reporter("subjects")
    answer = answer_simulation(asked, begin, catalog, workers or default_workers(), told)
    for line in simulation_lines(answer):
        click.echo(line)
    say_run(answer.kept.run, answer.facts)
