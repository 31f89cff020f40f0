"""``ifntrial enrich``: whom to enrol, how many, and at which cost."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ifntrial.app import options
from ifntrial.app.beliefs import takes_beliefs
from ifntrial.app.run_end import NO_EFFICACY_DATUM, close_run, say_size
from ifntrial.app.runs import BLOCK_FILES, Run, begin_run, in_folder, work_on_worlds
from ifntrial.console.names import Name
from ifntrial.console.names import markers as all_markers
from ifntrial.errors import InputError

if TYPE_CHECKING:
    from ifntrial.catalog import Catalog
    from ifntrial.studies.beliefs.asked import AskedBeliefs
    from ifntrial.studies.enrich.markers import Assay
    from ifntrial.studies.enrich.result import Enrichment

DEFAULT_WORLDS, DEFAULT_SUBJECTS = 150, 500


@click.command("enrich")
@options.design
@options.worlds(DEFAULT_WORLDS)
@options.subjects(DEFAULT_SUBJECTS)
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
    workers: int | None,
    out: Path | None,
    json_path: Path | None,
) -> None:
    """Ask whom DESIGN should enrol: the name of a shipped design such as daisy, or a YAML file.

    Its patients are simulated once; then they are only weighed, so that other options on the same --out take seconds.
    """
    from ifntrial.report.enrich.page import render_enrichment
    from ifntrial.studies.compare.plan import SharedPlan, prepare, run_name
    from ifntrial.studies.compare.run import simulate_responses
    from ifntrial.studies.enrich.inputs import enrichment_inputs
    from ifntrial.studies.enrich.study import enrichment_result
    from ifntrial.studies.enrich.subjects import gather_subjects

    loaded = catalog.design(design)
    tests = [read_assay(text) for text in assays]
    run = begin_run(out, json_path, catalog)
    prepared = prepare(SharedPlan((loaded,), worlds, subjects, seed, beliefs=asked), catalog)
    inputs = enrichment_inputs(
        prepared.evidence,
        prepared.designs[0].size.analyzed,
        markers=markers,
        prevalences=prevalences,
        assays=tests,
        sizes=sizes,
        screening_costs=screening_costs,
        test_cost=test_cost,
        entry_share=entry_share,
        score_cutoffs=score_cutoffs,
        score_noises=score_noises,
    )
    folder = out or Path("runs") / run_name(prepared, "enrich")
    run = in_folder(run, folder)

    def work(count: int, report: Callable[[int, int], None]) -> "Enrichment":
        worlds = simulate_responses(prepared, folder, count, report).records()
        return enrichment_result(prepared, *gather_subjects(prepared, worlds, folder), inputs)

    result = work_on_worlds(run, work, workers)
    close_run(run, "enrichment.json", result, render_enrichment, BLOCK_FILES, _print)


def read_assay(text: str) -> "Assay":
    """Return the test that a text such as ``0.9/0.8`` describes.

    Raises
    ------
    InputError
        If the text is not two shares, or the test tells no more than a coin.
    """
    from ifntrial.studies.enrich.markers import Assay

    parts = text.split("/")
    try:
        sensitivity, specificity = (float(part) for part in parts)
    except ValueError:
        raise InputError(
            "the assay cannot be read",
            given=text,
            allowed="sensitivity/specificity, two shares from 0 to 1",
            fix="for example --assay 0.9/0.8",
        ) from None
    return Assay(sensitivity, specificity)


def _print(run: Run, result: "Enrichment") -> None:
    from ifntrial.report.differences import points, points_range
    from ifntrial.report.enrich.cutoffs import cutoff_sentence
    from ifntrial.report.enrich.interim import interim_sentence
    from ifntrial.report.enrich.words import answer_sentence, plain, short_of

    say_size(run, result)
    click.echo(plain(answer_sentence(result.answers[0], result)))
    click.echo(
        f"Change with {result.design_facts.total} treated, in percentage points (95 %, counting worlds):"
    )
    labels = [facts.label for facts in result.priors.values()]
    click.echo(f"  {'':<22}" + "".join(f"{label:<28}" for label in labels))
    for found in result.answers:
        gaps = "".join(
            f"{points(gap.estimate)} ({points_range(gap.low, gap.high)})".ljust(28)
            for gap in found.same_size_by_prior.values()
        )
        click.echo(f"  {short_of(found.marker, result):<22}{gaps}")
    for study in result.cutoffs:
        click.echo(plain(cutoff_sentence(study, result)))
    if result.interim:
        click.echo(plain(interim_sentence(result.interim, result)))
    for name, reason in result.left_out.items():
        click.echo(f"Not computed: {name}. {reason}")
    click.echo(
        "Not told apart: the interval over worlds or the Monte Carlo interval holds zero. "
        "Costs and assays are assumed unless given."
    )
    click.echo(NO_EFFICACY_DATUM)
