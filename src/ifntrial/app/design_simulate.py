"""``ifntrial design simulate``: run one virtual trial and write its tables."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ifntrial.api.runs import in_folder
from ifntrial.app import options
from ifntrial.app.beliefs import known_with
from ifntrial.app.run_end import NO_EFFICACY_DATUM
from ifntrial.app.runs import begin_run, say_run
from ifntrial.console.names import one_of

if TYPE_CHECKING:
    from ifntrial.studies.trial.result import TrialResult


@click.command("simulate")
@options.design
@click.option(
    "--world",
    type=int,
    default=None,
    help="Number of a world of the calibration; without it the typical world.",
)
@click.option(
    "--tables",
    "file_format",
    type=one_of("parquet", "csv", "xpt"),
    default="parquet",
    show_default=True,
    help="Format of the tables: parquet, csv or xpt.",
)
@options.evidence
@options.for_a_run
def simulate_design(
    design: str,
    world: int | None,
    file_format: str,
    evidence: Path | None,
    seed: int,
    workers: int | None,
    out: Path | None,
    json_path: Path | None,
) -> None:
    """Run one virtual trial of DESIGN, a shipped design or a YAML file, and write its tables.

    Enrolls as many virtual patients as the design says, randomizes them and follows each in the arm it got, with visit
    days, stopping, escape therapy, missed visits and the open-label extension. Writes tables in the shape of ADaM (adsl,
    adeff, adae, adpc), define.csv, which describes every column, and trial.json.
    """
    from ifntrial.api.progress import default_workers
    from ifntrial.api.trial import answer_trial, trial_folder
    from ifntrial.formats.adam.files import require_format
    from ifntrial.studies.trial.one_trial import require_world

    catalog = known_with(evidence)
    loaded = catalog.design(design)
    require_format(file_format)
    require_world(catalog.calibration, world)
    run = in_folder(begin_run(out, json_path, catalog), out or trial_folder(loaded, seed, world))
    answer = answer_trial(loaded, world, seed, file_format, run, catalog, workers or default_workers())
    _print(answer, seed)
    say_run(answer.kept.run, answer.facts)


def _print(result: "TrialResult", seed: int) -> None:
    from ifntrial.report.terminal.trial import trial_lines

    for line in trial_lines(result, seed):
        click.echo(line)
    click.echo("One trial of one world: another seed or world gives another result. A tool for research.")
    click.echo(NO_EFFICACY_DATUM)
    if result.calibration.is_stale:
        click.echo(
            "Numbers have changed since the calibration was frozen: run 'ifntrial calibrate' to bring it up to date."
        )
    click.echo(f"Tables: {', '.join(result.files)}")
