"""What a validation finds: every observation beside the model, and what published results say about worlds."""

from collections.abc import Mapping
from dataclasses import dataclass

from ifntrial.studies.calibrate.result import Learnt
from ifntrial.studies.validate.checks.response_steps import ResponseSteps


@dataclass(frozen=True, slots=True)
class Compared:
    """One observation and what the model says.

    Parameters
    ----------
    observation, use, group
        Id, ``fit`` or ``test``, and the group of checks; no group if it is not simulated.
    published, simulated
        None where only a span is published, or nothing is simulated.
    unit
        Of the numbers.
    low, high, interval
        Where the simulated value has to lie, and what this interval is; no interval, no verdict.
    z
        Distance of the two in published standard errors.
    passed
        Verdict; None where there is none.
    reason, note
        Why there is no verdict, or why it misses; and what is simplified.
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
    passed: bool | None
    reason: str
    note: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many observations have which verdict.

    Parameters
    ----------
    passes, misses
        The simulated value lies inside the interval, or outside.
    no_verdict
        There is no interval.
    not_simulated
        The model cannot answer it.
    """

    passes: int
    misses: int
    no_verdict: int
    not_simulated: int


@dataclass(frozen=True, slots=True)
class Validation:
    """The result of ``ifntrial validate``.

    Parameters
    ----------
    subjects
        Size of the virtual groups that get a drug.
    group_headings
        Name of each group of checks to its heading.
    counts
        By use of the observations, ``fit`` or ``test``.
    comparisons
        Every observation once, in the order of the tables.
    response_steps
        What each rule of a trial does to the response on placebo.
    posterior
        What published results say about the unknowns of a world.
    """

    subjects: int
    group_headings: Mapping[str, str]
    counts: Mapping[str, Counts]
    comparisons: tuple[Compared, ...]
    response_steps: ResponseSteps
    posterior: Learnt
