"""``ifntrial sensitivity``: which unknowns the answers hang on."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ifntrial.api import defaults
from ifntrial.app import options
from ifntrial.app.beliefs import known_with
from ifntrial.app.runs import begin_run, pace, say_run
from ifntrial.console.names import one_of

if TYPE_CHECKING:
    from ifntrial.studies.executors import Executor


@click.command("sensitivity")
@options.design
@click.option(
    "--method",
    type=one_of("morris", "sobol"),
    default="morris",
    show_default=True,
    help="morris: screening; sobol: shares of the variance.",
)
@click.option(
    "--groups",
    type=one_of("mechanism", "parameter"),
    default="mechanism",
    show_default=True,
    help="mechanism, or parameter for each input alone.",
)
@click.option(
    "--samples",
    type=int,
    help="Trajectories or base points, a power of two.  [default: 64 or 128; by parameter 8 or 16]",
)
@options.subjects(defaults.SENSITIVITY_SUBJECTS, "Common virtual patients.")
@options.evidence
@options.for_a_run
@options.in_parts
def command(
    design: str,
    method: str,
    groups: str,
    samples: int | None,
    subjects: int,
    evidence: Path | None,
    seed: int,
    workers: "Executor",
    out: Path | None,
    json_path: Path | None,
) -> None:
    """Say which unknowns the forecast of DESIGN hangs on: a shipped design such as daisy, or a YAML file.

    Every uncertain quantity of a world is drawn from its prior, grouped by the mechanism that uses it; the probability
    of success, the effects on skin and lung and the suppression of the signature are followed on common subjects. The
    numbers depend on the seed and not on the number of workers.
    """
    from ifntrial.api.sensitivity import answer_sensitivity, sensitivity_plan
    from ifntrial.report.terminal.sensitivity import sensitivity_lines

    catalog = known_with(evidence)
    plan = sensitivity_plan(catalog.design(design), method, groups, samples, subjects, seed)
    run = begin_run(out, json_path, catalog)
    answer = answer_sensitivity(plan, run, catalog, *pace(workers))
    for line in sensitivity_lines(answer):
        click.echo(line)
    click.echo(f"\n{answer.worlds} worlds.")
    say_run(answer.kept.run, answer.facts)
