"""From all worlds to what a forecast says beyond its headline: key secondary endpoints, and other estimands."""

from collections.abc import Mapping
from math import hypot

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.clinic.beyond_events import STRATEGIES
from ifntrial.clinic.design_words import endpoint_words
from ifntrial.clinic.primary_measure import told_of_arm
from ifntrial.design.design import PlannedEndpoint
from ifntrial.levels import NORMAL_95
from ifntrial.studies.forecast.aim_records import (
    EstimandVariant,
    KeySecondary,
    OrderOfTesting,
    SecondaryAnswer,
)
from ifntrial.studies.forecast.aims import TESTED, order_name, orders_of_testing
from ifntrial.studies.forecast.aims_in_worlds import SecondaryInWorlds
from ifntrial.studies.forecast.assured import error_of_mean
from ifntrial.studies.forecast.gather import ForecastWorlds
from ifntrial.studies.forecast.prior_answer import PriorAnswer
from ifntrial.studies.forecast.run import PreparedForecast
from ifntrial.worlds.beliefs import MIXTURE
from ifntrial.worlds.quantiles import quantile_band


def key_secondaries(prepared: PreparedForecast, worlds: ForecastWorlds) -> tuple[KeySecondary, ...]:
    """Return every key secondary endpoint of the design, in its order, tested alone."""
    tested = worlds.aims.secondaries
    return tuple(
        _key_secondary(planned, prepared, tested[place] if place < len(tested) else None)
        for place, planned in enumerate(prepared.trial.design.key_secondary)
    )


def _key_secondary(
    planned: PlannedEndpoint, prepared: PreparedForecast, found: SecondaryInWorlds | None
) -> KeySecondary:
    design, endpoints, counts = prepared.trial.design, prepared.trial.endpoints, prepared.choice.counts
    endpoint = endpoints[planned.endpoint]
    status = "tested"
    if found is None:
        reason = "its kind" if endpoint.kind not in TESTED else "that of one before it"
        status = f"not tested: {reason} has no test here"
    return KeySecondary(
        endpoint=endpoint.name,
        label=endpoint_words(planned, design, endpoints),
        unit=endpoint.unit,
        higher_is_better=endpoint.higher_is_better,
        status=status,
        per_arm=None if found is None else _per_arm(found, counts[MIXTURE]),
        by_prior={}
        if found is None
        else {name: _secondary_answer(found, weight) for name, weight in counts.items()},
    )


def _secondary_answer(found: SecondaryInWorlds, weight: FloatArray) -> SecondaryAnswer:
    power = _mean(found.power, weight)
    half = NORMAL_95 * hypot(error_of_mean(found.power, weight), _mean(found.standard_error, weight))
    return SecondaryAnswer(
        power, max(power - half, 0.0), min(power + half, 1.0), quantile_band(found.difference, weight)
    )


def _per_arm(found: SecondaryInWorlds, weight: FloatArray) -> tuple[int, int]:
    return round(_mean(found.n_active, weight)), round(_mean(found.n_control, weight))


def chances_in_order(
    prepared: PreparedForecast, worlds: ForecastWorlds, by_prior: Mapping[str, PriorAnswer]
) -> tuple[OrderOfTesting, ...]:
    """Return the chances of the primary endpoint with key secondary ones, in the design's order and in others.

    Parameters
    ----------
    by_prior
        The headline, which the chances are shares of: in the worlds of the run, how often a trial that meets the primary
        endpoint meets the others as well.
    """
    design, endpoints, aims = prepared.trial.design, prepared.trial.endpoints, worlds.aims
    labels = [endpoint_words(each, design, endpoints) for each in design.key_secondary]
    return tuple(
        OrderOfTesting(
            tuple(labels[place] for place in order),
            number == 0,
            {
                name: tuple(
                    _of_headline(step, name, prepared, worlds, by_prior)
                    for step in aims.sequences[order_name(order)].T
                )
                for name in by_prior
            },
        )
        for number, order in enumerate(orders_of_testing(len(aims.secondaries)))
    )


def estimand_variants(
    prepared: PreparedForecast, worlds: ForecastWorlds, by_prior: Mapping[str, PriorAnswer]
) -> tuple[EstimandVariant, ...]:
    """Return the answer under each strategy for stopping and escape therapy."""
    own, weight = prepared.trial.design.assumed.estimand, prepared.choice.counts[MIXTURE]
    endpoint = prepared.trial.common.endpoint
    return tuple(
        EstimandVariant(
            name=name,
            label=label,
            is_default=name == own.discontinuation == own.rescue and _is_simulated_so(name, prepared),
            response_active=quantile_band(told_of_arm(endpoint, worlds.aims.strategies[name].active), weight),
            response_placebo=quantile_band(
                told_of_arm(endpoint, worlds.aims.strategies[name].control), weight
            ),
            assurance_estimate_by_prior={
                belief: _of_headline(worlds.aims.strategies[name].power, belief, prepared, worlds, by_prior)
                for belief in by_prior
            },
        )
        for name, label in STRATEGIES.items()
        if name in worlds.aims.strategies
    )


def _is_simulated_so(name: str, prepared: PreparedForecast) -> bool:
    """Return whether the design plans the trial of a strategy: that of treatment policy follows everyone."""
    return name == "composite" or (
        name == "treatment_policy" and prepared.trial.design.assumed.dropout.observed_after_stop_share == 1.0
    )


def _of_headline(
    values: FloatArray,
    belief: str,
    prepared: PreparedForecast,
    worlds: ForecastWorlds,
    by_prior: Mapping[str, PriorAnswer],
) -> float:
    """Return a chance as the headline times the ratio of both in the worlds of the run, where the two go together."""
    weight = prepared.choice.counts[belief]
    mean, of_primary = _mean(values, weight), _mean(worlds.rules[""].power, weight)
    if not of_primary > 0:
        # nobody responds in any world of the belief
        return float(np.clip(mean, 0.0, 1.0))
    ratio = mean / of_primary
    return float(np.clip(by_prior[belief].assurance.estimate * ratio, 0.0, 1.0))


def _mean(values: FloatArray, weight: FloatArray) -> float:
    return float((weight * values).sum() / weight.sum())
