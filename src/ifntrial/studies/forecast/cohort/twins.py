"""Virtual patients that match the signatures of real ones: chosen from many by side and tone, never changed."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ifntrial.clinic.enroll import Enrollment, enroll
from ifntrial.design.design import TrialDesign
from ifntrial.errors import InputError
from ifntrial.patients.records import VirtualPopulation
from ifntrial.patients.thinning import PatientPool
from ifntrial.studies.forecast.cohort.patients import CohortPatient

CANDIDATES_PER_TWIN = 8
FEWEST_TWINS = 30
"""A band over fewer virtual patients would tell of those few."""


def subjects_for(patients: Sequence[CohortPatient], subjects: int) -> int:
    """Return how many subjects a world needs so that every scored patient has ``FEWEST_TWINS``; ``subjects`` at least."""
    scored = sum(patient.probability_high is not None for patient in patients)
    return max(subjects, FEWEST_TWINS * scored)


def enroll_twins(
    patients: Sequence[CohortPatient],
    design: TrialDesign,
    pool: PatientPool,
    subjects: int,
    seed: int,
) -> tuple[Enrollment, np.ndarray]:
    """Return virtual patients that match the scored ones, and for each the position of its patient.

    ``subjects`` are shared evenly, at least ``FEWEST_TWINS`` for each patient. Virtual patients are eligible for the
    design and keep all their correlations: they are chosen, not changed, and no patient gets one of them twice.
    """
    scored = [i for i, patient in enumerate(patients) if patient.probability_high is not None]
    each = max(FEWEST_TWINS, subjects // len(scored))
    enrolled = enroll(design, pool, CANDIDATES_PER_TWIN * each * len(scored), seed)
    free = {is_high: _by_tone(enrolled.population, is_high) for is_high in (True, False)}
    chosen: list[np.ndarray] = []
    owner: list[int] = []
    for i in scored:
        patient = patients[i]
        high = round(each * float(patient.probability_high or 0.0))
        for is_high, count in ((True, high), (False, each - high)):
            chosen.append(_side_by_side(free[is_high], patient.quantile, count))
            owner += [i] * count
    return (
        replace(enrolled, population=enrolled.population.take(np.concatenate(chosen))),
        np.array(owner),
    )


def _side_by_side(ladder: np.ndarray, quantile: float, count: int) -> np.ndarray:
    """Return the virtual patients around a place of the ladder, all of them different.

    Raises
    ------
    InputError
        If there are fewer than are wanted.
    """
    if count > len(ladder):
        raise InputError(
            "too few virtual patients have this signature",
            given=f"{len(ladder)} of {count}",
            fix="ask for more --subjects",
        )
    first = round(quantile * (len(ladder) - 1) - (count - 1) / 2)
    start = int(np.clip(first, 0, len(ladder) - count))
    return ladder[start : start + count]


def _by_tone(population: VirtualPopulation, is_high: bool) -> np.ndarray:
    """Return the positions of one side, ordered by tone in blood."""
    side = np.flatnonzero(population.covariates["is_ifn_high"].astype(bool) == is_high)
    if len(side) == 0:
        raise InputError(
            "no virtual patient has this signature", given=f"high: {is_high}", fix="ask for more --subjects"
        )
    return side[np.argsort(population.parameters["ifn_tone_blood"][side], kind="stable")]
