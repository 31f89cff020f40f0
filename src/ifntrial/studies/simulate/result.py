"""What is known of regimens that were followed in a virtual population."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class People:
    """Who was followed.

    Parameters
    ----------
    name, meaning
        Of the selection, such as ``ifn-high``, and in words.
    subjects
        How many.
    """

    name: str
    meaning: str
    subjects: int


@dataclass(frozen=True, slots=True)
class ReadOut:
    """A quantity over time; values of shape (times,).

    Parameters
    ----------
    q05, q50, q95
        Quantiles at 5, 50 and 95 % of the subjects that were solved.
    typical
        Of the typical subject.
    """

    q05: tuple[float, ...]
    q50: tuple[float, ...]
    q95: tuple[float, ...]
    typical: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class OverSubjects:
    """A number of each subject.

    Parameters
    ----------
    q05, q50, q95
        Quantiles at 5, 50 and 95 % of the subjects of whom it is known.
    known
        Share of the solved subjects of whom it is known.
    """

    q05: float
    q50: float
    q95: float
    known: float


@dataclass(frozen=True, slots=True)
class Units:
    """The units of simulated regimens.

    Parameters
    ----------
    time_unit, concentration_unit, occupancy_unit, suppression_unit
        Of the times and the read-outs; occupancy stands for every kind of target engagement.
    area_unit
        Of areas under the concentration.
    """

    time_unit: str = "day"
    concentration_unit: str = "ug/mL"
    occupancy_unit: str = "fraction"
    suppression_unit: str = "fraction"
    area_unit: str = "day*ug/mL"


@dataclass(frozen=True, slots=True)
class DosingInterval:
    """Non-compartmental measures of the concentration in serum from a dose to the next, or to the end.

    Parameters
    ----------
    dose
        Number of the dose, from 1.
    begins_day, ends_day
        Of this dose and the next one [day].
    is_complete
        Whether it is as long as the interval before it.
    trough_before, trough_after
        Concentration just before this dose and just before the next one [ug/mL].
    peak, peak_days
        Largest concentration, and how long after the dose [day].
    lowest
        Smallest concentration from just before the dose to just before the next one [ug/mL].
    area
        Under the concentration, linear up and logarithmic down [day*ug/mL].
    average
        The area over the length of the interval [ug/mL].
    days_above
        How long the concentration is above ``counted_above`` [day]; None without one.
    """

    dose: int
    begins_day: float
    ends_day: float
    is_complete: bool
    trough_before: OverSubjects
    trough_after: OverSubjects
    peak: OverSubjects
    peak_days: OverSubjects
    lowest: OverSubjects
    area: OverSubjects
    average: OverSubjects
    days_above: OverSubjects | None


@dataclass(frozen=True, slots=True)
class AtSteadyState:
    """What the last complete interval says beside the first.

    Parameters
    ----------
    dose
        Number of the dose that begins the last complete interval.
    trough_change
        Relative change of the trough over that interval.
    is_reached
        Whether that change is below 5 % for the median subject.
    accumulation_area, accumulation_peak, accumulation_trough
        Last over first interval: of the area, the peak and the trough after the dose.
    """

    dose: int
    trough_change: OverSubjects
    is_reached: bool
    accumulation_area: OverSubjects
    accumulation_peak: OverSubjects
    accumulation_trough: OverSubjects


@dataclass(frozen=True, slots=True)
class FollowedRegimen:
    """The course of one regimen, or of one subject and occasion of an event table.

    Parameters
    ----------
    regimen
        In words; of an event table, the subject and occasion.
    doses
        Number of doses given.
    subjects_status
        Status of a subject's course to the number of subjects; only ``ok`` counts in read-outs.
    time_days
        Times [day], shape (times,): before each dose, at the end of each infusion, and between.
    asked_days
        Times that were asked for [day].
    concentration
        Of the drug in serum.
    occupancy_blood, occupancy_skin
        Share of receptors bound by the drug.
    ifn_alpha_bound_blood, ifn_alpha_bound_skin
        Share of interferon alpha bound by the drug.
    kinase_inhibition_blood, kinase_inhibition_skin
        Share of the kinases below the receptor that is inhibited.
    ifn_driven_suppression_blood, ifn_driven_suppression_skin
        Suppression (a): share of the receptor-driven signal removed.
    suppression_blood, suppression_skin
        Suppression (b): one minus post over pre of the fold-change score.
    signature_blood, signature_skin
        The fold-change score itself.
    intervals
        Between doses; of very many, some at the start, some at the end and some between.
    steady_state
        None where there are no two complete intervals of equal doses.
    half_life_days
        Of the terminal phase after the last dose [day]; None where it is known of nobody.
    """

    regimen: str
    doses: int
    subjects_status: Mapping[str, int]
    time_days: tuple[float, ...]
    asked_days: tuple[float, ...]
    concentration: ReadOut
    occupancy_blood: ReadOut
    occupancy_skin: ReadOut
    ifn_alpha_bound_blood: ReadOut
    ifn_alpha_bound_skin: ReadOut
    kinase_inhibition_blood: ReadOut
    kinase_inhibition_skin: ReadOut
    ifn_driven_suppression_blood: ReadOut
    ifn_driven_suppression_skin: ReadOut
    suppression_blood: ReadOut
    suppression_skin: ReadOut
    signature_blood: ReadOut
    signature_skin: ReadOut
    intervals: tuple[DosingInterval, ...]
    steady_state: AtSteadyState | None
    half_life_days: OverSubjects | None

    def at_target(self, engagement: str) -> tuple[ReadOut, ReadOut] | None:
        """Return the read-out that shows the drug at its target, in blood and skin; None for a drug without one."""
        return {
            "occupancy": (self.occupancy_blood, self.occupancy_skin),
            "ifn_alpha_bound": (self.ifn_alpha_bound_blood, self.ifn_alpha_bound_skin),
            "kinase_inhibition": (self.kinase_inhibition_blood, self.kinase_inhibition_skin),
        }.get(engagement)


@dataclass(frozen=True, slots=True)
class ObservedPoint:
    """A measurement of a user's own.

    Parameters
    ----------
    read_out
        What was measured: a name of a read-out of ``FollowedRegimen``.
    day
        When, after the first dose [day].
    measured
        In the unit of the read-out.
    """

    read_out: str
    day: float
    measured: float


@dataclass(frozen=True, slots=True)
class Simulation:
    """The result of ``ifntrial simulate``.

    Parameters
    ----------
    drug
        In words.
    weeks
        How long it was followed [week].
    engagement
        The read-out that shows that the drug is at its target; empty for a drug without one.
    without_mechanisms
        Mechanisms left out.
    replaced
        Name of an evidence row to what was put in the place of its value, in words.
    people
        Who was followed.
    units
        Of the read-outs.
    counted_above
        Concentration above which time is counted [ug/mL]; None without one.
    notes
        What was left out of tables, or supposed.
    followed
        What was followed, in the order given.
    observed
        Measurements of a user's own, laid over the courses.
    """

    drug: str
    weeks: float
    engagement: str
    without_mechanisms: tuple[str, ...]
    replaced: Mapping[str, str]
    people: People
    units: Units
    counted_above: float | None
    notes: tuple[str, ...]
    followed: tuple[FollowedRegimen, ...]
    observed: tuple[ObservedPoint, ...]
