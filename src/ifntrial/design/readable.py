"""What of a design can be read although other parts cannot: so that the rest is checked all the same."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from ifntrial.design.clash import Clash
from ifntrial.record_fields import record_inside
from ifntrial.yaml_files import Place

_Record = TypeVar("_Record", bound=BaseModel)


def readable_part(
    record: type[_Record], content: object, failed: Iterable[Place], at: tuple[str | int, ...] = ()
) -> _Record:
    """Return a record that holds what is valid and lacks the attributes of what is not.

    Parameters
    ----------
    content
        Plain values, as they were validated.
    failed
        Places of the fields that are not valid.
    at
        Place of the record within the whole.
    """
    places = tuple(tuple(place) for place in failed)
    if not isinstance(content, Mapping):
        empty = record.model_construct()
        empty.__dict__.clear()
        return empty
    values: dict[str, Any] = {}
    absent: list[str] = []
    for name in record.model_fields:
        if name not in content:
            continue
        found = _read(record, name, content[name], places, (*at, name))
        if found:
            values[name] = found[0]
        else:
            absent.append(name)
    made = record.model_construct(**values)
    for name in absent:
        made.__dict__.pop(name, None)
    return made


def _read(
    record: type[BaseModel], name: str, value: object, failed: tuple[Place, ...], at: tuple[str | int, ...]
) -> tuple[object, ...]:
    """Return the value of a field in a tuple of one, or an empty tuple where it cannot be read."""
    if at in failed:
        return ()
    inside, is_list = record_inside(record.model_fields[name].annotation)
    if inside is not None and is_list:
        items = list(value) if isinstance(value, (list, tuple)) else []
        return (tuple(readable_part(inside, each, failed, (*at, i)) for i, each in enumerate(items)),)
    if inside is not None and value is not None:
        return (readable_part(inside, value, failed, at),)
    if any(tuple(place[: len(at)]) == at for place in failed):
        return ()
    try:
        return (_adapter(record, name).validate_python(value),)
    except ValidationError:
        return ()


@lru_cache(maxsize=256)
def _adapter(record: type[BaseModel], name: str) -> TypeAdapter[Any]:
    field = record.model_fields[name]
    annotation: Any = field.annotation
    return TypeAdapter(Annotated[annotation, *field.metadata] if field.metadata else annotation)


def clashes_of(rules: Iterable[Callable[[], Iterable[Clash]]]) -> Iterator[Clash]:
    """Yield what each rule finds; a rule that reads what is absent from a record finds nothing.

    Parameters
    ----------
    rules
        Each asked by itself, so that one that cannot be asked keeps no other from being asked.
    """
    for rule in rules:
        try:
            yield from list(rule())
        except AttributeError as error:
            if not isinstance(error.obj, BaseModel) or error.name not in type(error.obj).model_fields:
                raise
