"""What one virtual trial shows."""

from collections.abc import Mapping
from dataclasses import dataclass

from ifntrial.studies.over_worlds import CalibrationFacts
from ifntrial.studies.safety.result import CountedEvents
from ifntrial.studies.screening import Screening


@dataclass(frozen=True, slots=True)
class ArmResult:
    """The primary endpoint in one arm.

    Parameters
    ----------
    arm
        Name of the arm.
    subjects, known
        Subjects the analysis is about, and those of them with a value.
    mean
        Share of responders, or mean; None if nobody has a value.
    """

    arm: str
    subjects: int
    known: int
    mean: float | None


@dataclass(frozen=True, slots=True)
class PrimaryTest:
    """One active arm against the control.

    Parameters
    ----------
    arm
        The active arm.
    method
        What was done, in words.
    estimate, low, high
        Difference, or log odds ratio, with its 95 % interval; None where there is none.
    scale
        Of the estimate, in words.
    p_two_sided
        Of no difference; None where it could not be analysed.
    is_met
        Whether active is better at the level of the design.
    problem
        Why it could not be analysed; empty if it could.
    """

    arm: str
    method: str
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    scale: str = ""
    p_two_sided: float | None = None
    is_met: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True)
class PrimaryResult:
    """The primary endpoint.

    Parameters
    ----------
    endpoint, label, kind, unit
        Of the endpoint.
    visit_week
        When it is read [week].
    among
        Condition on the subjects the analysis is about; None for all.
    arm_results
        Every arm.
    tests
        Every active arm against the control; empty where there is no test.
    """

    endpoint: str
    label: str
    kind: str
    unit: str
    visit_week: float
    among: str | None
    arm_results: tuple[ArmResult, ...]
    tests: tuple[PrimaryTest, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialScreening(Screening):
    """Who was screened and enrolled.

    Parameters
    ----------
    enrolled
        Subjects enrolled.
    """

    enrolled: int


@dataclass(frozen=True, slots=True)
class ArmConduct:
    """What became of the subjects of one arm.

    Parameters
    ----------
    name, drug, regimen
        Of the arm.
    enrolled, completed_treatment
        Subjects.
    stopped
        Reason for stopping treatment to the number of subjects.
    left, rescued
        Subjects who left the trial, and who got escape therapy.
    subjects_status
        Status of a subject's course to the number of subjects.
    """

    name: str
    drug: str
    regimen: str
    enrolled: int
    completed_treatment: int
    stopped: Mapping[str, int]
    left: int
    rescued: int
    subjects_status: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class TrialResult:
    """The result of ``ifntrial design simulate``.

    Parameters
    ----------
    design, title
        Of the trial.
    world
        Number of the world; None for the typical one.
    screening
        Who was enrolled.
    arm_conduct
        What became of the subjects of each arm.
    primary_result
        The primary endpoint and its test.
    safety
        Events of each arm until the primary visit.
    calibration
        Where worlds come from.
    files
        Names of the tables beside the result.
    """

    design: str
    title: str
    world: int | None
    screening: TrialScreening
    arm_conduct: tuple[ArmConduct, ...]
    primary_result: PrimaryResult
    safety: tuple[CountedEvents, ...]
    calibration: CalibrationFacts
    files: tuple[str, ...]
