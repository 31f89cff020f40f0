"""Whether what the model says agrees with what was published.

A result agrees if the published value lies in the middle 95 % of what a study of its size would print: over worlds, which
hold the luck of a whole trial, and over sampling. Beside it stands the narrower verdict by sampling error alone, in the
typical world: the interval that is published or that follows from a standard deviation (published, or of virtual
subjects) and a number of subjects. A published span has no sampling error: the typical world has to lie in it. Where even
that is unknown there is no verdict, and none where the value is a parameter of the model.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import atanh, isfinite, sqrt, tanh

from ifntrial.evidence.records import Observation
from ifntrial.evidence.standard_error import standard_error
from ifntrial.levels import LOWER_TAIL, NORMAL_95, UPPER_TAIL
from ifntrial.statistics.replicates import wilson_interval
from ifntrial.studies.validate.before import VerdictBefore
from ifntrial.studies.validate.causes import cause_of
from ifntrial.studies.validate.checks.setting import Simulated
from ifntrial.studies.validate.predictive import CORRELATIONS, Predicted, predict
from ifntrial.studies.validate.result import Compared, Counts, Verdict

USES = ("fit", "test")


@dataclass(frozen=True, slots=True)
class _Interval:
    low: float
    high: float
    kind: str
    has_error: bool = True

    @property
    def error(self) -> float | None:
        """Unit of distances: the standard error where the interval is symmetric, None of a span."""
        return (self.high - self.low) / (2 * NORMAL_95) if self.has_error else None


@dataclass(frozen=True, slots=True)
class Said:
    """What a validation says of one observation.

    Parameters
    ----------
    group
        Name of its group of checks.
    simulated
        In the typical world.
    in_worlds
        The same value in each world.
    """

    group: str
    simulated: Simulated
    in_worlds: Sequence[float] = ()


def compare(
    row: Observation, said: Said | None, before: VerdictBefore | None = None, absent: str = ""
) -> Compared:
    """Return an observation beside what the model says of it.

    Parameters
    ----------
    said
        None if it is not simulated.
    before
        What an earlier model said.
    absent
        Why it is not simulated.
    """
    simulated = None if said is None else said.simulated
    value = simulated.value if simulated is not None and isfinite(simulated.value) else None
    interval = published_interval(row, simulated)
    narrow = None if value is None or interval is None else interval.low <= value <= interval.high
    z = None
    if value is not None and interval is not None and interval.error and row.value is not None:
        z = (value - row.value) / interval.error
    predicted = None if value is None or said is None else _predicted(row, said, interval)
    is_identity = simulated is not None and bool(simulated.identity)
    passed = None if is_identity else _passed(predicted, narrow)
    missed = cause_of(row) if passed is False else None
    return Compared(
        observation=row.id,
        use=row.use,
        group=None if said is None else said.group,
        unit=row.unit,
        published=row.value,
        simulated=value,
        low=None if interval is None else interval.low,
        high=None if interval is None else interval.high,
        interval="" if interval is None else interval.kind,
        z=z,
        passed_by_sampling=narrow,
        predicted=predicted,
        passed=passed,
        verdict=_verdict(said, passed, is_identity),
        cause="" if missed is None else missed.name,
        reason=_reason(simulated, value, passed, absent) if missed is None else missed.words,
        note="" if simulated is None else simulated.note,
        earlier=before,
    )


def _predicted(row: Observation, said: Said, interval: _Interval | None) -> Predicted | None:
    error = None if interval is None else interval.error
    return predict(row, said.in_worlds or (said.simulated.value,), error, row.n or said.simulated.n)


def _passed(predicted: Predicted | None, narrow: bool | None) -> bool | None:
    if predicted is None:
        return narrow
    return LOWER_TAIL <= predicted.percentile / 100 <= UPPER_TAIL


def _verdict(said: Said | None, passed: bool | None, is_identity: bool) -> Verdict:
    if said is None:
        return "not simulated"
    if is_identity:
        return "identity"
    if passed is None:
        return "no verdict"
    return "agrees" if passed else "miss"


def _reason(simulated: Simulated | None, value: float | None, passed: bool | None, absent: str) -> str:
    if simulated is None:
        return absent
    if simulated.identity:
        return f"the value is {simulated.identity}: agreement proves nothing"
    if value is None:
        return "the simulation gave no number"
    return "neither an interval nor a sampling error is published" if passed is None else ""


def published_interval(row: Observation, simulated: Simulated | None = None) -> _Interval | None:
    """Return where a value has to lie to agree with a published one, None where nobody can say.

    ``iqr``, ``central90`` and ``range`` are spreads between subjects: they give a standard deviation, not an interval.
    """
    if row.interval_kind in ("ci95", "bounds") and row.low is not None and row.high is not None:
        is_span = row.interval_kind == "bounds"
        return _Interval(row.low, row.high, "published span" if is_span else "published 95 %", not is_span)
    return None if row.value is None else _sampling(row, row.value, simulated)


def _sampling(row: Observation, value: float, simulated: Simulated | None) -> _Interval | None:
    n = row.n or (simulated.n if simulated is not None else None)
    own = None if row.interval_kind == "one_se" else _of_its_law(row, value, n)
    if own is not None:
        return own
    error, where = standard_error(row, n), "published"
    if error is None and simulated is not None:
        error, where = standard_error(replace(row, sd=simulated.sd), n), "simulated"
    if error is None:
        return None
    kind = "published standard error" if row.interval_kind == "one_se" else f"{where} SD, n = {n}"
    return _Interval(value - NORMAL_95 * error, value + NORMAL_95 * error, kind)


def _of_its_law(row: Observation, value: float, n: int | None) -> _Interval | None:
    """Return the asymmetric interval of a proportion or a correlation, None of other statistics."""
    if row.statistic == "proportion" and n:
        low, high = (100 * end for end in wilson_interval(value / 100 * n, n))
        return _Interval(low, high, f"binomial, n = {n}")
    if row.statistic in CORRELATIONS and n and n > 3:
        low, high = (tanh(atanh(value) + sign * NORMAL_95 / sqrt(n - 3)) for sign in (-1, 1))
        return _Interval(low, high, f"sampling, n = {n}")
    return None


def count(compared: Iterable[Compared]) -> dict[str, Counts]:
    """Return how many observations of each use have which verdict."""
    found = Counter((item.use, item.verdict) for item in compared)
    order: tuple[Verdict, ...] = ("agrees", "miss", "identity", "no verdict", "not simulated")
    return {use: Counts(*(found[use, each] for each in order)) for use in USES}
