"""The scores of a locked prediction."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChanceScore:
    """How a chance fared.

    Parameters
    ----------
    key, label
        What was foretold.
    forecaster
        A belief, the mixture, or a baseline.
    given_chance
        That was given to it.
    happened
        Whether it did.
    log_score, brier_score
        Lower is better; no log score where what happened had no chance at all.
    """

    key: str
    label: str
    forecaster: str
    given_chance: float
    happened: bool
    log_score: float | None
    brier_score: float


@dataclass(frozen=True, slots=True)
class NumberScore:
    """How the distribution of a number fared.

    Parameters
    ----------
    key, label, unit
        What was foretold.
    forecaster
        A belief, or the mixture.
    printed
        What the trial printed.
    mean, low, high
        Expectation, and the middle 90 %.
    crps
        Continuous ranked probability score, in the unit; lower is better.
    interval_score
        Of the middle 90 %: its width, and twenty times how far outside the observed value lies.
    pit
        Probability of at most the observed value.
    """

    key: str
    label: str
    unit: str
    forecaster: str
    printed: float
    mean: float
    low: float
    high: float
    crps: float
    interval_score: float
    pit: float


@dataclass(frozen=True, slots=True)
class TogetherScore:
    """How skin and lung fared together.

    Parameters
    ----------
    keys
        Of both.
    forecaster
        A belief, or the mixture.
    energy_score
        Each number over its standard deviation under the mixture; errors of one trial are drawn independently within a
        world, which is an assumption.
    """

    keys: tuple[str, ...]
    forecaster: str
    energy_score: float


@dataclass(frozen=True, slots=True)
class PredictionScores:
    """The scores of a locked prediction.

    Parameters
    ----------
    prediction, design, registration, locked
        Hash of the locked file, the trial, its registration, and the date of locking.
    known_at_lock
        What was known when it was locked: not empty for a back-test, whose scores prove less.
    source, read_out
        Of the outcome.
    chances, numbers, together
        Scores by what was foretold and by forecaster.
    """

    prediction: str
    design: str
    registration: str
    locked: str
    known_at_lock: str
    source: str
    read_out: str
    chances: tuple[ChanceScore, ...]
    numbers: tuple[NumberScore, ...]
    together: tuple[TogetherScore, ...]
