"""What the trials of a class say of the next drug."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Predicted:
    """A distribution of an effect, in the unit of its class.

    Parameters
    ----------
    mean, sd
        Its mean and standard deviation.
    q05, q50, q95
        Quantiles at 5, 50 and 95 %.
    no_benefit
        Probability that control does as well or better.
    """

    mean: float
    sd: float
    q05: float
    q50: float
    q95: float
    no_benefit: float


@dataclass(frozen=True, slots=True)
class Between:
    """SD between drugs, or between trials where the class has one drug, in the unit of its class.

    Parameters
    ----------
    prior_scale
        Scale of its half-normal prior.
    prior_q50, prior_q95
        Quantiles of the prior at 50 and 95 %.
    mean, q50, q95
        Mean of the posterior, and its quantiles at 50 and 95 %.
    sd_ratio
        Standard deviation of the posterior over that of the prior: near 1, the prior decides.
    """

    prior_scale: float
    prior_q50: float
    prior_q95: float
    mean: float
    q50: float
    q95: float
    sd_ratio: float


@dataclass(frozen=True, slots=True)
class Contrast:
    """A published contrast of active against control, in the unit of its class.

    Parameters
    ----------
    id, trial, drug
        Its row in the tables, the trial, or pool of trials, and the drug.
    endpoint, estimand, visit_week, population
        What was compared, for which estimand, when [week] and in whom.
    control_rate
        Response in the control arm [percent]; None where the endpoint is no response.
    estimate, standard_error, low, high
        As published, with a 95 % interval.
    derivation, sources, note
        How the numbers follow from what was published, where from, and what a reader has to know.
    """

    id: str
    trial: str
    drug: str
    endpoint: str
    estimand: str
    visit_week: float | None
    population: str
    control_rate: float | None
    estimate: float
    standard_error: float
    low: float
    high: float
    derivation: str
    sources: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class AtScale:
    """The answer at another scale of the prior.

    Parameters
    ----------
    multiple
        Of the scale in use.
    between
        The SD between drugs, or trials.
    next
        The next drug, or trial.
    """

    multiple: float
    between: Between
    next: Predicted


@dataclass(frozen=True, slots=True)
class Variant:
    """The answer with a contrast that the class does not have.

    Parameters
    ----------
    contrast
        What is added; it takes the place of the class's own contrast of the same patients.
    replaces
        Ids of contrasts whose place it takes.
    next
        The next drug, or trial.
    """

    contrast: Contrast
    replaces: tuple[str, ...]
    next: Predicted


@dataclass(frozen=True, slots=True)
class AbsentTrial:
    """A trial that is known and has no number that can be used.

    Parameters
    ----------
    id, trial, drug
        Its row in the tables, the trial and the drug.
    reason
        Why it is absent.
    """

    id: str
    trial: str
    drug: str
    reason: str


@dataclass(frozen=True, slots=True)
class ClassOfTrials:
    """The meta-analysis of a class of trials.

    Parameters
    ----------
    title
        The class in words.
    measure, unit
        Kind of the contrasts and their unit; active against control.
    benefit_direction
        ``higher`` or ``lower``: which effects are a benefit.
    grouped_by
        ``drug`` where trials are nested in drugs; ``trial`` where all are of one drug.
    within_drug_ratio
        SD between trials of one drug over the SD between drugs; 0 where ``groups`` is ``trial``.
    trials
        The contrasts that are analysed.
    true_effects
        True effect of each drug, or in each trial, by its name.
    between
        SD between drugs, or trials.
    prior_decides
        Whether there are too few trials for the data to decide that SD.
    mean_effect
        Mean effect of the class.
    next
        Effect of the next drug of the class, or in the next trial of the drug.
    at_scales
        The same at multiples of the scale.
    next_without
        The next one without each drug, or trial; empty if there is only one.
    variants
        The next one with each sensitivity.
    absent
        Trials without a usable number.
    """

    title: str
    measure: str
    unit: str
    benefit_direction: str
    grouped_by: str
    within_drug_ratio: float
    trials: tuple[Contrast, ...]
    true_effects: Mapping[str, Predicted]
    between: Between
    prior_decides: bool
    mean_effect: Predicted
    next: Predicted
    at_scales: tuple[AtScale, ...]
    next_without: Mapping[str, Predicted]
    variants: tuple[Variant, ...]
    absent: tuple[AbsentTrial, ...]


@dataclass(frozen=True, slots=True)
class ReferenceClasses:
    """The result of ``ifntrial evidence effects``.

    Parameters
    ----------
    classes
        Each class that was asked for, by name.
    """

    classes: Mapping[str, ClassOfTrials]
