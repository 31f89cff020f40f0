"""Where in a YAML file a field of a design stands."""

from collections.abc import Sequence

import yaml

Place = Sequence[str | int]

_ADDED = "add_eligibility"


def line_of(text: str, place: Place) -> int | None:
    """Return the line, from 1, of the deepest field of ``place`` in the text; None if not even the first is there.

    Parameters
    ----------
    text
        YAML that can be parsed.
    place
        Names of fields and positions in lists from the top, as ``("assumed", "rescue", "share")``.
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


def place_in_file(place: Place, inherited_criteria: int) -> Place:
    """Return where a field of a merged design stands in the file that extends another.

    Parameters
    ----------
    inherited_criteria
        Number of entry criteria that come from the extended design; those after them are from ``add_eligibility``.
    """
    if len(place) < 2 or place[0] != "eligibility" or not isinstance(place[1], int):
        return place
    is_added = inherited_criteria and place[1] >= inherited_criteria
    return (_ADDED, place[1] - inherited_criteria, *place[2:]) if is_added else place
