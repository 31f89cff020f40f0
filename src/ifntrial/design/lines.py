"""Where in the file of a design that extends another a field of it stands."""

from ifntrial.yaml_files import Place

_ADDED = "add_eligibility"


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
