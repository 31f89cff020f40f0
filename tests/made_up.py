"""What tests of pages start from: the facts of a run that never was, and beliefs."""

from collections.abc import Mapping
from dataclasses import dataclass

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
