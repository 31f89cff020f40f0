"""Make the frozen calibration: structural worlds, and what each implies on common subjects of the reference trial."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ifntrial.evidence.records import Evidence
from ifntrial.model import Model, build_model
from ifntrial.population.artifact import CALIBRATION_SEED, Calibration, calibration_fingerprint
from ifntrial.population.efficacy import ImpliedEffects
from ifntrial.population.predictions import predict_rows
from ifntrial.population.records import FloatArray
from ifntrial.population.worlds import draw_worlds
from ifntrial.trial.design import load_design
from ifntrial.trial.forecast.enroll import enroll
from ifntrial.trial.forecast.implied import ReferenceTrial, implied_effects, reference_shift
from ifntrial.trial.measure import measurement_error

REFERENCE_DESIGN = "daisy"
REPLICATES = 8
LARGE_WORLDS, LARGE_SUBJECTS = 80, 2000
"""So many worlds are simulated again on so many subjects, to take out what is peculiar to the common ones."""

Report = Callable[[int, int], None]


def calibrate(
    evidence: Evidence,
    worlds: int,
    subjects: int,
    workers: int = 1,
    report: Report = lambda done, total: None,
    *,
    large: tuple[int, int] = (LARGE_WORLDS, LARGE_SUBJECTS),
) -> Calibration:
    """Return the implied effects of ``worlds`` structural worlds on ``subjects`` common subjects, and their predictions.

    Effects on a hundred or two common subjects share one sampling error: all worlds look a little too good or too bad
    together. A few worlds, spread over the range of effects, are therefore simulated on a large population as well, and
    a straight line through the pairs corrects all worlds.

    Parameters
    ----------
    worlds, subjects
        Structural worlds, and common subjects in each.
    workers
        Threads.
    report
        Called with worlds done and in all.
    large
        Number of worlds of the correction, and of subjects in it.
    """
    model = build_model()
    trial = _reference_trial(evidence, model, large[1], workers)
    drawn = draw_worlds(model, evidence, worlds, CALIBRATION_SEED)
    shift = reference_shift(trial)
    common = replace(trial, population=trial.population.take(np.arange(subjects)))
    rough = implied_effects(common, drawn, shift, report)
    places = _spread_out(rough.log_odds_ratio, large[0])
    exact = implied_effects(trial, drawn.take(places), shift)
    return Calibration(
        implied=ImpliedEffects(
            log_odds_ratio=_corrected(rough.log_odds_ratio, exact.log_odds_ratio, places),
            mrss_difference=_corrected(rough.mrss_difference, exact.mrss_difference, places),
            fvc_difference=_corrected(rough.fvc_difference, exact.fvc_difference, places),
            predictions=predict_rows(model, evidence, drawn, workers),
        ),
        seed=CALIBRATION_SEED,
        fingerprint=calibration_fingerprint(evidence),
        subjects=subjects,
        replicates=REPLICATES,
        shift=shift,
    )


def _reference_trial(evidence: Evidence, model: Model, subjects: int, workers: int) -> ReferenceTrial:
    design = load_design(REFERENCE_DESIGN)
    return ReferenceTrial(
        design=design,
        model=model,
        evidence=evidence,
        population=enroll(design, model, evidence, subjects, CALIBRATION_SEED).population,
        error=measurement_error(evidence),
        seed=CALIBRATION_SEED,
        replicates=REPLICATES,
        workers=workers,
    )


def _spread_out(effect: FloatArray, count: int) -> np.ndarray:
    """Return the positions of ``count`` worlds, evenly over the ranks of their effects."""
    order = np.argsort(effect, kind="stable")
    places: np.ndarray = order[np.linspace(0, len(effect) - 1, min(count, len(effect))).round().astype(int)]
    return places


def _corrected(rough: FloatArray, exact: FloatArray, places: np.ndarray) -> FloatArray:
    slope, offset = np.polyfit(rough[places], exact, 1)
    corrected: FloatArray = slope * rough + offset
    return corrected
