"""``ifntrial design``: list, show, check, simulate and compare trial designs."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ifntrial.api import defaults
from ifntrial.api.checks import require_writable
from ifntrial.app import options
from ifntrial.app.beliefs import takes_beliefs
from ifntrial.app.design_new import new_design
from ifntrial.app.design_simulate import simulate_design
from ifntrial.app.run_end import NO_EFFICACY_DATUM, say_answer, say_size
from ifntrial.app.runs import begin_run, pace
from ifntrial.console.groups import Group
from ifntrial.console.inputs import OutputFile

if TYPE_CHECKING:
    from ifntrial.api.compare import ComparisonAnswer
    from ifntrial.catalog import Catalog
    from ifntrial.studies.beliefs.asked import AskedBeliefs
    from ifntrial.studies.executors import Executor


@click.group("design", cls=Group)
def command() -> None:
    """Trial designs: what ships, what a file holds, one virtual trial, and how designs compare."""


command.add_command(new_design)
command.add_command(simulate_design)


@command.command("list")
def list_designs() -> None:
    """List the designs that ship with the package."""
    from ifntrial.catalog import shipped

    for name, design in sorted(shipped().designs.items()):
        click.echo(
            f"{name:<24}{design.size.analyzed:>6} patients  {design.primary.endpoint:<28}{design.title}"
        )


@command.command("show")
@options.design
@click.option("--yaml", "as_yaml", is_flag=True, help="As a whole YAML file, to start a design of your own.")
@click.option(
    "--out",
    "drawing",
    type=OutputFile(path_type=Path, dir_okay=False),
    help="File for a drawing of visits, arms, doses and escape therapy, such as schema.svg.",
)
def show_design(design: str, as_yaml: bool, drawing: Path | None) -> None:
    """Show DESIGN: the name of a shipped design, or a YAML file."""
    from ifntrial.catalog import shipped
    from ifntrial.design.design import save_design
    from ifntrial.report.schema_drawing import save_schema
    from ifntrial.report.terminal.designs import design_lines

    catalog = shipped()
    loaded = catalog.design(design)
    if drawing is not None:
        require_writable(drawing)
        save_schema(drawing, loaded, catalog.endpoints, catalog.drugs)
    if as_yaml:
        click.echo(save_design(loaded), nl=False)
        return
    for line in design_lines(loaded, catalog.endpoints, catalog.drugs):
        click.echo(line)


@command.command("check")
@options.designs
def check_designs(designs: tuple[str, ...]) -> None:
    """Check that each of DESIGNS can be read and simulated; lists every problem of every file at once."""
    from ifntrial.catalog import shipped
    from ifntrial.design.tried import tried_designs
    from ifntrial.report.forecast.looks import look_lines
    from ifntrial.studies.forecast.told.looks import planned_looks

    for name, loaded in tried_designs(designs, shipped().known_of_patients):
        click.echo(f"{name}: fine ({loaded.name}, {loaded.size.analyzed} patients)")
        for line in look_lines(planned_looks(loaded)):
            click.echo(line)


@command.command("schema")
def schema() -> None:
    """Print the JSON schema of a design file."""
    from ifntrial.catalog import shipped
    from ifntrial.design.schema import build_design_schema

    click.echo(json.dumps(build_design_schema(shipped().known), indent=1))


@command.command("compare")
@options.designs
@options.worlds(defaults.COMPARE.worlds)
@options.subjects(defaults.COMPARE.subjects, "Virtual patients per design.")
@takes_beliefs
@options.for_a_run
@options.in_parts
def compare_designs(
    catalog: "Catalog",
    asked: "AskedBeliefs",
    designs: tuple[str, ...],
    worlds: int,
    subjects: int,
    seed: int,
    workers: "Executor",
    out: Path | None,
    json_path: Path | None,
) -> None:
    """Compare DESIGNS, each with the first: names of shipped designs or YAML files; size a single one.

    All are simulated in the same worlds; patients whom several designs enroll are the same persons with the same luck.
    An interrupted run goes on where it stopped when the same command is given again.
    """
    from ifntrial.api.compare import answer_comparison
    from ifntrial.studies.compare.plan import SharedPlan

    loaded = [catalog.design(design) for design in designs]
    run = begin_run(out, json_path, catalog)
    plan = SharedPlan(tuple(loaded), worlds, subjects, seed, beliefs=asked)
    say_answer(answer_comparison(plan, run, catalog, *pace(workers)), _print)


def _print(result: "ComparisonAnswer") -> None:
    from ifntrial.report.terminal.designs import comparison_lines

    if len(result.designs) == 1:
        click.echo("One design: how many patients it needs. To compare it, name a second.")
    say_size(result, " per design")
    for line in comparison_lines(result):
        click.echo(line)
    click.echo(NO_EFFICACY_DATUM)
