"""What scoring gives: one row for each sample, signature and method, with everything needed to question it."""

from dataclasses import dataclass

import pandas as pd

from ifntrial.arrays import FloatArray
from ifntrial.signature.cutoff import DEFAULT_MAD_MULTIPLE, Mixture
from ifntrial.signature.records import Ledger, Method, Notice, Signature
from ifntrial.signature.reference import Reference, summarize_healthy
from ifntrial.signature.uncertainty import Sampling

UNCLASSIFIED = "unclassified"


@dataclass(frozen=True, slots=True)
class ScoreSettings:
    """The thresholds of scoring; each is shown in the report.

    Parameters
    ----------
    minimum_coverage
        Least share of a signature's genes that must be measured in a sample; 0.6 keeps 3 of 4 and 4 of 6 genes.
    spread_floor
        Least standard deviation of a gene in healthy samples [log2], an assumption: about the fifth percentile
        of detected genes in healthy whole blood on Illumina arrays.
    rule
        ``mean_2sd`` or ``median_mad``: the rule the class and the probability follow. All rules are reported.
    mad_multiple
        k in median + k * 1.4826 * MAD.
    draws
        Redrawn healthy samples and genes behind the interval and the probability; 0 for none.
    assay_sd_log2
        Standard deviation of a repeated measurement of one gene [log2], from the assay's own validation.
    """

    minimum_coverage: float = 0.6
    spread_floor: float = 0.2
    rule: str = "mean_2sd"
    mad_multiple: float = DEFAULT_MAD_MULTIPLE
    draws: int = 400
    assay_sd_log2: float = 0.0

    def sampling(self, seed: int) -> Sampling:
        """Return how the draws are made under this seed."""
        return Sampling(
            self.draws, seed, self.spread_floor, self.assay_sd_log2, self.rule, self.mad_multiple
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ScoreResult:
    """Scores and what they rest on.

    Parameters
    ----------
    table
        One row for each sample, signature and method: ``sample, subject, visit, group, signature, method,
        score, interval_low, interval_high, probability_high, class, high_mean_2sd, high_median_mad,
        probability_mixture, genes_used, genes_total, status, reason, reference_id``. Every sample has a row for
        each signature; one that could not be scored says why in ``reason``.
    cutoffs
        One row for each signature, method and rule: the cut-off, and what the rule says of the cohort.
    agreement
        How far the rules agree, for each signature and method.
    mixtures
        The fitted mixture by (signature, method), or the reason why there is none.
    log2
        log2 levels of the signatures' genes, samples by genes.
    scale, platform, normalisation
        Scale of the data, their platform where it is known, and how samples were made comparable, in words.
    ledger
        What was in the data, used and set aside; None where they were not read from a table.
    """

    table: pd.DataFrame
    cutoffs: pd.DataFrame
    agreement: pd.DataFrame
    mixtures: dict[tuple[str, str], Mixture | str]
    pairs: tuple[tuple[Signature, Method], ...]
    log2: pd.DataFrame
    reference: Reference | None
    notices: tuple[Notice, ...]
    settings: ScoreSettings
    seed: int
    scale: str = ""
    platform: str = ""
    ledger: Ledger | None = None
    normalisation: str = ""

    def scores_of(self, signature: str, method: str | None = None) -> pd.DataFrame:
        """Return the rows of one signature, with the sample as index; the first method where none is named."""
        rows = self.table[self.table["signature"] == signature]
        chosen = method or (rows["method"].iloc[0] if len(rows) else "")
        return rows[rows["method"] == chosen].set_index("sample")

    def find(self, signature: str) -> Signature | None:
        """Return the signature of this name if it was scored."""
        return next((found for found, _ in self.pairs if found.name == signature), None)


def compute_gene_z(result: ScoreResult) -> pd.DataFrame:
    """Return how many healthy SDs each gene stands from the healthy mean, samples by genes; empty without a reference."""
    if result.reference is None:
        return pd.DataFrame(index=result.log2.index)
    levels = result.reference.levels("log2", tuple(result.log2.columns))
    healthy = summarize_healthy(levels, result.settings.spread_floor)
    z: FloatArray = (result.log2.to_numpy(dtype=float) - healthy.mean) / healthy.spread
    frame = pd.DataFrame(z, index=result.log2.index, columns=result.log2.columns)
    return frame.dropna(axis=1, how="all")
