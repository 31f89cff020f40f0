"""From all worlds to the answer: probability of success under every named prior, and what drives it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.clinic.design_words import control_word
from ifntrial.clinic.endpoints.rcriss import variant
from ifntrial.items import ITEMS
from ifntrial.levels import NORMAL_95
from ifntrial.statistics.assurance import Estimate, mean_power, power_by_world, power_in_world
from ifntrial.statistics.replicates import allocation_of, run_replicates, wilson_interval
from ifntrial.studies.forecast.answers import (
    GroupAnswer,
    OtherWeights,
    PriorAnswer,
    ReferenceWorld,
    RuleVariant,
)
from ifntrial.studies.forecast.courses import difference_at_primary
from ifntrial.studies.forecast.records import ForecastWorlds, RuleNumbers, WorldNumbers
from ifntrial.studies.forecast.run import PreparedForecast
from ifntrial.ties import first_smallest
from ifntrial.worlds.choose import mixture_weight
from ifntrial.worlds.efficacy import MIXTURE, EfficacyPrior, efficacy_priors
from ifntrial.worlds.posterior import effective_worlds
from ifntrial.worlds.quantiles import Band, quantile_band

NULL_REPLICATES = 10_000
SENSITIVITY_SHARES = (
    (1.0, 0.0, 0.0),
    (0.0, 1.0, 0.0),
    (0.0, 0.0, 1.0),
    (0.6, 0.2, 0.2),
    (0.2, 0.6, 0.2),
    (0.2, 0.2, 0.6),
    (1 / 3, 1 / 3, 1 / 3),
)
REFERENCE_PRIOR = "ssc_reference_class"


def _number(value: float | None) -> float:
    return np.nan if value is None else float(value)


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
    """Return the part of the result that rests on power: by prior, by signature, under the null."""
    counts, priors = prepared.choice.counts, efficacy_priors(prepared.trial.evidence)
    own = own_rule(worlds)
    total = sum(prior.share for prior in priors)
    mixture = "the three priors together, in shares that are a judgement"
    beliefs = {prior.name: (prior.label, prior.meaning, prior.share / total) for prior in priors}
    beliefs[MIXTURE] = ("Declared mixture", mixture, 1.0)
    reference = reference_position(prepared, own)
    return Answer(
        power=power_in_world(own[reference]),
        reference_world=ReferenceWorld(
            name=f"world {worlds.numbers[reference].world}",
            meaning=f"the world closest to the median effect and response on {control_word(prepared.trial.design)} "
            f"under the prior '{_label(priors, REFERENCE_PRIOR)}'",
            log_odds_ratio=own[reference].log_odds_ratio,
            response_placebo=own[reference].control,
        ),
        type_i_error=type_i_error(prepared, worlds.numbers),
        by_prior={name: _prior_answer(name, *belief, worlds, prepared) for name, belief in beliefs.items()},
        by_ifn=by_signature(worlds, prepared),
        weights_sensitivity=weights_sensitivity(own, priors, counts),
    )


def own_rule(worlds: ForecastWorlds) -> list[RuleNumbers]:
    """Return the numbers of each world under the design's own reading of the endpoint's rule."""
    return [world.rules[""] for world in worlds.numbers]


def _label(priors: Sequence[EfficacyPrior], name: str) -> str:
    return next(prior.label for prior in priors if prior.name == name)


def _prior_answer(
    name: str, label: str, meaning: str, share: float, worlds: ForecastWorlds, prepared: PreparedForecast
) -> PriorAnswer:
    weight, rule = prepared.choice.counts[name], own_rule(worlds)

    def band(values: Sequence[float] | FloatArray) -> Band:
        return quantile_band(values, weight)

    return PriorAnswer(
        label=label,
        meaning=meaning,
        weight=share,
        effective_worlds=prepared.choice.effective[name],
        assurance=mean_power(rule, weight, worlds.monte_carlo_error["all"][name]),
        power_by_world=Band(**power_by_world(rule, weight)),
        log_odds_ratio=band([_number(numbers.log_odds_ratio) for numbers in rule]),
        response_active=band([numbers.active for numbers in rule]),
        response_placebo=band([numbers.control for numbers in rule]),
        difference=band([numbers.active - numbers.control for numbers in rule]),
        mrss_difference=band(difference_at_primary(worlds, "mrss", "all", prepared)),
        fvc_difference=band(difference_at_primary(worlds, "fvc_percent", "all", prepared)),
        worlds=int(np.sum(weight > 0)),
        worlds_effective=effective_worlds(weight),
    )


def reference_position(prepared: PreparedForecast, rule: Sequence[RuleNumbers]) -> int:
    """Return the place of the world nearest to the medians of effect and placebo response in the reference class."""
    weight = prepared.choice.counts[REFERENCE_PRIOR]
    effect = np.array([_number(numbers.log_odds_ratio) for numbers in rule])
    placebo = np.array([numbers.control for numbers in rule])
    distance = np.zeros(len(rule))
    for values in (effect, placebo):
        band = quantile_band(values, weight)
        distance += ((values - band.q50) / max(band.q75 - band.q25, 1e-9)) ** 2
    return first_smallest(np.where((weight > 0) & np.isfinite(distance), distance, np.inf))


def type_i_error(prepared: PreparedForecast, worlds: Sequence[WorldNumbers]) -> Estimate:
    """Return the share of significant trials when the drug effect is set to zero, from repeated trials.

    The null worlds went through the same simulation, measurement, conduct and test as all others; ``low`` and
    ``high`` count worlds as the unit, ``mc_low`` and ``mc_high`` are binomial over the repeats.
    """
    design = prepared.trial.design
    rules = design.assumed
    patients = design.n_of(design.active) + design.n_of(design.control)
    found = [
        run_replicates(
            world.null.strata,
            patients,
            allocation=allocation_of(design),
            replicates=NULL_REPLICATES,
            seed=prepared.plan.seed,
            world=world.world,
            alpha_one_sided=rules.analysis.alpha_one_sided,
            sparse_strata=rules.analysis.sparse_strata,
        ).significant
        for world in worlds
        if world.null is not None
    ]
    estimate = float(np.mean(found))
    low, high = wilson_interval(estimate * NULL_REPLICATES * len(found), NULL_REPLICATES * len(found))
    half = NORMAL_95 * float(np.std(found, ddof=1)) / np.sqrt(len(found)) if len(found) > 1 else 1.0
    return Estimate(estimate, max(estimate - half, 0.0), min(estimate + half, 1.0), low, high)


def by_signature(worlds: ForecastWorlds, prepared: PreparedForecast) -> dict[str, GroupAnswer]:
    """Return the answer in patients with a high and a low signature, each at its own size and unadjusted."""
    design, weight, result = prepared.trial.design, prepared.choice.counts[MIXTURE], {}
    for group in ("high", "low"):
        found = [world.by_ifn[group] for world in worlds.numbers if group in world.by_ifn]
        if len(found) < len(worlds.numbers):
            continue
        rule = [each.numbers for each in found]
        share = float(np.mean([each.share for each in found]))
        result[group] = GroupAnswer(
            per_arm=(round(design.n_of(design.active) * share), round(design.n_of(design.control) * share)),
            assurance=mean_power(rule, weight, worlds.monte_carlo_error[group][MIXTURE]),
            power_by_world=Band(**power_by_world(rule, weight)),
            response_active=quantile_band([x.active for x in rule], weight),
            response_placebo=quantile_band([x.control for x in rule], weight),
            difference=quantile_band([x.active - x.control for x in rule], weight),
            mrss_difference=quantile_band(difference_at_primary(worlds, "mrss", group, prepared), weight),
            suppression_blood=quantile_band([each.suppression_blood for each in found], weight),
        )
    return result


def weights_sensitivity(
    rule: Sequence[RuleNumbers], priors: Sequence[EfficacyPrior], counts: Mapping[str, FloatArray]
) -> tuple[OtherWeights, ...]:
    """Return the probability of success under other shares of the three priors."""
    rows = []
    for shares in SENSITIVITY_SHARES:
        named = {prior.name: share for prior, share in zip(priors, shares, strict=True)}
        weight = mixture_weight(named, dict(counts))
        rows.append(OtherWeights(named, mean_power(rule, weight, 0.0).estimate))
    return tuple(rows)


def rule_variants(prepared: PreparedForecast, worlds: Sequence[WorldNumbers]) -> tuple[RuleVariant, ...]:
    """Return the answer under every reading of the endpoint's rule, under the mixture; none if it has one reading."""
    weight = prepared.choice.counts[MIXTURE]
    rows: list[RuleVariant] = []
    if not prepared.trial.endpoint.variants:
        return ()
    default = prepared.trial.design.assumed.responder_rule
    for rule in worlds[0].rules:
        if rule and variant(default, rule) == default:
            continue  # the design's own rule, which has its row
        numbers = [world.rules[rule] for world in worlds]
        rows.append(
            RuleVariant(
                name=rule or "default",
                label=_rule_label(rule),
                response_active=quantile_band([x.active for x in numbers], weight),
                response_placebo=quantile_band([x.control for x in numbers], weight),
                assurance=mean_power(numbers, weight, 0.0).estimate,
                is_default=rule == "",
            )
        )
    return tuple(rows)


def _rule_label(rule: str) -> str:
    if not rule:
        return "As in the design"
    text = rule.replace("rcriss_", "rCRISS-").replace("fvc", ITEMS["fvc_ml"].label)
    return text if text.startswith("rC") else text[0].upper() + text[1:]
