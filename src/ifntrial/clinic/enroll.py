"""Screen virtual candidates against a design's entry criteria until enough are enrolled.

Criteria look at what screening reads (``patients.screening``), never at true scores.
"""

from dataclasses import dataclass, field

import numpy as np

from ifntrial.design.design import TrialDesign
from ifntrial.errors import InputError
from ifntrial.patients.plausible import OK
from ifntrial.patients.records import VirtualPopulation, join_populations
from ifntrial.patients.thinning import (
    REFUSED,
    THINNED,
    Admission,
    PatientPool,
    Wanted,
    blocks_of_admissions,
)

CANDIDATES_PER_PLACE = 1_000
"""A design that fewer than one in this many candidates can enter is refused: trials look for the rare."""

_FEWEST_SEEN = 20_000
"""So many are looked at before a design is refused."""


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
        Text of the first criterion not met to the number of plausible candidates.
    implausible
        Reason to the number of candidates who are no plausible patients.
    thinned
        Number of eligible candidates left out so that the rest look like published ones.
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
    tally, let_in = _Tally(design), 0
    for admission in blocks_of_admissions(pool, 2 * subjects, seed, _eligible(design)):
        tally.add(admission, subjects)
        if tally.size >= subjects:
            return tally.enrollment()
        let_in += int(np.isin(admission.status, (OK, THINNED)).sum())
        if tally.screened >= _FEWEST_SEEN and let_in * CANDIDATES_PER_PLACE < tally.screened:
            break
    raise InputError(
        f"the entry criteria of design '{design.name}' let too few virtual patients in",
        given=f"{let_in} of {tally.screened} patients",
        allowed=f"at least one in {CANDIDATES_PER_PLACE}",
        fix="widen the eligibility, or check the covariate names and units in it",
    )


class _Tally:
    """Who has been enrolled so far, and what became of the others, block after block."""

    def __init__(self, design: TrialDesign) -> None:
        self.design = design
        self.size = self.screened = self.thinned = 0
        self.enrolled: list[VirtualPopulation] = []
        self.refused = {criterion.text: 0 for criterion in design.eligibility}
        self.implausible: dict[str, int] = {}

    def add(self, admission: Admission, wanted: int) -> None:
        """Count a block, up to the last one who is wanted."""
        chosen = admission.admitted[: wanted - self.size]
        is_last = self.size + len(chosen) == wanted
        until = int(chosen[-1]) + 1 if is_last else admission.candidates.size
        self.enrolled.append(admission.candidates.take(chosen))
        self.size += len(chosen)
        self.screened += until
        implausible, thinned = admission.count(until)
        self.thinned += thinned
        for reason, count in implausible.items():
            self.implausible[reason] = self.implausible.get(reason, 0) + count
        refused = np.flatnonzero(admission.status[:until] == REFUSED)
        failures = _first_failure(self.design, admission.candidates.take(refused))
        for place, criterion in enumerate(self.design.eligibility):
            self.refused[criterion.text] += int(np.sum(failures == place))

    def enrollment(self) -> Enrollment:
        """Return what has been found."""
        return Enrollment(
            join_populations(self.enrolled), self.screened, self.refused, self.implausible, self.thinned
        )


def _eligible(design: TrialDesign) -> Wanted:
    return lambda candidates: np.asarray(_first_failure(design, candidates) < 0)


def _first_failure(design: TrialDesign, candidates: VirtualPopulation) -> np.ndarray:
    """Return for each candidate the place of the first criterion not met, or -1, shape (subjects,)."""
    first = np.full(candidates.size, -1)
    for place, condition in reversed(list(enumerate(design.criteria()))):
        first = np.where(condition.holds(dict(candidates.covariates)), first, place)
    return first
