"""Rows that code reads: each module declares which, so that who uses a row is known before anything runs.

A group of rows is a frozen record; a field's name is that of its row, after the prefix of the group, and its annotation
says what is read of it and in which unit::

    @dataclass(frozen=True, slots=True)
    class _Ages:
        age_mean: Years

    _AGES = Rows("population", _Ages)

``_AGES.read(evidence).age_mean`` is then the value of ``population.age_mean``. A field that is a ``ParameterValue`` is
the whole row, for its prior or spread; one that is a mapping, with ``Each``, is one row per key.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
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
class Fitted:
    """Published results that something is fitted to, or weighed by.

    Parameters
    ----------
    ids
        Of the observations.
    """

    ids: tuple[str, ...]

    def read(self, evidence: Evidence) -> tuple[Observation, ...]:
        """Return the observations, in order; one that is absent raises ``UnknownNameError``."""
        return tuple(evidence.observation(id) for id in self.ids)


def declared(modules: Iterable[ModuleType]) -> Iterator[tuple[str, Rows[Any] | Fitted]]:
    """Return what each module declares, or takes from another: name of the module and the group."""
    for module in modules:
        for group in vars(module).values():
            if isinstance(group, Rows | Fitted):
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
