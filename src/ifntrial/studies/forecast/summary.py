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
from ifntrial.statistics.cmh_power import StratumRates
from ifntrial.statistics.replicates import allocation_of, run_replicates, wilson_interval
from ifntrial.studies.forecast.answers import (
    GroupAnswer,
    OtherWeights,
    PriorAnswer,
    ReferenceWorld,
    RuleVariant,
)
from ifntrial.studies.forecast.courses import difference_at_primary
from ifntrial.studies.forecast.gather import ForecastWorlds, RuleInWorlds
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
    own = worlds.rules[""]
    total = sum(prior.share for prior in priors)
    mixture = "the three priors together, in shares that are a judgement"
    beliefs = {prior.name: (prior.label, prior.meaning, prior.share / total) for prior in priors}
    beliefs[MIXTURE] = ("Declared mixture", mixture, 1.0)
    reference = reference_position(prepared, own)
    ratio = float(own.log_odds_ratio[reference])
    return Answer(
        power=power_in_world(float(own.power[reference]), float(own.standard_error[reference])),
        reference_world=ReferenceWorld(
            name=f"world {worlds.numbers[reference]}",
            meaning=f"the world closest to the median effect and response on {control_word(prepared.trial.design)} "
            f"under the prior '{_label(priors, REFERENCE_PRIOR)}'",
            true_log_odds_ratio=ratio if np.isfinite(ratio) else None,
            true_response_placebo=float(own.control[reference]),
        ),
        type_i_error=type_i_error(prepared, worlds.nulls),
        by_prior={name: _prior_answer(name, *belief, worlds, prepared) for name, belief in beliefs.items()},
        by_ifn=by_signature(worlds, prepared),
        weights_sensitivity=weights_sensitivity(own, priors, counts),
    )


def _label(priors: Sequence[EfficacyPrior], name: str) -> str:
    return next(prior.label for prior in priors if prior.name == name)


def _prior_answer(
    name: str, label: str, meaning: str, share: float, worlds: ForecastWorlds, prepared: PreparedForecast
) -> PriorAnswer:
    weight, rule = prepared.choice.counts[name], worlds.rules[""]

    def band(values: FloatArray) -> Band:
        return quantile_band(values, weight)

    return PriorAnswer(
        label=label,
        meaning=meaning,
        weight=share,
        effective_worlds=prepared.choice.effective[name],
        assurance=mean_power(rule.power, weight, worlds.monte_carlo_error["all"][name]),
        power_by_world=Band(**power_by_world(rule.power, weight)),
        log_odds_ratio=band(rule.log_odds_ratio),
        response_active=band(rule.active),
        response_placebo=band(rule.control),
        difference=band(rule.active - rule.control),
        mrss_difference=band(difference_at_primary(worlds, "mrss", "all", prepared)),
        fvc_difference=band(difference_at_primary(worlds, "fvc_percent", "all", prepared)),
        worlds=int(np.sum(weight > 0)),
        worlds_effective=effective_worlds(weight),
    )


def reference_position(prepared: PreparedForecast, rule: RuleInWorlds) -> int:
    """Return the place of the world nearest to the medians of effect and placebo response in the reference class."""
    weight = prepared.choice.counts[REFERENCE_PRIOR]
    distance = np.zeros(len(weight))
    for values in (rule.log_odds_ratio, rule.control):
        band = quantile_band(values, weight)
        distance += ((values - band.q50) / max(band.q75 - band.q25, 1e-9)) ** 2
    return first_smallest(np.where((weight > 0) & np.isfinite(distance), distance, np.inf))


def type_i_error(prepared: PreparedForecast, nulls: Mapping[int, StratumRates]) -> Estimate:
    """Return the share of significant trials when the drug effect is set to zero, from repeated trials.

    The null worlds went through the same simulation, measurement, conduct and test as all others; ``low`` and
    ``high`` count worlds as the unit, ``mc_low`` and ``mc_high`` are binomial over the repeats.
    """
    design = prepared.trial.design
    rules = design.assumed
    patients = design.n_of(design.active) + design.n_of(design.control)
    found = [
        run_replicates(
            rates,
            patients,
            allocation=allocation_of(design),
            replicates=NULL_REPLICATES,
            seed=prepared.plan.seed,
            world=world,
            alpha_one_sided=rules.analysis.alpha_one_sided,
            sparse_strata=rules.analysis.sparse_strata,
        ).significant
        for world, rates in nulls.items()
    ]
    estimate = float(np.mean(found))
    low, high = wilson_interval(estimate * NULL_REPLICATES * len(found), NULL_REPLICATES * len(found))
    half = NORMAL_95 * float(np.std(found, ddof=1)) / np.sqrt(len(found)) if len(found) > 1 else 1.0
    return Estimate(estimate, max(estimate - half, 0.0), min(estimate + half, 1.0), low, high)


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
            power_by_world=Band(**power_by_world(rule.power, weight)),
            response_active=quantile_band(rule.active, weight),
            response_placebo=quantile_band(rule.control, weight),
            difference=quantile_band(rule.active - rule.control, weight),
            mrss_difference=quantile_band(difference_at_primary(worlds, "mrss", group, prepared), weight),
            suppression_blood=quantile_band(found.suppression_blood, weight),
        )
    return result


def weights_sensitivity(
    rule: RuleInWorlds, priors: Sequence[EfficacyPrior], counts: Mapping[str, FloatArray]
) -> tuple[OtherWeights, ...]:
    """Return the probability of success under other shares of the three priors."""
    rows = []
    for shares in SENSITIVITY_SHARES:
        named = {prior.name: share for prior, share in zip(priors, shares, strict=True)}
        weight = mixture_weight(named, dict(counts))
        rows.append(OtherWeights(named, mean_power(rule.power, weight, 0.0).estimate))
    return tuple(rows)


def rule_variants(prepared: PreparedForecast, worlds: ForecastWorlds) -> tuple[RuleVariant, ...]:
    """Return the answer under every reading of the endpoint's rule, under the mixture; none if it has one reading."""
    weight = prepared.choice.counts[MIXTURE]
    rows: list[RuleVariant] = []
    if not prepared.trial.endpoint.variants:
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
