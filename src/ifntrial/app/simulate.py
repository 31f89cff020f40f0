"""``ifntrial simulate``: follow one regimen in a virtual population."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ifntrial.app import options
from ifntrial.app.runs import begin_run, facts_of, keep_run, say_run
from ifntrial.studies.run_facts import RunFacts

if TYPE_CHECKING:
    from ifntrial.studies.simulate.result import ReadOut, Simulation

ENGAGEMENTS = {
    "occupancy": "receptor occupancy",
    "ifn_alpha_bound": "IFN-alpha bound",
    "kinase_inhibition": "kinase inhibition",
}

MOST_SUBJECTS = 20_000
"""Beyond this the daily courses of all read-outs no longer fit a small machine."""


class _RegimenCommand(click.Command):
    """A command whose argument may begin with a minus sign: a negative dose is a slip in the regimen, no option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, [f" {arg}" if re.match(r"-\d\S*\s", arg) else arg for arg in args])


@click.command("simulate", cls=_RegimenCommand)
@click.argument("regimen")
@click.option("--weeks", type=float, default=52.0, show_default=True, help="How long to follow [week].")
@options.subjects(200, "Size of the virtual population.")
@click.option(
    "--population",
    "selection",
    default="all",
    show_default=True,
    help="Who: all, ifn-high, ifn-low or healthy.",
)
@options.drug
@options.without
@options.for_a_run
def command(
    regimen: str,
    weeks: float,
    subjects: int,
    selection: str,
    drug_name: str,
    without: tuple[str, ...],
    seed: int,
    workers: int | None,
    out: Path | None,
    json_path: Path | None,
) -> None:
    """Follow REGIMEN, in words such as "300 mg IV every 4 weeks", in a virtual population.

    Prints concentration, target engagement and signature suppression over time, as median and 5 to 95 % of
    subjects, just before a dose where one is due. With --out also writes a page with figures.
    """
    from ifntrial.app.progress import default_workers, terminal_reporter
    from ifntrial.catalog import shipped
    from ifntrial.course.exposure import SELECTIONS
    from ifntrial.dosing.regimen import parse_regimen
    from ifntrial.errors import resolve_name
    from ifntrial.studies.simulate.study import simulate_regimen

    options.require_range("--weeks", weeks, 0.1, options.MOST_WEEKS)
    options.require_range("--subjects", subjects, 1, MOST_SUBJECTS)
    doses = parse_regimen(regimen)
    catalog = shipped()
    pool = catalog.pool(catalog.model(drug_name, without))
    resolve_name(selection, SELECTIONS, "population")
    run = begin_run(out, json_path, catalog)
    result = simulate_regimen(
        pool,
        doses,
        weeks=weeks,
        subjects=subjects,
        selection=selection,
        seed=seed,
        workers=workers or default_workers(),
        progress=terminal_reporter("subjects"),
    )
    facts = facts_of(run)
    keep_run(run, facts, "simulation.json", result, _render)
    _print(result)
    say_run(run, facts)


def _render(result: "Simulation", facts: RunFacts) -> str:
    from ifntrial.report.simulate.page import render_simulation

    return render_simulation(result, facts)


def _print(result: "Simulation") -> None:
    from ifntrial.calendar import DAYS_PER_WEEK

    people = result.people
    click.echo(f"{result.drug} {result.regimen}, {people.subjects} virtual subjects: {people.meaning}")
    factor, unit = _concentration_unit(result.concentration)
    columns = {
        ENGAGEMENTS[result.engagement or "occupancy"]: (result.at_target or (result.occupancy_blood,))[0],
        "suppression (a)": result.ifn_driven_suppression_blood,
        "suppression (b)": result.suppression_blood,
    }
    click.echo(f"{'':>6}{'concentration':>26}" + "".join(f"{title:>24}" for title in columns))
    click.echo(f"{'week':>6}{f'serum [{unit}]':>26}" + f"{'blood [%]':>24}" * len(columns))
    times = result.time_days
    for i in _rows(times):
        cells = "".join(f"{_cell(values, i, 100.0, 1):>24}" for values in columns.values())
        click.echo(f"{times[i] / DAYS_PER_WEEK:>6.1f}{_cell(result.concentration, i, factor, 2):>26}{cells}")
    click.echo("Median (5 to 95 % of subjects). (a) share of the IFNAR-driven signal removed;")
    click.echo("(b) 1 - post/pre of the fold-change score. Research only: not for diagnosis or treatment.")
    _print_last_day(result)
    failed = {word: n for word, n in result.subjects_status.items() if word != "ok"}
    if failed:
        click.echo(f"Not solved and left out of the percentiles: {failed}")


def _rows(times: Sequence[float]) -> list[int]:
    """Return which times the table shows: about fourteen of the daily ones, and the last."""
    daily = [i for i, day in enumerate(times) if day == int(day)]
    step = max(1, round(len(daily) / 14))
    return sorted({*daily[::step], len(times) - 1})


def _print_last_day(result: "Simulation") -> None:
    from ifntrial.studies.simulate.study import LOOKS_IN_LAST_DAY

    times = result.time_days
    within = [i for i, day in enumerate(times) if day >= times[-1] - 1.0]
    if len(within) > LOOKS_IN_LAST_DAY:
        values = [100.0 * result.suppression_blood.q50[i] for i in within]
        click.echo(
            f"Within the last day suppression (b) of the median subject swings from {min(values):.1f} to "
            f"{max(values):.1f} %."
        )


def _concentration_unit(values: "ReadOut") -> tuple[float, str]:
    return (1.0, "ug/mL") if max(values.q50) >= 1.0 else (1000.0, "ng/mL")


def _cell(values: "ReadOut", i: int, factor: float, digits: int) -> str:
    # adding zero turns a rounded -0.0 into 0.0
    middle, low, high = (
        round(each[i] * factor, digits) + 0.0 for each in (values.q50, values.q05, values.q95)
    )
    return f"{middle:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"
