"""``ifntrial validate``: every published result kept for it, against the model."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ifntrial.app import options
from ifntrial.app.runs import BLOCK_FILES, begin_run, facts_of, keep_run, say_run, work_on_worlds

if TYPE_CHECKING:
    from ifntrial.studies.validate.result import Compared, Validation


@click.command("validate")
@options.subjects(400, "Size of the virtual groups that get a drug.")
@options.drug
@options.without
@options.seed
@options.workers
@options.out
@options.json_file
def command(
    subjects: int,
    drug_name: str,
    without: tuple[str, ...],
    seed: int,
    workers: int | None,
    out: Path | None,
    json_path: Path | None,
) -> None:
    """Compare every observation that is there for a fit or a test with the model.

    Nothing is fitted here, and nothing is left out: what cannot be simulated is listed with the reason. With --out
    also writes a page with figures. An interrupted run goes on where it stopped when the same command is given again;
    the numbers do not depend on the number of workers.
    """
    from ifntrial.catalog import shipped
    from ifntrial.report.validate.page import render_validation
    from ifntrial.studies.validate.run import ValidationPlan
    from ifntrial.studies.validate.study import validate

    options.require_range("--subjects", subjects, 50, 20_000)
    catalog = shipped()
    plan = ValidationPlan(subjects, seed, drug_name, without)
    catalog.model(drug_name, without)  # a name that is not known is told before anything is written
    run = begin_run(out, json_path, catalog)
    result = work_on_worlds(run, partial(validate, plan, catalog, folder=out), workers, "checks")
    facts = facts_of(run)
    keep_run(run, facts, "validation.json", result, render_validation, BLOCK_FILES)
    _print(result)
    say_run(run, facts)


def _print(result: "Validation") -> None:
    rows = result.comparisons
    width = max(len(row.observation) for row in rows if row.group)
    for name, heading in result.group_headings.items():
        click.echo(f"\n{heading}")
        click.echo(f"{'':{width}}  use  {'published':>10}{'simulated':>11}{'low':>10}{'high':>10}{'z':>7}")
        for row in rows:
            if row.group == name:
                numbers = (
                    (row.published, 11),
                    (row.simulated, 11),
                    (row.low, 10),
                    (row.high, 10),
                    (row.z, 7),
                )
                cells = "".join(_cell(value, size) for value, size in numbers)
                click.echo(f"{row.observation:{width}}  {row.use:4}{cells}  {_verdict(row)}")
    click.echo("")
    for use, counts in result.counts.items():
        click.echo(
            f"{use}: {counts.passes} agree, {counts.misses} miss, {counts.no_verdict} without a verdict "
            f"(no interval and no sampling error published), {counts.not_simulated} not simulated."
        )


def _verdict(row: "Compared") -> str:
    return {True: "agrees", False: "MISS", None: "no verdict"}[row.passed]


def _cell(value: float | None, width: int) -> str:
    return f"{'':>{width}}" if value is None else f"{value:>{width}.3g}"
