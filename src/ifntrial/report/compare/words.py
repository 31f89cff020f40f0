"""The sentences of the comparison's page that depend on its numbers."""

from collections.abc import Sequence

from ifntrial.clinic.primary_measure import PrimaryMeasure
from ifntrial.report.differences import change_in_words, named
from ifntrial.report.primary import arm_heading, better_words, facts_of_trial, gap_heading, in_each_arm
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


def size_cell(target: SizeAnswer, answer: SizeAnswers) -> str:
    """Return how many patients a target takes in as few words as a table has room for; ``SIZE_WORDS`` explains them."""
    if is_number(target.total):
        upper = patients(target.high) if is_number(target.high) else "none"
        return f"{patients(target.total)} ({patients(target.low)} to {upper})"
    if answer.ceiling_high <= target.target_assurance:
        return "no size"
    if answer.ceiling <= target.target_assurance:
        return "cannot be told"
    return f"more than {patients(target.largest)}"


SIZE_WORDS = (
    "In brackets: 95 % interval, counting worlds; “none”: no size. “No size”: the drug does not help in so many worlds "
    "that no trial can have this chance. “Cannot be told”: so few worlds leave that open. “More than”: in some worlds "
    "the effect is too small to be seen in the largest trial computed."
)


def headlines(result: Comparison) -> list[str]:
    """Return for each design beside the first what it changes; of a design alone its chance and the size it needs."""
    others = result.designs[1:]
    if not others:
        return [_alone(result.designs[0], result)]
    return [
        f"“{design.name}” instead of “{result.reference}” changes the chance of success by "
        f"{change_in_words(design.versus_reference or {}, result)}."
        for design in others
    ]


def _alone(design: ComparedDesign, result: Comparison) -> str:
    chances = [design.by_prior[name].assurance.estimate for name in named(result)]
    mixture = design.by_prior[result.mixture].assurance
    answer = design.more_patients.by_prior[result.mixture]
    target = answer.targets[0]
    return (
        f"With {patients(design.total)} patients the chance of success is {percent_range(min(chances), max(chances))} by "
        f"belief, and {percent(mixture.estimate)} ({percent_range(mixture.low, mixture.high)}) under their mixture. Size "
        f"for {percent(target.target_assurance)}, under the mixture: {size_in_words(target, answer)}."
    )


def trial_facts(result: Comparison) -> dict[str, str]:
    """Return size, endpoint and success of the designs, label to text; once what they share."""
    told = [
        facts_of_trial(
            in_each_arm(each.per_arm, each.arms), each.primary, each.primary_definition, each.alpha_one_sided
        )
        for each in result.designs
    ]
    names = [design.name for design in result.designs]
    return {label: _once([each[label] for each in told], names) for label in told[0]}


def _once(texts: Sequence[str], names: Sequence[str]) -> str:
    """Return a text that all share, or each text after the names it belongs to."""
    groups = {text: [name for name, own in zip(names, texts, strict=True) if own == text] for text in texts}
    if len(groups) == 1:
        return texts[0]
    return " ".join(f"{in_a_row(own)}: {text.removesuffix('.')}." for text, own in groups.items())


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
