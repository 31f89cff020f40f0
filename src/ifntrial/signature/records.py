"""The values that pass between the parts of the signature layer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from ifntrial.arrays import FloatArray, IndexArray

Material = Literal["rna", "protein"]
Level = Literal["log2", "rank"]
NoticeKind = Literal["detected", "changed", "caution"]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that is always shown to the reader.

    Parameters
    ----------
    kind
        Whether it was ``detected``, ``changed``, or needs ``caution``.
    text
        In words.
    """

    kind: NoticeKind
    text: str


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row or column of the data that is neither gene nor sample, or cannot be used.

    Parameters
    ----------
    side
        ``row`` if it stood among the genes, ``sample`` if it stood among the samples.
    name
        As in the file.
    reason
        Why, in words.
    """

    side: Literal["row", "sample"]
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """What was in the data, what is used, and what was set aside.

    Parameters
    ----------
    rows_in, rows_used, rows_merged
        Rows of genes (or what stood among them) in the data; those used, one for each gene; those that were merged
        with another of the same gene.
    samples_in, samples_used
        Samples (or what stood among them) in the data, and those used.
    set_aside
        The others, each with its reason.
    """

    rows_in: int
    rows_used: int
    rows_merged: int
    samples_in: int
    samples_used: int
    set_aside: tuple[SetAside, ...] = ()


@dataclass(frozen=True, slots=True)
class Signature:
    """A named list of genes or proteins.

    Parameters
    ----------
    genes
        Current HGNC symbols; a gene may be in two parts.
    directions
        +1 where interferon raises the gene, -1 where it lowers it; one for each gene.
    parts
        The module each gene belongs to; all the same where there is only one.
    target
        What the list is meant to answer to, e.g. ``IFN-I``.
    status
        ``confirmed`` or ``secondary``, or ``user`` for a list that the user brought.
    is_usual
        Whether it is reported unless the user chooses; others are asked for by name.
    """

    name: str
    label: str
    genes: tuple[str, ...]
    directions: tuple[int, ...]
    parts: tuple[str, ...]
    target: str
    material: Material
    default_method: str
    status: str
    sources: tuple[str, ...]
    note: str = ""
    is_usual: bool = False


@dataclass(frozen=True, slots=True)
class Expression:
    """Levels of genes or proteins in samples, on the log2 scale.

    Parameters
    ----------
    values
        log2 levels, samples by genes; NaN where not measured.
    obs
        What else the file said about the samples, same index as ``values``.
    scale
        The scale of the input, a name in :data:`ifntrial.signature.read.scale.SCALES`.
    material
        ``rna`` or ``protein``.
    notices
        What was detected and changed on the way.
    ledger
        What was in the data, used and set aside; None where the levels were not read from a table.
    platform
        Kind of measurement as far as the data tell it, such as ``NanoString``; empty where they do not.
    chosen_rows
        For genes with several rows, the labels of those that are used.
    normalisation
        How samples of different depth were made comparable, in words.
    is_part
        Whether only some of the genes of the data were read, so that no ranks can be had.
    scale_is_detected
        Whether neither the user nor the format said the scale.
    """

    values: pd.DataFrame
    obs: pd.DataFrame
    scale: str
    material: Material
    notices: tuple[Notice, ...] = ()
    ledger: Ledger | None = None
    platform: str = ""
    chosen_rows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    normalisation: str = ""
    is_part: bool = False
    scale_is_detected: bool = False


@dataclass(frozen=True, slots=True)
class Levels:
    """Levels of some genes in samples, as one scoring method needs them.

    Parameters
    ----------
    values
        log2 levels or ranks (1 = lowest), shape (samples, genes); NaN where not measured.
    ranked
        Number of genes among which each sample was ranked, shape (samples,).
    """

    values: FloatArray
    ranked: FloatArray

    def take_genes(self, columns: IndexArray) -> "Levels":
        """Return the levels of the genes at these positions, which may repeat."""
        return Levels(np.ascontiguousarray(self.values[:, columns]), self.ranked)

    def take_samples(self, rows: IndexArray) -> "Levels":
        """Return the levels of the samples at these positions, which may repeat."""
        return Levels(np.ascontiguousarray(self.values[rows]), self.ranked[rows])


@dataclass(frozen=True, slots=True)
class Healthy:
    """What a method knows of the healthy samples: one number for each gene, shape (genes,).

    ``spread`` is the standard deviation with the floor applied.
    """

    mean: FloatArray
    median: FloatArray
    spread: FloatArray


@dataclass(frozen=True, slots=True)
class GeneRoles:
    """Direction (+1 or -1) and part (0, 1, ...) of each gene of a signature, shape (genes,)."""

    direction: FloatArray
    part: IndexArray
    parts: int

    def take_genes(self, columns: IndexArray) -> "GeneRoles":
        """Return the roles of the genes at these positions, which may repeat."""
        return GeneRoles(self.direction[columns], self.part[columns], self.parts)


ScoreFunction = Callable[[Levels, "Healthy | None", GeneRoles], FloatArray]


@dataclass(frozen=True, slots=True)
class Method:
    """A way to turn the levels of a signature's genes into one number for each sample.

    Parameters
    ----------
    score
        Levels, healthy summary (or None) and roles to scores, shape (samples,). Must treat each sample alone.
    is_fold_change
        The score is a fold change against healthy, on the linear scale.
    is_positive
        The score is a positive level on the linear scale; its spread is judged on the log2 scale.
    fixed_cutoff
        Cut-off that belongs to the method itself; None where it comes from healthy samples.
    """

    name: str
    label: str
    formula: str
    source: str
    unit: str
    needs_reference: bool
    single_sample: bool
    level: Level
    material: tuple[Material, ...]
    score: ScoreFunction = field(repr=False)
    is_fold_change: bool = False
    is_positive: bool = False
    fixed_cutoff: float | None = None
