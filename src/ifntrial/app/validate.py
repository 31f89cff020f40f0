"""``ifntrial validate``: every published result kept for it, against the model."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ifntrial.app import options
from ifntrial.app.runs import BLOCK_FILES, begin_run, facts_of, keep_run, say_run, work_on_worlds

if TYPE_CHECKING:
    from ifntrial.studies.validate.result import Validation


@click.command("validate")
@options.subjects(400, "Size of the virtual groups that get a drug.")
@options.worlds(64)
@options.drug
@options.without
@options.seed
@options.workers
@options.out
@options.json_file
def command(
    subjects: int,
    worlds: int,
    drug_name: str,
    without: tuple[str, ...],
    seed: int,
    workers: int | None,
    out: Path | None,
    json_path: Path | None,
) -> None:
    """Compare every observation that is there for a fit or a test with the model.

    Nothing is fitted here, and nothing is left out: what cannot be simulated is listed with the reason. A published
    value agrees if it lies in the middle 95 % of what a study of its size would print, over worlds, the luck of a whole
    trial, and sampling; misses are told by their cause. With --out also writes a page with figures. An interrupted
    run goes on where it stopped when the same command is given again; the numbers do not depend on the number of
    workers.
    """
    from ifntrial.catalog import shipped
    from ifntrial.report.validate.page import render_validation
    from ifntrial.studies.validate.run import ValidationPlan
    from ifntrial.studies.validate.study import validate

    options.require_range("--subjects", subjects, 50, 20_000)
    catalog = shipped()
    options.require_range("--worlds", worlds, 8, 2_000)
    plan = ValidationPlan(subjects, seed, drug_name, without, worlds)
    catalog.model(drug_name, without)  # a name that is not known is told before anything is written
    run = begin_run(out, json_path, catalog)
    result = work_on_worlds(run, partial(validate, plan, catalog, folder=out), workers, "checks")
    facts = facts_of(run)
    keep_run(run, facts, "validation.json", result, render_validation, BLOCK_FILES)
    _print(result)
    say_run(run, facts)


def _print(result: "Validation") -> None:
    from ifntrial.report.terminal.validation import validation_lines

    for line in validation_lines(result):
        click.echo(line)
