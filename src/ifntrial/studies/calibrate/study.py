"""Make the frozen calibration: structural worlds, and what each implies on common subjects of the reference trial."""

from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.catalog import Catalog
from ifntrial.studies.blocks import Block
from ifntrial.studies.calibrate.implied import (
    ImpliedWorld,
    implied_world,
    reference_shift,
    with_shift,
    worlds_at_once,
)
from ifntrial.studies.calibrate.predict import predict_rows
from ifntrial.studies.common_trial import CommonTrial, common_trial, simulate_arms
from ifntrial.studies.plans import claimed, plan_text
from ifntrial.studies.runs import Report, WorldRun, do_absent, each_world
from ifntrial.ties import stable_order
from ifntrial.worlds.calibration import CALIBRATION_SEED, Calibration, calibration_fingerprint
from ifntrial.worlds.draw import Worlds, draw_worlds
from ifntrial.worlds.efficacy import ImpliedEffects

REFERENCE_DESIGN = "daisy"
REPLICATES = 8
LARGE_WORLDS, LARGE_SUBJECTS = 80, 2000
"""So many worlds are simulated again on so many subjects, to take out what is peculiar to the common ones."""

COMMON, MANY = "common", "many"
"""The folders of the blocks of all worlds on common subjects, and of a few worlds on many."""


@dataclass(frozen=True, slots=True)
class CalibrationPlan:
    """Everything that decides the numbers of a calibration beside the evidence and the model.

    Parameters
    ----------
    worlds, subjects
        Structural worlds, and common subjects in each.
    many_worlds, many_subjects
        Of the correction.
    """

    worlds: int
    subjects: int
    many_worlds: int
    many_subjects: int
    design: str = REFERENCE_DESIGN
    seed: int = CALIBRATION_SEED
    replicates: int = REPLICATES


def calibrate(
    catalog: Catalog,
    worlds: int,
    subjects: int,
    workers: int = 1,
    report: Report = lambda done, total: None,
    *,
    large: tuple[int, int] = (LARGE_WORLDS, LARGE_SUBJECTS),
    folder: Path | None = None,
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
    folder
        Where finished worlds are kept, so that a stopped calibration resumes; None: nowhere.

    Raises
    ------
    RunError
        If a world cannot be simulated, or the folder holds another run.
    """
    evidence = catalog.evidence
    plan = CalibrationPlan(worlds, subjects, *large)
    many = common_trial(
        catalog,
        catalog.designs[REFERENCE_DESIGN],
        subjects=plan.many_subjects,
        seed=CALIBRATION_SEED,
        replicates=REPLICATES,
    )
    drawn = draw_worlds(many.model, evidence, worlds, CALIBRATION_SEED)
    shift = reference_shift(many, workers)
    common = replace(many, population=many.population.take(np.arange(subjects)))
    text = plan_text(plan, catalog, worlds, worlds_at_once(subjects))
    total = worlds * subjects + min(plan.many_worlds, worlds) * plan.many_subjects
    with (
        nullcontext(folder) if folder is not None else TemporaryDirectory() as place,
        claimed(Path(place), text, (COMMON, MANY)),
    ):
        rough = _effects(
            _Job(common, drawn, shift),
            _run_in(Path(place), text, COMMON, worlds, subjects),
            workers,
            lambda done, _: report(done * subjects, total),
        )
        places = _spread_out(rough.log_odds_ratio, plan.many_worlds)
        exact = _effects(
            _Job(many, drawn.take(places), shift),
            _run_in(Path(place), text, MANY, len(places), plan.many_subjects),
            workers,
            lambda done, _: report(worlds * subjects + done * plan.many_subjects, total),
        )
    return Calibration(
        implied=ImpliedEffects(
            log_odds_ratio=_corrected(rough.log_odds_ratio, exact.log_odds_ratio, places),
            mrss_difference=_corrected(rough.mrss_difference, exact.mrss_difference, places),
            fvc_difference=_corrected(rough.fvc_difference, exact.fvc_difference, places),
            predictions=predict_rows(many.model, evidence, drawn, workers),
        ),
        seed=CALIBRATION_SEED,
        fingerprint=calibration_fingerprint(evidence, catalog.patients, catalog.used_parameters),
        subjects=subjects,
        replicates=REPLICATES,
        shift=shift,
    )


@dataclass(frozen=True, slots=True)
class _Job:
    """Worlds whose effects are wanted at a trial effect [trial standard deviations], and on whom."""

    trial: CommonTrial
    worlds: Worlds
    shift: float


def _run_in(folder: Path, plan: str, kind: str, worlds: int, subjects: int) -> WorldRun[ImpliedWorld]:
    return WorldRun(folder, plan, worlds, worlds_at_once(subjects), ImpliedWorld, kind)


@dataclass(frozen=True, slots=True)
class _Effects:
    """Effects of worlds, each (worlds,), see ``ImpliedWorld``."""

    log_odds_ratio: FloatArray
    mrss_difference: FloatArray
    fvc_difference: FloatArray


def _effects(job: _Job, run: WorldRun[ImpliedWorld], workers: int, report: Report) -> _Effects:
    do_absent(run, partial(_do_block, job, run), workers, report)
    found = [world for _, world in run.records()]
    return _Effects(
        np.array([world.log_odds_ratio for world in found]),
        np.array([world.mrss_difference for world in found]),
        np.array([world.fvc_difference for world in found]),
    )


def _do_block(job: _Job, run: WorldRun[ImpliedWorld], block: Block) -> None:
    trial, first = job.trial, block.worlds[0]
    worlds = with_shift(trial.evidence, job.worlds.take(np.array(block.worlds)), job.shift)
    arms = simulate_arms(trial, worlds)
    run.write(block, each_world(lambda place: implied_world(trial, *arms[place - first]), block))


def _spread_out(effect: FloatArray, count: int) -> np.ndarray:
    """Return the positions of ``count`` worlds, evenly over the ranks of their effects."""
    order = stable_order(effect)
    places: np.ndarray = order[np.linspace(0, len(effect) - 1, min(count, len(effect))).round().astype(int)]
    return places


def _corrected(rough: FloatArray, exact: FloatArray, places: np.ndarray) -> FloatArray:
    slope, offset = np.polyfit(rough[places], exact, 1)
    corrected: FloatArray = slope * rough + offset
    return corrected
