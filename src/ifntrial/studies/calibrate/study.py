"""Make the frozen calibration: structural worlds, and what each implies at every address.

Worlds that hardly meet the published drug levels and signatures would weigh nothing, so most of them are not simulated:
of many candidates each is kept with a chance in proportion to how well it meets them, and counts by one over it.
"""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.catalog import Catalog
from ifntrial.design.design import TrialDesign
from ifntrial.seeds import Stream
from ifntrial.studies.blocks import Block
from ifntrial.studies.calibrate.implied import (
    ImpliedWorld,
    SharedTrial,
    implied_worlds,
    shared_trials,
)
from ifntrial.studies.calibrate.predict import predict_rows
from ifntrial.studies.common_trial import worlds_together
from ifntrial.studies.executors import Workers, executor_of, workers_here
from ifntrial.studies.fill_in import Report, do_absent
from ifntrial.studies.plans import claimed, plan_text, run_folder
from ifntrial.studies.runs import WorldRow, WorldRun
from ifntrial.ties import stable_order
from ifntrial.worlds.calibration import CALIBRATION_SEED, Calibration, calibration_fingerprint
from ifntrial.worlds.draw import Worlds, draw_worlds
from ifntrial.worlds.implied import EffectAtAddress, ImpliedEffects
from ifntrial.worlds.posterior import data_likelihood

CANDIDATES_OF_A_WORLD = 5
INTERFERON_GIVEN = "interferon_alpha"
"""Drug of the one trial that gave interferon."""
REPLICATES = 8
MANY_WORLDS, MANY_SUBJECTS = 60, 9000
"""So many worlds are simulated again on so many patients, to take out what is peculiar to the common ones."""
CHECK_WORLDS, CHECK_SUBJECTS = 60, 2000
"""And so many others on patients whom nothing else has seen: what beliefs become there is the check of a forecast."""

COMMON, MANY, CHECK = "common", "many", "check"
"""The folders of the blocks of all worlds on common patients, of a few on many, and of others on fresh ones."""
STAGES = (COMMON, MANY, CHECK)
"""One after another: which worlds the later ones hold hangs on what the first one found."""


@dataclass(frozen=True, slots=True)
class CalibrationPlan:
    """Everything that decides the numbers of a calibration beside the evidence and the model.

    Parameters
    ----------
    worlds, subjects
        Structural worlds that are kept, about, and common patients in each.
    candidates
        Structural worlds that are drawn.
    many_worlds, many_subjects
        Of the correction.
    check_worlds, check_subjects
        Of the check.
    addresses
        The statements that worlds are asked for.
    """

    worlds: int
    subjects: int
    candidates: int
    many_worlds: int
    many_subjects: int
    check_worlds: int
    check_subjects: int
    addresses: tuple[TrialDesign, ...]
    seed: int = CALIBRATION_SEED
    replicates: int = REPLICATES


def calibrate(
    catalog: Catalog,
    worlds: int,
    subjects: int,
    workers: Workers = 1,
    report: Report = lambda done, total: None,
    *,
    many: tuple[int, int] = (MANY_WORLDS, MANY_SUBJECTS),
    check: tuple[int, int] = (CHECK_WORLDS, CHECK_SUBJECTS),
    folder: Path | None = None,
) -> Calibration:
    """Return what about ``worlds`` structural worlds imply on ``subjects`` common patients at every address.

    Effects on a hundred or two common patients share one sampling error: all worlds look a little too good or too bad
    together. A few worlds, spread over the range of effects, are therefore simulated on many patients as well, and a
    straight line through the pairs corrects all worlds. Others are simulated on patients whom nothing else has seen, for
    the check of what a belief becomes.

    Parameters
    ----------
    worlds, subjects
        Structural worlds, and common patients in each.
    workers
        Processes.
    report
        Called with patients simulated and in all, each once for each of its worlds.
    many, check
        Number of worlds of the correction, and of patients in it; the same of the check.
    folder
        Where finished worlds are kept, so that a stopped calibration resumes; None: nowhere.

    Raises
    ------
    RunError
        If a world cannot be simulated, or the folder holds another run.
    """
    evidence, addresses = catalog.evidence, tuple(catalog.addresses.values())
    plan = CalibrationPlan(worlds, subjects, CANDIDATES_OF_A_WORLD * worlds, *many, *check, addresses)
    candidates = draw_worlds(catalog.model(), evidence, plan.candidates, plan.seed)
    interferon = catalog.model(INTERFERON_GIVEN)
    predictions = predict_rows(catalog.model(), interferon, evidence, candidates, workers_here(workers))
    chance = _chance_to_be_kept(data_likelihood(predictions, evidence), worlds)
    number = np.flatnonzero(Stream(plan.seed, "worlds that are kept").uniform(plan.candidates) < chance)
    kept = candidates.take(number)
    trials = shared_trials(
        catalog,
        addresses,
        subjects=max(subjects, plan.many_subjects) + plan.check_subjects,
        seed=plan.seed,
        replicates=plan.replicates,
    )
    text = plan_text(plan, catalog, len(number), worlds_together(subjects))
    with run_folder(folder) as place, claimed(place, text, STAGES, executor_of(workers).access):
        run = _Run(catalog, place, text, trials, kept, workers, report, plan)
        rough = run.effects(COMMON, np.arange(kept.size), np.arange(subjects))
        order = stable_order(next(iter(rough.values())).effect)
        corrected_at = order[_spread(len(order), plan.many_worlds, 0.0)]
        exact = run.effects(MANY, corrected_at, np.arange(plan.many_subjects))
        checked = order[_spread(len(order), plan.check_worlds, 0.5)]
        fresh = run.effects(CHECK, checked, -1 - np.arange(plan.check_subjects))
    return Calibration(
        implied=ImpliedEffects(
            number=number,
            chance=chance[number],
            is_protective=kept.is_protective,
            at={
                each.name: EffectAtAddress(
                    effect=_corrected(rough[each.name].effect, exact[each.name].effect, corrected_at),
                    control=_corrected(rough[each.name].control, exact[each.name].control, corrected_at),
                    standard_error=float(exact[each.name].standard_error.mean()),
                    is_lower_better=not catalog.endpoints[each.primary.endpoint].higher_is_better,
                    checked=checked,
                    checked_effect=fresh[each.name].effect,
                )
                for each in addresses
            },
            predictions=predictions,
        ),
        seed=plan.seed,
        fingerprint=calibration_fingerprint(
            evidence, catalog.patients, catalog.used_parameters, catalog.address_contents
        ),
        candidates=plan.candidates,
        subjects=subjects,
        replicates=plan.replicates,
        many_subjects=plan.many_subjects,
        check_subjects=plan.check_subjects,
    )


