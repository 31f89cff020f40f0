"""``ifntrial score``: score interferon signatures in an expression table."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ifntrial.app import options
from ifntrial.app.inputs import InputFile, NameOrFile, OutputFile, file_of_healthy, file_of_signature
from ifntrial.app.runs import Run, begin_run, facts_of, keep_run, say_run
from ifntrial.report.terminal.scores import print_scores
from ifntrial.studies.run_facts import RunFacts

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
    "--signature",
    "signatures",
    type=NameOrFile(file_of_signature),
    multiple=True,
    metavar="NAME|FILE",
    help="Signature; may be repeated.",
)
@click.option("--method", "methods", multiple=True, metavar="NAME", help="Scoring method; may be repeated.")
@click.option(
    "--metadata", type=_FILE, help="Table with columns sample, subject, visit, group and clinical ones."
)
@click.option("--subject", metavar="COLUMN", help="Column of the metadata that names the subject.")
@click.option("--visit", metavar="COLUMN", help="Column of the metadata that names the visit.")
@click.option("--group", metavar="COLUMN", help="Column of the metadata that names the group.")
@click.option(
    "--variables", metavar="A,B,...", help="Clinical variables to test; every numeric one with 'all'."
)
@click.option(
    "--tissue", default="unknown", show_default=True, help="blood, skin, epithelium, other or unknown."
)
@click.option("--rule", default="mean_2sd", show_default=True, help="Cut-off rule: mean_2sd or median_mad.")
@click.option("--coverage", type=float, default=0.6, show_default=True, help="Least share of genes measured.")
@click.option(
    "--draws", type=int, default=400, show_default=True, help="Draws behind intervals and probabilities."
)
@click.option(
    "--assay-sd", type=float, default=0.0, show_default=True, help="Assay noise of one gene [log2]."
)
@click.option("--format", "file_format", metavar="NAME", help="File format; by the file's ending otherwise.")
@click.option(
    "--orientation", metavar="WORDS", help="'genes x samples' or 'samples x genes'; detected otherwise."
)
@click.option("--scale", metavar="NAME", help="log2, counts, tpm, delta_ct, protein ...; detected otherwise.")
@click.option("--library-size", metavar="COLUMN", help="Column with each sample's total counts.")
@click.option(
    "--reference-genes", metavar="A,B,...", help="Housekeeping genes for the scales ct and nanostring."
)
@click.option("--probes", type=_FILE, help="Map of probes to genes for a GEO series matrix.")
@click.option("--layer", metavar="NAME", help="Layer of an AnnData file.")
@options.seed
@options.out
@options.json_file
def command(**given: Any) -> None:  # noqa: ANN401 click passes every option by name
    """Score interferon signatures in EXPRESSION: CSV, TSV, Parquet, AnnData, GEO series matrix or SOFT.

    For example: ifntrial score expression.csv --healthy healthy.txt --tissue blood --out scores

    Orientation and scale are detected and said. Prints a summary; --out writes scores.csv and a page with figures.
    A research tool: not for diagnosis or treatment.
    """
    from ifntrial.catalog import shipped

    catalog = shipped()
    run = begin_run(given["out"], given["json_path"], catalog)
    study = _score(given, catalog.library)
    facts = facts_of(run)
    print_scores(study)
    if given["save_reference"] is not None:
        _save_reference(study.result.reference, given["save_reference"])
    _keep(run, facts, study, given["expression"].name)
    say_run(run, facts)


def _score(given: dict[str, Any], library: "Library") -> "ScoreStudy":
    from ifntrial.app.progress import terminal_reporter
    from ifntrial.signature import ScoreSettings, load_reference, read_expression, score_samples
    from ifntrial.signature.read.names import choose_healthy, load_metadata

    path: Path = given["expression"]
    expression = read_expression(path, library.genes, _read_options(given))
    renamed = {name: given[name] for name in ("subject", "visit", "group") if given[name]}
    metadata = load_metadata(given["metadata"], renamed) if given["metadata"] else None
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
        reference=load_reference(given["reference"]) if given["reference"] else None,
        signatures=[_find_signature(name, library) for name in given["signatures"]] or None,
        methods=list(given["methods"]) or None,
        metadata=metadata,
        settings=settings,
        seed=given["seed"],
        report=terminal_reporter("signatures"),
    )
    return _build_study(given, result, expression, metadata, library)


def _read_options(given: dict[str, Any]) -> "ReadOptions":
    from ifntrial.signature import ReadOptions

    genes = given["reference_genes"] or ""
    return ReadOptions(
        format=given["file_format"],
        orientation=given["orientation"],
        scale=given["scale"],
        library_size=given["library_size"],
        reference_genes=tuple(gene.strip() for gene in genes.split(",") if gene.strip()),
        probes=given["probes"],
        layer=given["layer"],
    )


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
    suppression = _measure_suppression(result, notices)
    association: Association | None = None
    if given["variables"]:
        if metadata is None:
            raise InputError("clinical variables need a metadata table", fix="add --metadata FILE")
        association = _associate(result, metadata, given["variables"])
    title = f"Interferon scores of {given['expression'].name}"
    return ScoreStudy(
        title, result, tuple(notices), specificity, suppression, association, left_out, library.citations
    )


def _measure_suppression(result: "ScoreResult", notices: list[Any]) -> "pd.DataFrame | None":
    from ifntrial.signature import Notice, measure_suppression

    main = result.pairs[0][0]
    rows = result.scores_of(main.name, result.pairs[0][1].name)
    seen = rows[rows["visit"] != ""]
    if result.reference is None or not (seen.groupby("subject")["visit"].nunique() > 1).any():
        return None
    several = seen.duplicated(["subject", "visit"])
    if several.any():
        notices.append(
            Notice("caution", f"{int(several.sum())} samples share subject and visit with another one")
        )
    return measure_suppression(result, main.name)


def _associate(result: "ScoreResult", metadata: "pd.DataFrame", words: str) -> "Association":
    from ifntrial.signature import associate

    variables = (
        None if words.strip() == "all" else [name.strip() for name in words.split(",") if name.strip()]
    )
    main, method = result.pairs[0]
    return associate(result, main.name, metadata, variables=variables, method=method.name)


def _save_reference(reference: "Reference | None", path: Path) -> None:
    from ifntrial.errors import InputError
    from ifntrial.signature import save_reference

    if reference is None:
        raise InputError(
            "there is no healthy reference to save", fix="name the healthy samples with --healthy"
        )
    save_reference(reference, path)
    click.echo(f"Healthy reference {reference.reference_id}: {path} (holds levels of the healthy samples)")


def _keep(run: Run, facts: RunFacts, study: "ScoreStudy", expression: str) -> None:
    from ifntrial.report.score.page import render_scores
    from ifntrial.signature import save_scores
    from ifntrial.studies.score.study import scores_of_study

    tables = {"specificity": study.specificity, "suppression": study.suppression}
    if study.association is not None:
        tables["associations"] = study.association.table
    made = {f"{name}.csv": table for name, table in tables.items() if table is not None}
    if run.folder is not None:
        save_scores(study.result, run.folder / "scores.csv")
        for name, table in made.items():
            table.to_csv(run.folder / name, index=False)

    def render(_: object, about: RunFacts) -> str:
        return render_scores(study, about)

    result = scores_of_study(study, expression)
    keep_run(run, facts, "scores.json", result, render, files=("scores.csv", *made))
