"""``ifntrial design simulate``: run one virtual trial and write its tables."""

import math
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ifntrial.app import options
from ifntrial.app.closing import NO_EFFICACY_DATUM
from ifntrial.app.runs import begin_run, facts_of, in_folder, keep_run, say_run

if TYPE_CHECKING:
    from ifntrial.catalog import Catalog
    from ifntrial.studies.trial.one_trial import OneTrial
    from ifntrial.studies.trial.primary_test import ArmResult, PrimaryTest


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
    default="parquet",
    show_default=True,
    help="Format of the tables: parquet, csv or xpt.",
)
@options.seed
@options.workers
@options.out
@options.json_file
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

    catalog = shipped()
    loaded = catalog.design(design)
    require_format(file_format)
    require_world(catalog.calibration, world)
    folder = out or Path("runs") / f"{loaded.name}-trial-{seed}-{'typical' if world is None else world}"
    run = in_folder(begin_run(out, json_path), folder)
    trial = simulate_one_trial(catalog, loaded, world=world, seed=seed, workers=workers or default_workers())
    files = [path.name for path in save_tables(trial.tables, folder, file_format)]
    result, facts = _result(trial, catalog) | {"files": files}, facts_of(run)
    keep_run(run, facts, "trial.json", result, files=files)
    _print(result, seed)
    say_run(run, facts)


def _result(trial: "OneTrial", catalog: "Catalog") -> dict[str, Any]:
    from ifntrial.studies.trial.one_trial import TYPICAL
    from ifntrial.studies.trial.primary_test import primary_by_arm, primary_tests

    design, enrollment = trial.design, trial.enrollment
    endpoint = catalog.endpoints[design.primary.endpoint]
    analysis = catalog.analyses[design.assumed.analysis.method]
    return {
        "design": design.name,
        "title": design.title,
        "world": None if trial.world == TYPICAL else trial.world,
        "screening": {
            "screened": enrollment.screened,
            "enrolled": enrollment.population.size,
            "implausible": enrollment.implausible,
            "thinned": enrollment.thinned,
            "refused": enrollment.refused,
        },
        "arms": _arms(trial),
        "primary": {
            "endpoint": endpoint.name,
            "label": endpoint.label,
            "kind": endpoint.kind,
            "unit": endpoint.unit,
            "visit_week": design.primary.visit_week,
            "among": design.primary.among,
            "by_arm": [_plain(row) for row in primary_by_arm(trial, endpoint)],
            "tests": [_plain(row) for row in primary_tests(trial, endpoint, analysis)],
        },
        "calibration": {"is_stale": catalog.is_stale},
    }


def _arms(trial: "OneTrial") -> list[dict[str, Any]]:
    adsl, end = trial.tables["adsl"], trial.design.treatment_weeks
    rows = []
    for arm in trial.design.arms:
        own = adsl[adsl["TRT01P"] == arm.name]
        stopped = own[own["EOTWK"] <= end]
        words = own["SIMSTAT"].value_counts()
        rows.append(
            {
                "name": arm.name,
                "drug": arm.drug_name,
                "regimen": arm.regimen,
                "enrolled": len(own),
                "completed_treatment": len(own) - len(stopped),
                "stopped": {str(word): int(n) for word, n in stopped["DCTREAS"].value_counts().items()},
                "left": int((own["EOSWK"] <= end).sum()),
                "rescued": int((own["RESCWK"] <= end).sum()),
                "subjects_status": {str(word): int(n) for word, n in words.items()},
            }
        )
    return rows


def _plain(row: "ArmResult | PrimaryTest") -> dict[str, object]:
    """Return the fields, with null in place of a number that is not finite."""
    values = {item.name: getattr(row, item.name) for item in fields(row)}
    return {
        name: None if isinstance(each, float) and not math.isfinite(each) else each
        for name, each in values.items()
    }


def _print(result: dict[str, Any], seed: int) -> None:
    world = "the typical world" if result["world"] is None else f"world {result['world']}"
    screening = result["screening"]
    click.echo(f"{result['design']}: {result['title']}")
    click.echo(f"One virtual trial in {world}, seed {seed}")
    click.echo(
        f"Screened {screening['screened']}, enrolled {screening['enrolled']}; not eligible "
        f"{sum(screening['refused'].values())}, implausible {sum(screening['implausible'].values())}, left out to match "
        f"published patients {screening['thinned']}"
    )
    width = max(len(arm["name"]) for arm in result["arms"])
    for arm in result["arms"]:
        click.echo(
            f"  {arm['name']:<{width}}  enrolled {arm['enrolled']}, completed treatment {arm['completed_treatment']}, "
            f"left {arm['left']}, rescued {arm['rescued']}"
        )
        failed = {word: n for word, n in arm["subjects_status"].items() if word != "ok"}
        if failed:
            click.echo(f"  {'':<{width}}  courses that ended early, kept with their reason: {failed}")
    _print_primary(result["primary"])
    click.echo("One trial of one world: another seed or world gives another result. A tool for research.")
    click.echo(NO_EFFICACY_DATUM)
    if result["calibration"]["is_stale"]:
        click.echo(
            "Numbers have changed since the calibration was frozen: run 'ifntrial calibrate' to bring it up to date."
        )
    click.echo(f"Tables: {', '.join(result['files'])}")


def _print_primary(primary: dict[str, Any]) -> None:
    is_share = primary["kind"] == "responder"
    among = f" among {primary['among']}" if primary["among"] else ""
    click.echo(f"Primary: {primary['label']} at week {primary['visit_week']:g}{among}")
    for row in primary["by_arm"]:
        value = "nobody has a value" if row["mean"] is None else _amount(row["mean"], primary, is_share)
        click.echo(f"  {row['arm']}: {value} ({row['known']} of {row['subjects']})")
    for row in primary["tests"]:
        if row["problem"]:
            click.echo(f"  {row['arm']} against control: not analysed, {row['problem']}")
            continue
        numbers = f"{row['estimate']:+.3g} ({row['low']:+.3g} to {row['high']:+.3g})"
        verdict = "met" if row["is_met"] else "not met"
        click.echo(
            f"  {row['arm']} against control: {row['scale']} {numbers}, two-sided p {row['p_two_sided']:.3g}, "
            f"{row['method']}: {verdict}"
        )
    if not primary["tests"]:
        click.echo("  No test: the trial has no control arm, or this kind of endpoint none here.")


def _amount(mean: float, primary: dict[str, Any], is_share: bool) -> str:
    return f"responders {100 * mean:.1f} %" if is_share else f"mean {mean:.3g} {primary['unit']}"
