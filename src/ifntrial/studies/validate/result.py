"""What a validation finds: every observation beside the model, and what published results say about worlds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ifntrial.studies.calibrate.result import Learnt
from ifntrial.studies.validate.before import VerdictBefore
from ifntrial.studies.validate.by_status import EffectByStatus
from ifntrial.studies.validate.causes import Cluster
from ifntrial.studies.validate.checks.response_steps import ResponseSteps
from ifntrial.studies.validate.coverage import CoverageByYardstick, TrialCoverage
from ifntrial.studies.validate.curves import UntreatedCurve
from ifntrial.studies.validate.predictive import Predicted
from ifntrial.studies.validate.standing import Standing

Verdict = Literal["agrees", "miss", "identity", "no verdict", "not simulated"]


@dataclass(frozen=True, slots=True)
class Compared:
    """One observation and what the model says.

    Parameters
    ----------
    observation, use, group
        Id, ``fit`` or ``test``, and the group of checks; no group if it is not simulated.
    published, simulated
        None where only a span is published, or nothing is simulated; simulated is of the typical world.
    unit
        Of the numbers.
    low, high, interval
        Where the simulated value has to lie by sampling error alone, and what this interval is.
    z
        Distance of the two in published standard errors.
    passed_by_sampling
        Whether it lies there, without any spread of trials and worlds; None where nobody can say.
    predicted
        What a study of the published size would print; None where no sampling error is known.
    passed
        Whether the published value lies in its middle 95 %, or the simulated one in a published span; None where there
        is no verdict.
    verdict
        In words; ``identity`` where the value is a parameter of the model.
    cause
        Key of the cause of a miss; empty if it is none.
    reason, note
        Why there is no verdict, or why it misses; and what is simplified.
    earlier
        What an earlier model said, when sampling error alone decided.
    """

    observation: str
    use: str
    group: str | None
    unit: str
    published: float | None
    simulated: float | None
    low: float | None
    high: float | None
    interval: str
    z: float | None
    passed_by_sampling: bool | None
    predicted: Predicted | None
    passed: bool | None
    verdict: Verdict
    cause: str
    reason: str
    note: str
    earlier: VerdictBefore | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many observations have which verdict.

    Parameters
    ----------
    passes, misses
        The published value lies where it was expected, or does not.
    identities
        The value is a parameter: agreement proves nothing.
    no_verdict
        There is no interval.
    not_simulated
        The model cannot answer it.
    """

    passes: int
    misses: int
    identities: int
    no_verdict: int
    not_simulated: int


@dataclass(frozen=True, slots=True)
class Validation:
    """The result of ``ifntrial validate``.

    Parameters
    ----------
    subjects
        Size of the virtual groups that get a drug.
    drawn_worlds
        Worlds that say how far a published value may lie from the typical one.
    group_headings
        Name of each group of checks to its heading.
    counts
        By use of the observations, ``fit`` or ``test``.
    coverage_by_use
        By use: how often published values lie where they were expected, by three yardsticks.
    coverage_by_trial
        The same of each trial, by worlds, trial effect and sampling.
    comparisons
        Every observation once, in the order of the tables.
    clusters
        Misses by their cause.
    standings
        Which statements of the review the model derives, and which it assumes.
    untreated_curves
        How skin goes untreated, by what patients are at entry.
    response_steps
        What each rule of a trial does to the response on placebo.
    effect_by_status
        What the law foretells for a low signature over a high one, and what was seen in lupus.
    posterior
        What published results say about the unknowns of a world.
    """

    subjects: int
    drawn_worlds: int
    group_headings: Mapping[str, str]
    counts: Mapping[str, Counts]
    coverage_by_use: Mapping[str, CoverageByYardstick]
    coverage_by_trial: tuple[TrialCoverage, ...]
    comparisons: tuple[Compared, ...]
    clusters: tuple[Cluster, ...]
    standings: tuple[Standing, ...]
    untreated_curves: tuple[UntreatedCurve, ...]
    response_steps: ResponseSteps
    effect_by_status: EffectByStatus
    posterior: Learnt
