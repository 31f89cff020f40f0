"""What given results do to a forecast: before and after by belief, how well each belief foretold them, what is left."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ifntrial.levels import DETAILED_BAND, LOWER_TAIL, UPPER_TAIL
from ifntrial.normal_mixture import NormalMixture
from ifntrial.studies.beliefs.study import measure_of
from ifntrial.studies.forecast.assured import assurances
from ifntrial.studies.forecast.gather import ForecastWorlds
from ifntrial.studies.forecast.prior_answer import PriorAnswer
from ifntrial.studies.forecast.run import PreparedForecast
from ifntrial.worlds.beliefs import MIXTURE
from ifntrial.worlds.given import GivenResult
from ifntrial.worlds.posterior import effective_worlds
from ifntrial.worlds.quantiles import Band


@dataclass(frozen=True, slots=True)
class ResultForetold:
    """One result under one belief.

    Parameters
    ----------
    band
        What the belief foretold of it, with the errors of the result.
    place
        Probability of at most what was seen.
    is_conflict
        Whether it lies outside the middle 95 %.
    """

    band: Band
    place: float
    is_conflict: bool


@dataclass(frozen=True, slots=True)
class LearntBelief:
    """A belief before and after the results.

    Parameters
    ----------
    success_before, success_after
        Probability that the primary endpoint is met.
    share_before, share_after
        Share in the mixture as declared, and as the results would update it; of the mixture both are one.
    worlds_before, worlds_after
        Effective worlds of the run.
    of_results
        Each result, in their order.
    """

    success_before: float
    success_after: float
    share_before: float
    share_after: float
    worlds_before: float
    worlds_after: float
    of_results: tuple[ResultForetold, ...]


@dataclass(frozen=True, slots=True)
class ResultAsGiven:
    """A result that was given.

    Parameters
    ----------
    name, source, address, title
        What it is, where it is from, the address where it was seen, and its title.
    measure, unit
        Of the effect.
    seen_effect, standard_error, trial_sd
        Active against control, its sampling error, and the SD between trials of the same statement.
    """

    name: str
    source: str
    address: str
    title: str
    measure: str
    unit: str
    seen_effect: float
    standard_error: float
    trial_sd: float


@dataclass(frozen=True, slots=True)
class ResultsGiven:
    """What given results do to a forecast; all its other numbers are after them, with shares of beliefs held.

    Parameters
    ----------
    as_given
        The results.
    learnt_by_belief
        By belief and, last, the mixture.
    success_if_shares_follow
        Probability of success under the mixture if the results also update the shares of the beliefs.
    """

    as_given: tuple[ResultAsGiven, ...]
    learnt_by_belief: Mapping[str, LearntBelief]
    success_if_shares_follow: float


def results_given(
    prepared: PreparedForecast, worlds: ForecastWorlds, by_prior: Mapping[str, PriorAnswer]
) -> ResultsGiven | None:
    """Return what the results did; None without any.

    Parameters
    ----------
    by_prior
        The answer after them.
    """
    plan, before, learning = prepared.plan, prepared.prior_choice, prepared.learning
    if plan.given is None or before is None or learning is None:
        return None
    results = plan.given.records()
    earlier = assurances(replace(prepared, choice=before), worlds)
    later = {name: each.assurance.estimate for name, each in by_prior.items()}
    return ResultsGiven(
        tuple(_as_given(each, prepared) for each in results),
        {
            name: LearntBelief(
                earlier[name].estimate,
                later[name],
                before.shares.get(name, 1.0),
                learning.shares.get(name, 1.0),
                effective_worlds(before.counts[name]),
                effective_worlds(prepared.choice.counts[name]),
                tuple(
                    _foretold(each, law) for each, law in zip(results, learning.foretold[name], strict=True)
                ),
            )
            for name in (*before.shares, MIXTURE)
        },
        float(sum(share * later[name] for name, share in learning.shares.items())),
    )


def _foretold(result: GivenResult, law: NormalMixture) -> ResultForetold:
    place = float(law.cdf(result.effect))
    band = Band(*law.quantile(np.array(DETAILED_BAND) / 100.0).tolist())
    return ResultForetold(band, place, not LOWER_TAIL <= place <= UPPER_TAIL)


def _as_given(result: GivenResult, prepared: PreparedForecast) -> ResultAsGiven:
    address = prepared.catalog.addresses[result.address]
    measure, unit = measure_of(address, prepared.catalog)
    return ResultAsGiven(
        result.name,
        result.source,
        result.address,
        address.title,
        measure,
        unit,
        result.effect,
        result.standard_error,
        result.trial_sd,
    )
