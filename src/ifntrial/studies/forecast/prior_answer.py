"""What a forecast says under one belief: the chance of success, what was stated, and what became of it."""

from dataclasses import dataclass

from ifntrial.studies.beliefs.answers import Assurance, EffectAsStated, EffectInThisTrial, PriorCheck
from ifntrial.studies.over_worlds import PriorFacts
from ifntrial.worlds.foretold import ForetoldTrial
from ifntrial.worlds.quantiles import Band


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorAnswer(PriorFacts):
    """The answer under one belief.

    Parameters
    ----------
    assurance
        Probability that the primary endpoint is met.
    power_by_world
        The same in each world.
    effect_as_stated
        None for a belief that there is no effect, and for the mixture.
    effect_in_this_trial
        What becomes of it.
    prior_check
        None where nothing is stated at an address.
    foretold_trial
        What it foretold of the trial of interferon alpha given to patients, with its Bayes factor; the weight of the
        belief stays as declared. None where that trial weighs no worlds.
    response_active, response_placebo, difference
        Share of responders in each arm, and active minus control, over worlds.
    mrss_difference, fvc_difference
        Active minus control at the primary visit: skin score [points], forced vital capacity [% predicted].
    worlds_different, worlds_effective
        Different worlds of the run that count here, and how many these are worth, by Kish.
    """

    assurance: Assurance
    power_by_world: Band
    effect_as_stated: EffectAsStated | None
    effect_in_this_trial: EffectInThisTrial
    prior_check: PriorCheck | None
    foretold_trial: ForetoldTrial | None = None
    response_active: Band
    response_placebo: Band
    difference: Band
    mrss_difference: Band
    fvc_difference: Band
    worlds_different: int
    worlds_effective: float
