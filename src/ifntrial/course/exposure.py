"""Follow one regimen in a population: concentration, occupancy and signature over time."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.course.assemble import subject_parameters, typical_world
from ifntrial.course.simulate import simulate_subjects
from ifntrial.dosing.regimen import Regimen
from ifntrial.errors import resolve_name
from ifntrial.levels import BAND
from ifntrial.patients.entry_rows import ENTRY
from ifntrial.patients.records import VirtualPopulation
from ifntrial.patients.thinning import PatientPool, draw_patients
from ifntrial.solver import Progress, Trajectories

READ_OUTS = (
    "concentration",
    "occupancy_blood",
    "occupancy_skin",
    "ifn_alpha_bound_blood",
    "ifn_alpha_bound_skin",
    "kinase_inhibition_blood",
    "kinase_inhibition_skin",
    "ifn_driven_suppression_blood",
    "ifn_driven_suppression_skin",
    "signature_suppression_blood",
    "signature_suppression_skin",
    "signature_blood",
    "signature_skin",
)

SELECTIONS = {
    "all": "early systemic sclerosis, as in DAISY",
    "ifn-high": "the same, high signature in blood",
    "ifn-low": "the same, low signature in blood",
    "healthy": "healthy volunteers: clearance as at a low signature, signature near zero",
}


@dataclass(frozen=True, slots=True)
class Exposure:
    """The course of a regimen.

    Parameters
    ----------
    time_days
        Times [day], shape (times,).
    subjects
        Read-out to values, each (subjects, times).
    typical
        Read-out to the course of the typical subject, each (times,).
    status
        One word per subject, shape (subjects,).
    population
        The subjects.
    """

    time_days: FloatArray
    subjects: Mapping[str, FloatArray]
    typical: Mapping[str, FloatArray]
    status: np.ndarray
    population: VirtualPopulation

    def percentiles(self, name: str) -> dict[int, FloatArray]:
        """Return the 5th, 50th and 95th percentile of a read-out over subjects that were solved, each (times,)."""
        values = self.subjects[name][self.status == "ok"]
        found = (
            np.percentile(values, BAND, axis=0) if len(values) else np.full((3, len(self.time_days)), np.nan)
        )
        return dict(zip(BAND, found, strict=True))


def select_population(pool: PatientPool, selection: str, subjects: int, seed: int) -> VirtualPopulation:
    """Return the first ``subjects`` members of a selection of the virtual population.

    Raises
    ------
    UnknownNameError
        If the selection is not one of ``SELECTIONS``.
    """
    resolve_name(selection, SELECTIONS, "population")
    if selection == "all":
        return draw_patients(pool, subjects, seed)
    # Both signatures are common, so that a few times as many candidates always hold enough of either.
    candidates = draw_patients(pool, 6 * subjects + 100, seed)
    is_high = candidates.covariates["is_ifn_high"].astype(bool)
    chosen = np.flatnonzero(is_high if selection == "ifn-high" else ~is_high)[:subjects]
    return candidates.take(chosen)


def follow_regimen(
    pool: PatientPool,
    regimen: Regimen,
    time_days: FloatArray,
    *,
    subjects: int,
    seed: int,
    selection: str = "all",
    workers: int = 1,
    progress: Progress | None = None,
) -> Exposure:
    """Return exposure and signature of a population in the typical world, and of its typical subject.

    Parameters
    ----------
    time_days
        When to look [day], shape (times,).
    subjects, seed, selection
        Who: how many of which selection, and the seed.
    progress
        Called a few times per second with (subjects begun, subjects in all).
    """
    model, evidence = pool.model, pool.evidence
    population = select_population(pool, selection, subjects, seed)
    world = typical_world(model, evidence)

    def run(parameters: Mapping[str, FloatArray], told: Progress | None = None) -> Trajectories:
        return simulate_subjects(
            model,
            parameters,
            regimen,
            time_days,
            READ_OUTS,
            workers=workers,
            progress=told,
        )

    found = run(subject_parameters(model, evidence, population, world, 0), progress)
    typical = {name: values.copy() for name, values in world.parameters.items()}
    if selection in ("ifn-low", "healthy"):
        typical["is_ifn_low"] = np.ones(1)
        typical["ifn_tone_blood"] = np.full(1, ENTRY.read(evidence).ifn_tone_low_median)
    center = run(typical)
    return Exposure(
        time_days=time_days,
        subjects={name: found.of(name) for name in READ_OUTS},
        typical={name: center.of(name)[0] for name in READ_OUTS},
        status=found.words,
        population=population,
    )
