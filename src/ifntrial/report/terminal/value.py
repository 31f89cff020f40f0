"""What candidate studies are worth, on the terminal."""

from collections.abc import Iterator

from ifntrial.report.wording import number, percent, percent_range
from ifntrial.studies.value.result import StudyValue, ValueOfStudies


def decision_sentence(result: ValueOfStudies) -> str:
    """Return what is decided now, and why."""
    gain, cost = result.stakes["gain"], result.stakes["cost"]
    verb = "goes ahead" if result.goes_now else "is not done"
    return (
        f"At a gain of {number(gain)} and a cost of {number(cost)} the trial {verb}: its chance is "
        f"{percent(result.success_now)}, and it pays from {percent(min(cost / gain, 1.0))} on."
    )


def best_sentence(result: ValueOfStudies) -> str:
    """Return which study is worth most, or that none is worth anything."""
    best = result.studies[0]
    if not best.evsi > 0:
        return "None of the studies can turn the decision, so that none is worth anything to it."
    return (
        f"{best.study} is worth most, {number(best.evsi, 2)} of the {number(result.evpi, 2)} that knowing everything "
        f"would be worth; it turns the decision with a chance of {percent(best.decision_changes)}."
    )


def value_lines(result: ValueOfStudies) -> Iterator[str]:
    """Yield the decision now, then each study, the most valuable first."""
    yield result.question
    yield decision_sentence(result)
    yield best_sentence(result)
    width = max(len(each.study) for each in result.studies) + 2
    yield f"{'':{width}}{'worth':>10}{'ceiling':>10}{'tells':>8}{'turns':>8}   chance of success after it"
    for each in result.studies:
        yield f"{each.study:{width}}{_cells(each)}"
    yield f"{'knowing everything':{width}}{number(result.evpi, 2):>10}"
    yield (
        "worth, ceiling: of the study, and of knowing without error what it is about, in the unit of the stakes; "
        "tells: share of the variance of success between worlds; turns: chance that it turns the decision."
    )


def _cells(each: StudyValue) -> str:
    after = percent_range(each.answer_after.q05, each.answer_after.q95)
    return (
        f"{number(each.evsi, 2):>10}{number(each.evppi, 2):>10}{percent(each.told_share):>8}"
        f"{percent(each.decision_changes):>8}   {after}"
    )
