"""Gather what published drug levels and signatures say about the unknowns of a world, over all structural worlds."""

from collections.abc import Sequence

import numpy as np

from ifntrial.evidence.records import Evidence
from ifntrial.model import Model
from ifntrial.studies.calibrate.result import EffectiveWorlds, Learnt
from ifntrial.worlds.beliefs import Belief
from ifntrial.worlds.calibration import Calibration
from ifntrial.worlds.posterior import data_likelihood, effective_worlds, global_posteriors, row_report
from ifntrial.worlds.weigh import base_weights, weigh

LABELS = {
    "phi_inflammation": "phi, inflammation",
    "phi_skin": "phi, skin",
    "phi_lung": "phi, lung",
    "phi_vessel": "phi, vessels",
    "phi_patient_reported": "phi, patient-reported",
    "phi_heart": "phi, heart",
    "brake": "loss of interferon's brake on collagen, skin",
    "brake_lung": "loss of interferon's brake on collagen, lung",
    "effect_follows_signal": "whether the effect depends on the patient's own signal",
    "effect_half_signal": "signal of which the disease hears half of all it can",
    "ifn_rise_max": "greatest rise of the signal that the disease hears",
    "a_mmf": "share that mycophenolate already takes",
    "k_skin_matrix_turnover": "turnover of skin matrix",
    "signature_imax": "share of the signature that blockade can remove",
    "bioavailability": "subcutaneous bioavailability",
    "absorption_rate": "subcutaneous absorption rate",
}


def posterior_summary(
    model: Model, evidence: Evidence, calibration: Calibration, beliefs: Sequence[Belief]
) -> Learnt:
    """Return the posterior of every unknown of a world, the rows behind it, and how many worlds are left."""
    worlds, implied = calibration.first_worlds(model, evidence), calibration.implied
    likelihood = data_likelihood(implied.predictions, evidence)
    base, unweighed = base_weights(implied, evidence), np.ones(implied.size)
    effective = {"data": EffectiveWorlds(float(implied.size), effective_worlds(base))}
    for belief in beliefs:
        before, after = (weigh(belief, implied, weight).effective for weight in (unweighed, base))
        effective[belief.name] = EffectiveWorlds(before, after)
    return Learnt(
        worlds=calibration.worlds,
        candidates=calibration.candidates,
        worlds_effective_before_and_after=effective,
        rows=row_report(implied.predictions, evidence),
        globals=global_posteriors(model, evidence, worlds, likelihood[: worlds.size], LABELS),
    )
