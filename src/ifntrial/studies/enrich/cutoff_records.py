"""What is known of cut-offs and of trials with their price."""

from collections.abc import Mapping
from dataclasses import dataclass

from ifntrial.statistics.assurance import Estimate
from ifntrial.studies.compare.power import Difference
from ifntrial.worlds.quantiles import Spread


@dataclass(frozen=True, slots=True)
class PricedTrial:
    """A trial with its price; of a cut-off or of a marker.

    Parameters
    ----------
    marker
        Name of the marker; empty for a cut-off.
    cutoff
        None for all comers, and for a marker.
    size, to_screen
        Treated and screened patients.
    cost
        In costs of treating one patient.
    chance
        Probability of success by prior.
    unbeaten_under
        Priors under which no other trial costs no more and has no lower chance.
    """

    size: int | float
    to_screen: float
    cost: float
    chance: Mapping[str, float]
    unbeaten_under: tuple[str, ...]
    marker: str = ""
    cutoff: float | None = None


@dataclass(frozen=True, slots=True)
class PriceTable:
    """Trials by their cost at one cost of screening.

    Parameters
    ----------
    screening_cost
        Of one screened patient, in costs of treating one.
    rows
        The cheapest first.
    """

    screening_cost: float
    rows: tuple[PricedTrial, ...]


@dataclass(frozen=True, slots=True)
class CutoffEffect:
    """A cut-off under one prior.

    Parameters
    ----------
    assurance
        Probability that the primary endpoint is met.
    same_size, same_cost
        The same less that of all comers, of the same size and for the same money.
    mean_benefit
        Mean gain in the share of responders.
    """

    assurance: Estimate
    same_size: Difference
    same_cost: Difference
    mean_benefit: float


@dataclass(frozen=True, slots=True)
class CutoffRow:
    """A cut-off with one quality of measurement and one prevalence.

    Parameters
    ----------
    cutoff, noise
        In the unit of the score: the cut-off, and the SD of one measurement; None for the score's own.
    prevalence
        Share of truly high signatures.
    sensitivity, specificity
        Of the measurement at this cut-off.
    positive_share, true_share
        Share above the cut-off, and of these the share that truly is.
    effective_subjects
        How many simulated patients those above are worth, by Kish.
    to_screen
        Patients that have to be screened.
    all_comers_for_the_same_money
        Treated patients that the same money pays for.
    by_prior
        What comes of it, by prior.
    """

    cutoff: float
    noise: float | None
    prevalence: float
    sensitivity: float | None
    specificity: float | None
    positive_share: float
    true_share: float
    effective_subjects: float
    to_screen: float
    all_comers_for_the_same_money: float
    by_prior: Mapping[str, CutoffEffect]


@dataclass(frozen=True, slots=True)
class BestCutoff(Difference):
    """The cut-off that gains most over all comers, with what it gains.

    Parameters
    ----------
    cutoff
        In the unit of the score.
    """

    cutoff: float


@dataclass(frozen=True, slots=True)
class BestCutoffs:
    """The best cut-offs under one prior.

    Parameters
    ----------
    same_size, same_cost
        Against all comers of the same size, and for the same money.
    """

    same_size: BestCutoff
    same_cost: BestCutoff


@dataclass(frozen=True, slots=True)
class CutoffStudy:
    """Where to set the cut-off of a score.

    Parameters
    ----------
    score_name, short, unit
        Name, in a few words, and the unit of cut-offs.
    rule, truth
        How the score is measured, and who should be found.
    test_cost
        Of one measurement, in costs of treating one patient.
    quantiles
        Of the true values.
    rows
        Every cut-off, those of the reference first.
    left_out
        What could not be computed, and why.
    pareto
        Trials by their cost, for each cost of screening.
    answer
        The best cut-offs by prior; empty if there is no row.
    """

    score_name: str
    short: str
    unit: str
    rule: str
    test_cost: float
    truth: str
    quantiles: Spread
    rows: tuple[CutoffRow, ...]
    left_out: Mapping[str, str]
    pareto: tuple[PriceTable, ...]
    answer: Mapping[str, BestCutoffs]
