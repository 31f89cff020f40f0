"""``ifntrial map``: the pathway as a picture, shaded by what a treatment does."""

from functools import partial
from pathlib import Path

import click

from ifntrial.api import defaults
from ifntrial.app import options
from ifntrial.app.beliefs import known_with
from ifntrial.app.runs import begin_run, say_run
from ifntrial.console.inputs import OutputFile
from ifntrial.console.names import Name, populations


@click.command("map")
@options.drug
@click.option(
    "--regimen",
    metavar="WORDS",
    help='Its doses, such as "300 mg IV every 4 weeks"; the usual ones unless said.',
)
@click.option(
    "--week",
    type=float,
    default=defaults.SIMULATE_WEEKS,
    show_default=True,
    help="When to look [week], before a dose of that day.",
)
@options.subjects(defaults.SIMULATE_SUBJECTS, "Size of the virtual population.")
@click.option(
    "--population",
    "selection",
    type=Name(populations),
    default=defaults.MAP_POPULATION,
    show_default=True,
    help="Who: ifn-high, all, ifn-low or healthy.",
)
@options.without
@options.evidence
@click.option("--svg", type=OutputFile(path_type=Path, dir_okay=False), help="Write the picture as SVG.")
@options.for_a_run
def command(
    drug_name: str,
    regimen: str | None,
    week: float,
    selection: str,
    subjects: int,
    without: tuple[str, ...],
    evidence: Path | None,
    svg: Path | None,
    seed: int,
    workers: int | None,
    out: Path | None,
    json_path: Path | None,
) -> None:
    """Draw the pathway from interferon to clinical scores, and what a treatment does at each place of it.

    Each virtual subject is followed untreated and treated. Prints the change of every box of the picture. With --out
    also writes a page with the picture, the equation and the evidence behind each box; --svg writes the picture alone.
    """
    from ifntrial.api.courses.pathway import AskedMap, answer_pathway
    from ifntrial.api.progress import default_workers, terminal_reporter

    source = click.get_current_context().get_parameter_source("drug_name")
    catalog = known_with(evidence)
    asked = AskedMap(
        drug=None if source is click.core.ParameterSource.DEFAULT else drug_name,
        regimen=regimen,
        week=week,
        subjects=subjects,
        population=selection,
        without=without,
        seed=seed,
    )
    begin = partial(begin_run, out, json_path, catalog)
    told = terminal_reporter("subjects")
    answer = answer_pathway(asked, begin, catalog, workers or default_workers(), told)
    for line in answer.lines():
        click.echo(line)
    if svg is not None:
        click.echo(f"Picture: {answer.svg(svg)}")
    say_run(answer.kept.run, answer.facts)
