"""Frozen records from JSON, and the JSON schema of a record with what its docstring says of each field."""

import re
from inspect import cleandoc
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from ifntrial.errors import FileError

T = TypeVar("T")


def validated(record: type[T], content: object, what: str, fix: str) -> T:
    """Return a record from what JSON holds.

    Parameters
    ----------
    what, fix
        For the error: what is damaged, and what to do.

    Raises
    ------
    FileError
        If a field is absent or of another type; names every one.
    """
    try:
        return TypeAdapter(record).validate_python(content)
    except ValidationError as error:
        problems = [
            f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors(include_url=False)
        ]
        raise FileError(f"{what} is damaged", problems=problems, fix=fix) from error


def record_schema(record: type) -> dict[str, Any]:
    """Return the JSON schema of a record as it is written; no key beside those of its fields is allowed."""
    return TypeAdapter(record).json_schema(schema_generator=_Documented, mode="serialization")


class _Documented(GenerateJsonSchema):
    def dataclass_schema(self, schema: core_schema.DataclassSchema) -> JsonSchemaValue:
        found = super().dataclass_schema(schema)
        record = schema["cls"]
        about = field_words(record)
        for name, field in found["properties"].items():
            field.pop("title", None)
            if name in about:
                field["description"] = about[name]
        return found | {
            "description": cleandoc(record.__doc__ or "").partition("\n")[0],
            "additionalProperties": False,
        }


def field_words(record: type) -> dict[str, str]:
    """Return what the docstring of a record, and of what it is made from, says of each field.

    Examples
    --------
    >>> from ifntrial.worlds.quantiles import Spread
    >>> field_words(Spread)["q95"]
    'Quantiles at 5, 50 and 95 %.'
    """
    found: dict[str, str] = {}
    for each in record.__mro__:
        _, _, fields = cleandoc(each.__doc__ or "").partition("Parameters\n----------\n")
        for names, words in re.findall(r"^(\w[\w, ]*)\n((?:(?: .*)?\n?)+)", fields, re.MULTILINE):
            text = " ".join(words.split())
            found |= {name: text for name in names.split(", ") if name not in found}
    return found
