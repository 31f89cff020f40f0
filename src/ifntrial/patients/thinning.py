"""Candidates become patients: the implausible are left out, and the plausible thinned by their frozen weight.

A patient of weight 2 is kept twice as often as one of weight 1. Whoever is kept counts once, so that no analysis
needs weights; each candidate's fate depends on the candidate alone. Weights take longer than all else: of candidates
whom a trial would not let in they are not asked for.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import AnyArray, BoolArray, IndexArray, WordArray
from ifntrial.errors import RunError
from ifntrial.evidence.records import Evidence
from ifntrial.model import Model
from ifntrial.patients.plausible import OK, plausibility
from ifntrial.patients.records import VirtualPopulation, join_populations
from ifntrial.patients.sample import sample_population
from ifntrial.patients.weights import PatientCalibration
from ifntrial.seeds import Stream

THINNED, REFUSED = "thinned", "refused"
CANDIDATES_PER_PATIENT = 6
_FEWEST, _BLOCK = 200, 20_000
_MOST_ROUNDS = 9
_MOST_CANDIDATES_PER_PATIENT = 200


@dataclass(frozen=True, slots=True)
class Admission:
    """Candidates, and what became of each.

    Parameters
    ----------
    candidates
        In the order of their numbers.
    status
        ``ok``, ``thinned``, ``refused`` of those who are not wanted, or the reason why the candidate is implausible,
        shape (subjects,).
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
        for word in (OK, REFUSED):
            found.pop(word, None)
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


Wanted = Callable[[VirtualPopulation], BoolArray]


def admit(
    pool: PatientPool, candidates: int, seed: int, *, first: int = 0, wanted: Wanted | None = None
) -> Admission:
    """Draw candidates ``first .. first + candidates - 1`` of a seed, and say what becomes of each.

    Parameters
    ----------
    wanted
        Candidates to whether they are wanted, shape (subjects,); None for everyone.
    """
    drawn = sample_population(pool.model, pool.evidence, candidates, seed, first=first)
    status: AnyArray = plausibility(drawn, pool.model, pool.evidence).astype(object)
    if wanted is not None:
        status[(status == OK) & ~wanted(drawn)] = REFUSED
    luck = Stream(seed, "population: entry").uniform(candidates, first=first)
    asked = np.flatnonzero(status == OK)
    weight = pool.weights.weight(drawn.take(asked), pool.evidence)
    status[asked[luck[asked] >= weight / pool.weights.cap]] = THINNED
    return Admission(drawn, status.astype(np.str_))


def blocks_of_admissions(
    pool: PatientPool, patients: int, seed: int, wanted: Wanted | None = None
) -> Iterator[Admission]:
    """Yield the stream of candidates block by block, without end; a block is about enough for so many patients."""
    size, first = int(np.clip(CANDIDATES_PER_PATIENT * patients, _FEWEST, _BLOCK)), 0
    while True:
        yield admit(pool, size, seed, first=first, wanted=wanted)
        first += size
        size = min(2 * size, _BLOCK)


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
    found: list[VirtualPopulation] = []
    drawn = 0
    for admission in blocks_of_admissions(pool, subjects, seed):
        found.append(admission.candidates.take(admission.admitted))
        drawn += admission.candidates.size
        size = sum(each.size for each in found)
        if size >= subjects:
            return join_populations(found).take(np.arange(subjects))
        if drawn > _MOST_CANDIDATES_PER_PATIENT * max(subjects, _FEWEST):
            break
    raise RunError(
        "hardly any candidate is a plausible patient",
        given=f"{size} of {drawn}",
        fix="look at the rows 'population.*' and 'plausible.*'",
    )
