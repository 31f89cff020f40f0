"""From all worlds to the answer: probability of success under every named prior, and what drives it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.clinic.design_words import control_word
from ifntrial.clinic.endpoints.rcriss import variant
from ifntrial.clinic.primary_measure import told_of_arm
from ifntrial.items import ITEMS
from ifntrial.statistics.assurance import Estimate, mean_power, power_in_world
from ifntrial.statistics.cmh_power import StratumRates
from ifntrial.statistics.looks.plan import over_looks
from ifntrial.statistics.looks.repeats import repeat_responses
from ifntrial.statistics.replicates import allocation_of, run_replicates
from ifntrial.studies.beliefs.answers import (
    Assurance,
    EffectAsStated,
    PriorCheck,
)
from ifntrial.studies.forecast.answers import (
    GroupAnswer,
    OtherWeights,
    ReferenceWorld,
    RuleVariant,
)
from ifntrial.studies.forecast.assured import assurances
from ifntrial.studies.forecast.courses import difference_at_primary
from ifntrial.studies.forecast.gather import ForecastWorlds, RuleInWorlds
from ifntrial.studies.forecast.prior_answer import PriorAnswer
from ifntrial.studies.forecast.run import PreparedForecast
from ifntrial.studies.forecast.stated import effect_in_this_trial, effect_of, told_at_address
from ifntrial.studies.over_worlds import (
    PriorFacts,
    ResponseOverWorlds,
    fields_of,
    prior_facts,
    response_over_worlds,
)
from ifntrial.studies.repeated_trials import estimate_over, over_worlds_without_effect
from ifntrial.ties import first_smallest
from ifntrial.worlds.beliefs import MIXTURE, Belief
from ifntrial.worlds.foretold import foretell
from ifntrial.worlds.posterior import effective_worlds
from ifntrial.worlds.quantiles import quantile_band

NULL_TRIALS = 120_000
"""Trials without any effect behind the type I error, shared out evenly to the worlds without one."""
MOST_OF_ONE = 0.6
"""Share of the belief that is stressed when others are weighed less; the rest is shared out evenly."""
REFERENCE_PRIOR = "ssc_reference_class"


@dataclass(frozen=True, slots=True)
class Answer:
    """The part of a forecast that rests on power; see ``Forecast``."""

    power: Estimate
    reference_world: ReferenceWorld
    type_i_error: Estimate
    by_prior: Mapping[str, PriorAnswer]
    by_ifn: Mapping[str, GroupAnswer]
    weights_sensitivity: tuple[OtherWeights, ...]


def answer(prepared: PreparedForecast, worlds: ForecastWorlds) -> Answer:
    """Return the part of the result that rests on power: by belief, by signature, without any effect."""
    own, by_prior = worlds.rules[""], _answers(prepared, worlds)
    reference = reference_position(prepared, own)
    ratio, difference = float(own.log_odds_ratio[reference]), float(own.difference[reference])
    return Answer(
        power=power_in_world(float(own.power[reference]), float(own.standard_error[reference])),
        reference_world=ReferenceWorld(
            name=f"world {worlds.numbers[reference]}",
            meaning=f"the world closest to the median effect and response on {control_word(prepared.trial.design)} "
            f"in this trial under the belief '{_reference_belief(prepared).label}'",
            true_log_odds_ratio=ratio if np.isfinite(ratio) else None,
            true_response_placebo=float(told_of_arm(prepared.trial.common.endpoint, own.control)[reference]),
            true_difference=difference,
        ),
        type_i_error=_type_i_error(prepared, worlds),
        by_prior=by_prior,
        by_ifn=by_signature(worlds, prepared),
        weights_sensitivity=weights_sensitivity(prepared, by_prior),
    )


def _reference_belief(prepared: PreparedForecast) -> Belief:
    """Return the belief whose middle is the reference world: by its name, or the one with the largest share."""
    named = [belief for belief in prepared.beliefs if belief.name == REFERENCE_PRIOR]
    with_effect = [belief for belief in prepared.beliefs if belief.statement is not None]
    return (named or sorted(with_effect or prepared.beliefs, key=lambda belief: -belief.share))[0]


def _answers(prepared: PreparedForecast, worlds: ForecastWorlds) -> dict[str, PriorAnswer]:
    """Return the answer under each belief and, last, the mixture, which states nothing of its own."""
    found, facts = assurances(prepared, worlds), prior_facts(prepared.beliefs, prepared.choice)
    told = {belief.name: told_at_address(belief, prepared) for belief in prepared.beliefs}
    foretold = foretell(prepared.beliefs, prepared.calibration.implied, prepared.trial.common.evidence)
    return {
        name: replace(
            _answer(name, facts[name], found[name], worlds, prepared, *told.get(name, (None, None))),
            foretold_trial=foretold.get(name),
        )
        for name in facts
    }


def _answer(
    name: str,
    facts: PriorFacts,
    found: Assurance,
    worlds: ForecastWorlds,
    prepared: PreparedForecast,
    stated: EffectAsStated | None,
    check: PriorCheck | None,
) -> PriorAnswer:
    weight, rule = prepared.choice.counts[name], worlds.rules[""]
    return PriorAnswer(
        **fields_of(facts),
        assurance=found,
        **fields_of(_primary(rule, weight, prepared)),
        effect_as_stated=stated,
        effect_in_this_trial=effect_in_this_trial(weight, worlds, prepared),
        prior_check=check,
        mrss_difference=quantile_band(difference_at_primary(worlds, "mrss", "all", prepared), weight),
        fvc_difference=quantile_band(difference_at_primary(worlds, "fvc_percent", "all", prepared), weight),
        worlds_different=int(np.sum(weight > 0)),
        worlds_effective=effective_worlds(weight),
    )


def reference_position(prepared: PreparedForecast, rule: RuleInWorlds) -> int:
    """Return the place of the world nearest to the medians of effect and placebo response in this trial."""
    weight = prepared.choice.counts[_reference_belief(prepared).name]
    distance = np.zeros(len(weight))
    for values in (effect_of(rule, prepared), rule.control):
        band = quantile_band(values, weight)
        distance += ((values - band.q50) / max(band.q75 - band.q25, 1e-9)) ** 2
    return first_smallest(np.where((weight > 0) & np.isfinite(distance), distance, np.inf))


def _primary(rule: RuleInWorlds, weight: FloatArray, prepared: PreparedForecast) -> ResponseOverWorlds:
    """Return how power and the primary endpoint spread over weighted worlds."""
    active, control = (
        told_of_arm(prepared.trial.common.endpoint, each) for each in (rule.active, rule.control)
    )
    return response_over_worlds(rule.power, active, control, weight, rule.difference)


def _type_i_error(prepared: PreparedForecast, worlds: ForecastWorlds) -> Estimate:
    """Return the share of significant trials where blockade does nothing, by tables of counts or by whole trials."""
    if not worlds.repeated:
        return type_i_error(prepared, worlds.nulls)
    return over_worlds_without_effect(list(worlds.repeated.values()))


def type_i_error(
    prepared: PreparedForecast, nulls: Mapping[int, StratumRates], trials: int = NULL_TRIALS
) -> Estimate:
    """Return the share of significant trials in worlds where blockade does nothing to the disease, from repeated trials.

    At least ``trials`` are made, shared out evenly to the worlds, which went through the same simulation, measurement,
    conduct and test as all others; ``low`` and ``high`` count worlds as the unit, ``mc_low`` and ``mc_high`` are
    binomial over the repeats.
    """
    design = prepared.trial.design
    rules = design.assumed
    patients = design.n_of(design.active) + design.n_of(design.control)
    replicates = -(-trials // len(nulls))
    looks, blocks = over_looks(design), allocation_of(design)

    def share(world: int, rates: StratumRates) -> float:
        if looks is not None:
            return repeat_responses(
                rates,
                patients,
                looks.design,
                allocation=blocks,
                replicates=replicates,
                seed=prepared.plan.seed,
                world=world,
                sparse_strata=rules.analysis.sparse_strata,
            )
        return run_replicates(
            rates,
            patients,
            allocation=blocks,
            replicates=replicates,
            seed=prepared.plan.seed,
            world=world,
            alpha_one_sided=rules.analysis.alpha_one_sided,
            sparse_strata=rules.analysis.sparse_strata,
        ).significant

    found = [share(world, rates) for world, rates in nulls.items()]
    return estimate_over(found, float(np.mean(found)) * replicates * len(found), replicates * len(found))


def by_signature(worlds: ForecastWorlds, prepared: PreparedForecast) -> dict[str, GroupAnswer]:
    """Return the answer in patients with a high and a low signature, each at its own size and unadjusted."""
    design, weight, result = prepared.trial.design, prepared.choice.counts[MIXTURE], {}
    for group in ("high", "low"):
        if group not in worlds.by_ifn:
            continue
        found = worlds.by_ifn[group]
        rule, share = found.numbers, float(np.mean(found.share))
        result[group] = GroupAnswer(
            per_arm=(round(design.n_of(design.active) * share), round(design.n_of(design.control) * share)),
            assurance=mean_power(rule.power, weight, worlds.monte_carlo_error[group][MIXTURE]),
            **fields_of(_primary(rule, weight, prepared)),
            mrss_difference=quantile_band(difference_at_primary(worlds, "mrss", group, prepared), weight),
            suppression_blood=quantile_band(found.suppression_blood, weight),
        )
    return result


def weights_sensitivity(
    prepared: PreparedForecast, by_prior: Mapping[str, PriorAnswer]
) -> tuple[OtherWeights, ...]:
    """Return the probability of success under other shares of the beliefs in the mixture."""
    names = [belief.name for belief in prepared.beliefs if belief.share > 0]
    even = 1.0 / len(names)
    rest = (1.0 - MOST_OF_ONE) / max(len(names) - 1, 1)
    alone = [{name: float(name == one) for name in names} for one in names]
    most = [{name: MOST_OF_ONE if name == one else rest for name in names} for one in names]
    rows = [*alone, *(most if len(names) > 1 else []), dict.fromkeys(names, even)]
    return tuple(
        OtherWeights(shares, sum(share * by_prior[name].assurance.estimate for name, share in shares.items()))
        for shares in rows
    )


def rule_variants(prepared: PreparedForecast, worlds: ForecastWorlds) -> tuple[RuleVariant, ...]:
    """Return the answer under every reading of the endpoint's rule, under the mixture; none if it has one reading."""
    weight = prepared.choice.counts[MIXTURE]
    rows: list[RuleVariant] = []
    if not prepared.trial.common.endpoint.variants:
        return ()
    default = prepared.trial.design.assumed.responder_rule
    for rule, numbers in worlds.rules.items():
        if rule and variant(default, rule) == default:
            continue  # the design's own rule, which has its row
        rows.append(
            RuleVariant(
                name=rule or "default",
                label=_rule_label(rule),
                response_active=quantile_band(numbers.active, weight),
                response_placebo=quantile_band(numbers.control, weight),
                assurance_estimate=mean_power(numbers.power, weight, 0.0).estimate,
                is_default=rule == "",
            )
        )
    return tuple(rows)


def _rule_label(rule: str) -> str:
    if not rule:
        return "As in the design"
    text = rule.replace("rcriss_", "rCRISS-").replace("fvc", ITEMS["fvc_ml"].label)
    return text if text.startswith("rC") else text[0].upper() + text[1:]
