"""``ifntrial sensitivity``: which unknowns the answers hang on."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ifntrial.app import options
from ifntrial.app.runs import BLOCK_FILES, begin_run, facts_of, keep_run, say_run, work_on_worlds
from ifntrial.console.names import one_of

if TYPE_CHECKING:
    from ifntrial.studies.sensitivity.result import Sensitivity

SHOWN_GROUPS = 8


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
@options.subjects(48, "Common virtual patients.")
@options.for_a_run
def command(
    design: str,
    method: str,
    groups: str,
    samples: int | None,
    subjects: int,
    seed: int,
    workers: int | None,
    out: Path | None,
    json_path: Path | None,
) -> None:
    """Say which unknowns the forecast of DESIGN hangs on: a shipped design such as daisy, or a YAML file.

    Every uncertain quantity of a world is drawn from its prior, grouped by the mechanism that uses it; the probability
    of success, the effects on skin and lung and the suppression of the signature are followed on common subjects. The
    numbers depend on the seed and not on the number of workers.
    """
    from ifntrial.catalog import shipped
    from ifntrial.report.sensitivity.page import render_sensitivity
    from ifntrial.studies.sensitivity.run import SensitivityPlan
    from ifntrial.studies.sensitivity.study import DEFAULT_SAMPLES, run_sensitivity

    options.require_range("--subjects", subjects, 10, 5_000)
    if samples is not None:
        options.require_range("--samples", samples, 4, 16_384)
    number = samples or DEFAULT_SAMPLES.get((method, groups), 64)
    catalog = shipped()
    plan = SensitivityPlan(catalog.design(design), method, groups, number, subjects, seed)
    run = begin_run(out, json_path, catalog)
    result = work_on_worlds(run, partial(run_sensitivity, plan, catalog, folder=out), workers)
    facts = facts_of(run)
    keep_run(run, facts, "sensitivity.json", result, render_sensitivity, BLOCK_FILES)
    _print(result)
    click.echo(f"\n{result.worlds} worlds.")
    say_run(run, facts)


def _print(result: "Sensitivity") -> None:
    from ifntrial.report.sensitivity.words import amount, how_steady, span, what_matters

    for output in result.outputs:
        click.echo(f"\n{what_matters(result, output)}")
        for index in output.indices[:SHOWN_GROUPS]:
            first = ""
            if index.first is not None:
                first = f"   alone {amount(result, output, index.first)}"
            value = amount(result, output, index.main)
            click.echo(f"  {index.group:<36}{value:>16}   ({span(result, output, index.whole)}){first}")
        click.echo(f"  {how_steady(result, output)}")
    if result.failed_courses:
        click.echo(
            f"\n{result.failed_courses} courses of subjects in {result.worlds_with_failures} worlds could not be "
            "solved and have weight zero there."
        )
