"""Rows that code reads: each module declares which, so that who uses a row is known before anything runs.

Parameters are read as ``Rows``; published results by id as ``Published``, or by a rule as ``Selected``.

A group of rows is a frozen record; a field's name is that of its row, after the prefix of the group, and its annotation
says what is read of it and in which unit::

    @dataclass(frozen=True, slots=True)
    class _Ages:
        age_mean: Years

    _AGES = Rows("population", _Ages)

``_AGES.read(evidence).age_mean`` is then the value of ``population.age_mean``. A field that is a ``ParameterValue`` is
the whole row, for its prior or spread; one that is a mapping, with ``Each``, is one row per key.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Annotated, Any, Generic, TypeVar, get_args, get_origin, get_type_hints

from ifntrial.errors import EvidenceError
from ifntrial.evidence.records import Evidence, Observation, ParameterValue
from ifntrial.items import ITEMS

_Record = TypeVar("_Record")

Pure = Annotated[float, "1"]
Years = Annotated[float, "year"]
SkinPoints = Annotated[float, ITEMS["mrss"].unit]
HaqPoints = Annotated[float, ITEMS["haq_di"].unit]
GlobalPoints = Annotated[float, ITEMS["patient_global"].unit]
PercentPredicted = Annotated[float, ITEMS["fvc_percent"].unit]
"""Numbers in the units that several groups read."""


@dataclass(frozen=True, slots=True)
class Each:
    """One row per key.

    Parameters
    ----------
    name
        Of a row, with ``{}`` for the key.
    units
        Key to unit.
    spelling
        How a key is written in the name of its row.
    """

    name: str
    units: Mapping[str, str]
    spelling: Callable[[str], str] = str


@dataclass(frozen=True, slots=True)
class _Read:
    """One row that is read: its name, the field and key it goes to, its unit, and whether as a number."""

    name: str
    field: str
    key: str | None
    unit: str
    is_number: bool

    def of(self, row: ParameterValue) -> float | ParameterValue:
        return row.value if self.is_number else row


@dataclass(frozen=True, slots=True)
class Rows(Generic[_Record]):
    """A group of rows that a module reads.

    Parameters
    ----------
    prefix
        Of all names, without the dot; empty for rows without one.
    record
        Dataclass with a field for each row, or for one row per key.
    """

    prefix: str
    record: type[_Record]
    _reads: tuple[_Read, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_reads", tuple(_reads(self.prefix, self.record)))

    @property
    def units(self) -> dict[str, str]:
        """Name of every row to the unit in which it is read."""
        return {read.name: read.unit for read in self._reads}

    def rows(self, evidence: Evidence) -> tuple[ParameterValue, ...]:
        """Return the rows as they are, in the order of the tables; those that are absent are left out."""
        return tuple(row for row in evidence.parameters if row.name in self.units)

    def read(self, evidence: Evidence) -> _Record:
        """Return the record.

        Raises
        ------
        UnknownNameError
            If a row is absent.
        EvidenceError
            If rows have other units than those read; lists every one.
        """
        found = [(read, evidence.parameter(read.name)) for read in self._reads]
        problems = [
            f"'{row.name}' is in [{row.unit}]; it is read in [{read.unit}]"
            for read, row in found
            if row.unit != read.unit
        ]
        if problems:
            raise EvidenceError(
                "rows are not in the unit in which they are read",
                problems=problems,
                fix="convert their values",
            )
        values: dict[str, Any] = {}
        for read, row in found:
            if read.key is None:
                values[read.field] = read.of(row)
            else:
                values.setdefault(read.field, {})[read.key] = read.of(row)
        return self.record(**values)


@dataclass(frozen=True, slots=True)
class Published:
    """Published results that a module takes by id.

    Parameters
    ----------
    ids
        Of the observations.
    is_fitted
        Whether something is fitted to them, or weighed by them; else their numbers are only taken or compared with.
    """

    ids: tuple[str, ...]
    is_fitted: bool = False

    def takes(self, row: Observation) -> bool:
        """Return whether a result is one of them."""
        return row.id in self.ids

    def read(self, evidence: Evidence) -> tuple[Observation, ...]:
        """Return the observations, in order; one that is absent raises ``UnknownNameError``."""
        return tuple(evidence.observation(id) for id in self.ids)

    def by_id(self, evidence: Evidence) -> dict[str, Observation]:
        """Return the observations by id; one that is absent raises ``UnknownNameError``."""
        return {row.id: row for row in self.read(evidence)}

    def held(self, evidence: Evidence) -> dict[str, Observation]:
        """Return those that the tables hold, by id: without a source some are absent."""
        return {row.id: row for row in evidence.observations if row.id in self.ids}


@dataclass(frozen=True, slots=True)
class Selected:
    """Published results that a module looks through, whichever the tables hold.

    Parameters
    ----------
    uses
        Any of ``vocabulary.USES``; empty for all.
    begin
        What ids begin with, any of these; empty for all.
    """

    uses: tuple[str, ...] = ()
    begin: tuple[str, ...] = ()

    def takes(self, row: Observation) -> bool:
        """Return whether a result is one of them."""
        return (not self.uses or row.use in self.uses) and (not self.begin or row.id.startswith(self.begin))

    def read(self, evidence: Evidence) -> tuple[Observation, ...]:
        """Return the observations in the order of the tables."""
        return tuple(row for row in evidence.observations if self.takes(row))


@dataclass(frozen=True, slots=True)
class Family:
    """Whole parameter rows that a module lists, or tells changes of; it computes with none of their numbers.

    Parameters
    ----------
    begin
        What names begin with, any of these.
    """

    begin: tuple[str, ...]

    def read(self, evidence: Evidence, also: Container[str] = ()) -> tuple[ParameterValue, ...]:
        """Return the rows in the order of the tables, with those whose names are in ``also``."""
        return tuple(
            row for row in evidence.parameters if row.name in also or row.name.startswith(self.begin)
        )


Results = Published | Selected
"""Groups of published results."""

Group = Rows[Any] | Results | Family
"""What a module may declare."""


def declared(modules: Iterable[ModuleType]) -> Iterator[tuple[str, Group]]:
    """Return what each module declares, or takes from another: name of the module and the group."""
    for module in modules:
        for group in vars(module).values():
            if isinstance(group, Rows | Results | Family):
                yield module.__name__, group


def _reads(prefix: str, record: type[Any]) -> Iterator[_Read]:
    start = f"{prefix}." if prefix else ""
    for name, hint in get_type_hints(record, include_extras=True).items():
        kind, said = get_args(hint)
        if not isinstance(said, Each):
            yield _Read(f"{start}{name}", name, None, said, kind is float)
            continue
        is_number = get_args(kind)[1] is float if get_origin(kind) else False
        for key, unit in said.units.items():
            yield _Read(start + said.name.format(said.spelling(key)), name, key, unit, is_number)
