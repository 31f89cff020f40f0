"""Screen virtual candidates against a design's entry criteria until enough are enrolled."""

from dataclasses import dataclass

import numpy as np

from ifntrial.errors import InputError
from ifntrial.evidence.records import Evidence
from ifntrial.model import Model
from ifntrial.population.records import VirtualPopulation
from ifntrial.population.sample import sample_population
from ifntrial.trial.design import TrialDesign

CANDIDATES_PER_PLACE = 60
"""A design that fewer than one in this many candidates can enter is refused."""


@dataclass(frozen=True, slots=True)
class Enrollment:
    """Who was enrolled, and why others were not.

    Parameters
    ----------
    population
        The enrolled, in the order in which they were screened.
    screened
        Number of candidates screened; enrolled and refused add up to it.
    refused
        Text of the first criterion not met to the number of candidates.
    """

    population: VirtualPopulation
    screened: int
    refused: dict[str, int]


def enroll(design: TrialDesign, model: Model, evidence: Evidence, subjects: int, seed: int) -> Enrollment:
    """Return ``subjects`` eligible virtual patients; asking for more leaves the first ones unchanged.

    Raises
    ------
    InputError
        If the entry criteria let hardly anyone in.
    """
    pool = max(4 * subjects, 200)
    while pool <= CANDIDATES_PER_PLACE * max(subjects, 50):
        candidates = sample_population(model, evidence, pool, seed)
        first_failure = _first_failure(design, candidates)
        eligible = np.flatnonzero(first_failure < 0)
        if len(eligible) >= subjects:
            last = eligible[subjects - 1]
            failures = first_failure[: last + 1]
            refused = {
                criterion.text: int(np.sum(failures == i)) for i, criterion in enumerate(design.eligibility)
            }
            return Enrollment(candidates.take(eligible[:subjects]), int(last + 1), refused)
        pool *= 2
    raise InputError(
        f"the entry criteria of design '{design.name}' let too few virtual patients in",
        given=f"{len(eligible)} of {len(first_failure)} candidates",
        allowed=f"at least one in {CANDIDATES_PER_PLACE}",
        fix="widen the eligibility, or check the covariate names and units in it",
    )


def _first_failure(design: TrialDesign, candidates: VirtualPopulation) -> np.ndarray:
    """Return for each candidate the place of the first criterion not met, or -1, shape (subjects,)."""
    first = np.full(candidates.size, -1)
    for place, condition in reversed(list(enumerate(design.criteria()))):
        first = np.where(condition.holds(dict(candidates.covariates)), first, place)
    return first
