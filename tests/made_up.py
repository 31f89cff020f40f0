"""What tests of pages and of enrichment start from: the facts of a run that never was, beliefs, and responses."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ifntrial.studies.compare.plan import PreparedComparison
from ifntrial.studies.compare.power import enrolled
from ifntrial.studies.enrich.subjects import SubjectsInWorlds
from ifntrial.studies.over_worlds import PriorFacts
from ifntrial.studies.run_facts import RunFacts

FACTS = RunFacts(
    schema_version=2,
    kind="test",
    version="0",
    model_version=1,
    evidence_hash="ab" * 32,
    lock_hash="cd" * 32,
    seed=7,
    date="2026-01-01",
    seconds=2.0,
    command="ifntrial test",
    chosen={},
)


@dataclass(frozen=True)
class Beliefs:
    """The part of a study over worlds that sentences name."""

    priors: Mapping[str, PriorFacts]
    mixture: str = "mixture"


def responses_by_signature(
    prepared: PreparedComparison, control: float, in_low: float, in_high: float
) -> SubjectsInWorlds:
    """Return the same chances of response in every world: on control, and on active by the signature."""
    is_high = prepared.common.population.covariates["is_ifn_high"].astype(bool)
    who = enrolled(prepared, prepared.designs[0])
    chances = np.ones((prepared.worlds.size, 3, len(is_high)))
    chances[:, 0], chances[:, 1] = np.where(is_high, in_high, in_low), control
    return SubjectsInWorlds(chances, who.weight, who.stratum)
