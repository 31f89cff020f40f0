"""Pages of the documentation that are written from a validation: misses by cause, and what is derived or assumed."""

from collections.abc import Iterator

from ifntrial.evidence.records import Evidence
from ifntrial.report.terminal.validation import YARDSTICKS
from ifntrial.studies.validate.coverage import Coverage
from ifntrial.studies.validate.result import Validation
from ifntrial.studies.validate.standing import standing_lines

BEGINNING = "<!-- written by make misses; what follows is not edited by hand -->"
_USES = {"fit": "there for fits", "test": "kept for tests"}


def with_misses(page: str, result: Validation, model_version: int) -> str:
    """Return the page of known misses with the part that is written from a validation in place of the one it had."""
    by_hand, mark, _ = page.partition(BEGINNING)
    if not mark:
        raise ValueError(f"the page has no line '{BEGINNING}'")
    return "\n".join([by_hand + BEGINNING, "", *_misses(result, model_version), ""])


def _misses(result: Validation, model_version: int) -> Iterator[str]:
    missed = sum(len(each.observations) for each in result.clusters)
    yield f"## All {missed} misses by cause"
    yield ""
    yield (
        f"Of `ifntrial validate` with model version {model_version}, {result.subjects} subjects in a group and "
        f"{result.drawn_worlds} worlds. A value is missed if it lies outside the middle 95 % of what a study of its size "
        "would print, over worlds, the luck of a whole trial and sampling. In brackets: the distance in standard "
        "deviations of all three (expected less published), and by sampling error alone what the model of before missed "
        "it by, if it was compared."
    )
    yield ""
    yield "| published values | values | in middle 50 % | in middle 90 % | RMS distance |"
    yield "|---|---|---|---|---|"
    for use, found in result.coverage_by_use.items():
        for key, words in YARDSTICKS.items():
            yield _covered(f"{_USES[use]}: {words}", getattr(found, key))
    by_id = {row.observation: row for row in result.comparisons}
    for each in result.clusters:
        yield ""
        yield f"### {each.cause.replace('_', ' ').capitalize()}: {len(each.observations)}"
        yield ""
        yield f"{each.words} What would mend it: {each.remedy[0].lower()}{each.remedy[1:]}"
        yield ""
        yield "```text"
        for id in each.observations:
            row = by_id[id]
            now = "a span" if row.predicted is None else f"{row.predicted.standardized:+.1f}"
            before = (
                "not compared" if row.earlier is None or row.earlier.z is None else f"{row.earlier.z:+.1f}"
            )
            yield f"{id} ({row.use}; {now}; before {before})"
        yield "```"


def _covered(label: str, found: Coverage) -> str:
    shares = ("–" if each is None else f"{each:.0f} %" for each in (found.within_50, found.within_90))
    rms = "–" if found.rms is None else f"{found.rms:.1f}"
    return f"| {label} | {found.value_count} | {' | '.join(shares)} | {rms} |"


def standing_page(evidence: Evidence) -> str:
    """Return the page that says which statements are derived and which assumed."""
    head = (
        "# Derived or assumed?",
        "",
        "Statements of the review that this program is about, and of the evidence tables: which of them come out of the "
        "model and could have come out otherwise, which are put into it, and which it cannot show; the run that shows "
        "it, and what would make it false. Written by `make docs` from `studies/validate/statements.py`; "
        "`ifntrial validate --out FOLDER` shows the same on its page.",
        "",
    )
    return "\n".join([*head, *standing_lines(evidence)])
