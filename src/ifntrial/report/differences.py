"""How pages of several trials say and draw by how much one does better than another, under each named belief."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from ifntrial.report.wording import MINUS, fixed, is_number
from ifntrial.studies.compare.power import Difference
from ifntrial.studies.over_worlds import PriorFacts

LEVEL_OF_POINTS = 100.0


class HasPriors(Protocol):
    """A study under several named beliefs and their mixture."""

    @property
    def priors(self) -> Mapping[str, PriorFacts]: ...  # noqa: D102

    @property
    def mixture(self) -> str: ...  # noqa: D102


class HasEstimate(Protocol):
    """A difference of probabilities."""

    @property
    def estimate(self) -> float: ...  # noqa: D102


def named(result: HasPriors) -> list[str]:
    """Return the names of the priors without their mixture."""
    return [name for name in result.priors if name != result.mixture]


def points(value: object) -> str:
    """Return a difference of probabilities in percentage points with its sign.

    Examples
    --------
    >>> points(0.081), points(-0.004), points(0.0)
    ('+8.1', '−0.4', '0.0')
    """
    if not is_number(value):
        return "not estimated"
    text = fixed(LEVEL_OF_POINTS * value, 1)
    return text if text.startswith(MINUS) or float(text) == 0 else f"+{text}"


def points_range(low: object, high: object) -> str:
    """Return two differences of probabilities as a range in percentage points."""
    return f"{points(low)} to {points(high)}"


def gap_text(gap: Difference) -> str:
    """Return a difference with its interval over worlds, and the Monte Carlo interval where that alone holds zero.

    Examples
    --------
    >>> gap_text(Difference(0.03, 0.01, 0.05, 0.02, 0.04, 0.9, 0.0))
    '+3.0 (+1.0 to +5.0)'
    >>> gap_text(Difference(0.03, 0.01, 0.05, -0.01, 0.07, 0.9, 0.0))
    '+3.0 (+1.0 to +5.0; Monte Carlo −1.0 to +7.0)'
    """
    text = f"{points(gap.estimate)} ({points_range(gap.low, gap.high)}"
    if gap.low * gap.high > 0 and verdict(gap) == "not told apart":
        text += f"; Monte Carlo {points_range(gap.mc_low, gap.mc_high)}"
    return f"{text})"


def verdict(gap: Difference) -> str:
    """Return whether a difference can be told from none, counting worlds and Monte Carlo error.

    Examples
    --------
    >>> verdict(Difference(0.02, 0.01, 0.03, 0.005, 0.035, 0.9, 0.0))
    'better'
    >>> verdict(Difference(0.01, -0.01, 0.03, 0.005, 0.035, 0.5, 0.2))
    'not told apart'
    """
    if min(gap.low, gap.mc_low) > 0:
        return "better"
    if max(gap.high, gap.mc_high) < 0:
        return "worse"
    return "the same" if gap.low == gap.high == 0 else "not told apart"


def change_in_words(gaps: Mapping[str, Difference], result: HasPriors) -> str:
    """Return a change of the chance of success under the mixture, and from the least to the most by belief."""
    mixture = gaps[result.mixture]
    return (
        f"{points(mixture.estimate)} percentage points ({points_range(mixture.low, mixture.high)}; {verdict(mixture)}) "
        f"under the mixture of beliefs, {range_by_belief(gaps, result)} by belief"
    )


def range_by_belief(gaps: Mapping[str, HasEstimate], result: HasPriors) -> str:
    """Return the least and the most of a difference under single beliefs [percentage points]; once if they are the same.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> both = SimpleNamespace(priors={"a": 0, "b": 0, "all": 0}, mixture="all")
    >>> range_by_belief({"a": SimpleNamespace(estimate=0.01), "b": SimpleNamespace(estimate=-0.02)}, both)
    '−2.0 to +1.0'
    """
    found = [gaps[name].estimate for name in named(result)]
    low, high = points(min(found)), points(max(found))
    return low if low == high else f"{low} to {high}"


def axis_ends(gaps: Iterable[Difference]) -> tuple[float, float]:
    """Return the ends of an axis [percentage points] that holds zero and every interval, with some room."""
    ends = [LEVEL_OF_POINTS * end for gap in gaps for end in (gap.low, gap.high)]
    low, high = min(ends, default=-1.0), max(ends, default=1.0)
    room = 0.06 * max(high - low, 1.0)
    return min(low, 0.0) - room, max(high, 0.0) + room
