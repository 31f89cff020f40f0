"""What is kept of one world of a forecast."""

from collections.abc import Mapping
from dataclasses import dataclass

from ifntrial.arrays import FloatArray
from ifntrial.studies.primary_power import RuleNumbers
from ifntrial.studies.repeated_trials import RepeatedTrials
from ifntrial.studies.safety.in_worlds import SafetyNumbers

Means = Mapping[str, Mapping[str, Mapping[str, FloatArray]]]
"""Endpoint to group to arm to means at each visit, NaN for a group without patients."""


@dataclass(frozen=True, slots=True)
class GroupNumbers:
    """Patients with a high or a low signature in one world.

    Parameters
    ----------
    numbers
        Of the unadjusted test at the size the group has in the trial.
    share
        Of the trial's patients.
    suppression_blood
        Suppression (b), median at the primary visit, active arm.
    returned
        Arm to the share whose blood score is back in the healthy range then.
    """

    numbers: RuleNumbers
    share: float
    suppression_blood: float
    returned: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class SecondaryNumbers:
    """A key secondary endpoint in one world, tested alone.

    Parameters
    ----------
    power, standard_error
        Of its own test, and from the finite number of subjects.
    difference
        Expected, active minus control, adjusted as the test is.
    n_active, n_control
        Patients who are expected to be analysed.
    trial_sd
        Standard deviation of the difference over trials of this size in this world.
    """

    power: float
    standard_error: float
    difference: float
    n_active: float
    n_control: float
    trial_sd: float


@dataclass(frozen=True, slots=True)
class AimNumbers:
    """What one world says beyond the primary test.

    Parameters
    ----------
    strategies
        Strategy for stopping and escape therapy to the numbers of the primary test, with the design's own rule.
    secondaries
        Key secondary endpoints that are followed, in the order of the design.
    sequences
        Order of testing, see ``aims.order_name``, to the chance that the primary endpoint and the first, the first two …
        of them are significant in the same trial.
    """

    strategies: Mapping[str, RuleNumbers]
    secondaries: tuple[SecondaryNumbers, ...]
    sequences: Mapping[str, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Audit:
    """How many courses were solved a second time far more accurately, and the largest error found, if any is known."""

    subjects: int
    largest_error: float | None


@dataclass(frozen=True, slots=True)
class WorldNumbers:
    """The numbers of one world that do not grow with its subjects.

    Parameters
    ----------
    world
        Number of the structural world.
    status
        Status to how many courses of subjects ended so, over both arms.
    failed
        Number of a subject that could not be simulated to the arm and the reason.
    rules
        Reading of the endpoint's rule to its numbers; the design's own is called ``""``.
    by_ifn
        ``high`` and ``low`` signature, where there are such patients.
    aims
        Beyond the primary test.
    safety
        Expected events and years at risk.
    repeated
        Whole trials in a world without an effect; None where they are counted from shares of responders.
    drift
        Mean of the statistic of the primary test at the planned end of a trial with looks; None without looks.
    """

    world: int
    status: Mapping[str, int]
    failed: Mapping[str, str]
    audit: Audit
    rules: Mapping[str, RuleNumbers]
    by_ifn: Mapping[str, GroupNumbers]
    aims: AimNumbers
    safety: SafetyNumbers
    repeated: RepeatedTrials | None = None
    drift: float | None = None


@dataclass(frozen=True, slots=True)
class SubjectNumbers:
    """Chance of response in both arms and suppression (b) in blood at the primary visit, each (..., subjects)."""

    active: FloatArray
    control: FloatArray
    suppression_blood: FloatArray


@dataclass(frozen=True, slots=True)
class ForecastWorld:
    """All that is kept of one world.

    Parameters
    ----------
    means
        Of true values over time, each (visits,).
    influence
        ``all``, ``high`` and ``low`` to what each subject adds to the error of the power there, shape (subjects,).
    parameters, history
        The world's own draws.
    subjects
        Of the twins of a cohort's patients; None without one.
    """

    numbers: WorldNumbers
    means: Means
    influence: Mapping[str, FloatArray]
    parameters: Mapping[str, float]
    history: Mapping[str, float]
    subjects: SubjectNumbers | None
