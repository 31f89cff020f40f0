"""A trial design: data in YAML, a frozen and checked object in Python."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import yaml

from ifntrial.design.known import Known
from ifntrial.design.origin import Level, added_of
from ifntrial.design.parts import Arm, Criterion, PlannedEndpoint, Size, StratumFactor, TrialDesign
from ifntrial.design.problems import examine
from ifntrial.errors import FileError, InputError, closest, find_name, listed
from ifntrial.yaml_files import parse, parse_with_repeats, read_text

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
    content, repeated = parse_with_repeats(text, name, _WHAT)
    return design_from_mapping(content, known, name, text=text, repeated=repeated)


def design_from_mapping(
    content: object, known: Known, name: str = "design", *, text: str = "", repeated: Sequence[str] = ()
) -> TrialDesign:
    """Return the design that a mapping describes; errors as in ``load_design``.

    With ``extends: NAME`` the mapping holds only what differs from a known design, see ``extend_design``. ``text`` is
    the YAML that the mapping was read from, for the lines of problems; ``repeated`` are problems found while reading it.
    """
    if not isinstance(content, dict):
        raise InputError(
            f"design '{name}' holds no fields",
            given=type(content).__name__,
            allowed="a mapping of fields",
            fix="start from a shipped design",
        )
    found = examine(content, known, text, partial(_level, known=known))
    problems = (*repeated, *found.problems)
    if problems or found.design is None:
        raise InputError(
            f"design '{name}' is not usable",
            problems=problems,
            allowed="the fields that 'ifntrial design schema' prints",
            fix="correct each place",
        )
    return found.design


def save_design(design: TrialDesign) -> str:
    """Return the design as YAML that ``load_design`` reads back to the same object."""
    return yaml.safe_dump(design.model_dump(mode="json"), sort_keys=False, allow_unicode=True, width=110)


def _level(name: str, known: Known) -> tuple[Level, str | None]:
    """Return the file of a known design and the name of that which it extends, for the lines of what is inherited."""
    path, criteria = DESIGNS / f"{name}.yaml", len(known.designs[name].eligibility)
    if not path.is_file():
        return Level(name, "", criteria, 0), None
    text = read_text(path, _WHAT)
    content = parse(text, name, _WHAT)
    below = content.get("extends") if isinstance(content, dict) else None
    return Level(name, text, criteria, added_of(content)), below if below in known.designs else None
