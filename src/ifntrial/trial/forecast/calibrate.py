"""Make the frozen calibration: structural worlds, and what each implies on common subjects of the reference trial."""

from collections.abc import Callable

from ifntrial.evidence.records import Evidence
from ifntrial.model import build_model
from ifntrial.population.artifact import CALIBRATION_SEED, Calibration, calibration_fingerprint
from ifntrial.population.worlds import draw_worlds
from ifntrial.trial.design import load_design
from ifntrial.trial.forecast.enroll import enroll
from ifntrial.trial.forecast.implied import ReferenceTrial, implied_effects, reference_shift
from ifntrial.trial.measure import measurement_error

REFERENCE_DESIGN = "daisy"
REPLICATES = 8


def calibrate(
    evidence: Evidence,
    worlds: int,
    subjects: int,
    workers: int = 1,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> Calibration:
    """Return the implied effects of ``worlds`` structural worlds on ``subjects`` common subjects."""
    model, design = build_model(), load_design(REFERENCE_DESIGN)
    trial = ReferenceTrial(
        design=design,
        model=model,
        evidence=evidence,
        population=enroll(design, model, evidence, subjects, CALIBRATION_SEED).population,
        error=measurement_error(evidence),
        seed=CALIBRATION_SEED,
        replicates=REPLICATES,
        workers=workers,
    )
    drawn = draw_worlds(model, evidence, worlds, CALIBRATION_SEED)
    shift = reference_shift(trial)
    return Calibration(
        implied=implied_effects(trial, drawn, shift, report),
        seed=CALIBRATION_SEED,
        fingerprint=calibration_fingerprint(evidence),
        subjects=subjects,
        replicates=REPLICATES,
        shift=shift,
    )
