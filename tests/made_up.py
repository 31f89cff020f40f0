"""What tests of pages start from: the facts of a run that never was."""

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
