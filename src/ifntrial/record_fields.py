"""The fields of nested records: what each is, and where one that stands in the wrong place belongs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel

from ifntrial.errors import closest

MOST_PLACES = 3
ALMOST_THE_SAME = 0.75
SOMEWHAT_ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class FieldPlace:
    """A field of a record or of one inside it.

    Parameters
    ----------
    above
        Where it belongs, such as ``assumed.analysis`` or ``each of arms``; empty at the top.
    name
        Its name.
    is_block
        Whether it holds fields itself.
    """

    above: str
    name: str
    is_block: bool


def record_inside(annotation: Any) -> tuple[type[BaseModel] | None, bool]:  # noqa: ANN401 any annotation
    """Return the record that a field holds, or None, and whether it holds a list of them."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, False
    origin = get_origin(annotation)
    for each in get_args(annotation) if origin in (tuple, list) else ():
        if isinstance(each, type) and issubclass(each, BaseModel):
            return each, True
    if origin in (Union, UnionType):
        found = [record_inside(each) for each in get_args(annotation)]
        return next((each for each in found if each[0]), (None, False))
    return None, False


def where_it_belongs(
    record: type[BaseModel], place: Sequence[str | int], value: object, also: Sequence[str] = ()
) -> str:
    """Return a hint about a field that is not known where it stands: where it belongs, or what was meant.

    Parameters
    ----------
    record
        The record at the top.
    place
        Names of fields and positions in lists, the last the unknown name.
    value
        What was given for it: a mapping is looked for among the fields that hold fields.
    also
        Names at the top beside the fields of the record.
    """
    name, siblings = str(place[-1]), _siblings(record, place[:-1])
    if len(place) == 1:
        siblings = (*siblings, *also)
    slip = closest(name, [each for each in siblings if _alike(name, each) >= ALMOST_THE_SAME])
    elsewhere = _elsewhere(record, name, isinstance(value, dict))
    if elsewhere and len(elsewhere) <= MOST_PLACES:
        return f"{name} belongs {' or '.join(map(_under, elsewhere))}"
    if slip:
        return slip
    hint = closest(name, [each for each in siblings if _alike(name, each) >= SOMEWHAT_ALIKE])
    if hint:
        return hint
    every = sorted({each.name for each in _fields(record)})
    alike = [each for each in every if _alike(name, each) >= SOMEWHAT_ALIKE]
    near = closest(name, alike).removeprefix("did you mean ")
    meant = near.rstrip("?").split(" or ")[0]
    at = _elsewhere(record, meant, isinstance(value, dict)) if meant else ()
    if at and len(at) <= MOST_PLACES:
        return f"did you mean {meant} {' or '.join(map(_under, at))}?"
    return f"the fields here are {', '.join(siblings)}" if siblings else ""


def _under(above: str) -> str:
    return f"under {above}" if above else "at the top"


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one.lower(), other.lower()).ratio()


def _elsewhere(record: type[BaseModel], name: str, is_block: bool) -> tuple[str, ...]:
    """Return where fields of this name belong; those that hold fields where a mapping was given, else the others."""
    found = [each for each in _fields(record) if each.name == name]
    fitting = [each for each in found if each.is_block == is_block] or found
    return tuple(each.above for each in fitting)


def _siblings(record: type[BaseModel], above: Sequence[str | int]) -> tuple[str, ...]:
    """Return the names of the fields of the record at a place."""
    here: type[BaseModel] | None = record
    for part in above:
        if isinstance(part, int) or here is None:
            continue
        field = here.model_fields.get(part)
        here = None if field is None else record_inside(field.annotation)[0]
    return () if here is None else tuple(here.model_fields)


@lru_cache(maxsize=8)
def _fields(record: type[BaseModel]) -> tuple[FieldPlace, ...]:
    return tuple(_walk(record, ""))


def _walk(record: type[BaseModel], above: str) -> Iterator[FieldPlace]:
    for name, field in record.model_fields.items():
        inside, is_list = record_inside(field.annotation)
        yield FieldPlace(above, name, inside is not None)
        if inside is not None and inside is not record:
            path = f"{above}.{name}" if above else name
            yield from _walk(inside, f"each of {path}" if is_list else path)
