"""The sentences of the comparison's page that depend on its numbers."""

from collections.abc import Mapping
from typing import Protocol

from ifntrial.report.wording import MINUS, fixed, in_a_row, is_number, percent, percent_range
from ifntrial.studies.compare.more_patients import SizeAnswer, SizeAnswers
from ifntrial.studies.compare.power import Difference
from ifntrial.studies.compare.result import ComparedDesign, Comparison
from ifntrial.studies.over_worlds import PriorFacts

LEVEL_OF_POINTS = 100.0


class HasPriors(Protocol):
    """A study under several named beliefs and their mixture."""

    @property
    def priors(self) -> Mapping[str, PriorFacts]: ...  # noqa: D102

    @property
    def mixture(self) -> str: ...  # noqa: D102


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


def patients(count: object) -> str:
    """Return a number of patients with a space in thousands."""
    return f"{int(count):,}".replace(",", "\u202f") if is_number(count) else "none"


def size_in_words(target: SizeAnswer, answer: SizeAnswers) -> str:
    """Return how many patients a target takes, that no size reaches it and why, or that so few worlds cannot tell.

    Parameters
    ----------
    target
        One of ``answer.targets``.
    answer
        Size answer of one design under one prior.
    """
    if is_number(target.total):
        upper = patients(target.high) if is_number(target.high) else "none"
        return f"about {patients(target.total)} patients ({patients(target.low)} to {upper})"
    most, low, high = answer.ceiling, answer.ceiling_low, answer.ceiling_high
    idle = f"in {percent(1 - most)} ({percent_range(1 - high, 1 - low)}) of worlds the drug does not help"
    if high <= target.target_assurance:
        return (
            f"no size reaches {percent(target.target_assurance)}: {idle}, so that no trial can exceed {percent(most)} "
            f"({percent_range(low, high)})"
        )
    if most <= target.target_assurance:
        return f"so few worlds cannot tell whether a size reaches {percent(target.target_assurance)}: {idle}"
    return (
        f"no size computed reaches {percent(target.target_assurance)}: {percent(target.at_largest)} at the largest of "
        f"{patients(target.largest)}, as in some worlds the effect is nil or too small to be seen"
    )


def size_sentence(design: ComparedDesign, result: Comparison) -> str:
    """Return how many patients an 80 % chance of success takes under each named prior, or that no number does."""
    answers = design.more_patients.by_prior
    parts = [
        f"{size_in_words(answers[prior].targets[0], answers[prior])} if “{result.priors[prior].label}”"
        for prior in named(result)
    ]
    return (
        f"“{design.name}” with its {patients(design.total)} patients, size for a chance of success of "
        f"{percent(answers[named(result)[0]].targets[0].target_assurance)}: {'; '.join(parts)}."
    )


def headlines(result: Comparison) -> list[str]:
    """Return for each design beside the first one sentence on the difference, under each named prior."""
    others = result.designs[1:]
    if not others:
        return [f"One design was simulated: {result.reference}. Give a second one to compare it with."]
    return [_compared(design, result) for design in others]


def _compared(design: ComparedDesign, result: Comparison) -> str:
    versus = design.versus_reference or {}
    gaps = {name: versus[name] for name in named(result)}
    parts = [f"{gap_text(gap)} if “{result.priors[name].label}”" for name, gap in gaps.items()]
    return (
        f"“{design.name}” instead of “{result.reference}” changes the chance of success, in percentage points, "
        f"by {in_a_row(parts)}."
    )


def named(result: HasPriors) -> list[str]:
    """Return the names of the priors without their mixture."""
    return [name for name in result.priors if name != result.mixture]


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
