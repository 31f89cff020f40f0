"""Why an observation is not compared: rules from the most to the least special, the first that fits and stands counts.

Each rule has a premise. What can be checked by program is checked against what the program knows: a rule that says that
a drug, a quantity or an antibody is absent no longer counts once it is there, and the row is then without a reason, for
which a test fails.
"""

import re
from collections.abc import Iterator

import numpy as np

from ifntrial.catalog import Catalog
from ifntrial.evidence.records import Observation
from ifntrial.evidence.rows import Family
from ifntrial.items import ITEMS
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

SET_FROM = Family(
    tuple(premise.parameter for _, _, premise in (*BY_ID, *BY_ENDPOINT) if isinstance(premise, SetFrom))
)
NO_CHECK = "no check is written for it yet"
PEOPLE = 400
"""Enough to meet every antibody that is drawn."""


class Reasons:
    """Why observations are not compared, for what a catalogue knows."""

    def __init__(self, catalog: Catalog) -> None:
        model = catalog.model()
        people = sample_population(model, catalog.evidence, PEOPLE, 1)
        assigned = [each.name for each in (*model.assignments, *model.observables)]
        species = [each.name for each in model.species]
        self._drugs = frozenset(catalog.drugs)
        self._rows = frozenset(each.name for each in SET_FROM.read(catalog.evidence))
        self._own = frozenset(people.parameters)
        self._antibodies = frozenset(np.unique(people.covariates["antibody"]).tolist())
        self._quantities = frozenset([*ITEMS, *catalog.endpoints, *people.covariates, *assigned, *species])

    def of(self, row: Observation) -> str:
        """Return why an observation is not compared."""
        found = (words for words, premise in fitting(row) if self.stands(premise, row))
        return next(found, NO_CHECK)

    def stands(self, premise: Premise, row: Observation) -> bool:
        """Return whether a premise is true of a row, as far as a program can tell."""
        match premise:
            case NoDrug(drug):
                return drug not in self._drugs
            case NoQuantity(names):
                return self._quantities.isdisjoint(names)
            case NoAntibody(antibody):
                return antibody not in self._antibodies
            case SameForAll(parameter):
                return parameter not in self._own
            case Beyond(weeks):
                return row.visit_week is None or row.visit_week > weeks
            case SetFrom(parameter):
                return parameter in self._rows
        return True


def fitting(row: Observation) -> Iterator[tuple[str, Premise]]:
    """Yield the words and the premise of every rule that fits a row."""
    for rules, text in ((BY_ID, row.id), (BY_ENDPOINT, row.endpoint)):
        yield from ((words, premise) for pattern, words, premise in rules if re.fullmatch(pattern, text))
