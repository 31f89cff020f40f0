"""Small YAML files of a user's: read safely, and problems of their fields told with the line and what was given."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import yaml
from pydantic import BaseModel, ValidationError

from ifntrial.errors import FileError, closest

Place = Sequence[str | int]
"""Names of fields and positions in lists from the top, as ``("assumed", "rescue", "share")``."""

LARGEST_FILE_BYTES = 200_000


def read_text(path: Path, what: str) -> str:
    """Return the text of a file, which is of a kind ``what``, such as ``design``.

    Raises
    ------
    FileError
        If it is empty, too large or not text.
    """
    try:
        size = path.stat().st_size
        if not 0 < size <= LARGEST_FILE_BYTES:
            raise FileError(
                f"{what} file '{path}' is empty or too large",
                given=f"{size} bytes",
                allowed=f"1 to {LARGEST_FILE_BYTES} bytes",
                fix="check the file",
            )
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(
            f"{what} file '{path}' cannot be read",
            problems=[str(error)],
            allowed="UTF-8 text",
            fix="save it as UTF-8",
        ) from error


def parse(text: str, name: str, what: str) -> object:
    """Return what YAML holds, in plain values; no tag makes an object, and no key is there twice.

    Raises
    ------
    FileError
        If it is not YAML of this kind; says where.
    """
    try:
        return yaml.load(text, Loader=_UniqueKeyLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise FileError(
            f"{what} '{name}' is not valid YAML",
            problems=[" ".join(str(error).split())],
            fix="correct the marked place",
        ) from error


class _UniqueKeyLoader(yaml.SafeLoader):
    """A YAML loader that refuses a key given twice instead of keeping the last."""


def _unique_mapping(loader: _UniqueKeyLoader, node: yaml.MappingNode) -> object:
    keys = sorted(str(loader.construct_object(key)) for key, _ in node.value)
    twice = [first for first, second in pairwise(keys) if first == second]
    if twice:
        raise ValueError(f"key '{twice[0]}' is given twice, line {node.start_mark.line + 1}")
    return loader.construct_mapping(node, deep=True)


_UniqueKeyLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _unique_mapping)


def problems_of(
    error: ValidationError,
    text: str,
    record: type[BaseModel],
    what: str,
    place_in_file: Callable[[Place], Place] = tuple,
) -> list[str]:
    """Return one text per problem of the fields of a record, with its line, its place and what was given.

    Parameters
    ----------
    text
        The YAML that was read; empty without lines.
    record
        Whose fields they are, for the closest names.
    what
        Stands for a problem of the whole.
    place_in_file
        From the place of a field in the record to that in the file.
    """
    texts = []
    for each in error.errors(include_url=False):
        place = ".".join(str(part) for part in each["loc"]) or what
        given = (
            each["input"]
            if isinstance(each["input"], (str, int, float, bool))
            else type(each["input"]).__name__
        )
        hint = (
            closest(str(each["loc"][-1]), _field_names(record)) if each["type"] == "extra_forbidden" else ""
        )
        line = line_words(text, place_in_file(each["loc"]))
        texts.append(f"{line}{place}: {each['msg']} (given: {given}){'; ' + hint if hint else ''}")
    return texts


def line_words(text: str, place: Place) -> str:
    """Return ``line 7: `` for a place in YAML, or nothing where it is not there."""
    line = line_of(text, place) if text else None
    return f"line {line}: " if line else ""


def line_of(text: str, place: Place) -> int | None:
    """Return the line, from 1, of the deepest field of ``place`` in the text; None if not even the first is there.

    Parameters
    ----------
    text
        YAML that can be parsed.
    """
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    line = None
    for part in place:
        found = _child(node, part)
        if found is None:
            break
        line, node = found
    return line


def _child(node: yaml.Node | None, part: str | int) -> tuple[int, yaml.Node] | None:
    """Return line and value of a field or list item."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        item = node.value[part]
        return item.start_mark.line + 1, item
    return None


@lru_cache(maxsize=8)
def _field_names(record: type[BaseModel]) -> tuple[str, ...]:
    schema = record.model_json_schema()
    groups = [schema, *schema.get("$defs", {}).values()]
    return tuple(dict.fromkeys(name for group in groups for name in group.get("properties", {})))
