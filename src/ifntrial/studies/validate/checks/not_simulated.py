"""Why an observation is not compared: rules from the most to the least special, the first that fits and stands counts.

Each rule has a premise. What can be checked by program is checked against what the program knows: a rule that says that
a drug, a quantity or an antibody is absent no longer counts once it is there, and the row is then without a reason, for
which a test fails.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ifntrial.catalog import Catalog
from ifntrial.evidence.records import Observation
from ifntrial.items import ITEMS
from ifntrial.patients.records import VirtualPopulation
from ifntrial.patients.sample import sample_population
from ifntrial.studies.validate.checks.reasons import (
    BY_ENDPOINT,
    BY_ID,
    Beyond,
    NoAntibody,
    NoDrug,
    NoQuantity,
    Premise,
    SameForAll,
    SetFrom,
)

NO_CHECK = "no check is written for it yet"
PEOPLE = 400
"""Enough to meet every antibody that is drawn."""


@dataclass(frozen=True)
class Reasons:
    """Why observations are not compared, for what the program knows."""

    catalog: Catalog

    def of(self, row: Observation) -> str:
        """Return why an observation is not compared."""
        found = (words for words, premise in fitting(row) if self.stands(premise, row))
        return next(found, NO_CHECK)

    def stands(self, premise: Premise, row: Observation) -> bool:
        """Return whether a premise is true of a row, as far as a program can tell."""
        if isinstance(premise, NoDrug):
            return premise.drug not in self.catalog.drugs
        if isinstance(premise, NoQuantity):
            return self._quantities.isdisjoint(premise.names)
        if isinstance(premise, NoAntibody):
            return premise.antibody not in self._antibodies
        if isinstance(premise, SameForAll):
            return premise.parameter not in self._people.parameters
        if isinstance(premise, Beyond):
            return row.visit_week is None or row.visit_week > premise.weeks
        if isinstance(premise, SetFrom):
            return any(each.name == premise.parameter for each in self.catalog.evidence.parameters)
        return True

    @cached_property
    def _people(self) -> VirtualPopulation:
        return sample_population(self.catalog.model(), self.catalog.evidence, PEOPLE, 1)

    @cached_property
    def _quantities(self) -> frozenset[str]:
        model = self.catalog.model()
        assigned = [each.name for each in (*model.assignments, *model.observables)]
        species = [each.name for each in model.species]
        return frozenset([*ITEMS, *self.catalog.endpoints, *self._people.covariates, *assigned, *species])

    @cached_property
    def _antibodies(self) -> frozenset[str]:
        return frozenset(np.unique(self._people.covariates["antibody"]).tolist())


def fitting(row: Observation) -> Iterator[tuple[str, Premise]]:
    """Yield the words and the premise of every rule that fits a row."""
    for rules, text in ((BY_ID, row.id), (BY_ENDPOINT, row.endpoint)):
        yield from ((words, premise) for pattern, words, premise in rules if re.fullmatch(pattern, text))