def _chance_to_be_kept(likelihood: FloatArray, worlds: int) -> FloatArray:
    """Return chances in proportion to the likelihood, at most one, that sum to the number of worlds wanted."""
    low, high = 0.0, worlds / float(likelihood[likelihood > 0].min())
    for _ in range(200):
        middle = 0.5 * (low + high)
        if np.minimum(1.0, middle * likelihood).sum() < worlds:
            low = middle
        else:
            high = middle
    return np.minimum(1.0, high * likelihood)


@dataclass(frozen=True, slots=True)
class _Effects:
    """``ImpliedEffect`` of worlds at one address, each (worlds,)."""

    effect: FloatArray
    control: FloatArray
    standard_error: FloatArray


@dataclass(frozen=True, slots=True)
class _Run:
    """A calibration at work in a folder."""

    catalog: Catalog
    folder: Path
    text: str
    trials: tuple[SharedTrial, ...]
    worlds: Worlds
    workers: Workers
    report: Report
    plan: CalibrationPlan

    def effects(self, kind: str, places: np.ndarray, subjects: np.ndarray) -> dict[str, _Effects]:
        """Return what worlds at some places imply on some patients, by address."""
        run = WorldRun(
            self.folder,
            self.text,
            len(places),
            worlds_together(len(subjects)),
            ImpliedWorld,
            kind,
            stage=STAGES.index(kind),
        )
        job = _Job(self.catalog, tuple(each.on(subjects) for each in self.trials), self.worlds.take(places))
        before, total = self._before(kind), sum(self._sizes().values())
        do_absent(
            run,
            partial(_do_block, job, run),
            self.workers,
            lambda done, _: self.report(before + done * len(subjects), total),
            is_last=kind == STAGES[-1],
        )
        found = [world.at for _, world in run.records()]
        return {
            name: _Effects(
                *(
                    np.array([getattr(at[name], column) for at in found])
                    for column in ("effect", "control", "standard_error")
                )
            )
            for name in found[0]
        }

    def _sizes(self) -> dict[str, int]:
        plan, worlds = self.plan, self.worlds.size
        return {
            COMMON: worlds * plan.subjects,
            MANY: min(plan.many_worlds, worlds) * plan.many_subjects,
            CHECK: min(plan.check_worlds, worlds) * plan.check_subjects,
        }

    def _before(self, kind: str) -> int:
        sizes = self._sizes()
        return sum(list(sizes.values())[: list(sizes).index(kind)])


@dataclass(frozen=True, slots=True)
class _Job:
    """Worlds whose effects are wanted, and in which trials."""

    catalog: Catalog
    trials: tuple[SharedTrial, ...]
    worlds: Worlds


def _do_block(job: _Job, run: WorldRun[ImpliedWorld], block: Block) -> None:
    found = implied_worlds(job.catalog, job.trials, job.worlds.take(np.array(block.worlds)))
    run.write(
        block, [WorldRow(place, ImpliedWorld(at)) for place, at in zip(block.worlds, found, strict=True)]
    )


def _spread(worlds: int, count: int, start: float) -> np.ndarray:
    """Return ``count`` places among so many, evenly; ``start`` is where in its stretch each lies, from 0 to 1."""
    chosen = min(count, worlds)
    places: np.ndarray = np.minimum(((np.arange(chosen) + start) * (worlds / chosen)).astype(int), worlds - 1)
    return places


def _corrected(rough: FloatArray, exact: FloatArray, places: np.ndarray) -> FloatArray:
    slope, offset = np.polyfit(rough[places], exact, 1)
    corrected: FloatArray = slope * rough + offset
    return corrected
