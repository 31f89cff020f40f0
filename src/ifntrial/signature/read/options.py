"""What the user says about the data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the user says about the data; None leaves it to detection.

    Parameters
    ----------
    format
        A name in :data:`ifntrial.signature.read.FORMATS`.
    orientation
        ``genes x samples`` or ``samples x genes``.
    scale
        A name in :data:`ifntrial.signature.read.scale.SCALES`.
    library_size
        Column with each sample's total counts, or a series of them, where the table holds only some genes; ``sum``
        for the sum over the table.
    reference_genes
        Housekeeping genes for the scales ``ct`` and ``nanostring``.
    probes
        Map of probes, transcripts or genes of another species to genes: two columns, or a platform's SOFT file.
    layer
        Layer of an AnnData object; its X where None.
    gene_column
        Column that names the genes; the first one, or the one with most known genes, where None.
    ids
        ``symbol``, ``ensembl`` or ``entrez``.
    set_aside, keep
        Names of rows or columns that are no genes or samples, and of those that are, whatever they look like.
    samples
        Names that are samples for certain, such as those of the metadata and of the healthy.
    likely_scale
        Scale of the stored reference: taken where the numbers fit it and others as well.
    chosen_rows
        Labels of the rows to use for genes that have several, as a stored reference chose them.
    sheet
        Sheet of a workbook; the first one where None.
    pseudobulk
        Columns of ``.obs`` whose cells are added up to one profile, such as donor and cell type.
    lod
        Table of two columns, protein and limit of detection on the scale of the levels; that of the file where None.
    below_lod
        ``half`` of the limit, ``keep`` as measured, or ``missing``; half for concentrations and keep for NPX where None.
    needs_all
        Whether every gene is needed, as rank scores do: a large text is held whole then.
    background
        Background genes of the stored reference, which are read whatever else is.
    """

    format: str | None = None
    orientation: str | None = None
    scale: str | None = None
    library_size: "str | pd.Series | None" = None
    reference_genes: tuple[str, ...] = ()
    probes: str | Path | None = None
    layer: str | None = None
    gene_column: str | None = None
    ids: str | None = None
    set_aside: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    samples: tuple[str, ...] = ()
    likely_scale: str | None = None
    chosen_rows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sheet: str | None = None
    pseudobulk: tuple[str, ...] = ()
    lod: Path | None = None
    below_lod: str | None = None
    needs_all: bool = False
    background: tuple[str, ...] = ()
