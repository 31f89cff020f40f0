"""What published drug levels and signatures say about the unknowns of a world, over all structural worlds."""

from collections.abc import Mapping
from dataclasses import dataclass

from ifntrial.evidence.records import Evidence
from ifntrial.model import Model
from ifntrial.patients.weights import PatientCalibration
from ifntrial.worlds.calibration import Calibration
from ifntrial.worlds.draw import draw_worlds
from ifntrial.worlds.efficacy import efficacy_priors, importance_weights
from ifntrial.worlds.posterior import (
    GlobalPosterior,
    WeighingRow,
    data_likelihood,
    effective_worlds,
    global_posteriors,
    row_report,
)

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


@dataclass(frozen=True, slots=True)
class EffectiveWorlds:
    """How many structural worlds a prior is worth, by Kish.

    Parameters
    ----------
    before, after
        Without and with the published results.
    """

    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Learnt:
    """Prior and posterior of every unknown of a world.

    Parameters
    ----------
    worlds
        Number of structural worlds.
    effective_worlds
        By the name of the efficacy prior; ``data`` for the published results alone.
    rows
        The results that weigh worlds.
    globals
        The unknowns, the most informed first.
    """

    worlds: int
    effective_worlds: Mapping[str, EffectiveWorlds]
    rows: tuple[WeighingRow, ...]
    globals: tuple[GlobalPosterior, ...]


@dataclass(frozen=True, slots=True)
class CalibrationSummary:
    """What ``ifntrial calibrate`` froze, or found frozen.

    Parameters
    ----------
    patients
        The weights of virtual patients, with the misfit of every target.
    posterior
        What the published results say about worlds; None where only patients were weighed.
    """

    patients: PatientCalibration
    posterior: Learnt | None


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
        effective_worlds=effective,
        rows=row_report(predictions, evidence),
        globals=global_posteriors(model, evidence, worlds, likelihood, LABELS),
    )
