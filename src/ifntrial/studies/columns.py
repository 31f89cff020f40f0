"""Records as typed columns: an Arrow schema is read off a record's annotations, and values come back to the bit.

Known are ``float``, ``int``, ``bool``, ``str``, ``tuple[X, ...]``, arrays of one dimension, ``Mapping[str, X]``, records
(dataclasses) of these, and ``X | None``. A record's fields are columns, those of a record in it are columns below one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import lru_cache
from sys import intern
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import numpy as np
import pyarrow as pa

_Record = TypeVar("_Record")

_PLAIN = {float: pa.float64(), int: pa.int64(), bool: pa.bool_(), str: pa.string()}


def columns_of(record: type) -> list[pa.Field]:
    """Return the columns of a record, one a field; each may be without a value.

    Raises
    ------
    TypeError
        If a field is of a kind that is not known.
    """
    return [pa.field(name, _arrow(kind)) for name, kind in _kinds(record).items()]


def to_columns(record: type, records: Sequence[object]) -> list[pa.Array]:
    """Return the columns of some records; None has no value in any."""
    return [
        pa.array(
            [None if each is None else _packed(kind, getattr(each, name)) for each in records], _arrow(kind)
        )
        for name, kind in _kinds(record).items()
    ]


def from_columns(record: type[_Record], table: pa.Table) -> Iterator[_Record]:
    """Yield the record of each row of a table that holds its columns."""
    kind: type = record
    kinds = _kinds(kind)
    for row in range(table.num_rows):
        yield record(**{name: _unpacked(each, table.column(name)[row]) for name, each in kinds.items()})


@lru_cache(maxsize=64)
def _kinds(record: Callable[..., object]) -> Mapping[str, Any]:
    """Return name to annotation of a record's fields."""
    hints = get_type_hints(record)
    return {field.name: hints[field.name] for field in fields(record)}  # type: ignore[arg-type]  # a dataclass


def _arrow(kind: Any) -> pa.DataType:  # noqa: ANN401 - an annotation may be any object
    if kind in _PLAIN:
        return _PLAIN[kind]
    if is_dataclass(kind):
        return pa.struct(columns_of(kind))  # type: ignore[arg-type]  # annotations hold classes, not instances
    origin, given = get_origin(kind), get_args(kind)
    if origin is UnionType:
        return _arrow(_without_none(given))
    if origin is tuple and given[1:] == (...,):
        return pa.list_(_arrow(given[0]))
    if origin is Mapping and given[0] is str:
        return pa.map_(pa.string(), _arrow(given[1]))
    if origin is np.ndarray:
        return pa.list_(pa.from_numpy_dtype(get_args(given[1])[0]))
    raise TypeError(f"{kind} has no column")


def _without_none(kinds: Sequence[Any]) -> Any:  # noqa: ANN401
    (kind,) = (each for each in kinds if each is not NoneType)
    return kind


def _packed(kind: Any, value: Any) -> Any:  # noqa: ANN401
    """Return a value as Arrow takes it."""
    if value is None:
        return None
    if is_dataclass(kind):
        parts = _kinds(kind)  # type: ignore[arg-type]
        return {name: _packed(each, getattr(value, name)) for name, each in parts.items()}
    origin, given = get_origin(kind), get_args(kind)
    if origin is UnionType:
        return _packed(_without_none(given), value)
    if origin is Mapping:
        return [(name, _packed(given[1], each)) for name, each in value.items()]
    if origin is tuple:
        return [_packed(given[0], each) for each in value]
    return value


def _unpacked(kind: Any, value: pa.Scalar) -> Any:  # noqa: ANN401
    """Return what a scalar of Arrow was made of."""
    if not value.is_valid:
        return None
    if kind in _PLAIN:
        return value.as_py()
    if is_dataclass(kind):
        make: Callable[..., Any] = kind  # type: ignore[assignment]
        parts = _kinds(kind)  # type: ignore[arg-type]
        return make(**{name: _unpacked(each, value[name]) for name, each in parts.items()})
    origin, given = get_origin(kind), get_args(kind)
    if origin is UnionType:
        return _unpacked(_without_none(given), value)
    if origin is Mapping:
        # the same few names in every world
        return {intern(each["key"].as_py()): _unpacked(given[1], each["value"]) for each in value.values}
    if origin is tuple:
        return tuple(_unpacked(given[0], each) for each in value.values)
    # a copy: else a few numbers would keep the memory of all others
    return np.array(value.values.to_numpy(zero_copy_only=False))
