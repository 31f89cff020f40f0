"""The inputs of a sensitivity analysis: every uncertain quantity of a world, and the mechanism that uses it."""

from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.evidence.records import Evidence
from ifntrial.items import CORE_ITEMS
from ifntrial.model import Model
from ifntrial.model.mechanisms.drug_effect import BRAKE_TISSUE
from ifntrial.worlds.draw import DOMAINS, Worlds, worlds_from

DRUG_EFFECT_GROUP = "drug_effect"
TRIAL_EFFECT_GROUP = "trial_effect"
BACKGROUND_GROUP = "background_therapy"
HISTORY_GROUP = "natural_history"

# Purposes that are no parameter of the model, by how they begin.
_OTHER = {
    "protective": DRUG_EFFECT_GROUP,
    "phi": DRUG_EFFECT_GROUP,
    "a_mmf": DRUG_EFFECT_GROUP,
    "trial effect": TRIAL_EFFECT_GROUP,
}

# What the numbered draws of a purpose stand for.
_DRAWS = {
    "phi domain": DOMAINS,
    "protective brake": tuple(BRAKE_TISSUE.values()),
    "trial effect of item": CORE_ITEMS,
}

LABELS = {
    DRUG_EFFECT_GROUP: "drug effect nobody knows (phi, brake, its form, a_mmf)",
    TRIAL_EFFECT_GROUP: "trial effect: how well this trial's patients do anyway",
    BACKGROUND_GROUP: "association with mycophenolate",
    HISTORY_GROUP: "natural history: share who progress",
    "pharmacokinetics": "pharmacokinetics",
    "jak_stat": "JAK-STAT and signature",
    "tgf_beta": "TGF-beta",
}


@dataclass(frozen=True, slots=True)
class Input:
    """One uncertain quantity of a world.

    Parameters
    ----------
    name
        What it is, as the worlds ask for it, with the domain or item of the draw where there are several.
    purpose, draw
        How the worlds ask for it.
    group
        The first mechanism that uses it, or another part of the world.
    also
        Other mechanisms that use it.
    """

    name: str
    purpose: str
    draw: int
    group: str
    also: tuple[str, ...] = ()


def list_inputs(model: Model, evidence: Evidence) -> tuple[Input, ...]:
    """Return every uncertain quantity of a world of this model, in the order in which worlds are drawn.

    Nothing is listed by hand: the worlds are asked once, and what they ask for is the list.
    """
    asked: list[tuple[str, int]] = []

    def note(purpose: str, draw: int) -> FloatArray:
        asked.append((purpose, draw))
        return np.array([0.5])

    worlds_from(model, evidence, 1, note)
    return tuple(
        Input(_name(purpose, draw), purpose, draw, *_place(model, purpose)) for purpose, draw in asked
    )


def worlds_of(model: Model, evidence: Evidence, inputs: tuple[Input, ...], points: FloatArray) -> Worlds:
    """Return the worlds that points stand for.

    Parameters
    ----------
    points
        Values in (0, 1), shape (worlds, inputs).
    """
    place = {(each.purpose, each.draw): column for column, each in enumerate(inputs)}
    return worlds_from(model, evidence, len(points), lambda purpose, draw: points[:, place[purpose, draw]])


def group_label(group: str) -> str:
    """Return a group in words."""
    return LABELS.get(group, group.replace("_", " "))


def _name(purpose: str, draw: int) -> str:
    if purpose in _DRAWS:
        return f"{purpose} {_DRAWS[purpose][draw]}"
    return f"{purpose} {draw}" if draw else purpose


def _place(model: Model, purpose: str) -> tuple[str, tuple[str, ...]]:
    users = [m.name for m in model.mechanisms if purpose in {parameter.name for parameter in m.parameters}]
    if users:
        return users[0], tuple(users[1:])
    if purpose == "bioavailability":
        return model.drug.structure.name, ()
    if purpose.startswith("history."):
        return (BACKGROUND_GROUP if purpose.endswith("_mmf") else HISTORY_GROUP), ()
    return next(group for start, group in _OTHER.items() if purpose.startswith(start)), ()
