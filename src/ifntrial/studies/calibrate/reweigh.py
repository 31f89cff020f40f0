"""What changes when a source is taken away: the structural worlds are weighed again, in seconds, without simulation.

The chance of success of each structural world follows from its implied odds ratio at the reference placebo response,
by the arithmetic of the trial; it is a quicker and rougher number than a forecast's, the same way before and after.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from ifntrial.arrays import FloatArray
from ifntrial.design.design import TrialDesign
from ifntrial.evidence.records import Evidence
from ifntrial.evidence.rests_on_source import hanging_on
from ifntrial.model import Model
from ifntrial.statistics.cmh_power import StratumRates, cmh_power
from ifntrial.studies.calibrate.implied import REFERENCE
from ifntrial.worlds.calibration import Calibration
from ifntrial.worlds.draw import draw_worlds
from ifntrial.worlds.efficacy import MIXTURE, EfficacyPrior, efficacy_priors, importance_weights
from ifntrial.worlds.posterior import data_likelihood, global_posteriors, used_rows

PRIOR_ROWS = {
    "irrelevant": "prior.irrelevant_",
    "ssc_reference_class": "prior.reference_class_",
    "lupus_bridge": "prior.lupus_",
}
CHANGED_ABOVE = 0.1
"""Smaller changes of a ratio of standard deviations may be chance: about a thousand effective worlds remain."""


@dataclass(frozen=True, slots=True)
class Reweighed:
    """Chance of success with all sources, and without one.

    Parameters
    ----------
    before, after
        Prior, or the mixture, to chance of success; a prior that rests on the source is absent from ``after``.
    lost_rows
        Observations of the source that weighed worlds, and no longer do.
    globals_changed
        Unknowns of a world whose posterior standard deviation changes by more than a tenth: name to the ratio of
        posterior over prior standard deviation before and after.
    not_reweighed
        Parameters that rest on the source and would need a new calibration to be drawn anew.
    """

    before: dict[str, float]
    after: dict[str, float]
    lost_rows: tuple[str, ...]
    globals_changed: dict[str, tuple[float, float]]
    not_reweighed: tuple[str, ...]


def without_source_effect(
    evidence: Evidence, source: str, calibration: Calibration, design: TrialDesign, model: Model
) -> Reweighed:
    """Return the chance of success with and without a source; an unknown source raises ``UnknownNameError``."""
    hanging = hanging_on(evidence, source)
    lost = {row.name for row in hanging.parameter_rows}
    lost_rows = {row.id for row in hanging.observation_rows} & {
        row.observation for row in used_rows(evidence)
    }
    priors = efficacy_priors(evidence)
    kept = tuple(
        prior for prior in priors if not any(name.startswith(PRIOR_ROWS[prior.name]) for name in lost)
    )
    weighing = {name for name in lost if name.startswith(("prior.", "discrepancy."))}
    power = _power_at_reference(evidence, calibration, design)
    return Reweighed(
        before=_chances(priors, evidence, calibration, power, ()),
        after=_chances(kept, evidence, calibration, power, lost_rows),
        lost_rows=tuple(sorted(lost_rows)),
        globals_changed=_globals_changed(model, evidence, calibration, lost_rows) if lost_rows else {},
        not_reweighed=tuple(sorted(lost - weighing)),
    )


def _globals_changed(
    model: Model, evidence: Evidence, calibration: Calibration, lost_rows: Collection[str]
) -> dict[str, tuple[float, float]]:
    worlds = draw_worlds(model, evidence, calibration.worlds, calibration.seed)
    before, after = (
        {
            row.name: row.sd_ratio
            for row in global_posteriors(
                model, evidence, worlds, data_likelihood(calibration.implied.predictions, evidence, without)
            )
        }
        for without in ((), lost_rows)
    )
    return {
        name: (ratio, after[name])
        for name, ratio in before.items()
        if abs(after[name] - ratio) > CHANGED_ABOVE
    }


def _power_at_reference(evidence: Evidence, calibration: Calibration, design: TrialDesign) -> FloatArray:
    placebo = REFERENCE.read(evidence).reference_placebo_rate
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
    without: Collection[str],
) -> dict[str, float]:
    weights = {
        prior.name: importance_weights(prior, calibration.implied, evidence, without=without)
        for prior in priors
    }
    chances = {name: float((weight * power).sum()) for name, weight in weights.items()}
    total = sum(prior.share for prior in priors)
    if total:
        chances[MIXTURE] = sum(prior.share / total * chances[prior.name] for prior in priors)
    return chances
