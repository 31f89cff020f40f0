"""One virtual trial as lines on the terminal."""

from collections.abc import Iterator

from ifntrial.studies.safety.result import CountedEvents
from ifntrial.studies.trial.result import PrimaryResult, TrialResult


def trial_lines(result: TrialResult, seed: int) -> Iterator[str]:
    """Yield what happened in one virtual trial: screening, conduct by arm, and the primary endpoint."""
    world = "the typical world" if result.world is None else f"world {result.world}"
    screening = result.screening
    yield f"{result.design}: {result.title}"
    yield f"One virtual trial in {world}, seed {seed}"
    yield (
        f"Screened {screening.screened}, enrolled {screening.enrolled}; not eligible "
        f"{sum(screening.refused.values())}, implausible {sum(screening.implausible.values())}, left out to match "
        f"published patients {screening.thinned}"
    )
    width = max(len(arm.name) for arm in result.arm_conduct)
    for arm in result.arm_conduct:
        yield (
            f"  {arm.name:<{width}}  enrolled {arm.enrolled}, completed treatment {arm.completed_treatment}, "
            f"left {arm.left}, rescued {arm.rescued}"
        )
        failed = {word: n for word, n in arm.subjects_status.items() if word != "ok"}
        if failed:
            yield f"  {'':<{width}}  courses that ended early, kept with their reason: {failed}"
    yield from _primary_lines(result.primary_result)
    yield from _safety_lines(result.safety)


def _safety_lines(rows: tuple[CountedEvents, ...]) -> Iterator[str]:
    """Yield the events that anyone had; the result's file has all."""
    seen = {row.event: row.label for row in rows if row.subjects}
    yield "Patients with an event per 100 patient-years (exact 95 %):"
    for event, label in seen.items():
        each = "; ".join(
            f"{row.arm} {row.observed_rate:.1f} ({row.low:.1f} to {row.high:.1f}), n {row.subjects}"
            for row in rows
            if row.event == event
        )
        yield f"  {label}: {each}"
    if not seen:
        yield "  none of those that are followed"


def _primary_lines(primary: PrimaryResult) -> Iterator[str]:
    among = f" among {primary.among}" if primary.among else ""
    yield f"Primary: {primary.label} at week {primary.visit_week:g}{among}"
    for row in primary.arm_results:
        value = "nobody has a value" if row.mean is None else _amount(row.mean, primary)
        yield f"  {row.arm}: {value} ({row.known} of {row.subjects})"
    for test in primary.tests:
        if test.problem:
            yield f"  {test.arm} against control: not analysed, {test.problem}"
            continue
        numbers = f"{_signed(test.estimate)} ({_signed(test.low)} to {_signed(test.high)})"
        p = "not known" if test.p_two_sided is None else f"{test.p_two_sided:.3g}"
        verdict = "met" if test.is_met else "not met"
        yield f"  {test.arm} against control: {test.scale} {numbers}, two-sided p {p}, {test.method}: {verdict}"
    if not primary.tests:
        yield "  No test: the trial has no control arm, or this kind of endpoint none here."


def _signed(value: float | None) -> str:
    return "not known" if value is None else f"{value:+.3g}"


def _amount(mean: float, primary: PrimaryResult) -> str:
    is_share = primary.kind == "responder"
    return f"responders {100 * mean:.1f} %" if is_share else f"mean {mean:.3g} {primary.unit}"
