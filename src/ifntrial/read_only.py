"""Arrays that many share: whoever is handed one may read it, and nobody may write into it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

import numpy as np

_Value = TypeVar("_Value")
_Given = ParamSpec("_Given")


def read_only(value: _Value) -> _Value:
    """Close every array within ``value`` to writing and return it.

    Looks into tuples, lists, mappings and dataclasses, and behind a view at the array that holds its numbers.
    """
    _close(value)
    return value


def returns_read_only(function: Callable[_Given, _Value]) -> Callable[_Given, _Value]:
    """Return the function with every array of its result closed to writing; to stand between it and its cache."""

    @wraps(function)
    def closed(*given: _Given.args, **named: _Given.kwargs) -> _Value:
        return read_only(function(*given, **named))

    return closed


def _close(value: object) -> None:
    if isinstance(value, np.ndarray):
        value.flags.writeable = False
        _close(value.base)
        return
    for part in _parts(value):
        _close(part)


def _parts(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        return value.values()
    if isinstance(value, tuple | list):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return [getattr(value, field.name) for field in fields(value)]
    return ()
