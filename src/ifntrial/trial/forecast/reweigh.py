"""What changes when a source is taken away: the structural worlds are weighed again, in seconds, without simulation.

The chance of success of each structural world follows from its implied odds ratio at the reference placebo response,
by the arithmetic of the trial; it is a quicker and rougher number than a forecast's, the same way before and after.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from ifntrial.evidence.hanging import hanging_on
from ifntrial.evidence.records import Evidence
from ifntrial.population.artifact import Calibration
from ifntrial.population.efficacy import MIXTURE, EfficacyPrior, efficacy_priors, importance_weights
from ifntrial.population.records import FloatArray
from ifntrial.trial.design import TrialDesign
from ifntrial.trial.operating import StratumRates, cmh_power

PRIOR_ROWS = {
    "irrelevant": "prior.irrelevant_",
    "ssc_reference_class": "prior.reference_class_",
    "lupus_bridge": "prior.lupus_",
}
DATA_ROWS = ("world.suppression_published",)


@dataclass(frozen=True, slots=True)
class Reweighed:
    """Chance of success with all sources, and without one.

    Parameters
    ----------
    before, after
        Prior, or the mixture, to chance of success; a prior that rests on the source is absent from ``after``.
    uses_data_after
        Whether the pharmacodynamic rows still weigh worlds.
    not_reweighed
        Parameters that rest on the source and would need a new calibration to be drawn anew.
    """

    before: dict[str, float]
    after: dict[str, float]
    uses_data_after: bool
    not_reweighed: tuple[str, ...]


def without_source_effect(
    evidence: Evidence, source: str, calibration: Calibration, design: TrialDesign
) -> Reweighed:
    """Return the chance of success with and without a source; an unknown source raises ``UnknownNameError``."""
    lost = {row.name for row in hanging_on(evidence, source).parameters}
    priors = efficacy_priors(evidence)
    kept = tuple(
        prior for prior in priors if not any(name.startswith(PRIOR_ROWS[prior.name]) for name in lost)
    )
    keeps_data = not lost & set(DATA_ROWS)
    weighing = {name for name in lost if name.startswith(("prior.", *DATA_ROWS))}
    power = _power_at_reference(evidence, calibration, design)
    return Reweighed(
        before=_chances(priors, evidence, calibration, power, use_data=True),
        after=_chances(kept, evidence, calibration, power, use_data=keeps_data),
        uses_data_after=keeps_data,
        not_reweighed=tuple(sorted(lost - weighing)),
    )


def _power_at_reference(evidence: Evidence, calibration: Calibration, design: TrialDesign) -> FloatArray:
    placebo = evidence.value("world.reference_placebo_rate")
    active = expit(logit(placebo) + calibration.implied.log_odds_ratio)[:, None]
    rates = StratumRates(np.ones_like(active), active, np.full_like(active, placebo))
    return cmh_power(
        rates,
        design.n_of(design.active),
        design.n_of(design.control),
        design.assumed.analysis.alpha_one_sided,
    )


def _chances(
    priors: tuple[EfficacyPrior, ...],
    evidence: Evidence,
    calibration: Calibration,
    power: FloatArray,
    *,
    use_data: bool,
) -> dict[str, float]:
    chances = {
        prior.name: float(importance_weights(prior, calibration.implied, evidence, use_data=use_data) @ power)
        for prior in priors
    }
    total = sum(prior.share for prior in priors)
    if total:
        chances[MIXTURE] = sum(prior.share / total * chances[prior.name] for prior in priors)
    return chances
