"""One typed record per row of the evidence tables; words in capitals are of :mod:`ifntrial.evidence.vocabulary`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from ifntrial.errors import resolve_name
from ifntrial.evidence.effects import DoubleUse, Effect

_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Source:
    """Where numbers come from.

    Parameters
    ----------
    id
        Short name used in the other tables.
    citation
        Authors or group, journal or place, year.
    doi
        Digital object identifier without a prefix; empty where there is none.
    population, design
        Who was studied, and how.
    n
        Number of subjects (or replicates), where known.
    level
        One of ``LEVELS``.
    """

    id: str
    citation: str
    doi: str
    population: str
    design: str
    n: int | None
    level: str


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """A number that a model, a population or a trial uses.

    Parameters
    ----------
    name
        Name, after the prefix of the drug or published model it belongs to and a dot.
    value, unit
        Typical value.
    spread, spread_kind
        Differences between subjects around the value.
    prior, prior_a, prior_b
        Uncertainty about the value itself; ``none`` where it is taken as known.
    source, status, note
        Where from (several ids with ``;`` between), one of ``STATUSES``, and what a reader has to know.
    """

    name: str
    value: float
    unit: str
    spread: float | None
    spread_kind: str
    prior: str
    prior_a: float | None
    prior_b: float | None
    source: str
    status: str
    note: str

    @property
    def sources(self) -> tuple[str, ...]:
        """Source ids; a derived number names the sources of what it was derived from as well."""
        return tuple(part.strip() for part in self.source.split(";"))


@dataclass(frozen=True, slots=True)
class Observation:
    """A published result that the model may be fitted to, tested against, or that informs a prior.

    Parameters
    ----------
    id, trial, arm, population, visit_week, endpoint
        Name of the row, and what was observed in whom and when; week 0 is baseline, no week where time does not matter.
    statistic, value, low, high, interval_kind, sd, n, unit
        The number as published, with its interval, the standard deviation between subjects and their number.
    source, use
        Where from, and one of ``USES``.
    """

    id: str
    trial: str
    arm: str
    population: str
    visit_week: float | None
    endpoint: str
    statistic: str
    value: float | None
    low: float | None
    high: float | None
    interval_kind: str
    sd: float | None
    n: int | None
    unit: str
    source: str
    use: str


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing the model speaks of, with its identifiers as compact URIs.

    Parameters
    ----------
    id, name, kind
        Name of the row, the name in words, and one of ``ENTITY_KINDS``.
    exact_match, broad_match
        The same thing, or a wider one, in a public vocabulary.
    source_annotation
        How the seed review's record annotates it, kept as found even where we choose another identifier.
    """

    id: str
    name: str
    kind: str
    exact_match: str
    broad_match: str
    source_annotation: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement of the literature, what speaks for and against it, and which part of the model carries it.

    Parameters
    ----------
    id, statement
        Name of the row, and what is said.
    level
        One of ``LEVELS``: the strongest kind of evidence behind it.
    direction
        One of ``DIRECTIONS``: what the sources say taken together.
    sources_for, sources_against
        Source ids.
    carried_by
        Names of mechanisms or parameters.
    """

    id: str
    statement: str
    level: str
    direction: str
    sources_for: tuple[str, ...]
    sources_against: tuple[str, ...]
    carried_by: tuple[str, ...]


@dataclass(frozen=True)
class Evidence:
    """All evidence tables; look-ups answer an unknown name with the closest ones.

    Code that computes reads rows through :class:`ifntrial.evidence.rows.Rows`, which says who uses them.
    """

    sources: tuple[Source, ...]
    parameters: tuple[ParameterValue, ...]
    observations: tuple[Observation, ...]
    entities: tuple[Entity, ...]
    claims: tuple[Claim, ...]
    effects: tuple[Effect, ...]
    double_uses: tuple[DoubleUse, ...]

    # without slots, so that each index is built once, when first asked for, and is no field of the tables
    @cached_property
    def _parameter(self) -> dict[str, ParameterValue]:
        return {row.name: row for row in self.parameters}

    @cached_property
    def _observation(self) -> dict[str, Observation]:
        return {row.id: row for row in self.observations}

    @cached_property
    def _source(self) -> dict[str, Source]:
        return {row.id: row for row in self.sources}

    def value(self, name: str) -> float:
        """Return the typical value of a parameter, in its table's unit.

        Raises
        ------
        UnknownNameError
            If no table holds it.
        """
        return self.parameter(name).value

    def parameter(self, name: str) -> ParameterValue:
        """Return the parameter called ``name``; an unknown one raises ``UnknownNameError``."""
        return resolve_name(name, self._parameter, "parameter")

    def first_parameter(self, names: Iterable[str]) -> ParameterValue | None:
        """Return the first of these parameters that a table holds, None where it holds none."""
        return next((self._parameter[name] for name in names if name in self._parameter), None)

    def observation(self, id: str) -> Observation:
        """Return the observation with this id; an unknown one raises ``UnknownNameError``."""
        return resolve_name(id, self._observation, "observation")

    def source(self, id: str) -> Source:
        """Return the source with this id; an unknown one raises ``UnknownNameError``."""
        return resolve_name(id, self._source, "source")

    def observations_where(
        self,
        *,
        trial: str | None = None,
        endpoint: str | None = None,
        use: str | Iterable[str] | None = None,
    ) -> tuple[Observation, ...]:
        """Return the observations of a trial, of an endpoint or of a use."""
        uses = (use,) if isinstance(use, str) else tuple(use or ())
        return tuple(
            row
            for row in self.observations
            if trial in (None, row.trial)
            and endpoint in (None, row.endpoint)
            and (not uses or row.use in uses)
        )

    def with_values(self, values: Mapping[str, float]) -> "Evidence":
        """Return the tables with other typical values of these parameters, each in its table's unit.

        Raises
        ------
        UnknownNameError
            If no table holds one of them.
        """
        for name in values:
            self.parameter(name)
        rows = tuple(replace(row, value=values.get(row.name, row.value)) for row in self.parameters)
        return replace(self, parameters=rows)

    def with_rows(self, rows: "Evidence") -> "Evidence":
        """Return the tables with other rows added, each in the place of the one of the same name where there is one."""
        return Evidence(
            sources=_joined(self.sources, rows.sources, _id),
            parameters=_joined(self.parameters, rows.parameters, _name),
            observations=_joined(self.observations, rows.observations, _id),
            entities=_joined(self.entities, rows.entities, _id),
            claims=_joined(self.claims, rows.claims, _id),
            effects=_joined(self.effects, rows.effects, _id),
            double_uses=_joined(self.double_uses, rows.double_uses, _id),
        )

    def effects_of(self, comparison_class: str, role: str) -> tuple[Effect, ...]:
        """Return the trial contrasts of a class that have a role."""
        asked = (comparison_class, role)
        return tuple(row for row in self.effects if (row.comparison_class, row.role) == asked)


def _joined(there: tuple[_Row, ...], added: tuple[_Row, ...], key: Callable[[_Row], str]) -> tuple[_Row, ...]:
    found = {key(row): row for row in there}
    return tuple((found | {key(row): row for row in added}).values())


def _id(row: Source | Observation | Entity | Claim | Effect | DoubleUse) -> str:
    return row.id


def _name(row: ParameterValue) -> str:
    return row.name
