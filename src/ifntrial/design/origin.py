"""Where a field of a design stands: in its own file, or in that of a design that it extends."""

from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from ifntrial.design.inheritance import REPLACED_WHOLE
from ifntrial.yaml_files import Place, child_of, nodes_of

_ADDED = "add_eligibility"


@dataclass(frozen=True, slots=True)
class Level:
    """A file of a design, or of one that it extends.

    Parameters
    ----------
    name
        Of the design.
    text
        The YAML; empty where it is not known.
    criteria
        Number of entry criteria with those of designs below.
    added
        Number of those that stand in its ``add_eligibility``.
    """

    name: str
    text: str
    criteria: int
    added: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a field stands.

    Parameters
    ----------
    design
        Name of the extended design whose file it is; None for the file itself.
    line
        From 1; None where the file holds nothing of the field, or is not known.
    """

    design: str | None
    line: int | None


def find_origin(place: Place, levels: tuple[Level, ...]) -> Origin:
    """Return where a field stands.

    Parameters
    ----------
    place
        Its place in the whole design.
    levels
        The file first, then the designs below it in order.
    """
    nearest: int | None = None
    for depth, level in enumerate(levels):
        design = level.name if depth else None
        if not level.text:
            return Origin(design, None)
        line, is_all, is_whole = _find(place, level)
        if is_all or is_whole:
            return Origin(design, line)
        if not depth:
            nearest = line
    return Origin(None, nearest)


def added_of(content: object) -> int:
    """Return how many entry criteria a file adds to those below."""
    added = content.get(_ADDED) if isinstance(content, Mapping) else None
    return len(added) if isinstance(added, list) else 0


def _find(place: Place, level: Level) -> tuple[int | None, bool, bool]:
    """Return the line of the deepest part of a place, whether all is there, and whether nothing is from below."""
    node: yaml.Node | None = nodes_of(level.text) if level.text else None
    line, is_whole = None, False
    parts = _in_file(place, level)
    for part in parts:
        found = child_of(node, part)
        if found is None:
            return line, False, is_whole
        line, node = found
        # lists and some mappings are replaced whole, so that what they lack is not taken from below
        is_whole = is_whole or isinstance(node, yaml.SequenceNode) or part in REPLACED_WHOLE
    return line, bool(parts), is_whole


def _in_file(place: Place, level: Level) -> tuple[str | int, ...]:
    """Return where a field of the merged design stands in a file that adds entry criteria to those below."""
    parts = tuple(place)
    if len(parts) < 2 or parts[0] != "eligibility" or not isinstance(parts[1], int):
        return parts
    below = level.criteria - level.added
    return (_ADDED, parts[1] - below, *parts[2:]) if level.added and parts[1] >= below else parts
