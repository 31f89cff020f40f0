"""Screen virtual candidates against a design's entry criteria until enough are enrolled."""

from dataclasses import dataclass, field

import numpy as np

from ifntrial.design.design import TrialDesign
from ifntrial.errors import InputError
from ifntrial.patients.records import VirtualPopulation
from ifntrial.patients.thinning import PatientPool, growing_admissions

CANDIDATES_PER_PLACE = 60
"""A design that fewer than one in this many patients can enter is refused."""


@dataclass(frozen=True, slots=True)
class Enrollment:
    """Who was enrolled, and why others were not.

    Parameters
    ----------
    population
        The enrolled, in the order in which they were screened.
    screened
        Number of candidates drawn; enrolled, implausible, thinned and refused add up to it.
    refused
        Text of the first criterion not met to the number of patients.
    implausible
        Reason to the number of candidates who are no plausible patients.
    thinned
        Number of plausible candidates left out so that the rest look like published ones.
    """

    population: VirtualPopulation
    screened: int
    refused: dict[str, int]
    implausible: dict[str, int] = field(default_factory=dict)
    thinned: int = 0


def enroll(design: TrialDesign, pool: PatientPool, subjects: int, seed: int) -> Enrollment:
    """Return ``subjects`` eligible virtual patients; asking for more leaves the first ones unchanged.

    Raises
    ------
    InputError
        If the entry criteria let hardly anyone in.
    """
    for admission in growing_admissions(pool, 2 * subjects, seed):
        patients = admission.admitted
        first_failure = _first_failure(design, admission.candidates.take(patients))
        eligible = np.flatnonzero(first_failure < 0)
        if len(eligible) >= subjects:
            last = eligible[subjects - 1]
            failures, screened = first_failure[: last + 1], int(patients[last]) + 1
            implausible, thinned = admission.count(screened)
            return Enrollment(
                population=admission.candidates.take(patients[eligible[:subjects]]),
                screened=screened,
                refused={
                    criterion.text: int(np.sum(failures == i))
                    for i, criterion in enumerate(design.eligibility)
                },
                implausible=implausible,
                thinned=thinned,
            )
        if len(patients) > CANDIDATES_PER_PLACE * max(subjects, 50):
            break
    raise InputError(
        f"the entry criteria of design '{design.name}' let too few virtual patients in",
        given=f"{len(eligible)} of {len(first_failure)} patients",
        allowed=f"at least one in {CANDIDATES_PER_PLACE}",
        fix="widen the eligibility, or check the covariate names and units in it",
    )


def _first_failure(design: TrialDesign, candidates: VirtualPopulation) -> np.ndarray:
    """Return for each candidate the place of the first criterion not met, or -1, shape (subjects,)."""
    first = np.full(candidates.size, -1)
    for place, condition in reversed(list(enumerate(design.criteria()))):
        first = np.where(condition.holds(dict(candidates.covariates)), first, place)
    return first
