"""``ifntrial value``: which study next, before a trial is decided about."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ifntrial.api import defaults
from ifntrial.api.runs import facts_of, keep_run
from ifntrial.app import options
from ifntrial.app.beliefs import takes_beliefs
from ifntrial.app.run_end import NO_EFFICACY_DATUM
from ifntrial.app.runs import begin_run, say_run, work_on_forecast
from ifntrial.console.inputs import InputFile
from ifntrial.plain_text import show_plainly

if TYPE_CHECKING:
    from ifntrial.catalog import Catalog
    from ifntrial.studies.beliefs.asked import AskedBeliefs


@click.command("value")
@options.design
@click.option(
    "--studies",
    type=InputFile(path_type=Path, dir_okay=False),
    help="YAML file with what is at stake and with candidate studies; without it, three usual ones.",
)
@options.worlds(defaults.FORECAST.worlds)
@options.subjects(defaults.FORECAST.subjects)
@takes_beliefs
@options.for_a_run
def command(
    catalog: "Catalog",
    asked: "AskedBeliefs",
    design: str,
    studies: Path | None,
    worlds: int,
    subjects: int,
    seed: int,
    workers: int | None,
    out: Path | None,
    json_path: Path | None,
) -> None:
    """Say what candidate studies would tell about DESIGN, and what that is worth to going on or not.

    The forecast is that of 'ifntrial forecast' of the same size: where its run is there, nothing is simulated; otherwise
    its worlds are simulated first.
    """
    from ifntrial.report.terminal.value import value_lines
    from ifntrial.report.value.page import render_value
    from ifntrial.studies.forecast.run import ForecastPlan
    from ifntrial.studies.value.candidates import USUAL, load_candidates
    from ifntrial.studies.value.study import value_of_studies

    candidates = load_candidates(studies or USUAL, tuple(catalog.addresses))
    run = begin_run(out, json_path, catalog)
    plan = ForecastPlan(catalog.design(design), worlds, subjects, seed, beliefs=asked)
    result = value_of_studies(*work_on_forecast(run, plan, catalog, workers), candidates)
    facts = facts_of(run)
    keep_run(run, facts, "value.json", result, render_value)
    for line in value_lines(result):
        click.echo(show_plainly(line))
    click.echo(NO_EFFICACY_DATUM)
    say_run(run, facts)
