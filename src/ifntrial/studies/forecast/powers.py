"""Power of a design's primary test in one world, and what is kept of it."""

from ifntrial.arrays import FloatArray, IntArray
from ifntrial.clinic.responses_by_rule import RuleResponses
from ifntrial.design.design import TrialDesign
from ifntrial.statistics.power import WorldPower, power_of_stratified_cmh
from ifntrial.studies.forecast.records import RuleNumbers
from ifntrial.ties import exceeds


def primary_power(
    design: TrialDesign, found: RuleResponses, weight: FloatArray, stratum: IntArray
) -> WorldPower:
    """Return the power of the stratified test at the size of the design.

    Parameters
    ----------
    weight, stratum
        Of the common subjects, each (subjects,).
    """
    return power_of_stratified_cmh(
        found.active,
        found.control,
        weight,
        stratum,
        n_active=design.n_of(design.active),
        n_control=design.n_of(design.control),
        alpha_one_sided=design.assumed.analysis.alpha_one_sided,
    )


def rule_numbers(power: WorldPower) -> RuleNumbers:
    """Return what is kept of a power; no log odds ratio where an arm has no responders, or responders only."""
    active, control = power.rates.overall
    is_open = bool(exceeds([active, control, 1.0 - active, 1.0 - control], 0.0, scale=1.0).all())
    return RuleNumbers(
        power=power.power,
        standard_error=power.standard_error,
        active=active,
        control=control,
        log_odds_ratio=power.rates.log_odds_ratio if is_open else None,
        strata=power.rates,
    )
