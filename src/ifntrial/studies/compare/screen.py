"""Screen one stream of virtual candidates for several designs, so that designs share the patients they share."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ifntrial.arrays import BoolArray, IndexArray
from ifntrial.clinic.enroll import CANDIDATES_PER_PLACE
from ifntrial.design.design import TrialDesign
from ifntrial.errors import InputError
from ifntrial.patients.records import VirtualPopulation
from ifntrial.patients.thinning import PatientPool, growing_admissions

BASELINE_MARKERS = {"nt_probnp": "nt_probnp_baseline"}
"""Covariates that entry criteria may read beside those of the population, and the subject parameter behind each."""


@dataclass(frozen=True, slots=True)
class CommonSubjects:
    """Everyone that some design enrolls.

    Parameters
    ----------
    population
        The subjects, in the order in which they were screened, each once.
    is_member
        Name of a design to whether it enrolls each subject, shape (subjects,).
    screened
        Name of a design to the number of patients it screened.
    """

    population: VirtualPopulation
    is_member: dict[str, BoolArray]
    screened: dict[str, int]


def screen_common(
    designs: Sequence[TrialDesign], pool: PatientPool, subjects: int, seed: int
) -> CommonSubjects:
    """Return the first ``subjects`` eligible candidates of each design, all from the same stream of candidates.

    Raises
    ------
    InputError
        If the entry criteria of a design let hardly anyone in.
    """
    for admission in growing_admissions(pool, 2 * subjects, seed):
        patients = with_baseline_markers(admission.candidates.take(admission.admitted))
        eligible = {design.name: np.flatnonzero(_is_eligible(design, patients)) for design in designs}
        lacking = {name: len(places) for name, places in eligible.items() if len(places) < subjects}
        if not lacking:
            return _common(patients, {name: places[:subjects] for name, places in eligible.items()})
        if patients.size > CANDIDATES_PER_PLACE * max(subjects, 50):
            break
    raise InputError(
        "the entry criteria of a design let too few virtual patients in",
        problems=[f"design '{name}': {count} of {patients.size} patients" for name, count in lacking.items()],
        allowed=f"at least one in {CANDIDATES_PER_PLACE}",
        fix="widen the eligibility, or check the covariate names and units in it",
    )


def with_baseline_markers(population: VirtualPopulation) -> VirtualPopulation:
    """Return the population with the markers at baseline among its covariates."""
    added = {
        name: population.parameters[parameter]
        for name, parameter in BASELINE_MARKERS.items()
        if name not in population.covariates
    }
    return replace(population, covariates={**population.covariates, **added})


def _is_eligible(design: TrialDesign, candidates: VirtualPopulation) -> BoolArray:
    met = np.ones(candidates.size, dtype=bool)
    for condition in design.criteria():
        met &= condition.holds(dict(candidates.covariates))
    return met


def _common(candidates: VirtualPopulation, chosen: dict[str, IndexArray]) -> CommonSubjects:
    everyone = np.unique(np.concatenate(list(chosen.values())))
    return CommonSubjects(
        population=candidates.take(everyone),
        is_member={name: np.isin(everyone, places) for name, places in chosen.items()},
        screened={name: int(places[-1]) + 1 for name, places in chosen.items()},
    )
