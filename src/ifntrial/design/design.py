"""A trial design: data in YAML, a frozen and checked object in Python."""

from functools import lru_cache
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from ifntrial.design.inheritance import extend_design
from ifntrial.design.lines import Place, line_of, place_in_file
from ifntrial.design.parts import Arm, Criterion, PlannedEndpoint, Size, StratumFactor, TrialDesign
from ifntrial.design.schema import build_design_schema
from ifntrial.errors import FileError, InputError, closest, listed

__all__ = [
    "Arm",
    "Criterion",
    "PlannedEndpoint",
    "Size",
    "StratumFactor",
    "TrialDesign",
    "design_from_mapping",
    "design_schema",
    "load_design",
    "save_design",
    "shipped_designs",
]

SCHEMA_VERSION = 1
LARGEST_FILE_BYTES = 200_000


def shipped_designs() -> tuple[str, ...]:
    """Return the names of the designs in the package."""
    folder = resources.files("ifntrial.design") / "designs"
    return tuple(
        sorted(path.name.removesuffix(".yaml") for path in folder.iterdir() if path.name.endswith(".yaml"))
    )


def load_design(name_or_path: str | Path) -> TrialDesign:
    """Return a shipped design by its name, or the design in a YAML file.

    Raises
    ------
    FileError
        If there is no such design or file, or the file is empty, too large or not YAML.
    InputError
        If the content is not a design; lists every problem with its line and place.
    """
    text = _read(name_or_path)
    try:
        content = yaml.load(text, Loader=_UniqueKeyLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise FileError(
            f"design '{name_or_path}' is not valid YAML",
            problems=[" ".join(str(error).split())],
            fix="correct the marked place",
        ) from error
    return design_from_mapping(content, str(name_or_path), text=text)


def design_from_mapping(content: object, name: str = "design", *, text: str = "") -> TrialDesign:
    """Return the design that a mapping describes; errors as in ``load_design``.

    With ``extends: NAME`` the mapping holds only what differs from a shipped design, see ``extend_design``. ``text`` is
    the YAML that the mapping was read from, for the lines of problems.
    """
    if not isinstance(content, dict):
        raise InputError(
            f"design '{name}' holds no fields",
            given=type(content).__name__,
            allowed="a mapping of fields",
            fix="start from a shipped design",
        )
    own = content
    content = _extended(own, name)
    version = content.get("schema_version")
    if version != SCHEMA_VERSION:
        raise InputError(
            f"design '{name}' has an unknown schema_version",
            given=f"{_line_words(text, ('schema_version',))}{version!r}",
            allowed=f"schema_version: {SCHEMA_VERSION}",
            fix="add that line, or install the version of ifntrial that wrote the file",
        )
    try:
        return TrialDesign.model_validate(content)
    except ValidationError as error:
        raise InputError(
            f"design '{name}' is not usable",
            problems=_problems(error, text, _inherited_criteria(own, content)),
            allowed=f"the fields of a design; shipped ones are {listed(shipped_designs())}",
            fix="correct each place",
        ) from error


def save_design(design: TrialDesign) -> str:
    """Return the design as YAML that ``load_design`` reads back to the same object."""
    return yaml.safe_dump(design.model_dump(mode="json"), sort_keys=False, allow_unicode=True, width=110)


def design_schema() -> dict[str, Any]:
    """Return the JSON schema of a design file: a whole design, or one that extends a shipped design."""
    return build_design_schema(shipped_designs())


def _extended(content: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the content on top of the design that it extends."""
    if "extends" not in content:
        return content
    base, added = content["extends"], content.get("add_eligibility", [])
    if base not in shipped_designs() or not isinstance(added, list):
        raise InputError(
            f"design '{name}' extends what is not a shipped design, or its add_eligibility is not a list",
            given=repr(base),
            allowed=listed(shipped_designs()),
            fix=closest(str(base), shipped_designs()) or "name a shipped design",
        )
    return extend_design(load_design(base).model_dump(mode="json", exclude_none=True), content)


def _inherited_criteria(own: dict[str, Any], merged: dict[str, Any]) -> int:
    """Return how many entry criteria of the merged design stand in the design that it extends."""
    criteria, added = merged.get("eligibility"), own.get("add_eligibility")
    if "extends" not in own or not isinstance(criteria, list) or not isinstance(added, list):
        return 0
    return len(criteria) - len(added)


class _UniqueKeyLoader(yaml.SafeLoader):
    """A YAML loader that refuses a key given twice instead of keeping the last."""


def _unique_mapping(loader: _UniqueKeyLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = sorted(str(loader.construct_object(key)) for key, _ in node.value)
    twice = [first for first, second in pairwise(keys) if first == second]
    if twice:
        raise ValueError(f"key '{twice[0]}' is given twice, line {node.start_mark.line + 1}")
    return loader.construct_mapping(node, deep=True)


_UniqueKeyLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _unique_mapping)


@lru_cache(maxsize=32)
def _read_shipped(name: str) -> str:
    return (resources.files("ifntrial.design") / "designs" / f"{name}.yaml").read_text(encoding="utf-8")


def _read(name_or_path: str | Path) -> str:
    name = str(name_or_path)
    if name in shipped_designs():
        return _read_shipped(name)
    path = Path(name)
    if not path.is_file():
        hint = closest(name, shipped_designs())
        raise FileError(
            f"design '{name}' is neither a shipped design nor a file",
            allowed=f"{listed(shipped_designs())}, or the path of a YAML file",
            fix=hint or "check the name",
        )
    size = path.stat().st_size
    if not 0 < size <= LARGEST_FILE_BYTES:
        raise FileError(
            f"design file '{name}' is empty or too large",
            given=f"{size} bytes",
            allowed=f"1 to {LARGEST_FILE_BYTES} bytes",
            fix="check the file",
        )
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(
            f"design file '{name}' cannot be read",
            problems=[str(error)],
            allowed="UTF-8 text",
            fix="save it as UTF-8",
        ) from error


def _problems(error: ValidationError, text: str, inherited_criteria: int) -> list[str]:
    """Return one text per problem, with its line, its place and what was given."""
    texts = []
    for each in error.errors(include_url=False):
        place = ".".join(str(part) for part in each["loc"]) or "design"
        given = (
            each["input"]
            if isinstance(each["input"], (str, int, float, bool))
            else type(each["input"]).__name__
        )
        hint = closest(str(each["loc"][-1]), _field_names()) if each["type"] == "extra_forbidden" else ""
        line = _line_words(text, place_in_file(each["loc"], inherited_criteria))
        texts.append(f"{line}{place}: {each['msg']} (given: {given}){'; ' + hint if hint else ''}")
    return texts


def _line_words(text: str, place: Place) -> str:
    line = line_of(text, place) if text else None
    return f"line {line}: " if line else ""


@lru_cache(maxsize=1)
def _field_names() -> tuple[str, ...]:
    schema = TrialDesign.model_json_schema()
    groups = [schema, *schema.get("$defs", {}).values()]
    return tuple(dict.fromkeys(name for group in groups for name in group.get("properties", {})))
