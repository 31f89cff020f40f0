"""What ``ifntrial validate`` prints: every comparison, how often values lie where expected, and misses by cause."""

from collections.abc import Iterator

from ifntrial.studies.validate.coverage import Coverage
from ifntrial.studies.validate.result import Compared, Validation

SHOUTED = {"miss": "MISS"}
YARDSTICKS = {
    "of_earlier_model": "model of before, sampling",
    "by_sampling": "sampling error alone",
    "by_prediction": "worlds, trials, sampling",
    "by_prediction_of_earlier": "the same, values of before",
}
_COLUMNS = (
    ("published", 10),
    ("simulated", 11),
    ("5 %", 10),
    ("95 %", 10),
    ("place", 7),
    ("z", 7),
    ("z before", 9),
)


def validation_lines(result: Validation) -> Iterator[str]:
    """Yield everything that is compared, then counts, coverage and misses by cause."""
    width = max(len(row.observation) for row in result.comparisons if row.group)
    for name, heading in result.group_headings.items():
        yield f"\n{heading}"
        yield f"{'':{width}}  use {''.join(f'{label:>{size}}' for label, size in _COLUMNS)}"
        yield from (_line(row, width) for row in result.comparisons if row.group == name)
    yield ""
    yield (
        "5 %, 95 %: of what a study of the published size would print; place: percentile of the published value in it; "
        "z: in standard errors of sampling alone."
    )
    yield from _counts(result)
    yield from _coverage(result)
    yield from _misses(result)


def _line(row: Compared, width: int) -> str:
    found = row.predicted
    band = (None, None, None) if found is None else (found.band.q05, found.band.q95, found.percentile)
    before = None if row.earlier is None else row.earlier.z
    numbers = (row.published, row.simulated, *band, row.z, before)
    cells = "".join(_cell(number, size) for number, (_, size) in zip(numbers, _COLUMNS, strict=True))
    was = f" (was {row.earlier.verdict})" if row.earlier and row.earlier.verdict != row.verdict else ""
    return f"{row.observation:{width}}  {row.use:4}{cells}  {SHOUTED.get(row.verdict, row.verdict)}{was}"


def _counts(result: Validation) -> Iterator[str]:
    for use, counts in result.counts.items():
        yield (
            f"{use}: {counts.passes} agree, {counts.misses} miss, {counts.identities} are parameters themselves, "
            f"{counts.no_verdict} without a verdict (no interval and no sampling error published), "
            f"{counts.not_simulated} not simulated."
        )


def _coverage(result: Validation) -> Iterator[str]:
    yield f"\nPublished values inside the middle 50 and 90 % of what was expected ({result.drawn_worlds} worlds)"
    yield f"{'':36}{'rows':>6}{'in 50':>7}{'in 90':>7}{'trials':>8}{'in 50':>7}{'in 90':>7}{'rms z':>7}"
    for use, found in result.coverage_by_use.items():
        for key, words in YARDSTICKS.items():
            yield _coverage_line(f"{use}: {words}", getattr(found, key), 36)
    yield "\nby trial"
    for each in result.coverage_by_trial:
        yield _coverage_line(f"  {each.trial} ({each.use})", each.coverage, 46, of_trials=False)


def _coverage_line(label: str, found: Coverage, width: int, *, of_trials: bool = True) -> str:
    trials = (
        f"{found.trial_count:>8}{_percent(found.trials_within_50)}{_percent(found.trials_within_90)}"
        if of_trials
        else ""
    )
    shares = f"{_percent(found.within_50)}{_percent(found.within_90)}"
    return f"{label:{width}}{found.value_count:>6}{shares}{trials}{_cell(found.rms, 7)}"


def _misses(result: Validation) -> Iterator[str]:
    missed = sum(len(each.observations) for each in result.clusters)
    yield f"\n{missed} misses under {len(result.clusters)} causes"
    for each in result.clusters:
        trials = f"{len(each.of_trials)} trial{'s' if len(each.of_trials) > 1 else ''}"
        yield f"{each.cause}: {len(each.observations)} of {trials}. {each.words}"
        yield f"  would mend it: {each.remedy}"
        yield from (f"    {row}" for row in each.observations)


def _cell(value: float | None, width: int) -> str:
    return f"{'':>{width}}" if value is None else f"{value:>{width}.3g}"


def _percent(value: float | None) -> str:
    return f"{'':>7}" if value is None else f"{value:>7.0f}"
