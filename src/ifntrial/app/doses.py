"""``ifntrial doses``: which dose and route, from exposure to the chance of success."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ifntrial.api import defaults
from ifntrial.app import options
from ifntrial.app.beliefs import takes_beliefs
from ifntrial.app.run_end import NO_EFFICACY_DATUM, say_answer, say_size
from ifntrial.app.runs import begin_run, pace

if TYPE_CHECKING:
    from ifntrial.api.doses import DosesAnswer
    from ifntrial.catalog import Catalog
    from ifntrial.studies.beliefs.asked import AskedBeliefs
    from ifntrial.studies.executors import Executor


@click.command("doses")
@options.design
@click.option(
    "--regimen",
    "regimens",
    multiple=True,
    metavar="WORDS",
    help='Beside the design\'s own, such as "300 mg IV every 4 weeks"; default a range; may be repeated.',
)
@options.worlds(defaults.DOSES.worlds)
@options.subjects(defaults.DOSES.subjects)
@takes_beliefs
@options.for_a_run
@options.in_parts
def command(
    catalog: "Catalog",
    asked: "AskedBeliefs",
    design: str,
    regimens: tuple[str, ...],
    worlds: int,
    subjects: int,
    seed: int,
    workers: "Executor",
    out: Path | None,
    json_path: Path | None,
) -> None:
    """Give DESIGN other regimens: exposure, occupancy, suppression, response and chance of success.

    All regimens are simulated in the same worlds and patients. An interrupted run goes on where it stopped when the same
    command is given again.
    """
    from ifntrial.api.doses import answer_doses
    from ifntrial.studies.compare.plan import SharedPlan
    from ifntrial.studies.doses.study import REGIMENS, with_regimens

    designs = with_regimens(catalog.design(design), regimens or REGIMENS, catalog.drugs)
    run = begin_run(out, json_path, catalog)
    plan = SharedPlan(tuple(designs), worlds, subjects, seed, beliefs=asked)
    say_answer(answer_doses(plan, run, catalog, *pace(workers)), _print)


def _print(result: "DosesAnswer") -> None:
    from ifntrial.report.terminal.doses import doses_lines

    say_size(result)
    for line in doses_lines(result):
        click.echo(line)
    click.echo(NO_EFFICACY_DATUM)
