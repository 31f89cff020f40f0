"""``ifntrial score``: score interferon signatures in an expression table."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ifntrial.app import options
from ifntrial.app.runs import begin_run, facts_of, say_run
from ifntrial.app.score_files import keep_scores
from ifntrial.console.inputs import InputFile, NameOrFile, OutputFile, file_of_healthy, file_of_signature
from ifntrial.console.names import DesignOrFile, Name, methods, one_of, signatures
from ifntrial.console.reading import takes_expression
from ifntrial.report.terminal.scores import print_scores

if TYPE_CHECKING:
    import pandas as pd

    from ifntrial.signature import (
        Association,
        Expression,
        Library,
        ReadOptions,
        Reference,
        ScoreResult,
        Signature,
    )
    from ifntrial.studies.score.study import ScoreStudy

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
    from ifntrial.catalog import shipped

    catalog = shipped()
    run = begin_run(given["out"], given["json_path"], catalog)
    study = _score(given, catalog.library)
    facts = facts_of(run)
    stored = _save_reference(study.result.reference, given["save_reference"])
    keep_scores(run, facts, study, given["expression"].name)
    for line in stored:
        click.echo(line)
    print_scores(study)
    say_run(run, facts)


def _score(given: dict[str, Any], library: "Library") -> "ScoreStudy":
    from ifntrial.app.progress import terminal_reporter
    from ifntrial.signature import ScoreSettings, load_reference, read_expression, score_samples
    from ifntrial.signature.read.names import choose_healthy, load_metadata, load_names

    path: Path = given["expression"]
    renamed = {name: given[name] for name in ("subject", "visit", "group") if given[name]}
    metadata = load_metadata(given["metadata"], renamed) if given["metadata"] else None
    reference = load_reference(given["reference"]) if given["reference"] else None
    expression = read_expression(path, library.genes, _with_what_is_known(given, metadata, reference))
    if given["platform"]:
        expression = replace(expression, platform=given["platform"])
    about = expression.obs if metadata is None else metadata
    healthy = choose_healthy(given["healthy"], about, expression.values.index) if given["healthy"] else None
    settings = ScoreSettings(
        minimum_coverage=given["coverage"],
        rule=given["rule"],
        draws=given["draws"],
        assay_sd_log2=given["assay_sd"],
    )
    result = score_samples(
        expression,
        library,
        healthy=healthy,
        reference=reference,
        signatures=[_find_signature(name, library) for name in given["signatures"]] or None,
        methods=list(given["methods"]) or None,
        metadata=metadata,
        disease=given["disease"] or "",
        settings=settings,
        seed=given["seed"],
        calibrators=load_names(given["calibrators"]) if given["calibrators"] else (),
        batch=given["batch"],
        report=terminal_reporter("signatures"),
    )
    return _build_study(given, result, expression, metadata, library)


def _with_what_is_known(
    given: dict[str, Any], metadata: "pd.DataFrame | None", reference: "Reference | None"
) -> "ReadOptions":
    """Return how the data are read, with names that other files say are samples and what a stored reference tells."""
    from ifntrial.signature.batch import with_what_is_known
    from ifntrial.signature.read.names import load_names

    by_file = file_of_healthy(given["healthy"]) if given["healthy"] else None
    named = load_names(by_file) if by_file is not None and by_file.is_file() else []
    more = () if metadata is None else tuple(map(str, metadata.index))
    return with_what_is_known(given["reading"], (*named, *more), reference)


def _find_signature(name: str, library: "Library") -> "Signature":
    from ifntrial.errors import resolve_name
    from ifntrial.signature import load_signature_file

    if name.lower().endswith(".csv"):
        return load_signature_file(name, library.genes)
    return resolve_name(name, library.signatures, "signature")


def _build_study(
    given: dict[str, Any],
    result: "ScoreResult",
    expression: "Expression",
    metadata: "pd.DataFrame | None",
    library: "Library",
) -> "ScoreStudy":
    from ifntrial.errors import InputError
    from ifntrial.signature import Notice, compare_interferons, describe_specificity
    from ifntrial.signature.specificity import IFN_I, IFN_II
    from ifntrial.studies.score.study import ScoreStudy

    left_out: dict[str, str] = {}
    notices = [*result.notices]
    specificity = None
    is_rna = expression.material == "rna"
    if is_rna:
        notices += describe_specificity(given["tissue"], expression.values)
    if is_rna and result.find(IFN_I) and result.find(IFN_II):
        specificity = compare_interferons(result, tissue=given["tissue"], levels=expression.values)
    elif is_rna:
        left_out["specificity"] = f"Add {IFN_I} and {IFN_II} to the signatures to tell IFN-I from IFN-II."
    if metadata is not None:
        unmatched = [name for name in metadata.index if name not in expression.values.index]
        lacking = [name for name in expression.values.index if name not in metadata.index]
        if unmatched or lacking:
            text = f"metadata: {len(unmatched)} rows have no sample, {len(lacking)} samples have no row"
            notices.append(Notice("caution", text))
    suppression = _measure_suppression(result, notices, given)
    association: Association | None = None
    if given["variables"]:
        if metadata is None:
            raise InputError("clinical variables need a metadata table", fix="add --metadata FILE")
        association = _associate(result, metadata, given["variables"])
    title = f"Interferon scores of {given['expression'].name}"
    return ScoreStudy(
        title, result, tuple(notices), specificity, suppression, association, left_out, library.citations
    )


def _measure_suppression(
    result: "ScoreResult", notices: list[Any], given: dict[str, Any]
) -> "pd.DataFrame | None":
    from ifntrial.errors import InputError, find_name
    from ifntrial.signature import Notice, measure_suppression
    from ifntrial.signature.visits import order_visits

    main = result.pairs[0][0]
    rows = result.scores_of(main.name, result.pairs[0][1].name)
    seen = rows[rows["visit"] != ""]
    if result.reference is None or not (seen.groupby("subject")["visit"].nunique() > 1).any():
        if given["baseline"] is not None:
            raise InputError(
                "--baseline names a visit, and no subject has several",
                fix="give --metadata with subject and visit",
            )
        return None
    baseline, dates = given["baseline"], given["dates"]
    if baseline is not None:
        baseline = find_name(baseline, seen["visit"]) or baseline
    visits = order_visits(seen["visit"], baseline=baseline, dates=dates)
    first = (
        f"baseline {baseline}" if baseline is not None else "baseline: each subject's last visit up to time 0"
    )
    notices.append(Notice("detected", f"visits in order: {', '.join(visits)}; {first}"))
    return measure_suppression(
        result, main.name, baseline=baseline, dates=dates, replicates=given["replicates"]
    )


def _associate(result: "ScoreResult", metadata: "pd.DataFrame", words: str) -> "Association":
    from ifntrial.signature import associate

    variables = (
        None if words.strip() == "all" else [name.strip() for name in words.split(",") if name.strip()]
    )
    main, method = result.pairs[0]
    return associate(result, main.name, metadata, variables=variables, method=method.name)


def _save_reference(reference: "Reference | None", path: Path | None) -> tuple[str, ...]:
    """Store the reference where it is asked for; return what to say of it."""
    from ifntrial.errors import InputError
    from ifntrial.signature import save_reference

    if path is None:
        return ()
    if reference is None:
        raise InputError(
            "there is no healthy reference to save", fix="name the healthy samples with --healthy"
        )
    save_reference(reference, path)
    return (f"Healthy reference {reference.reference_id}: {path} (holds levels of the healthy samples)",)
