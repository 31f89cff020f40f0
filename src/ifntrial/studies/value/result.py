"""What ``ifntrial value`` finds."""

from collections.abc import Mapping
from dataclasses import dataclass

from ifntrial.worlds.quantiles import Band


@dataclass(frozen=True, slots=True)
class StudyValue:
    """What a candidate study would tell of a forecast.

    Parameters
    ----------
    study, title, unit
        Its name, what it is about, and the unit of that.
    standard_error, trial_sd
        Its sampling error, and the SD between trials of the same statement.
    evsi
        Expected value of the study, in the unit of the stakes.
    evppi
        Expected value of knowing without error what it is about: its ceiling.
    told_share
        Share of the variance of success between worlds that it would explain.
    answer_after
        Chance of success after it, over what it may print.
    decision_changes
        Chance that it turns the decision.
    """

    study: str
    title: str
    unit: str
    standard_error: float
    trial_sd: float
    evsi: float
    evppi: float
    told_share: float
    answer_after: Band
    decision_changes: float


@dataclass(frozen=True, slots=True)
class ValueOfStudies:
    """The result of ``ifntrial value``.

    Parameters
    ----------
    design, title, question
        The trial that is decided about.
    stakes
        ``gain`` if the trial succeeds and ``cost`` of doing it, in one unit of the user's own.
    success_now
        Chance of success in the worlds of the run under the mixture.
    goes_now
        Whether its expected gain is more than its cost.
    worth_now
        What the better decision is worth now.
    evpi
        Expected value of knowing everything.
    studies
        The candidates, the most valuable first.
    worlds_effective_here
        What the worlds of the run are worth in the mixture, by Kish.
    """

    design: str
    title: str
    question: str
    stakes: Mapping[str, float]
    success_now: float
    goes_now: bool
    worth_now: float
    evpi: float
    studies: tuple[StudyValue, ...]
    worlds_effective_here: float
