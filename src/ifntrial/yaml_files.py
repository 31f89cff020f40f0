"""Small YAML files of a user's: read safely, and problems of their fields told with the line and what was given."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import ValidationError

from ifntrial.errors import FileError

Place = Sequence[str | int]
"""Names of fields and positions in lists from the top, as ``("assumed", "rescue", "share")``."""

LARGEST_FILE_BYTES = 200_000
MOST_LETTERS_SHOWN = 120
MOST_BITS_SHOWN = 400


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
    content, repeated = parse_with_repeats(text, name, what)
    if repeated:
        raise FileError(f"{what} '{name}' is not valid YAML", problems=repeated, fix="keep one of each key")
    return content


def parse_with_repeats(text: str, name: str, what: str) -> tuple[object, list[str]]:
    """Return what YAML holds, the last of a key that is given twice, and a text for each such key.

    Raises
    ------
    FileError
        If it is not YAML of this kind; says where.
    """
    loader = None
    try:
        loader = _CountingLoader(text)
        return loader.get_single_data(), loader.repeated
    # a tag that its value does not fit, such as !!bool maybe, ends in what the loader happens to trip over
    except (
        yaml.YAMLError,
        ValueError,
        RecursionError,
        LookupError,
        TypeError,
        AttributeError,
        ArithmeticError,
    ) as error:
        raise FileError(
            f"{what} '{name}' is not valid YAML",
            problems=[" ".join(str(error).split()) or type(error).__name__],
            fix="correct the marked place",
        ) from error
    finally:
        if loader is not None:
            loader.dispose()


class _CountingLoader(yaml.SafeLoader):
    """A YAML loader that notes keys given twice, where others silently keep the last."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.repeated: list[str] = []


def _unique_mapping(loader: _CountingLoader, node: yaml.MappingNode) -> object:
    first: dict[str, int] = {}
    for key, _ in node.value:
        name, line = str(loader.construct_object(key)), key.start_mark.line + 1
        if name in first:
            loader.repeated.append(f"line {line}: key '{name}' is given twice, first in line {first[name]}")
        first.setdefault(name, line)
    return loader.construct_mapping(node, deep=True)


_CountingLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _unique_mapping)


def problems_of(
    error: ValidationError,
    text: str,
    hint_for: Callable[[Place, object], str],
    what: str,
) -> list[str]:
    """Return one text per problem of the fields of a record, with its line, its place and what was given.

    Parameters
    ----------
    text
        The YAML that was read; empty without lines.
    hint_for
        From the place of a name that is not known, and what was given, to a hint.
    what
        Stands for a problem of the whole.
    """
    texts = []
    for each in error.errors(include_url=False):
        place = ".".join(str(part) for part in each["loc"]) or what
        is_unknown = each["type"] == "extra_forbidden"
        hint = hint_for(each["loc"], each["input"]) if is_unknown else ""
        line = line_words(text, each["loc"])
        texts.append(
            f"{line}{place}: {each['msg']} (given: {given_words(each['input'])}){'; ' + hint if hint else ''}"
        )
    return texts


def given_words(value: object) -> str:
    """Return a value as it is shown to who gave it: what it is, or of what kind where it has parts or no end."""
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > MOST_BITS_SHOWN:
        return "a number of very many digits"
    if not isinstance(value, (str, int, float, bool)):
        return "nothing" if value is None else type(value).__name__
    text = str(value)
    return text if len(text) <= MOST_LETTERS_SHOWN else f"{text[:MOST_LETTERS_SHOWN]}..."


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
    node = nodes_of(text)
    line = None
    for part in place:
        found = child_of(node, part)
        if found is None:
            break
        line, node = found
    return line


@lru_cache(maxsize=8)
def nodes_of(text: str) -> yaml.Node | None:
    """Return the nodes of YAML that can be parsed; None where it holds nothing."""
    return yaml.compose(text, Loader=yaml.SafeLoader)


def child_of(node: yaml.Node | None, part: str | int) -> tuple[int, yaml.Node] | None:
    """Return line and value of a field or list item."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        item = node.value[part]
        return item.start_mark.line + 1, item
    return None
