"""The sentences of the comparison's page that depend on its numbers."""

from ifntrial.clinic.primary_measure import PrimaryMeasure
from ifntrial.report.differences import gap_text, named
from ifntrial.report.primary import arm_heading, better_words, gap_heading
from ifntrial.report.wording import in_a_row, is_number, patients, percent, percent_range, unit_label
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


def measures(result: Comparison) -> list[PrimaryMeasure]:
    """Return what is told of the primary endpoints, each once."""
    return list(dict.fromkeys(design.primary_measure for design in result.designs))


def told_of_arms(result: Comparison) -> str:
    """Return what is told of each arm, of every design."""
    found = measures(result)
    if all(measure.is_response for measure in found):
        return "Share of responders in each arm"
    if len(found) == 1:
        return f"{arm_heading(found[0])} in each arm; {better_words(found[0])}"
    return "The primary endpoint of each design in each arm, in its own unit"


def told_of_difference(result: Comparison) -> str:
    """Return what is told of active against control."""
    found = measures(result)
    if all(measure.is_response for measure in found):
        return "Difference [points]"
    return gap_heading(found[0], "control") if len(found) == 1 else "Difference that is tested"


def unit_beside(result: Comparison, measure: PrimaryMeasure) -> str:
    """Return the unit of an arm where designs have different ones."""
    unit = unit_label(measure.unit) if len(measures(result)) > 1 and measure.unit != "1" else ""
    return f" {unit}" if unit else ""
