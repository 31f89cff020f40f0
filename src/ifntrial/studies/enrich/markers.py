"""Markers by which patients may be selected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal

import numpy as np

from ifntrial.arrays import AnyArray, BoolArray, FloatArray
from ifntrial.design.conditions import parse_condition
from ifntrial.errors import InputError, resolve_name
from ifntrial.evidence.records import Evidence
from ifntrial.evidence.rows import Each, Pure, Rows, SkinPoints, Years
from ifntrial.items import ITEMS

IFN_HIGH = "ifn_high"
_SKIN = ITEMS["mrss"].label
_PURE = dict.fromkeys((IFN_HIGH, "early", "high_mrss", "cardiac", "troponin"), "1")


@dataclass(frozen=True, slots=True)
class _Enrichment:
    """Where markers begin, how well they are measured, and what screening costs; maps are by marker."""

    early_duration: Years
    high_mrss: SkinPoints
    raised_nt_probnp: Annotated[float, ITEMS["nt_probnp"].unit]
    raised_troponin: Annotated[float, ITEMS["troponin"].unit]
    sensitivity: Annotated[Mapping[str, float], Each("{}_sensitivity", _PURE)]
    specificity: Annotated[Mapping[str, float], Each("{}_specificity", _PURE)]
    test_cost: Annotated[Mapping[str, float], Each("{}_test_cost", _PURE)]
    ifn_score_noise: Pure
    entry_share: Pure
    screening_cost: Pure


ENRICHMENT = Rows("enrichment", _Enrichment)


@dataclass(frozen=True, slots=True)
class Assay:
    """How well a marker is measured.

    Parameters
    ----------
    sensitivity, specificity
        Shares of true positives and of true negatives that are found.

    Raises
    ------
    InputError
        If a share is not between 0 and 1, or the test tells no more than a coin.
    """

    sensitivity: float
    specificity: float

    def __post_init__(self) -> None:
        both = (self.sensitivity, self.specificity)
        if not all(0.0 <= share <= 1.0 for share in both) or sum(both) <= 1.0:
            raise InputError(
                "the test cannot be used to select patients",
                given=f"sensitivity {self.sensitivity:g}, specificity {self.specificity:g}",
                allowed="shares from 0 to 1 that add up to more than 1",
                fix="for example 0.9/0.9; a test that adds up to 1 tells no more than a coin",
            )

    def chance(self, is_marked: BoolArray) -> FloatArray:
        """Return each subject's chance of a positive test, shape (subjects,)."""
        return np.where(is_marked, self.sensitivity, 1.0 - self.specificity)


@dataclass(frozen=True, slots=True)
class Marker:
    """One way to select patients.

    Parameters
    ----------
    name, short, label
        As shown to people; ``label`` goes on from "only patients with".
    parts
        Who truly has what, as expressions over covariates, each with the assay that measures it.
    join
        Whether a patient needs all parts or any of them.
    test_cost
        Cost of testing one patient, in costs of treating one.
    """

    name: str
    short: str
    label: str
    parts: tuple[tuple[str, Assay], ...]
    test_cost: float
    join: Literal["and", "or"] = "and"

    @property
    def condition(self) -> str:
        """Who truly has the marker."""
        return f" {self.join} ".join(f"({condition})" for condition, _ in self.parts)

    def measured_by(self, assay: Assay) -> "Marker":
        """Return the marker with another assay for every part."""
        return replace(self, parts=tuple((condition, assay) for condition, _ in self.parts))

    def chance(self, covariates: Mapping[str, AnyArray]) -> FloatArray:
        """Return each subject's chance to be found to have the marker; errors of parts are independent."""
        found = [assay.chance(parse_condition(text).holds(covariates)) for text, assay in self.parts]
        if self.join == "and":
            return np.asarray(np.prod(found, axis=0))
        return np.asarray(1.0 - np.prod([1.0 - each for each in found], axis=0))

    def holds(self, covariates: Mapping[str, AnyArray]) -> BoolArray:
        """Return which subjects truly have the marker, shape (subjects,)."""
        return parse_condition(self.condition).holds(covariates)


def shipped_markers(evidence: Evidence) -> tuple[Marker, ...]:
    """Return the markers from the rows ``enrichment.*``, the interferon signature first."""
    number = ENRICHMENT.read(evidence)

    def part(name: str, condition: str) -> tuple[str, Assay]:
        return condition, Assay(number.sensitivity[name], number.specificity[name])

    months = f"less than {12 * number.early_duration:.0f} months of disease"
    peptide, muscle = ITEMS["nt_probnp"], ITEMS["troponin"]
    points = f"an {_SKIN} of {number.high_mrss:g} or more"
    early = part("early", f"disease_duration_years < {number.early_duration:g}")
    high = part("high_mrss", f"mrss >= {number.high_mrss:g}")
    raised = part("cardiac", f"nt_probnp > {number.raised_nt_probnp:g}")
    injured = part("troponin", f"troponin > {number.raised_troponin:g}")
    cost = number.test_cost
    skin_cost = cost["early"] + cost["high_mrss"]
    return (
        Marker(
            IFN_HIGH,
            "high signature",
            "a high interferon signature in blood",
            (part(IFN_HIGH, "is_ifn_high"),),
            cost[IFN_HIGH],
        ),
        Marker("early", "early disease", months, (early,), cost["early"]),
        Marker("high_mrss", f"high {_SKIN}", points, (high,), cost["high_mrss"]),
        Marker(
            "early_and_high_mrss",
            f"early and high {_SKIN}",
            f"{months} and {points}",
            (early, high),
            skin_cost,
        ),
        Marker(
            "early_or_high_mrss",
            f"early or high {_SKIN}",
            f"{months} or {points}",
            (early, high),
            skin_cost,
            "or",
        ),
        Marker(
            "cardiac",
            f"raised {peptide.label}",
            f"{peptide.label} above {number.raised_nt_probnp:g} {peptide.spoken_unit}",
            (raised,),
            cost["cardiac"],
        ),
        # Nobody's slope is known at screening: both markers raised together are who is involved, and rises fastest.
        Marker(
            "rapid_cardiac",
            f"raised {peptide.label} and {muscle.label}",
            f"{peptide.label} above {number.raised_nt_probnp:g} {peptide.spoken_unit} and "
            f"{muscle.label} above {number.raised_troponin:g} {muscle.spoken_unit}",
            (raised, injured),
            cost["cardiac"] + cost["troponin"],
        ),
    )


def chosen_markers(markers: Sequence[Marker], names: Sequence[str]) -> tuple[Marker, ...]:
    """Return the markers with these names, all if none is named; an unknown one raises ``UnknownNameError``."""
    known = {marker.name: marker for marker in markers}
    return tuple(resolve_name(name, known, "marker") for name in names) if names else tuple(markers)
