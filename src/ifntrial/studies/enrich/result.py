"""What a study of enrichment finds."""

from collections.abc import Mapping
from dataclasses import dataclass

from ifntrial.statistics.assurance import Estimate
from ifntrial.studies.compare.power import Difference
from ifntrial.studies.compare.result import DesignFacts
from ifntrial.studies.enrich.cutoff_records import CutoffStudy, PriceTable
from ifntrial.studies.enrich.interim_records import InterimStudy
from ifntrial.studies.enrich.markers import Assay
from ifntrial.studies.over_worlds import AssumedNumber, OverCommonSubjects
from ifntrial.worlds.quantiles import Band


@dataclass(frozen=True, slots=True)
class Varied:
    """What was varied; the first of each is the reference.

    Parameters
    ----------
    prevalences
        Shares of truly high signatures.
    assays
        Of the signature.
    sizes
        Treated patients, all arms together.
    screening_costs
        Of one screened patient, in costs of treating one.
    entry_share
        Share of the screened who meet the other criteria.
    score_cutoffs, score_noises
        Of the interferon score of blood, and SD of one measurement [log2 fold change].
    """

    prevalences: tuple[float, ...]
    assays: tuple[Assay, ...]
    sizes: tuple[int, ...]
    screening_costs: tuple[float, ...]
    entry_share: float
    score_cutoffs: tuple[float, ...]
    score_noises: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class MarkerFacts:
    """A way to select patients.

    Parameters
    ----------
    name, short, label
        Name, in a table, and in a sentence after "only patients with".
    condition
        Who truly has it, as an expression over covariates; empty for all comers.
    simulated_share
        Of the simulated patients who truly have it; None for all comers.
    sensitivity, specificity
        Of the test; None without one.
    test_cost
        Of one test, in costs of treating one patient.
    positive_share, true_share
        Share of those who meet the other criteria that tests positive, and of these the share that truly has it.
    effective_subjects
        How many simulated patients the selected are worth, by Kish.
    """

    name: str
    short: str
    label: str
    condition: str
    simulated_share: float | None
    sensitivity: float | None
    specificity: float | None
    test_cost: float
    positive_share: float
    true_share: float
    effective_subjects: float


@dataclass(frozen=True, slots=True)
class Benefit(Band):
    """Share of responders, active minus control, expected among those in the trial, over worlds.

    Of another primary endpoint the difference that its measure tells.

    Parameters
    ----------
    mean
        Mean over worlds.
    """

    mean: float


@dataclass(frozen=True, slots=True)
class OptionEffect:
    """A trial of selected patients under one prior.

    Parameters
    ----------
    assurance
        Probability that the primary endpoint is met.
    benefit
        Expected gain.
    responders_gained_per_100
        Responders gained in each 100 patients with the disease if success brings the drug to patients like the trial's;
        None where the primary endpoint is no response.
    versus_all_comers
        Probability of success less that of all comers of the same size.
    """

    assurance: Estimate
    benefit: Benefit
    responders_gained_per_100: float | None
    versus_all_comers: Difference


@dataclass(frozen=True, slots=True)
class OptionRow:
    """A marker at one size.

    Parameters
    ----------
    marker, size
        Name of the marker, and treated patients in all arms.
    to_screen
        Patients that have to be screened.
    costs
        For each cost of screening, in costs of treating one patient.
    by_prior
        What comes of it, by prior.
    """

    marker: str
    size: int | float
    to_screen: float
    costs: tuple[float, ...]
    by_prior: Mapping[str, OptionEffect]


@dataclass(frozen=True, slots=True)
class SameMoney:
    """Selected patients against all comers for the same money.

    Parameters
    ----------
    screening_cost
        Of one screened patient, in costs of treating one.
    all_comers
        Treated patients that the same money pays for.
    by_prior
        Difference in the probability of success.
    """

    screening_cost: float
    all_comers: float
    by_prior: Mapping[str, Difference]


@dataclass(frozen=True, slots=True)
class Answer:
    """What selection by a marker changes at the design's own size.

    Parameters
    ----------
    marker, size
        Name of the marker, and treated patients in all arms.
    to_screen, to_screen_all_comers
        Patients that have to be screened, selected or not.
    same_size_by_prior
        Difference in the probability of success from all comers of the same size, by prior.
    same_money
        The same for the same money, for each cost of screening.
    """

    marker: str
    size: int | float
    to_screen: float
    to_screen_all_comers: float
    same_size_by_prior: Mapping[str, Difference]
    same_money: tuple[SameMoney, ...]


@dataclass(frozen=True, slots=True)
class GridRow:
    """Selection by the signature at one prevalence and quality of the test.

    Parameters
    ----------
    prevalence
        Share of truly high signatures.
    sensitivity, specificity
        Of the test; None without one.
    positive_share, true_share
        Share that tests positive, and of these the share that is truly high.
    to_screen
        Patients that have to be screened.
    same_size_by_prior, same_cost_by_prior
        Difference in the probability of success from all comers, by prior.
    chance, chance_all_comers
        Probability of success, by prior.
    """

    prevalence: float
    sensitivity: float | None
    specificity: float | None
    positive_share: float
    true_share: float
    to_screen: float
    same_size_by_prior: Mapping[str, Difference]
    same_cost_by_prior: Mapping[str, Difference]
    chance: Mapping[str, float]
    chance_all_comers: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrichment(OverCommonSubjects):
    """The result of ``ifntrial enrich``.

    Parameters
    ----------
    design_facts
        Whose patients are selected.
    effective_subjects
        How many simulated patients its weights are worth, by Kish.
    varied
        What was varied.
    left_out
        Markers that could not be studied, and why.
    assumptions
        Assumed defaults of costs and assays.
    markers
        All comers first.
    options
        Every marker at every size.
    pareto
        Trials by their cost, for each cost of screening.
    answers
        What each marker changes at the design's own size.
    signature_grid
        Over prevalence and quality of the test; empty if the signature is not studied.
    cutoffs
        One for each score.
    interim
        An interim look; None if the signature is not studied, or the primary endpoint is no response.
    """

    design_facts: DesignFacts
    effective_subjects: float
    varied: Varied
    left_out: Mapping[str, str]
    assumptions: tuple[AssumedNumber, ...]
    markers: tuple[MarkerFacts, ...]
    options: tuple[OptionRow, ...]
    pareto: tuple[PriceTable, ...]
    answers: tuple[Answer, ...]
    signature_grid: tuple[GridRow, ...]
    cutoffs: tuple[CutoffStudy, ...]
    interim: InterimStudy | None
