"""Courses over time that a forecast shows."""

from collections.abc import Mapping
from dataclasses import dataclass

from ifntrial.studies.difference_chances import DifferenceChances
from ifntrial.worlds.quantiles import Band, BandOverTime


@dataclass(frozen=True, slots=True)
class ArmExposure:
    """What the drug does in an arm; quantiles over subjects.

    Parameters
    ----------
    concentration
        In serum.
    occupancy_blood, occupancy_skin
        Share of receptors bound by the drug.
    """

    concentration: BandOverTime
    occupancy_blood: BandOverTime
    occupancy_skin: BandOverTime


@dataclass(frozen=True, slots=True)
class ExposureCourses:
    """Concentration and occupancy over the treatment period in the typical world.

    Parameters
    ----------
    time_days
        Times [day], shape (times,).
    by_arm
        By arm.
    unit
        Of the concentration.
    subjects, group
        How many of whom.
    """

    time_days: tuple[float, ...]
    by_arm: Mapping[str, ArmExposure]
    unit: str
    subjects: int
    group: str


@dataclass(frozen=True, slots=True)
class ArmSignature:
    """Suppression (b) in an arm; quantiles over worlds of the mean over patients.

    Parameters
    ----------
    suppression_blood, suppression_skin
        In each tissue.
    """

    suppression_blood: BandOverTime
    suppression_skin: BandOverTime


@dataclass(frozen=True, slots=True)
class SignatureCourses:
    """Suppression of the signature over time.

    Parameters
    ----------
    visit_weeks
        Visits [week], shape (times,).
    group
        ``high`` for patients with a high signature, ``all`` if a world has none.
    by_arm
        By arm.
    returned_to_healthy
        Arm to the share of patients with a high signature whose score is back in the healthy range.
    definitions
        What the suppressions (a), (b) and (c) are.
    """

    visit_weeks: tuple[float, ...]
    group: str
    by_arm: Mapping[str, ArmSignature]
    returned_to_healthy: Mapping[str, float]
    definitions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ArmCourse:
    """An endpoint in an arm.

    Parameters
    ----------
    patient_mean
        Mean over patients; quantiles over worlds.
    """

    patient_mean: BandOverTime


@dataclass(frozen=True, slots=True)
class EndpointCourses:
    """An endpoint over time.

    Parameters
    ----------
    name, label, unit
        Of the endpoint.
    higher_is_better
        Which way is good.
    visit_weeks
        Visits [week], shape (times,).
    by_group
        All patients, those with a high and with a low signature; then arm.
    difference_by_group
        Active minus control at the primary visit, over worlds, by group.
    chances_by_group
        Chance of a benefit and of a loss there, by group.
    smallest_relevant
        Smallest change that matters to a patient, as published for worsening [unit]; None where none was read.
    """

    name: str
    label: str
    unit: str
    higher_is_better: bool
    visit_weeks: tuple[float, ...]
    by_group: Mapping[str, Mapping[str, ArmCourse]]
    difference_by_group: Mapping[str, Band]
    chances_by_group: Mapping[str, DifferenceChances]
    smallest_relevant: float | None
