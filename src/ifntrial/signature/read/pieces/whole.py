"""What must be known of all genes of a table of which only some are held: totals, sizes, and rows that stand out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray
from ifntrial.signature.records import SetAside

BASES: Mapping[str, float] = {"log2": 2.0, "ln": float(np.e), "log10": 10.0}
LARGEST_EXPONENT = 60.0
"""Levels beyond it are no logarithms, and their powers would overflow."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Of each sample over all its genes, shape (samples,).

    Parameters
    ----------
    totals, squares
        Sum of levels, and of their squares.
    least, most
        The lowest and highest level.
    known, whole, zero, negative
        How many levels are there, are whole numbers, are zero, are below zero.
    undone
        By base of a logarithm, the sum of levels with the logarithm undone; NaN where they are too large for one.
    """

    totals: FloatArray
    squares: FloatArray
    least: FloatArray
    most: FloatArray
    known: FloatArray
    whole: FloatArray
    zero: FloatArray
    negative: FloatArray
    undone: Mapping[str, FloatArray]

    def take(self, samples: np.ndarray) -> "Sums":
        """Return those of some samples, by place or mask."""
        return Sums(
            totals=self.totals[samples],
            squares=self.squares[samples],
            least=self.least[samples],
            most=self.most[samples],
            known=self.known[samples],
            whole=self.whole[samples],
            zero=self.zero[samples],
            negative=self.negative[samples],
            undone={name: values[samples] for name, values in self.undone.items()},
        )

    def are_ranks(self) -> bool:
        """Return whether all samples hold whole numbers of the same sum, squares and limits, as ranks do."""
        same = all(float(np.ptp(x)) == 0.0 for x in (self.totals, self.squares, self.least, self.most))
        return len(self.totals) > 1 and same and bool(np.all(self.whole == self.known))


_BY_SAMPLE = ("totals", "squares", "least", "most", "known", "whole", "zero", "negative")


@dataclass(frozen=True, slots=True)
class Whole:
    """What is known of all genes.

    Parameters
    ----------
    labels
        Names of the genes as in the file, without those of ``not_genes``.
    not_genes
        What stands among the genes and is none, by its name.
    samples
        Names of what stands among the samples.
    sums
        Of each of ``samples``.
    means
        Mean level of each gene, shape (genes,).
    low_shares, high_shares
        Least and largest share of a gene in the total of a sample; 0 where it is small in all, shape (genes,).
    are_broken
        Whether a gene has a level that is no whole number, shape (genes,).
    ids
        Kind of the names as :data:`ifntrial.signature.read.roles.identifiers.IDS` has it, where they are numbers.
    unread
        How many genes are not held.
    """

    labels: tuple[str, ...]
    not_genes: tuple[SetAside, ...]
    samples: tuple[str, ...]
    sums: Sums
    means: FloatArray
    low_shares: FloatArray
    high_shares: FloatArray
    are_broken: BoolArray
    ids: str | None
    unread: int

    def sums_of(self, samples: Sequence[str]) -> Sums:
        """Return the sums of these samples, in their order."""
        places = {name: i for i, name in enumerate(self.samples)}
        return self.sums.take(np.array([places[name] for name in samples], dtype=np.intp))


@dataclass(slots=True)
class Tally:
    """Adds up what is known of all genes, block by block; blocks are genes x samples.

    Parameters
    ----------
    genes
        How many there are.
    are_samples
        Which of what stands among the samples counts for what is known of a gene, shape (samples,).
    least_share
        Genes below this share of the total in every sample are not followed.
    """

    genes: int
    are_samples: BoolArray
    least_share: float
    by_sample: dict[str, FloatArray] = field(init=False)
    undone: dict[str, FloatArray] = field(init=False)
    gene_sums: FloatArray = field(init=False)
    gene_counts: FloatArray = field(init=False)
    are_broken: BoolArray = field(init=False)
    large: dict[int, FloatArray] = field(init=False)

    def __post_init__(self) -> None:
        """Begin with nothing."""
        self.by_sample = {name: np.zeros(len(self.are_samples)) for name in _BY_SAMPLE}
        self.by_sample["least"][:], self.by_sample["most"][:] = np.inf, -np.inf
        self.undone = {name: np.zeros(len(self.are_samples)) for name in BASES}
        self.gene_sums, self.gene_counts = np.zeros(self.genes), np.zeros(self.genes)
        self.are_broken = np.zeros(self.genes, dtype=bool)
        self.large = {}

    def add(self, block: FloatArray, genes: np.ndarray, samples: np.ndarray) -> None:
        """Add levels of some genes in some samples.

        Parameters
        ----------
        block
            Levels, NaN where not measured, shape (genes, samples).
        genes, samples
            Their places in the table.
        """
        if not block.size:
            return
        known, counted = ~np.isnan(block), self.are_samples[samples]
        filled = np.where(known, block, 0.0)
        whole = filled == np.round(filled)
        own = self.by_sample
        own["totals"][samples] += filled.sum(axis=0)
        own["squares"][samples] += (filled * filled).sum(axis=0)
        own["known"][samples] += known.sum(axis=0)
        own["whole"][samples] += (whole & known).sum(axis=0)
        own["zero"][samples] += ((filled == 0.0) & known).sum(axis=0)
        own["negative"][samples] += (filled < 0.0).sum(axis=0)
        own["least"][samples] = np.minimum(own["least"][samples], np.where(known, block, np.inf).min(axis=0))
        own["most"][samples] = np.maximum(own["most"][samples], np.where(known, block, -np.inf).max(axis=0))
        self._undo(filled, known, samples)
        self.gene_sums[genes] += filled[:, counted].sum(axis=1)
        self.gene_counts[genes] += known[:, counted].sum(axis=1)
        self.are_broken[genes] |= ~whole[:, counted].all(axis=1)
        self._follow(filled, genes, samples, counted)

    def _undo(self, filled: FloatArray, known: BoolArray, samples: np.ndarray) -> None:
        if np.abs(filled).max(initial=0.0) > LARGEST_EXPONENT:
            for sums in self.undone.values():
                sums[samples] = np.nan
        for name, base in BASES.items():
            if not np.isnan(self.undone[name][samples]).all():
                self.undone[name][samples] += np.where(known, base**filled, 0.0).sum(axis=0)

    def _follow(self, filled: FloatArray, genes: np.ndarray, samples: np.ndarray, counted: BoolArray) -> None:
        """Keep the levels of genes that may hold a large share, as totals grow."""
        totals = self.by_sample["totals"]
        with np.errstate(divide="ignore", invalid="ignore"):
            shares = np.nan_to_num(filled / totals[samples])[:, counted]
            for place in np.flatnonzero(shares.max(axis=1, initial=0.0) >= self.least_share).tolist():
                if int(genes[place]) not in self.large:
                    self.large[int(genes[place])] = np.full(len(totals), np.nan)
                self.large[int(genes[place])][samples] = filled[place]
            if len(samples) == len(totals):
                self.large = {
                    gene: row
                    for gene, row in self.large.items()
                    if np.nanmax(np.nan_to_num(row / totals)) >= self.least_share
                }

    def sums(self) -> Sums:
        """Return what is known of each sample."""
        return Sums(**self.by_sample, undone=dict(self.undone))
