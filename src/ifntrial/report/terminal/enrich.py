"""Whom to enrol, on the terminal."""

from collections.abc import Iterator

from ifntrial.report.differences import points, points_range
from ifntrial.report.enrich.cutoffs import cutoff_sentence
from ifntrial.report.enrich.interim import interim_sentence
from ifntrial.report.enrich.words import answer_sentence, plain, short_of
from ifntrial.studies.enrich.result import Enrichment


def answer_lines(result: Enrichment) -> Iterator[str]:
    """Yield what selection by each marker changes."""
    yield plain(answer_sentence(result.answers[0], result))
    yield f"Change with {result.design_facts.total} treated, in percentage points (95 %, counting worlds):"
    labels = [facts.label for facts in result.priors.values()]
    yield f"  {'':<22}" + "".join(f"{label:<28}" for label in labels)
    for found in result.answers:
        gaps = "".join(
            f"{points(gap.estimate)} ({points_range(gap.low, gap.high)})".ljust(28)
            for gap in found.same_size_by_prior.values()
        )
        yield f"  {short_of(found.marker, result):<22}{gaps}"


def other_lines(result: Enrichment) -> Iterator[str]:
    """Yield where a score is cut, the interim look, and what was left out."""
    for study in result.cutoffs:
        yield plain(cutoff_sentence(study, result))
    if result.interim:
        yield plain(interim_sentence(result.interim, result))
    for name, reason in result.left_out.items():
        yield f"Not computed: {name}. {reason}"
    yield (
        "Not told apart: the interval over worlds or the Monte Carlo interval holds zero. "
        "Costs and assays are assumed unless given."
    )
