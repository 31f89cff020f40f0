"""How well each belief foretold the trial of interferon given to patients: Bayes factors, and the conflict of a belief.

The weights of beliefs are declared and stay so. What the one human experiment on the sign of phi and brake says about
them stands beside: its likelihood, averaged over the worlds of a belief as drug levels and signatures weigh them, over
the same average for the mixture. Within a belief the trial weighs worlds, see ``posterior.data_likelihood``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.evidence.records import Evidence
from ifntrial.worlds.beliefs import MIXTURE, Belief
from ifntrial.worlds.implied import ImpliedEffects
from ifntrial.worlds.posterior import row_likelihoods, used_rows
from ifntrial.worlds.predictions import BLACK, Predictions
from ifntrial.worlds.quantiles import Band, quantile_band
from ifntrial.worlds.weigh import BeliefWeights, base_weights, weigh

LUNG = f"{BLACK}.fvc_percent_change.w52"


@dataclass(frozen=True, slots=True)
class ForetoldTrial:
    """What a belief says of the trial of interferon alpha given to patients with systemic sclerosis.

    Parameters
    ----------
    bayes_factor
        How likely the published result is under the belief, over how likely it is under the mixture.
    fvc_difference
        Interferon minus placebo after a year [% predicted], over worlds of the belief before this trial weighs them.
    """

    bayes_factor: float
    fvc_difference: Band


def foretell(
    beliefs: Sequence[Belief], implied: ImpliedEffects, evidence: Evidence
) -> Mapping[str, ForetoldTrial]:
    """Return what each belief, and the mixture, foretold of the trial; empty where no row of it weighs worlds.

    Raises
    ------
    RunError
        If the calibration lacks a row that weighs worlds.
    """
    rows = [row for row in used_rows(evidence) if row.observation.startswith(BLACK)]
    if not any(row.observation == LUNG for row in rows):
        return {}
    base = base_weights(implied, evidence, without={row.observation for row in rows})
    weights = {belief.name: weigh(belief, implied, base) for belief in beliefs}
    kept = replace(implied.predictions, values=implied.predictions.values[implied.number])
    likelihood = row_likelihoods(kept, evidence, rows).prod(axis=1)
    nothing = replace(kept, values=np.zeros((1, len(kept.observations))))
    without = float(row_likelihoods(nothing, evidence, rows).prod())
    mean = {
        name: float((each.effect * likelihood).sum() + each.no_effect.sum() * without)
        for name, each in weights.items()
    }
    share = {belief.name: belief.share / sum(each.share for each in beliefs) for belief in beliefs}
    whole = sum(share[name] * value for name, value in mean.items())
    told = {
        name: ForetoldTrial(mean[name] / whole, _lung(kept, [each], [1.0])) for name, each in weights.items()
    }
    mixed = _lung(kept, list(weights.values()), list(share.values()))
    return {**told, MIXTURE: ForetoldTrial(1.0, mixed)}


def _lung(kept: Predictions, weights: Sequence[BeliefWeights], share: Sequence[float]) -> Band:
    """Return the difference of lung function over worlds, which is none where blockade has no effect."""
    effect: FloatArray = np.sum([s * each.effect for s, each in zip(share, weights, strict=True)], axis=0)
    none = sum(s * float(each.no_effect.sum()) for s, each in zip(share, weights, strict=True))
    return quantile_band(np.append(kept.of(LUNG), 0.0), np.append(effect, none))
