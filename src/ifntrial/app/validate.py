"""``ifntrial validate``: every published result kept for it, against the model."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ifntrial.api import defaults
from ifntrial.app import options
from ifntrial.app.beliefs import known_with
from ifntrial.app.runs import begin_run, pace, say_run

if TYPE_CHECKING:
    from ifntrial.studies.executors import Executor


@click.command("validate")
@options.subjects(defaults.VALIDATE.subjects, "Size of the virtual groups that get a drug.")
@options.worlds(defaults.VALIDATE.worlds)
@options.drug
@options.without
@options.evidence
@options.seed
@options.workers
@options.out
@options.json_file
@options.in_parts
def command(
    subjects: int,
    worlds: int,
    drug_name: str,
    without: tuple[str, ...],
    evidence: Path | None,
    seed: int,
    workers: "Executor",
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
    from ifntrial.api.validate import answer_validation, validation_plan
    from ifntrial.report.terminal.validation import validation_lines

    catalog = known_with(evidence)
    plan = validation_plan(catalog, subjects, worlds, drug_name, without, seed)
    run = begin_run(out, json_path, catalog)
    answer = answer_validation(plan, run, catalog, *pace(workers, "checks"))
    for line in validation_lines(answer):
        click.echo(line)
    say_run(answer.kept.run, answer.facts)
