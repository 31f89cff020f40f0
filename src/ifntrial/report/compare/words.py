"""The sentences of the comparison's page that depend on its numbers."""

from ifntrial.report.differences import gap_text, named
from ifntrial.report.wording import in_a_row, is_number, patients, percent, percent_range
from ifntrial.studies.compare.more_patients import SizeAnswer, SizeAnswers
from ifntrial.studies.compare.result import ComparedDesign, Comparison


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
