"""What a forecast tells of interim looks and of go/no-go rules."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlannedLook:
    """One look of a trial, the end last.

    Parameters
    ----------
    information
        Share of the planned information.
    patients_known
        Whose primary endpoint is known then, as planned.
    week
        When its result is known, since the first patient [week]; None without recruitment.
    enrolled
        Patients in the trial by then; None without recruitment.
    efficacy_z, efficacy_p
        Bound for success on the test statistic, the better side up, and its one-sided level; None where no look stops.
    futility_z
        Bound below which the trial stops; None without.
    """

    information: float
    patients_known: int
    week: float | None
    enrolled: float | None
    efficacy_z: float | None
    efficacy_p: float | None
    futility_z: float | None


@dataclass(frozen=True, slots=True)
class LooksUnderPrior:
    """What the looks do under one belief: means over the worlds of the run.

    Parameters
    ----------
    success_at, futility_at
        Chance to stop for either at each look, the end last.
    grown
        Chance that the size is raised; None without re-estimation.
    power_at_once
        Chance of success of the same trial without looks.
    expected_patients
        Expected patients: those enrolled when the trial stops with recruitment, else those whose endpoint is known.
    weeks
        Expected duration from the first patient to the result [week]; None without recruitment.
    """

    success_at: tuple[float, ...]
    futility_at: tuple[float, ...]
    grown: float | None
    power_at_once: float
    expected_patients: float
    weeks: float | None


@dataclass(frozen=True, slots=True)
class LooksForecast:
    """The interim looks of a trial and what they do under each belief and the mixture.

    Parameters
    ----------
    each_look
        The looks, the end last.
    most_patients
        To which the trial may grow; None without re-estimation.
    under
        By belief and, last, the mixture.
    """

    each_look: tuple[PlannedLook, ...]
    most_patients: int | None
    under: Mapping[str, LooksUnderPrior]


@dataclass(frozen=True, slots=True)
class DecisionUnderPrior:
    """What the go/no-go rule says at the planned end of a trial that no look stops before.

    Parameters
    ----------
    go, neither, no_go
        Chance of each; they sum to one.
    """

    go: float
    neither: float
    no_go: float
