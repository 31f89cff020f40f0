"""``ifntrial design simulate``: run one virtual trial and write its tables."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ifntrial.app import options
from ifntrial.app.run_end import NO_EFFICACY_DATUM
from ifntrial.app.runs import begin_run, facts_of, in_folder, keep_run, say_run
from ifntrial.console.names import one_of

if TYPE_CHECKING:
    from ifntrial.studies.trial.result import PrimaryResult, TrialResult


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
    world = "the typical world" if result.world is None else f"world {result.world}"
    screening = result.screening
    click.echo(f"{result.design}: {result.title}")
    click.echo(f"One virtual trial in {world}, seed {seed}")
    click.echo(
        f"Screened {screening.screened}, enrolled {screening.enrolled}; not eligible "
        f"{sum(screening.refused.values())}, implausible {sum(screening.implausible.values())}, left out to match "
        f"published patients {screening.thinned}"
    )
    width = max(len(arm.name) for arm in result.arm_conduct)
    for arm in result.arm_conduct:
        click.echo(
            f"  {arm.name:<{width}}  enrolled {arm.enrolled}, completed treatment {arm.completed_treatment}, "
            f"left {arm.left}, rescued {arm.rescued}"
        )
        failed = {word: n for word, n in arm.subjects_status.items() if word != "ok"}
        if failed:
            click.echo(f"  {'':<{width}}  courses that ended early, kept with their reason: {failed}")
    _print_primary(result.primary_result)
    click.echo("One trial of one world: another seed or world gives another result. A tool for research.")
    click.echo(NO_EFFICACY_DATUM)
    if result.calibration.is_stale:
        click.echo(
            "Numbers have changed since the calibration was frozen: run 'ifntrial calibrate' to bring it up to date."
        )
    click.echo(f"Tables: {', '.join(result.files)}")


def _print_primary(primary: "PrimaryResult") -> None:
    among = f" among {primary.among}" if primary.among else ""
    click.echo(f"Primary: {primary.label} at week {primary.visit_week:g}{among}")
    for row in primary.arm_results:
        value = "nobody has a value" if row.mean is None else _amount(row.mean, primary)
        click.echo(f"  {row.arm}: {value} ({row.known} of {row.subjects})")
    for test in primary.tests:
        if test.problem:
            click.echo(f"  {test.arm} against control: not analysed, {test.problem}")
            continue
        numbers = f"{_signed(test.estimate)} ({_signed(test.low)} to {_signed(test.high)})"
        p = "not known" if test.p_two_sided is None else f"{test.p_two_sided:.3g}"
        verdict = "met" if test.is_met else "not met"
        click.echo(
            f"  {test.arm} against control: {test.scale} {numbers}, two-sided p {p}, {test.method}: {verdict}"
        )
    if not primary.tests:
        click.echo("  No test: the trial has no control arm, or this kind of endpoint none here.")


def _signed(value: float | None) -> str:
    return "not known" if value is None else f"{value:+.3g}"


def _amount(mean: float, primary: "PrimaryResult") -> str:
    is_share = primary.kind == "responder"
    return f"responders {100 * mean:.1f} %" if is_share else f"mean {mean:.3g} {primary.unit}"
