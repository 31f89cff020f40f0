"""How often published values lie where they were expected, against how often they should, and how far they lie off.

Rows of one trial share its luck and its patients, so that the number of rows says little about how sure a share is:
the number of trials stands beside it, and the share in which each trial counts the same.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from ifntrial.levels import NORMAL_75, NORMAL_90

_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class Placed:
    """Where one published value lies in what was expected of it.

    Parameters
    ----------
    use, trial
        Of the observation.
    within_50, within_90
        Whether it lies in the middle half, and in the middle 90 %.
    standardized
        Its distance from the expected in standard deviations.
    """

    use: str
    trial: str
    within_50: bool
    within_90: bool
    standardized: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many published values lie where they were expected.

    Parameters
    ----------
    value_count, trial_count
        Number of values, and of the trials and cohorts they come from.
    within_50, within_90
        Share inside the middle half and the middle 90 % [percent]; None without rows.
    trials_within_50, trials_within_90
        The same where each trial counts once, whatever the number of its rows [percent].
    rms
        Root mean square of the standardized distances; 1 if spreads are as declared.
    """

    value_count: int
    trial_count: int
    within_50: float | None
    within_90: float | None
    trials_within_50: float | None
    trials_within_90: float | None
    rms: float | None


@dataclass(frozen=True, slots=True)
class TrialCoverage:
    """Coverage of the values of one trial or cohort that serve one use.

    Parameters
    ----------
    trial, use
        Beginning of the ids, and ``fit`` or ``test``.
    coverage
        How many lie where they were expected.
    """

    trial: str
    use: str
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class CoverageByYardstick:
    """The same question asked of several yardsticks.

    Parameters
    ----------
    of_earlier_model
        Of the model whose verdicts are kept in ``before.csv``, by sampling error alone.
    by_sampling
        Of this model, by sampling error alone, in the typical world.
    by_prediction
        Of this model, by worlds, the trial effect they hold and sampling error.
    by_prediction_of_earlier
        The same of the values that were compared before.
    """

    of_earlier_model: Coverage
    by_sampling: Coverage
    by_prediction: Coverage
    by_prediction_of_earlier: Coverage


def place_by_distance(use: str, trial: str, z: float) -> Placed:
    """Return where a value lies whose distance is in standard errors of a normal distribution."""
    return Placed(use, trial, abs(z) <= NORMAL_75, abs(z) <= NORMAL_90, z)


def place_by_percentile(use: str, trial: str, percentile: float, standardized: float) -> Placed:
    """Return where a value lies whose place in its distribution is known [percent]."""
    return Placed(use, trial, 25 <= percentile <= 75, 5 <= percentile <= 95, standardized)


def coverage(placed: Sequence[Placed]) -> Coverage:
    """Return how many of the values lie where they were expected."""
    by_trial = _grouped(placed, lambda each: each.trial)
    inside: list[Callable[[Placed], bool]] = [lambda each: each.within_50, lambda each: each.within_90]
    shares = [_percent([hit(each) for each in placed]) for hit in inside]
    of_trials = [
        _percent([float(np.mean([hit(each) for each in rows])) for rows in by_trial.values()])
        for hit in inside
    ]
    squares = [each.standardized**2 for each in placed]
    rms = float(np.sqrt(np.mean(squares))) if squares else None
    return Coverage(len(placed), len(by_trial), shares[0], shares[1], of_trials[0], of_trials[1], rms)


def coverage_by_trial(placed: Iterable[Placed]) -> tuple[TrialCoverage, ...]:
    """Return the coverage of each trial and use, in the order in which they first appear."""
    grouped = _grouped(placed, lambda each: (each.trial, each.use))
    return tuple(TrialCoverage(trial, use, coverage(rows)) for (trial, use), rows in grouped.items())


def _grouped(placed: Iterable[Placed], key: Callable[[Placed], _Key]) -> dict[_Key, list[Placed]]:
    found: dict[_Key, list[Placed]] = {}
    for each in placed:
        found.setdefault(key(each), []).append(each)
    return found


def _percent(hits: Sequence[float]) -> float | None:
    return 100 * float(np.mean(hits)) if hits else None
