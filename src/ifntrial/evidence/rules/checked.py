"""What the rules look at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ifntrial.evidence.effects import DoubleUse, Effect
from ifntrial.evidence.records import Claim, Entity, Evidence, Observation, ParameterValue, Source

Row = Source | ParameterValue | Observation | Entity | Claim | Effect | DoubleUse


@dataclass(frozen=True, slots=True)
class Checked:
    """The evidence, and how the rest of the package uses it; what is not known is not checked.

    Parameters
    ----------
    evidence
        All tables.
    used_parameters
        Parameter name to who uses it.
    read_units
        Parameter name to the unit in which code reads it.
    law_files
        Python files with rate laws.
    fitted_observations
        Ids of the observations that a fit used.
    read_observations
        Ids of the observations that code reads for other ends.
    """

    evidence: Evidence
    used_parameters: Mapping[str, tuple[str, ...]] | None
    read_units: Mapping[str, str]
    law_files: tuple[Path, ...]
    fitted_observations: tuple[str, ...]
    read_observations: tuple[str, ...]

    def source_level(self, id: str) -> str:
        """Return the level of a source, or an empty text if it does not exist."""
        return next((source.level for source in self.evidence.sources if source.id == id), "")


def label(row: Row) -> str:
    """Return how problems call a row: its table and its name."""
    tables = {
        Source: "source",
        ParameterValue: "parameter",
        Observation: "observation",
        Entity: "entity",
        Claim: "claim",
        Effect: "effect",
        DoubleUse: "double use",
    }
    return f"{tables[type(row)]} '{key(row)}'"


def key(row: Row) -> str:
    """Return the name under which a row is looked up."""
    return row.name if isinstance(row, ParameterValue) else row.id


def all_rows(evidence: Evidence) -> Iterator[Row]:
    """Return the rows of every table."""
    yield from evidence.sources
    yield from evidence.parameters
    yield from evidence.observations
    yield from evidence.entities
    yield from evidence.claims
    yield from evidence.effects
    yield from evidence.double_uses
