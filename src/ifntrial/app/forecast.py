"""``ifntrial forecast``: simulate a trial in many worlds, analyse it, write a report."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ifntrial.app import options
from ifntrial.app.beliefs import takes_beliefs
from ifntrial.app.run_end import NO_EFFICACY_DATUM, close_run, say_size
from ifntrial.app.runs import Run, begin_run, in_folder, work_on_worlds
from ifntrial.console.inputs import InputFile
from ifntrial.console.names import Name, methods, one_of, signatures
from ifntrial.errors import InputError
from ifntrial.files import write_whole
from ifntrial.plain_text import show_plainly

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ifntrial.catalog import Catalog
    from ifntrial.studies.beliefs.asked import AskedBeliefs
    from ifntrial.studies.forecast.result import Forecast, PatientPrediction

DEMO_WORLDS, DEMO_SUBJECTS = 240, 200
FILES = (
    "plan.json",
    "design.yaml",
    "cohort.csv",
    "subjects.parquet",
    "blocks/*.parquet",
    "outcomes/*.parquet",
)
"""What a forecast writes beside its result and page."""


@click.command("forecast")
@options.design
@options.worlds(DEMO_WORLDS)
@options.subjects(DEMO_SUBJECTS)
@click.option(
    "--cohort",
    type=InputFile(path_type=Path, dir_okay=False),
    help="Score table of real patients, made by 'ifntrial score': who the virtual patients match.",
)
@click.option(
    "--signature",
    type=Name(signatures),
    default=None,
    help="Signature of the score table to use; of several: az_4_gene.",
)
@click.option("--method", type=Name(methods), default=None, help="Scoring method of the score table to use.")
@click.option(
    "--visit", default=None, help="Visit of the score table to use; each patient's baseline otherwise."
)
@click.option(
    "--dates",
    type=one_of("dmy", "mdy"),
    default=None,
    help="dmy or mdy, where visits are dates such as 01/02/2023.",
)
@click.option("--disease", default=None, help="Disease of the cohort, where the score table does not say it.")
@click.option(
    "--other-disease", is_flag=True, help="Go on with a cohort of another disease than the trial's."
)
@options.without
@click.option(
    "--outcomes",
    is_flag=True,
    help="Also keep, in outcomes/ of the folder, what one trial reads in each world.",
)
@takes_beliefs
@options.for_a_run
def command(
    catalog: "Catalog",
    asked: "AskedBeliefs",
    design: str,
    worlds: int,
    subjects: int,
    cohort: Path | None,
    signature: str | None,
    method: str | None,
    visit: str | None,
    dates: str | None,
    disease: str | None,
    other_disease: bool,
    without: tuple[str, ...],
    outcomes: bool,
    seed: int,
    workers: int | None,
    out: Path | None,
    json_path: Path | None,
) -> None:
    """Forecast DESIGN: the name of a shipped design such as daisy, or a YAML file.

    Writes a run folder with the worlds, the subjects, a manifest and the report. An interrupted run goes on where it
    stopped when the same command is given again.
    """
    from ifntrial.design.design import save_design
    from ifntrial.report.forecast.page import render_forecast
    from ifntrial.studies.forecast.cohort import read_cohort
    from ifntrial.studies.forecast.run import ForecastPlan, prepare, run_name, run_worlds
    from ifntrial.studies.forecast.study import forecast_result
    from ifntrial.studies.forecast.twins import subjects_for

    loaded = catalog.design(design)
    if cohort is None and (
        other_disease or any(each is not None for each in (signature, method, visit, dates, disease))
    ):
        raise InputError(
            "--signature, --method, --visit, --dates and --disease tell of a cohort, and there is no cohort",
            allowed="they go together with --cohort FILE",
            fix="add --cohort, or leave them away",
        )
    people = None
    if cohort is not None:
        people = read_cohort(
            cohort,
            signature,
            method,
            visit=visit,
            dates=dates,
            disease=disease,
            allow_other_disease=other_disease,
        )
        for note in people.notes:
            click.echo(show_plainly(note))
        wanted, subjects = subjects, subjects_for(people.patients, subjects)
        if subjects > wanted:
            click.echo(
                f"{subjects} subjects in place of {wanted}: 30 virtual patients or more for each patient."
            )
    run = begin_run(out, json_path, catalog)
    plan = ForecastPlan(
        design=loaded,
        worlds=worlds,
        subjects=subjects,
        seed=seed,
        without=without,
        cohort=() if people is None else people.patients,
        outcomes=outcomes,
        beliefs=asked,
    )
    prepared = prepare(plan, catalog)
    folder = out or Path("runs") / run_name(prepared)
    run = in_folder(run, folder)

    def work(count: int, report: Callable[[int, int], None]) -> "Forecast":
        return forecast_result(prepared, run_worlds(prepared, folder, count, report), count)

    result = work_on_worlds(run, work, workers)
    if result.cohort:
        _write_cohort(folder / "cohort.csv", result.cohort)
    write_whole(folder / "design.yaml", save_design(loaded))
    close_run(run, "forecast.json", result, render_forecast, FILES, _print)


def _write_cohort(path: Path, rows: "Sequence[PatientPrediction]") -> None:
    import pandas as pd

    from ifntrial.signature.cells import plain_csv

    table = pd.DataFrame([_flat(row) for row in rows])
    write_whole(path, plain_csv(table))


def _flat(row: "PatientPrediction") -> dict[str, object]:
    """Return a prediction as cells of one row; a band has one for each percentile."""
    cells: dict[str, object] = {}
    for name, value in asdict(row).items():
        if isinstance(value, dict):
            cells |= {f"{name}_{int(level[1:])}": each for level, each in value.items()}
        elif value is not None or name not in ("benefit", "suppression_blood", "response_control"):
            cells[name] = value
    return cells


def _percent(value: float) -> str:
    return f"{100 * value:.0f} %"


def _print(run: Run, result: "Forecast") -> None:
    from ifntrial.report.forecast.safety import safety_lines

    if result.cohort:
        each = max(row.virtual_patients for row in result.cohort)
        click.echo(
            f"{len(result.cohort)} lines, each an average over {each} virtual patients with that signature: research "
            f"only, never a prediction for one person: {Path(run.folder or '') / 'cohort.csv'}"
        )
    click.echo(f"{result.question}")
    say_size(run, result)
    if result.other_arms:
        click.echo(
            f"{' against '.join(result.arms)}; not part of this forecast: {', '.join(result.other_arms)}"
        )
    click.echo(f"Probability that the primary endpoint, {result.primary}, is met (5 to 95 % of worlds):")
    for block in result.by_prior.values():
        band = block.power_by_world
        click.echo(
            f"  {block.label:<32}{_percent(block.assurance.estimate):>6}"
            f"   ({_percent(band.q05)} to {_percent(band.q95)})"
        )
    click.echo(NO_EFFICACY_DATUM)
    for order in result.testing_orders[:1]:
        click.echo(
            f"In the mixture, the primary endpoint and {order.endpoints[0]} in the same trial: "
            f"{_percent(order.with_primary['mixture'][0])}"
        )
    for line in safety_lines(result):
        click.echo(show_plainly(line))
    click.echo(
        f"Type I error with no drug effect: {100 * result.type_i_error.estimate:.2f} % one-sided, nominal "
        f"{100 * result.alpha_one_sided:g} %."
    )
