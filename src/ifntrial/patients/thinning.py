"""Candidates become patients: the implausible are left out, and the plausible thinned by their frozen weight.

A patient of weight 2 is kept twice as often as one of weight 1. Whoever is kept counts once, so that no analysis
needs weights; each candidate's fate depends on the candidate alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import IndexArray, WordArray
from ifntrial.errors import RunError
from ifntrial.evidence.records import Evidence
from ifntrial.model import Model
from ifntrial.patients.plausible import OK, plausibility
from ifntrial.patients.records import VirtualPopulation
from ifntrial.patients.sample import sample_population
from ifntrial.patients.weights import PatientCalibration
from ifntrial.seeds import Stream

THINNED = "thinned"
CANDIDATES_PER_PATIENT = 6
_FEWEST = 200
_MOST_ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Admission:
    """Candidates, and what became of each.

    Parameters
    ----------
    candidates
        In the order of their numbers.
    status
        ``ok``, ``thinned``, or the reason why the candidate is implausible, shape (subjects,).
    """

    candidates: VirtualPopulation
    status: WordArray

    @property
    def admitted(self) -> IndexArray:
        """Positions of the candidates who are patients."""
        return np.flatnonzero(self.status == OK)

    def count(self, until: int) -> tuple[dict[str, int], int]:
        """Return the implausible by reason, and the thinned, among the first ``until`` candidates."""
        words, counts = np.unique(self.status[:until], return_counts=True)
        found = {str(word): int(count) for word, count in zip(words, counts, strict=True)}
        thinned = found.pop(THINNED, 0)
        found.pop(OK, None)
        return found, thinned


@dataclass(frozen=True, slots=True)
class PatientPool:
    """Where patients come from.

    Parameters
    ----------
    model, evidence
        What candidates are drawn from.
    weights
        Frozen; the plausible are thinned by them.
    """

    model: Model
    evidence: Evidence
    weights: PatientCalibration


def admit(pool: PatientPool, candidates: int, seed: int, *, first: int = 0) -> Admission:
    """Draw candidates ``first .. first + candidates - 1`` of a seed, and say what becomes of each."""
    drawn = sample_population(pool.model, pool.evidence, candidates, seed, first=first)
    status = plausibility(drawn, pool.model, pool.evidence)
    luck = Stream(seed, "population: entry").uniform(candidates, first=first)
    is_thinned = luck >= pool.weights.weight(drawn, pool.evidence) / pool.weights.cap
    return Admission(drawn, np.where((status == OK) & is_thinned, THINNED, status).astype(np.str_))


def growing_admissions(pool: PatientPool, patients: int, seed: int) -> Iterator[Admission]:
    """Yield ever larger admissions of the same stream of candidates, the first for about so many patients."""
    size = max(CANDIDATES_PER_PATIENT * patients, _FEWEST)
    for _ in range(_MOST_ROUNDS):
        yield admit(pool, size, seed)
        size *= 2


def draw_patients(pool: PatientPool, subjects: int, seed: int) -> VirtualPopulation:
    """Return the first ``subjects`` patients of a seed; asking for more leaves the first ones unchanged.

    Raises
    ------
    RunError
        If hardly any candidate is a plausible patient.
    """
    for admission in growing_admissions(pool, subjects, seed):
        if len(admission.admitted) >= subjects:
            return admission.candidates.take(admission.admitted[:subjects])
    raise RunError(
        "hardly any candidate is a plausible patient",
        given=f"{len(admission.admitted)} of {admission.candidates.size}",
        fix="look at the rows 'population.*' and 'plausible.*'",
    )
