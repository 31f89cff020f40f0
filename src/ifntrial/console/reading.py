"""Options of commands that read expression data: what the user says about a file, and what other files tell of it."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from ifntrial.console.inputs import InputFile
from ifntrial.console.names import Name, formats, one_of, scales

_LISTS = ("reference_genes", "set_aside", "keep", "pseudobulk")
_NAMES = (
    *(
        "file_format",
        "orientation",
        "scale",
        "library_size",
        "probes",
        "gene_column",
        "ids",
        "layer",
        "sheet",
        "lod",
        "below_lod",
    ),
    *_LISTS,
)
_OPTIONS = (
    click.option(
        "--format",
        "file_format",
        type=Name(formats),
        metavar="NAME",
        help="File format; by content and ending otherwise.",
    ),
    click.option(
        "--orientation",
        type=one_of("genes x samples", "samples x genes"),
        metavar="WORDS",
        help="'genes x samples' or 'samples x genes'; detected otherwise.",
    ),
    click.option(
        "--scale",
        type=Name(scales),
        metavar="NAME",
        help="log2, counts, tpm, delta_ct, rq, protein ...; detected or asked otherwise.",
    ),
    click.option(
        "--library-size",
        metavar="COLUMN",
        help="Column with each sample's total counts; 'sum' for the table's own.",
    ),
    click.option(
        "--reference-genes", metavar="A,B,...", help="Housekeeping genes for the scales ct and nanostring."
    ),
    click.option(
        "--probes",
        type=InputFile(path_type=Path, dir_okay=False),
        help="Map of probes, transcripts or genes of another species to human genes.",
    ),
    click.option("--gene-column", metavar="COLUMN", help="Column that names the genes."),
    click.option(
        "--ids",
        type=one_of("symbol", "ensembl", "entrez"),
        metavar="KIND",
        help="What names the genes: symbol, ensembl or entrez.",
    ),
    click.option("--set-aside", metavar="A,B,...", help="Rows or columns that are no genes and no samples."),
    click.option(
        "--keep",
        metavar="A,B,...",
        help="Rows or columns that are genes or samples, whatever they look like.",
    ),
    click.option("--layer", metavar="NAME", help="Layer of an AnnData file."),
    click.option("--sheet", metavar="NAME", help="Sheet of a workbook; the first otherwise."),
    click.option(
        "--pseudobulk",
        metavar="A,B,...",
        help="Columns of .obs whose cells are added up, such as donor,cell_type.",
    ),
    click.option(
        "--lod",
        type=InputFile(path_type=Path, dir_okay=False),
        help="Limits of detection of proteins: a table protein, limit.",
    ),
    click.option(
        "--below-lod",
        type=one_of("half", "keep", "missing"),
        metavar="WORD",
        help="Below the limit: half of it, keep or missing; half for concentrations, keep for NPX.",
    ),
)


def takes_expression(command: Callable[..., object]) -> Callable[..., object]:
    """Add the options that say how a table of levels is read; the command gets them as one ``reading``."""

    @wraps(command)
    def collected(**given: Any) -> object:  # noqa: ANN401 click passes every option by name
        own: Any = {name: given.pop(name) for name in _NAMES}
        own |= {name: names_in(own[name]) for name in _LISTS}
        own["format"] = own.pop("file_format")
        from ifntrial.signature import ReadOptions

        return command(reading=ReadOptions(**own), **given)

    decorated: Any = collected
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]


def names_in(text: str | None) -> tuple[str, ...]:
    """Return the names in a list with commas."""
    return tuple(name.strip() for name in (text or "").split(",") if name.strip())
