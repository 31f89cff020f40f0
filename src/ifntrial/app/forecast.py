"""``ifntrial forecast``: simulate a trial in many worlds, analyse it, write a report."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ifntrial.api import defaults
from ifntrial.app import options
from ifntrial.app.beliefs import takes_beliefs
from ifntrial.app.run_end import NO_EFFICACY_DATUM, say_answer, say_size
from ifntrial.app.runs import begin_run, pace
from ifntrial.console.inputs import InputFile
from ifntrial.console.names import Name, methods, one_of, signatures
from ifntrial.plain_text import show_plainly

if TYPE_CHECKING:
    from ifntrial.api.forecast import ForecastAnswer
    from ifntrial.catalog import Catalog
    from ifntrial.studies.beliefs.asked import AskedBeliefs
    from ifntrial.studies.executors import Executor


@click.command("forecast")
@options.design
@options.worlds(defaults.FORECAST.worlds)
@options.subjects(defaults.FORECAST.subjects)
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
@click.option(
    "--given",
    type=InputFile(path_type=Path, dir_okay=False),
    help="YAML file with new results: effects of blockade at addresses, which weigh the worlds again.",
)
@takes_beliefs
@options.for_a_run
@options.in_parts
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
    given: Path | None,
    seed: int,
    workers: "Executor",
    out: Path | None,
    json_path: Path | None,
) -> None:
    """Forecast DESIGN: the name of a shipped design such as daisy, or a YAML file.

    Writes a run folder with the worlds, the subjects, a manifest and the report. An interrupted run goes on where it
    stopped when the same command is given again.
    """
    from ifntrial.api.forecast import answer_forecast, cohort_of
    from ifntrial.studies.beliefs.given import load_given
    from ifntrial.studies.forecast.cohort.twins import subjects_for
    from ifntrial.studies.forecast.run import ForecastPlan

    loaded = catalog.design(design)
    people = cohort_of(
        cohort,
        signature=signature,
        method=method,
        visit=visit,
        dates=dates,
        disease=disease,
        other_disease=other_disease,
    )
    if people is not None:
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
        given=None if given is None else load_given(given, tuple(catalog.addresses)),
    )
    say_answer(answer_forecast(plan, run, catalog, *pace(workers)), _print)


def _print(result: "ForecastAnswer") -> None:
    from ifntrial.report.terminal.forecast import closing_lines, given_lines, success_lines

    if result.cohort:
        each = max(row.virtual_patients for row in result.cohort)
        click.echo(
            f"{len(result.cohort)} lines, each an average over {each} virtual patients with that signature: research "
            f"only, never a prediction for one person: {Path(result.kept.run.folder or '') / 'cohort.csv'}"
        )
    click.echo(f"{result.question}")
    say_size(result)
    if result.other_arms:
        click.echo(
            f"{' against '.join(result.arms)}; not part of this forecast: {', '.join(result.other_arms)}"
        )
    for line in success_lines(result):
        click.echo(line)
    click.echo(NO_EFFICACY_DATUM)
    for line in given_lines(result):
        click.echo(show_plainly(line))
    for line in closing_lines(result):
        click.echo(show_plainly(line))
