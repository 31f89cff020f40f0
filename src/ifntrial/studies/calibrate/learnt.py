"""Gather what published drug levels and signatures say about the unknowns of a world, over all structural worlds."""

from ifntrial.evidence.records import Evidence
from ifntrial.model import Model
from ifntrial.studies.calibrate.result import EffectiveWorlds, Learnt
from ifntrial.worlds.calibration import Calibration
from ifntrial.worlds.draw import draw_worlds
from ifntrial.worlds.efficacy import efficacy_priors, importance_weights
from ifntrial.worlds.posterior import data_likelihood, effective_worlds, global_posteriors, row_report

LABELS = {
    "phi_inflammation": "phi, inflammation",
    "phi_skin": "phi, skin",
    "phi_lung": "phi, lung",
    "phi_vessel": "phi, vessels and heart",
    "phi_patient_reported": "phi, patient-reported",
    "brake": "loss of interferon's brake on collagen, skin",
    "brake_lung": "loss of interferon's brake on collagen, lung",
    "r_low": "effect at a low over a high signature",
    "a_mmf": "share that mycophenolate already takes",
    "k_skin_matrix_turnover": "turnover of skin matrix",
    "signature_imax": "share of the signature that blockade can remove",
    "bioavailability": "subcutaneous bioavailability",
    "absorption_rate": "subcutaneous absorption rate",
}


def posterior_summary(model: Model, evidence: Evidence, calibration: Calibration) -> Learnt:
    """Return the posterior of every unknown of a world, the rows behind it, and how many worlds are left."""
    worlds = draw_worlds(model, evidence, calibration.worlds, calibration.seed)
    predictions = calibration.implied.predictions
    likelihood = data_likelihood(predictions, evidence)
    every_row = predictions.observations
    effective = {"data": EffectiveWorlds(float(calibration.worlds), effective_worlds(likelihood))}
    for prior in efficacy_priors(evidence):
        before, after = (
            effective_worlds(importance_weights(prior, calibration.implied, evidence, without=without))
            for without in (every_row, ())
        )
        effective[prior.name] = EffectiveWorlds(before, after)
    return Learnt(
        worlds=calibration.worlds,
        effective_worlds_before_and_after=effective,
        rows=row_report(predictions, evidence),
        globals=global_posteriors(model, evidence, worlds, likelihood, LABELS),
    )
