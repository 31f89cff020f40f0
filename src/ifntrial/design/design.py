"""A trial design: data in YAML, a frozen and checked object in Python."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from ifntrial.design.inheritance import extend_design
from ifntrial.design.known import Known
from ifntrial.design.lines import place_in_file
from ifntrial.design.parts import Arm, Criterion, PlannedEndpoint, Size, StratumFactor, TrialDesign
from ifntrial.errors import FileError, InputError, closest, find_name, listed
from ifntrial.yaml_files import line_words, parse, problems_of, read_text

__all__ = [
    "ADDRESSES",
    "Arm",
    "Criterion",
    "Known",
    "PlannedEndpoint",
    "Size",
    "StratumFactor",
    "TrialDesign",
    "design_from_mapping",
    "load_design",
    "load_designs",
    "save_design",
]

SCHEMA_VERSION = 1
_WHAT = "design"
DESIGNS = Path(__file__).parent / "designs"
"""The designs in the package."""
ADDRESSES = Path(__file__).parent / "addresses"
"""Statements about an effect, each as the trial whose estimand it is."""


def load_designs(known: Known, folder: Path = DESIGNS) -> dict[str, TrialDesign]:
    """Return the designs of a folder by name; they may extend one another and ``known.designs``.

    Errors as in ``load_design``.
    """
    contents = {
        path.stem: parse(read_text(path, _WHAT), str(path), _WHAT) for path in sorted(folder.glob("*.yaml"))
    }
    designs = dict(known.designs)

    def load(name: str) -> None:
        content = contents[name]
        base = content.get("extends") if isinstance(content, dict) else None
        if isinstance(base, str) and base in contents and base not in designs:
            load(base)
        designs[name] = design_from_mapping(content, replace(known, designs=designs), name)

    for name in contents:
        if name not in designs:
            load(name)
    return {name: designs[name] for name in contents}


def load_design(name_or_path: str | Path, known: Known) -> TrialDesign:
    """Return a known design by its name, or the design in a YAML file.

    Parameters
    ----------
    known
        What a design may name.

    Raises
    ------
    FileError
        If there is no such design or file, or the file is empty, too large or not YAML.
    InputError
        If the content is not a design; lists every problem with its line and place.
    """
    name = str(name_or_path)
    path, own_name = Path(name), find_name(name, known.designs)
    # a file goes before a name that differs in capitals
    if own_name is not None and (own_name == name or not path.is_file()):
        return known.designs[own_name]
    if not path.is_file():
        raise FileError(
            f"design '{name}' is neither a shipped design nor a file",
            allowed=f"{listed(known.designs)}, or the path of a YAML file",
            fix=closest(name, known.designs) or "check the name",
        )
    text = read_text(path, _WHAT)
    return design_from_mapping(parse(text, name, _WHAT), known, name, text=text)


def design_from_mapping(
    content: object, known: Known, name: str = "design", *, text: str = ""
) -> TrialDesign:
    """Return the design that a mapping describes; errors as in ``load_design``.

    With ``extends: NAME`` the mapping holds only what differs from a known design, see ``extend_design``. ``text`` is
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
    content = _extended(own, name, known)
    version = content.get("schema_version")
    if version != SCHEMA_VERSION:
        raise InputError(
            f"design '{name}' has an unknown schema_version",
            given=f"{line_words(text, ('schema_version',))}{version!r}",
            allowed=f"schema_version: {SCHEMA_VERSION}",
            fix="add that line, or install the version of ifntrial that wrote the file",
        )
    try:
        return TrialDesign.model_validate(content, context=known.names)
    except ValidationError as error:
        raise InputError(
            f"design '{name}' is not usable",
            problems=problems_of(
                error,
                text,
                TrialDesign,
                _WHAT,
                partial(place_in_file, inherited_criteria=_inherited_criteria(own, content)),
            ),
            allowed=f"the fields of a design; shipped ones are {listed(known.designs)}",
            fix="correct each place",
        ) from error


def save_design(design: TrialDesign) -> str:
    """Return the design as YAML that ``load_design`` reads back to the same object."""
    return yaml.safe_dump(design.model_dump(mode="json"), sort_keys=False, allow_unicode=True, width=110)


def _extended(content: dict[str, Any], name: str, known: Known) -> dict[str, Any]:
    """Return the content on top of the design that it extends."""
    if "extends" not in content:
        return content
    base, added = content["extends"], content.get("add_eligibility", [])
    own_name = find_name(base, known.designs) if isinstance(base, str) else None
    if own_name is None or not isinstance(added, list):
        raise InputError(
            f"design '{name}' extends what is not a shipped design, or its add_eligibility is not a list",
            given=repr(base),
            allowed=listed(known.designs),
            fix=closest(str(base), known.designs) or "name a shipped design",
        )
    return extend_design(known.designs[own_name].model_dump(mode="json", exclude_none=True), content)


def _inherited_criteria(own: dict[str, Any], merged: dict[str, Any]) -> int:
    """Return how many entry criteria of the merged design stand in the design that it extends."""
    criteria, added = merged.get("eligibility"), own.get("add_eligibility")
    if "extends" not in own or not isinstance(criteria, list) or not isinstance(added, list):
        return 0
    return len(criteria) - len(added)
