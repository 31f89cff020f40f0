"""``ifntrial forecast``: simulate a trial in many worlds, analyse it, write a report."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from ifntrial import __version__
from ifntrial.app import options
from ifntrial.app.closing import NO_EFFICACY_DATUM, say_closing, say_size
from ifntrial.app.stopping import going_on_from

DEMO_WORLDS, DEMO_SUBJECTS = 240, 200


@click.command("forecast")
@click.argument("design")
@click.option("--worlds", type=int, default=DEMO_WORLDS, show_default=True, help="Number of worlds.")
@click.option(
    "--subjects", type=int, default=DEMO_SUBJECTS, show_default=True, help="Virtual patients per world."
)
@click.option(
    "--cohort",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Score table of real patients, made by 'ifntrial score': who the virtual patients match.",
)
@click.option("--signature", default=None, help="Signature of the score table to use; of several: az_4_gene.")
@click.option("--method", default=None, help="Scoring method of the score table to use.")
@click.option("--without", multiple=True, metavar="MECHANISM", help="Leave a mechanism out; may be repeated.")
@options.seed
@options.workers
@options.out
@options.json_file
def command(
    design: str,
    worlds: int,
    subjects: int,
    cohort: Path | None,
    signature: str | None,
    method: str | None,
    without: tuple[str, ...],
    seed: int,
    workers: int | None,
    out: Path | None,
    json_path: Path | None,
) -> None:
    """Forecast DESIGN: the name of a shipped design such as daisy, or a YAML file.

    Writes a run folder with outcomes, subjects, a manifest and the report. An interrupted run goes on where it stopped
    when the same command is given again.
    """
    from ifntrial.trial.design import load_design, save_design
    from ifntrial.trial.forecast.cohort import read_cohort
    from ifntrial.trial.forecast.run import ForecastPlan, prepare, run_name

    loaded = load_design(design)
    plan = ForecastPlan(
        design=loaded.model_dump(mode="json", exclude_none=True),
        worlds=worlds,
        subjects=subjects,
        seed=seed,
        without=without,
        cohort=read_cohort(cohort, signature, method) if cohort is not None else (),
    )
    prepared = prepare(plan)
    folder = out or Path("runs") / run_name(prepared)
    words = f"ifntrial forecast {design} --worlds {worlds} --subjects {subjects} --seed {seed}"
    with going_on_from(folder):
        result = run_plan(prepared, folder, workers, words)
    if result["cohort"]:
        _write_cohort(folder / "cohort.csv", result["cohort"])
    (folder / "design.yaml").write_text(save_design(loaded), encoding="utf-8")
    if json_path is not None:
        options.write_json(json_path, result)
    _print(result, folder)


def run_plan(prepared: Any, folder: Path, workers: int | None, words: str) -> dict[str, Any]:  # noqa: ANN401 - loaded lazily
    """Run a prepared plan into a folder; return its result, also kept there as JSON, manifest and report."""
    from ifntrial.app.progress import default_workers, progress_reporter
    from ifntrial.report.forecast_page import render_forecast
    from ifntrial.trial.forecast.result import forecast_result
    from ifntrial.trial.forecast.run import run_worlds

    start = time.monotonic()
    count = workers or default_workers()
    options.make_folder(folder)
    summaries = run_worlds(prepared, folder, count, progress_reporter("worlds"))
    result = forecast_result(prepared, summaries, count)
    result |= {
        "seconds": round(time.monotonic() - start, 1),
        "date": datetime.now(UTC).date().isoformat(),
        "package_version": __version__,
        "lock_hash": lock_hash(),
        "command": words,
    }
    options.write_json(folder / "forecast.json", result)
    options.write_json(
        folder / "manifest.json", _manifest(result, json.loads((folder / "plan.json").read_text("utf-8")))
    )
    (folder / "report.html").write_text(render_forecast(result), encoding="utf-8")
    return result


def _write_cohort(path: Path, rows: list[dict[str, Any]]) -> None:
    import pandas as pd

    pd.DataFrame(rows).to_csv(path, index=False)
    click.echo(f"Predictions for each patient of the cohort, research only: {path}")


def _manifest(result: dict[str, Any], plan: dict[str, Any]) -> dict[str, Any]:
    kept = (
        "model_version",
        "package_version",
        "evidence_hash",
        "lock_hash",
        "seed",
        "worlds",
        "subjects",
        "date",
        "command",
    )
    return {"schema_version": 1} | {name: result[name] for name in kept} | {"plan": plan["plan"]}


def lock_hash() -> str:
    """Return a fingerprint of the installed versions of what the package depends on."""
    from hashlib import sha256
    from importlib.metadata import PackageNotFoundError, requires, version

    lines = []
    for requirement in requires("ifntrial") or ():
        if "extra ==" in requirement:
            continue
        name = "".join(
            c for c in requirement.split(";")[0].split(">")[0].split("=")[0] if c.isalnum() or c in "-_."
        )
        try:
            lines.append(f"{name}=={version(name)}")
        except PackageNotFoundError:
            lines.append(f"{name} absent")
    return sha256("\n".join(sorted(lines)).encode()).hexdigest()


def _percent(value: float) -> str:
    return f"{100 * value:.0f} %"


def _print(result: dict[str, Any], folder: Path) -> None:
    click.echo(f"{result['question']}")
    say_size(result)
    if result["other_arms"]:
        click.echo(
            f"{' against '.join(result['arms'])}; not part of this forecast: {', '.join(result['other_arms'])}"
        )
    click.echo(f"Probability that the primary endpoint, {result['primary']}, is met (5 to 95 % of worlds):")
    for block in result["by_prior"].values():
        band = block["power_by_world"]
        click.echo(
            f"  {block['label']:<32}{_percent(block['assurance']['estimate']):>6}"
            f"   ({_percent(band['5'])} to {_percent(band['95'])})"
        )
    click.echo(NO_EFFICACY_DATUM)
    click.echo(
        f"Type I error with no drug effect: {100 * result['type_i_error']['estimate']:.2f} % one-sided, nominal "
        f"{100 * result['alpha_one_sided']:g} %."
    )
    say_closing(result, folder)
