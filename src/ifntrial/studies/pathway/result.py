"""What a treatment does along the pathway, box by box."""

from collections.abc import Mapping
from dataclasses import dataclass

from ifntrial.studies.simulate.result import OverSubjects, People


@dataclass(frozen=True, slots=True)
class BoxEquation:
    """The equation of one quantity of the model.

    Parameters
    ----------
    name, meaning, unit
        Of the quantity.
    mechanism
        Which defines it.
    law
        What it equals, or its rate of change, in words of a formula.
    """

    name: str
    meaning: str
    unit: str
    mechanism: str
    law: str


@dataclass(frozen=True, slots=True)
class PathwayBox:
    """One box of the map.

    Parameters
    ----------
    name
        The quantity that it shows, which ``equations`` begin with.
    label, title, step, body_part
        In the box, in full, which part of the chain, and where in the body.
    unit
        Of the quantity.
    without_drug, with_drug
        The quantity in the same subjects, untreated and treated.
    relative_change
        Treated over untreated, less one, of each subject; None where there is nothing without the drug.
    change_of_mean, ratio_of_means
        Mean of the treated less, and over, that of the untreated; the latter None where there is nothing without.
    equations
        Of all quantities that the box stands for.
    row_names
        Names of the rows of evidence in them.
    """

    name: str
    label: str
    title: str
    step: str
    body_part: str
    unit: str
    without_drug: OverSubjects
    with_drug: OverSubjects
    relative_change: OverSubjects | None
    change_of_mean: float
    ratio_of_means: float | None
    equations: tuple[BoxEquation, ...]
    row_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PathwayLink:
    """One box acts on another.

    Parameters
    ----------
    from_box, to_box
        Names of the boxes.
    raises
        Whether more of the one makes more of the other, here; None where it makes no difference.
    is_attack
        Whether it is the drug that acts.
    is_unknown
        Whether its strength is one that no trial has told.
    """

    from_box: str
    to_box: str
    raises: bool | None
    is_attack: bool
    is_unknown: bool


@dataclass(frozen=True, slots=True)
class PathwayRow:
    """A row of evidence behind equations.

    Parameters
    ----------
    value_in_words
        Value and unit.
    status
        ``measured``, ``fitted`` or ``assumed``.
    sources
        Ids of its sources.
    """

    value_in_words: str
    status: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PathwayMap:
    """The result of ``ifntrial map``.

    Parameters
    ----------
    drug
        In words.
    regimen
        In words.
    week
        When it is looked at, before a dose of that day [week].
    without_mechanisms
        Mechanisms left out.
    people
        Who was followed, each untreated and treated.
    subjects_status
        Status of a subject's two courses to the number of subjects; only ``ok`` counts.
    boxes, links
        Of the map, in the order of the chain.
    evidence_rows
        Name of a row to what it says.
    attacks
        Every drug that is known, in words, to the boxes on which it acts.
    """

    drug: str
    regimen: str
    week: float
    without_mechanisms: tuple[str, ...]
    people: People
    subjects_status: Mapping[str, int]
    boxes: tuple[PathwayBox, ...]
    links: tuple[PathwayLink, ...]
    evidence_rows: Mapping[str, PathwayRow]
    attacks: Mapping[str, tuple[str, ...]]
