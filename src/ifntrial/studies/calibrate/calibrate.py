"""Make the frozen calibration: structural worlds, and what each implies on common subjects of the reference trial."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache, partial

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.clinic.enroll import enroll
from ifntrial.clinic.readings import measurement_error
from ifntrial.design.design import load_design
from ifntrial.evidence.records import Evidence
from ifntrial.model import Model, build_model
from ifntrial.read_only import returns_read_only
from ifntrial.studies.calibrate.implied import (
    ReferenceTrial,
    implied_effects,
    joined_effects,
    reference_shift,
    worlds_at_once,
)
from ifntrial.studies.calibrate.predict import predict_rows
from ifntrial.studies.executors import finished
from ifntrial.ties import stable_order
from ifntrial.worlds.calibration import CALIBRATION_SEED, Calibration, calibration_fingerprint
from ifntrial.worlds.draw import Worlds, draw_worlds
from ifntrial.worlds.efficacy import ImpliedEffects

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
        Processes.
    report
        Called with subjects simulated and in all, each once for each of its worlds.
    large
        Number of worlds of the correction, and of subjects in it.
    """
    model = build_model()
    drawn = draw_worlds(model, evidence, worlds, CALIBRATION_SEED)
    shift = reference_shift(_reference_trial(evidence, model, large[1], workers))
    common = _Job(evidence, worlds, tuple(range(worlds)), large[1], subjects, shift)
    total = worlds * subjects + min(large[0], worlds) * large[1]
    rough = _effects(common, workers, lambda done: report(done, total))
    places = _spread_out(rough.log_odds_ratio, large[0])
    many = replace(common, places=tuple(int(place) for place in places), subjects=large[1])
    exact = _effects(many, workers, lambda done: report(worlds * subjects + done, total))
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


@dataclass(frozen=True, slots=True)
class _Job:
    """Worlds whose effects are wanted, and on whom; any process makes the same of it.

    Parameters
    ----------
    drawn, places
        How many structural worlds are drawn, and which of them are wanted.
    enrolled, subjects
        How many subjects are enrolled, and on how many of them the effects are stated.
    shift
        Trial effect [trial standard deviations].
    """

    evidence: Evidence
    drawn: int
    places: tuple[int, ...]
    enrolled: int
    subjects: int
    shift: float


def _effects(job: _Job, workers: int, report: Callable[[int], None]) -> ImpliedEffects:
    """Return the effects of a job's worlds; ``report`` is called with the subjects simulated so far."""
    at_once = worlds_at_once(job.subjects)
    blocks = range(-(-len(job.places) // at_once))
    found: dict[int, ImpliedEffects] = {}
    report(0)
    for block, effects in finished(partial(_do_block, job), blocks, workers, "block"):
        found[block] = effects
        report(sum(len(each.log_odds_ratio) for each in found.values()) * job.subjects)
    return joined_effects([found[block] for block in blocks])


def _do_block(job: _Job, block: int) -> tuple[int, ImpliedEffects]:
    trial, worlds = _prepare(job)
    at_once = worlds_at_once(job.subjects)
    chosen = np.arange(block * at_once, min((block + 1) * at_once, worlds.size))
    return block, implied_effects(trial, worlds.take(chosen), job.shift)


@lru_cache(maxsize=1)
@returns_read_only
def _prepare(job: _Job) -> tuple[ReferenceTrial, Worlds]:
    model = build_model()
    trial = _reference_trial(job.evidence, model, job.enrolled, 1)
    worlds = draw_worlds(model, job.evidence, job.drawn, CALIBRATION_SEED).take(np.array(job.places))
    return replace(trial, population=trial.population.take(np.arange(job.subjects))), worlds


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
    order = stable_order(effect)
    places: np.ndarray = order[np.linspace(0, len(effect) - 1, min(count, len(effect))).round().astype(int)]
    return places


def _corrected(rough: FloatArray, exact: FloatArray, places: np.ndarray) -> FloatArray:
    slope, offset = np.polyfit(rough[places], exact, 1)
    corrected: FloatArray = slope * rough + offset
    return corrected
