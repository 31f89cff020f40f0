"""What scored samples show, row by row."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from ifntrial.signature import AgreementOfTwo, Ledger, Notice, Point, ScoreSettings
from ifntrial.signature.association import AssociationRow
from ifntrial.signature.suppression import SuppressionRow


@dataclass(frozen=True, slots=True)
class CutoffRow:
    """A cut-off of one score by one rule.

    Parameters
    ----------
    signature, method, rule
        Which score, and which rule.
    cutoff, unit
        The cut-off in the unit of the score; None without one.
    share_high
        Of all samples, those above it.
    decides_class
        Whether the class of a sample follows this rule.
    note
        Why there is none, or what to know of it.
    """

    signature: str
    method: str
    rule: str
    cutoff: float | None
    unit: str
    share_high: float | None
    decides_class: bool
    note: str


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """How far two rules agree on one score.

    Parameters
    ----------
    rule, other_rule
        The rules.
    samples
        Called by both.
    same_call, kappa
        Share of samples with the same call, and Cohen's kappa.
    signature, method
        Which score.
    """

    rule: str
    other_rule: str
    samples: int
    same_call: float | None
    kappa: float | None
    signature: str
    method: str


@dataclass(frozen=True, slots=True)
class SampleScore:
    """One score of one sample.

    Parameters
    ----------
    sample, subject, visit, group
        As in the metadata; empty where not given.
    signature, method
        Which score.
    score, interval_low, interval_high
        The score with its 95 % interval, in the unit of the method; None where it could not be had.
    probability_high
        That the score lies above the cut-off.
    call, class
        ``high``, ``borderline``, ``low`` or ``unclassified``.
    high_mean_2sd, high_median_mad
        1 if the score lies above the cut-off of this rule, 0 if not.
    probability_mixture
        That the sample belongs to the higher part of a mixture of two.
    genes_used, genes_total
        Genes of the signature that were measured, and all of them.
    status, reason
        ``scored``, or why not.
    published_call
        ``high`` or ``low`` by the published rule alone; empty without a cut-off.
    reference_id
        Of the healthy reference; empty without one.
    disease, platform
        Of the sample, where it was given or is known; empty elsewhere.
    """

    sample: str
    subject: str
    visit: str
    group: str
    signature: str
    method: str
    score: float | None
    interval_low: float | None
    interval_high: float | None
    probability_high: float | None
    # a class is no name for a field
    call: Annotated[str, Field(alias="class")]
    published_call: str
    high_mean_2sd: float | None
    high_median_mad: float | None
    probability_mixture: float | None
    genes_used: int
    genes_total: int
    status: str
    reason: str
    reference_id: str
    disease: str
    platform: str


@dataclass(frozen=True, slots=True)
class SpecificityRow:
    """Which interferon one sample answers to, or an infection.

    Parameters
    ----------
    sample, group
        As in the metadata.
    ifn_i_score, ifn_ii_score, bacterial_score
        Scores of the three lists; None where not measured.
    ifn_i_class, ifn_ii_class, bacterial_class
        Their calls.
    ifn_iii, infection, bacterial, reading
        What can be said, in words.
    """

    sample: str
    group: str
    ifn_i_score: float | None
    ifn_i_class: str
    ifn_ii_score: float | None
    ifn_ii_class: str
    ifn_iii: str
    infection: str
    bacterial_score: float | None
    bacterial_class: str
    bacterial: str
    reading: str


@dataclass(frozen=True, slots=True)
class Scores:
    """The result of ``ifntrial score``.

    Parameters
    ----------
    research_only
        That no number is for diagnosis or treatment.
    expression
        Name of the file that was scored.
    reference_id
        Of the healthy reference; None without one.
    settings
        Thresholds of scoring.
    scale, platform, normalisation
        Scale of the data, their platform where it is known, and how samples were made comparable, in words.
    points
        Assay, platform, normalisation, tissue, components, reference and cut-off, as points to consider ask for them.
    platforms
        Agreement with scores of the same samples in another table; None without one.
    ledger
        Rows and samples in the data, used and set aside, with the reasons.
    notices
        What was detected, changed or needs caution.
    cutoffs, agreement
        Cut-offs of every score, and how far their rules agree.
    scores
        Every sample by every score.
    specificity_rows, suppression_rows, association_rows
        Which interferon, repeated visits, and clinical variables; None where not studied.
    between_share
        Share of the variance of the score that lies between subjects; None where not known.
    """

    research_only: str
    expression: str
    reference_id: str | None
    settings: ScoreSettings
    scale: str
    platform: str
    normalisation: str
    ledger: Ledger | None
    points: tuple[Point, ...]
    platforms: tuple[AgreementOfTwo, ...] | None
    notices: tuple[Notice, ...]
    cutoffs: tuple[CutoffRow, ...]
    agreement: tuple[AgreementRow, ...]
    scores: tuple[SampleScore, ...]
    specificity_rows: tuple[SpecificityRow, ...] | None
    suppression_rows: tuple[SuppressionRow, ...] | None
    association_rows: tuple[AssociationRow, ...] | None
    between_share: float | None
