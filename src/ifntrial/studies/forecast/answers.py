"""What a forecast says of success in groups of patients, under other rules and weights, and of what drives it."""

from collections.abc import Mapping
from dataclasses import dataclass

from ifntrial.statistics.assurance import Estimate
from ifntrial.studies.over_worlds import ResponseOverWorlds
from ifntrial.worlds.posterior import GlobalPosterior
from ifntrial.worlds.quantiles import Band


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupAnswer(ResponseOverWorlds):
    """The answer in patients with a high, or a low, signature alone, at their own number and unadjusted.

    Parameters
    ----------
    per_arm
        Patients on active and on control.
    assurance
        Probability that the primary endpoint is met.
    mrss_difference
        Active minus control at the primary visit [points].
    suppression_blood
        Suppression (b) in blood at the primary visit.
    """

    per_arm: tuple[int, int]
    assurance: Estimate
    mrss_difference: Band
    suppression_blood: Band


@dataclass(frozen=True, slots=True)
class ReferenceWorld:
    """The world in which a single power is given.

    Parameters
    ----------
    name, meaning
        Its number, and why it was chosen.
    true_log_odds_ratio
        Effect on the response; None where it has none.
    true_response_placebo
        Share of responders on control; of another primary endpoint what its measure says.
    true_difference
        Difference that the test is expected to state, active minus control.
    """

    name: str
    meaning: str
    true_log_odds_ratio: float | None
    true_response_placebo: float
    true_difference: float


@dataclass(frozen=True, slots=True)
class OtherWeights:
    """The answer if the priors were weighed otherwise.

    Parameters
    ----------
    weights
        Share of each prior.
    assurance_estimate
        Probability that the primary endpoint is met.
    """

    weights: Mapping[str, float]
    assurance_estimate: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A trial that counts otherwise, under the mixture.

    Parameters
    ----------
    name, label
        Of the way to count, and in words.
    is_default
        Whether it is that of the design.
    response_active, response_placebo
        Share of responders in each arm, over worlds.
    """

    name: str
    label: str
    is_default: bool
    response_active: Band
    response_placebo: Band


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleVariant(Variant):
    """The answer under one reading of the endpoint's rule.

    Parameters
    ----------
    assurance_estimate
        Probability that the primary endpoint is met.
    """

    assurance_estimate: float


@dataclass(frozen=True, slots=True)
class Believe:
    """Power if one knew the true effect and the response on control.

    Parameters
    ----------
    log_odds_ratios, placebo_rates
        The true values, shapes (effects,) and (rates,).
    power_grid
        Shape (effects, rates).
    per_arm
        Patients on active and on control.
    """

    log_odds_ratios: tuple[float, ...]
    placebo_rates: tuple[float, ...]
    power_grid: tuple[tuple[float, ...], ...]
    per_arm: tuple[int, int]


@dataclass(frozen=True, slots=True)
class VarianceShare:
    """Where the spread of power between worlds comes from.

    Parameters
    ----------
    source
        Of the uncertainty.
    share
        Of the variance.
    """

    source: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class InformedGlobal(GlobalPosterior):
    """An unknown of a world, with what the mixture of priors makes of it.

    Parameters
    ----------
    under_mixture
        Weighed by published results and by the mixture of beliefs.
    """

    under_mixture: Band
