"""What is told of safety."""

from collections.abc import Mapping
from dataclasses import dataclass

from ifntrial.worlds.quantiles import Spread


@dataclass(frozen=True, slots=True)
class ArmEvents:
    """An event in one arm of a planned trial.

    Parameters
    ----------
    patient_years
        At risk in all patients of the arm, mean over worlds.
    rate_over_worlds
        Events per 100 patient-years, over worlds: what is not known of the rate.
    seen_rate
        The same as a trial of the planned size would count it: worlds and chance together.
    seen_events
        How many events it would count.
    """

    patient_years: float
    rate_over_worlds: Spread
    seen_rate: Spread
    seen_events: Spread


@dataclass(frozen=True, slots=True)
class SafetyRow:
    """An event in both arms of a planned trial.

    Parameters
    ----------
    event, label
        Name, and in words.
    borrowed
        What of it comes from lupus, in words; empty where nothing does.
    by_arm
        The active and the control arm.
    difference
        Active minus control [events per 100 patient-years], over worlds.
    seen_difference
        The same as a trial of the planned size would count it.
    chance_of_more
        Probability that the trial counts the higher rate in the active arm; equal rates count half.
    """

    event: str
    label: str
    borrowed: str
    by_arm: Mapping[str, ArmEvents]
    difference: Spread
    seen_difference: Spread
    chance_of_more: float


@dataclass(frozen=True, slots=True)
class CountedEvents:
    """An event in one arm of one virtual trial.

    Parameters
    ----------
    arm
        Name of the arm.
    event, label
        Name, and in words.
    subjects
        With at least one.
    patient_years
        Until leaving or the primary visit.
    observed_rate, low, high
        Subjects with an event per 100 patient-years, with its exact 95 % Poisson interval.
    borrowed
        What of it comes from lupus, in words; empty where nothing does.
    """

    arm: str
    event: str
    label: str
    subjects: int
    patient_years: float
    observed_rate: float
    low: float
    high: float
    borrowed: str
