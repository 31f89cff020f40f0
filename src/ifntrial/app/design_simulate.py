"""``ifntrial design simulate``: run one virtual trial and write its tables."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ifntrial.app import options
from ifntrial.app.run_end import NO_EFFICACY_DATUM
from ifntrial.app.runs import begin_run, facts_of, in_folder, keep_run, say_run
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
@options.for_a_run
def simulate_design(
    design: str,
    world: int | None,
    file_format: str,
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
    from ifntrial.app.progress import default_workers
    from ifntrial.catalog import shipped
    from ifntrial.formats.adam.files import require_format, save_tables
    from ifntrial.studies.trial.one_trial import require_world, simulate_one_trial
    from ifntrial.studies.trial.study import trial_result

    catalog = shipped()
    loaded = catalog.design(design)
    require_format(file_format)
    require_world(catalog.calibration, world)
    folder = out or Path("runs") / f"{loaded.name}-trial-{seed}-{'typical' if world is None else world}"
    run = in_folder(begin_run(out, json_path, catalog), folder)
    trial = simulate_one_trial(catalog, loaded, world=world, seed=seed, workers=workers or default_workers())
    files = [path.name for path in save_tables(trial.tables, folder, file_format)]
    result, facts = trial_result(trial, catalog, files), facts_of(run)
    keep_run(run, facts, "trial.json", result, files=files)
    _print(result, seed)
    say_run(run, facts)


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
