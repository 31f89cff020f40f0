"""Whether what the model says agrees with what was published.

A result passes if the simulated value lies inside the published interval; where none is published, inside the 95 %
interval of the published value's sampling error, from its standard deviation (published, or of virtual subjects) and
number of subjects. Where even that is unknown there is no verdict.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import atanh, isfinite, sqrt, tanh

from ifntrial.evidence.records import Observation
from ifntrial.evidence.standard_error import standard_error
from ifntrial.levels import NORMAL_95
from ifntrial.statistics.replicates import wilson_interval
from ifntrial.studies.validate.checks.not_simulated import reason
from ifntrial.studies.validate.checks.setting import Simulated
from ifntrial.studies.validate.checks.why_missed import why_missed
from ifntrial.studies.validate.result import Compared, Counts

USES = ("fit", "test")
_FISHER = ("correlation", "intraclass_correlation")


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


def compare(row: Observation, group: str | None, simulated: Simulated | None) -> Compared:
    """Return an observation beside what the model says of it."""
    value = simulated.value if simulated is not None and isfinite(simulated.value) else None
    interval = published_interval(row, simulated)
    passed = None if value is None or interval is None else interval.low <= value <= interval.high
    z = None
    if value is not None and interval is not None and interval.error and row.value is not None:
        z = (value - row.value) / interval.error
    why = ""
    if simulated is None:
        why = reason(row)
    elif value is None:
        why = "the simulation gave no number"
    elif interval is None:
        why = "neither an interval nor a sampling error is published"
    elif not passed:
        why = why_missed(row)
    return Compared(
        observation=row.id,
        use=row.use,
        group=group,
        unit=row.unit,
        published=row.value,
        simulated=value,
        low=None if interval is None else interval.low,
        high=None if interval is None else interval.high,
        interval="" if interval is None else interval.kind,
        z=z,
        passed=passed,
        reason=why,
        note="" if simulated is None else simulated.note,
    )


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
    if row.statistic in _FISHER and n and n > 3:
        low, high = (tanh(atanh(value) + sign * NORMAL_95 / sqrt(n - 3)) for sign in (-1, 1))
        return _Interval(low, high, f"sampling, n = {n}")
    return None


def count(compared: Iterable[Compared]) -> dict[str, Counts]:
    """Return how many observations of each use agree, miss, have no verdict, or are not simulated."""
    found = Counter((item.use, _kind(item)) for item in compared)
    return {
        use: Counts(*(found[use, each] for each in ("passed", "miss", "no_verdict", "not_simulated")))
        for use in USES
    }


def _kind(item: Compared) -> str:
    if item.group is None:
        return "not_simulated"
    if item.passed is None:
        return "no_verdict"
    return "passed" if item.passed else "miss"
