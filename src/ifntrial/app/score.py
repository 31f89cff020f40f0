"""``ifntrial score``: score interferon signatures in an expression table."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ifntrial.app import options
from ifntrial.app.runs import begin_run, say_run
from ifntrial.console.inputs import InputFile, NameOrFile, OutputFile, file_of_healthy, file_of_signature
from ifntrial.console.names import DesignOrFile, Name, methods, one_of, signatures
from ifntrial.console.reading import names_in, takes_expression
from ifntrial.report.terminal.scores import print_scores

if TYPE_CHECKING:
    from ifntrial.api.scores.asked import AskedScores

_FILE = InputFile(path_type=Path, dir_okay=False)


@click.command("score")
@click.argument("expression", type=InputFile(path_type=Path))
@click.option(
    "--healthy",
    type=NameOrFile(file_of_healthy),
    metavar="FILE|COLUMN=VALUE",
    help="Healthy samples: one name a line, or by metadata.",
)
@click.option("--reference", type=_FILE, help="A stored healthy reference, instead of --healthy.")
@click.option(
    "--save-reference",
    type=OutputFile(path_type=Path, dir_okay=False),
    help="Store the healthy reference for later samples.",
)
@click.option(
    "--calibrators", type=_FILE, help="Names of samples of the stored reference that were measured again."
)
@click.option(
    "--batch",
    type=one_of("refuse", "accept"),
    default="refuse",
    show_default=True,
    help="Samples of another batch: refuse or accept.",
)
@click.option(
    "--signature",
    "signatures",
    type=DesignOrFile(file_of_signature, signatures),
    multiple=True,
    metavar="NAME|FILE",
    help="Signature ('ifntrial list signatures'); may be repeated.",
)
@click.option(
    "--method",
    "methods",
    type=Name(methods),
    multiple=True,
    metavar="NAME",
    help="Scoring method ('ifntrial list methods'); may be repeated.",
)
@click.option(
    "--metadata", type=_FILE, help="Table with columns sample, subject, visit, group and clinical ones."
)
@click.option("--subject", metavar="COLUMN", help="Column of the metadata that names the subject.")
@click.option("--visit", metavar="COLUMN", help="Column of the metadata that names the visit.")
@click.option(
    "--disease", metavar="NAME", help="Disease of the patients, where the metadata have no column disease."
)
@click.option(
    "--platform", metavar="NAME", help="Platform or assay of the data, where the file does not tell it."
)
@click.option("--group", metavar="COLUMN", help="Column of the metadata that names the group.")
@click.option("--baseline", metavar="VISIT", help="The visit that later ones are compared with.")
@click.option(
    "--dates",
    type=one_of("dmy", "mdy"),
    metavar="ORDER",
    help="dmy or mdy, where visits are dates such as 01/02/2023.",
)
@click.option(
    "--replicates",
    type=one_of("refuse", "first"),
    default="refuse",
    show_default=True,
    help="Several samples of a subject at a visit: refuse or first.",
)
@click.option(
    "--variables", metavar="A,B,...", help="Clinical variables to test; every numeric one with 'all'."
)
@click.option(
    "--against",
    type=_FILE,
    help="A score table (scores.csv) of the same samples on another platform: agreement and bias.",
)
@click.option(
    "--tissue",
    type=one_of("blood", "skin", "epithelium", "other", "unknown"),
    default="unknown",
    show_default=True,
    help="blood, skin, epithelium, other or unknown.",
)
@click.option(
    "--rule",
    type=one_of("mean_2sd", "median_mad"),
    default="mean_2sd",
    show_default=True,
    help="Cut-off rule: mean_2sd or median_mad.",
)
@click.option("--coverage", type=float, default=0.6, show_default=True, help="Least share of genes measured.")
@click.option(
    "--draws", type=int, default=400, show_default=True, help="Draws behind intervals and probabilities."
)
@click.option(
    "--assay-sd", type=float, default=0.0, show_default=True, help="Assay noise of one gene [log2]."
)
@takes_expression
@options.for_a_run
def command(**given: Any) -> None:  # noqa: ANN401 click passes every option by name
    """Score interferon signatures in EXPRESSION: CSV, TSV, Parquet, AnnData, GEO series matrix or SOFT.

    Orientation and scale are detected and said. Prints a summary; --out writes scores.csv and a page with figures.
    Scoring takes one processor, whatever --workers.
    A research tool: not for diagnosis or treatment.
    """
    from ifntrial.api.progress import terminal_reporter
    from ifntrial.api.scores.answer import answer_scores
    from ifntrial.catalog import shipped

    catalog = shipped()
    run = begin_run(given["out"], given["json_path"], catalog)
    path = given["save_reference"]
    answer = answer_scores(_asked(given), run, catalog.library, terminal_reporter("signatures"))
    reference = answer.study.result.reference
    if path is not None and reference is not None:
        click.echo(
            f"Healthy reference {reference.reference_id}: {path} (holds levels of the healthy samples)"
        )
    print_scores(answer.study)
    say_run(answer.kept.run, answer.facts)


def _asked(given: dict[str, Any]) -> "AskedScores":
    from ifntrial.api.scores.asked import AskedScores
    from ifntrial.signature import ScoreSettings

    same = (
        *(
            "reading",
            "healthy",
            "reference",
            "calibrators",
            "batch",
            "save_reference",
            "signatures",
            "methods",
        ),
        *("metadata", "subject", "visit", "group", "platform", "baseline", "dates", "replicates", "tissue"),
        *("against", "seed"),
    )
    return AskedScores(
        data=given["expression"],
        name=given["expression"].name,
        disease=given["disease"] or "",
        variables=names_in(given["variables"]),
        settings=ScoreSettings(
            minimum_coverage=given["coverage"],
            rule=given["rule"],
            draws=given["draws"],
            assay_sd_log2=given["assay_sd"],
        ),
        **{name: given[name] for name in same},
    )
