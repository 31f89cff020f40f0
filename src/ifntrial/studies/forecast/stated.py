"""What a belief states at its address, what becomes of it in the trial, and whether it is met where it was stated."""

import numpy as np
from scipy.special import logit

from ifntrial.arrays import FloatArray
from ifntrial.clinic.primary_measure import primary_measure
from ifntrial.levels import DETAILED_BAND
from ifntrial.studies.beliefs.answers import EffectAsStated, EffectInThisTrial, PriorCheck
from ifntrial.studies.beliefs.declared import in_log_odds
from ifntrial.studies.beliefs.study import measure_of
from ifntrial.studies.forecast.courses import difference_at_primary
from ifntrial.studies.forecast.gather import ForecastWorlds, RuleInWorlds
from ifntrial.studies.forecast.run import PreparedForecast
from ifntrial.worlds.beliefs import Belief, Statement
from ifntrial.worlds.posterior import effective_worlds
from ifntrial.worlds.quantiles import Band, quantile_band

ALLOWED_LOG_ODDS_RATIO = 0.05
"""How far a belief may be missed beside its standard error."""
_LITTLE, _MUCH = 1.0, 3.0  # points of FVC % predicted that are lost


def told_at_address(
    belief: Belief, prepared: PreparedForecast
) -> tuple[EffectAsStated | None, PriorCheck | None]:
    """Return what a belief states and whether it is met; None if it is that there is no effect."""
    stated = belief.statement
    if stated is None:
        return None, None
    return effect_as_stated(belief, stated, prepared), prior_check(belief, stated, prepared)


def effect_as_stated(belief: Belief, stated: Statement, prepared: PreparedForecast) -> EffectAsStated:
    """Return what a belief states."""
    address = prepared.catalog.addresses[stated.address]
    place = prepared.calibration.implied.at_address(stated.address)
    weights = prepared.choice.beliefs[belief.name]
    measure, unit = measure_of(address, prepared.catalog)
    meant = stated.spread(DETAILED_BAND, is_lower_better=place.is_lower_better)
    return EffectAsStated(
        address=stated.address,
        title=address.title,
        basis=stated.basis,
        measure=measure,
        unit=unit,
        mean=meant.mean,
        sd=meant.sd,
        quantiles=Band(*meant.quantiles.tolist()),
        no_benefit=stated.no_benefit(is_lower_better=place.is_lower_better),
        below_zero=stated.below_zero,
        unreached=weights.unreached,
        control=float(np.average(place.control, weights=weights.either)),
    )


def _by_half_a_patient(worlds: ForecastWorlds, prepared: PreparedForecast) -> FloatArray:
    """Return log odds ratios where nobody, or everybody, responds: half a virtual patient is taken for none."""
    least = 0.5 / prepared.plan.subjects
    active, control = (
        logit(np.clip(rate, least, 1.0 - least))
        for rate in (worlds.rules[""].active, worlds.rules[""].control)
    )
    return np.asarray(active - control)


def effect_of(rule: RuleInWorlds, prepared: PreparedForecast) -> FloatArray:
    """Return each world's effect: the log odds ratio of a response, else the difference that is tested, (worlds,)."""
    return rule.log_odds_ratio if prepared.trial.common.is_response else rule.difference


def effect_in_this_trial(
    weight: FloatArray, worlds: ForecastWorlds, prepared: PreparedForecast
) -> EffectInThisTrial:
    """Return what a belief becomes, from the weight of each world under it, shape (worlds,)."""
    ratio = effect_of(worlds.rules[""], prepared)
    sign = primary_measure(prepared.trial.common.endpoint).sign
    known = np.isfinite(ratio) & (weight > 0)
    if not known.any():
        ratio, known = _by_half_a_patient(worlds, prepared), weight > 0
    share = np.where(known, weight, 0.0) / weight[known].sum()
    mean = float((share[known] * ratio[known]).sum())
    lost = -difference_at_primary(worlds, "fvc_percent", "all", prepared)
    whole = weight / weight.sum()
    return EffectInThisTrial(
        mean=mean,
        sd=float(np.sqrt((share[known] * (ratio[known] - mean) ** 2).sum())),
        quantiles=quantile_band(ratio, weight),
        no_effect=float(whole[~worlds.has_effect].sum()),
        harm=float(whole[worlds.has_effect & (sign * ratio < 0)].sum()),
        fvc_loss_above_1=float(whole[lost > _LITTLE].sum()),
        fvc_loss_above_3=float(whole[lost > _MUCH].sum()),
    )


def prior_check(belief: Belief, stated: Statement, prepared: PreparedForecast) -> PriorCheck:
    """Return whether the run's worlds meet a belief at its address, on patients who weighed nothing.

    A few structural worlds were simulated on such patients when the calibration was made; a straight line through what
    they imply there, against what the calibration says, carries this to the worlds of the run.
    """
    # what a belief states is met before results are given, which move it
    choice, address = prepared.prior_choice or prepared.choice, prepared.catalog.addresses[stated.address]
    place = prepared.calibration.implied.at_address(stated.address)
    slope, offset = np.polyfit(place.effect[place.checked], place.checked_effect, 1)
    met = np.where(choice.has_effect, offset + slope * place.effect[choice.positions], 0.0)
    weight = choice.counts[belief.name]
    meant = stated.spread_in_worlds(DETAILED_BAND, is_lower_better=place.is_lower_better)
    mean = float((weight * met).sum())
    sd = float(np.sqrt((weight * (met - mean) ** 2).sum()))
    error = sd / np.sqrt(max(effective_worlds(weight), 1.0))
    unit = in_log_odds(prepared.trial.common.evidence, address.assumed.estimand.summary)
    allowed = ALLOWED_LOG_ODDS_RATIO * unit + 2.0 * error
    differences = abs(mean - meant.mean), abs(sd - meant.sd)
    return PriorCheck(
        stated_mean=meant.mean,
        stated_sd=meant.sd,
        stated=Band(*meant.quantiles.tolist()),
        met_mean=mean,
        met_sd=sd,
        met=quantile_band(met, weight),
        standard_error=float(error),
        allowed=float(allowed),
        is_met=bool(max(differences) <= allowed),
        subjects=prepared.calibration.check_subjects,
        worlds=len(place.checked),
    )
