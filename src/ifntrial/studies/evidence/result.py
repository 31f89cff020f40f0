"""What is wrong with the evidence tables, the rows of one name, and what hangs on one source."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from ifntrial.evidence.effects import DoubleUse, Effect
from ifntrial.evidence.records import Claim, Entity, Observation, ParameterValue, Source
from ifntrial.evidence.rests_on_source import Hanging


@dataclass(frozen=True, slots=True)
class EvidenceProblems:
    """The result of ``ifntrial evidence check``.

    Parameters
    ----------
    problems
        One text for each problem; empty if the tables are sound.
    """

    problems: tuple[str, ...]


# without slots: Python lets a class have slots of one of its parents only, and the row has them
@dataclass(frozen=True)
class InTable:
    """A row that says which table it is in.

    Parameters
    ----------
    table
        Kind of the row, which tells its other keys.
    """

    table: str


@dataclass(frozen=True)
class SourceRow(Source, InTable):
    """A row of the sources."""

    table: Literal["source"]


@dataclass(frozen=True)
class ParameterRow(ParameterValue, InTable):
    """A row of the parameters."""

    table: Literal["parameter"]


@dataclass(frozen=True)
class ObservationRow(Observation, InTable):
    """A row of the observations."""

    table: Literal["observation"]


@dataclass(frozen=True)
class EntityRow(Entity, InTable):
    """A row of the entities."""

    table: Literal["entity"]


@dataclass(frozen=True)
class ClaimRow(Claim, InTable):
    """A row of the claims."""

    table: Literal["claim"]


@dataclass(frozen=True)
class EffectRow(Effect, InTable):
    """A row of the trial contrasts."""

    table: Literal["effect"]


@dataclass(frozen=True)
class DoubleUseRow(DoubleUse, InTable):
    """A row of the double uses that are known and stand."""

    table: Literal["double"]


ShownRow = Annotated[
    SourceRow | ParameterRow | ObservationRow | EntityRow | ClaimRow | EffectRow | DoubleUseRow,
    Field(discriminator="table"),
]


@dataclass(frozen=True, slots=True)
class EvidenceRows:
    """The result of ``ifntrial evidence show``.

    Parameters
    ----------
    name
        What was asked for.
    rows
        Every row of this name; a trial and its paper may share one.
    """

    name: str
    rows: tuple[ShownRow, ...]


@dataclass(frozen=True, slots=True)
class WithAndWithout:
    """A number with all sources, and without the one taken away.

    Parameters
    ----------
    before, with
        With all sources.
    without
        Without the source; None for what rests on it.
    """

    # a word of the language is no name for a field
    before: Annotated[float, Field(alias="with")]
    without: float | None


@dataclass(frozen=True, slots=True)
class WithoutSource(Hanging):
    """The result of ``ifntrial evidence without``.

    Parameters
    ----------
    assurance_by_prior
        Chance that DAISY succeeds by each prior and their mixture, from implied effects: rougher than a forecast's.
    rows_that_no_longer_weigh
        Observations of the source that weighed worlds.
    sd_ratios
        Standard deviation of the posterior over that of the prior, for each unknown of a world for which it changes by
        more than a tenth.
    kept_at_their_values
        Parameters that rest on the source and would need a new calibration to be drawn anew.
    """

    assurance_by_prior: Mapping[str, WithAndWithout]
    rows_that_no_longer_weigh: tuple[str, ...]
    sd_ratios: Mapping[str, WithAndWithout]
    kept_at_their_values: tuple[str, ...]
