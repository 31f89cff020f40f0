"""``ifntrial enrich``: whom to enrol, how many, and at which cost."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ifntrial.api import defaults
from ifntrial.app import options
from ifntrial.app.beliefs import takes_beliefs
from ifntrial.app.run_end import NO_EFFICACY_DATUM, say_answer, say_size
from ifntrial.app.runs import begin_run, pace
from ifntrial.console.names import Name
from ifntrial.console.names import markers as all_markers

if TYPE_CHECKING:
    from ifntrial.api.enrich import EnrichmentAnswer
    from ifntrial.catalog import Catalog
    from ifntrial.studies.beliefs.asked import AskedBeliefs
    from ifntrial.studies.executors import Executor


@click.command("enrich")
@options.design
@options.worlds(defaults.ENRICH.worlds)
@options.subjects(defaults.ENRICH.subjects)
@click.option(
    "--marker",
    "markers",
    type=Name(all_markers),
    multiple=True,
    metavar="NAME",
    help="Way to select ('ifntrial list markers'); default all; may be repeated.",
)
@click.option(
    "--prevalence",
    "prevalences",
    type=float,
    multiple=True,
    help="Share of truly high signatures; the first is the reference; may be repeated.",
)
@click.option(
    "--assay",
    "assays",
    multiple=True,
    metavar="SENSITIVITY/SPECIFICITY",
    help="Of the signature test, such as 0.9/0.8; the first is the reference; may be repeated.",
)
@click.option(
    "--cutoff",
    "score_cutoffs",
    type=float,
    multiple=True,
    help="Of the interferon score of blood [log2 fold change]; may be repeated.",
)
@click.option(
    "--score-noise",
    "score_noises",
    type=float,
    multiple=True,
    help="SD of one such score [log2 fold change]; the first is the reference; may be repeated.",
)
@click.option("--size", "sizes", type=int, multiple=True, help="Treated patients, all arms; may be repeated.")
@click.option(
    "--screening-cost",
    "screening_costs",
    type=float,
    multiple=True,
    help="Of one screened patient, in costs of treating one; the first is the reference; may be repeated.",
)
@click.option(
    "--test-cost", type=float, default=None, help="Of one signature test, in costs of treating one."
)
@click.option(
    "--entry-share",
    type=float,
    default=None,
    help="Share of the screened who meet the other criteria.",
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
    markers: tuple[str, ...],
    prevalences: tuple[float, ...],
    assays: tuple[str, ...],
    score_cutoffs: tuple[float, ...],
    score_noises: tuple[float, ...],
    sizes: tuple[int, ...],
    screening_costs: tuple[float, ...],
    test_cost: float | None,
    entry_share: float | None,
    seed: int,
    workers: "Executor",
    out: Path | None,
    json_path: Path | None,
) -> None:
    """Ask whom DESIGN should enrol: the name of a shipped design such as daisy, or a YAML file.

    Its patients are simulated once; then they are only weighed, so that other options on the same --out take seconds.
    """
    from ifntrial.api.enrich import Selections, answer_enrichment, read_assay
    from ifntrial.studies.compare.plan import SharedPlan

    loaded = catalog.design(design)
    asked_of = Selections(
        markers=markers,
        prevalences=prevalences,
        assays=tuple(read_assay(text) for text in assays),
        score_cutoffs=score_cutoffs,
        score_noises=score_noises,
        sizes=sizes,
        screening_costs=screening_costs,
        test_cost=test_cost,
        entry_share=entry_share,
    )
    run = begin_run(out, json_path, catalog)
    plan = SharedPlan((loaded,), worlds, subjects, seed, beliefs=asked)
    say_answer(answer_enrichment(plan, asked_of, run, catalog, *pace(workers)), _print)


def _print(result: "EnrichmentAnswer") -> None:
    from ifntrial.report.terminal.enrich import answer_lines, other_lines

    say_size(result)
    for line in (*answer_lines(result), *other_lines(result), NO_EFFICACY_DATUM):
        click.echo(line)
