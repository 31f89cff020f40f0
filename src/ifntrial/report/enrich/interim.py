"""The sentences of the enrichment page on adaptive enrichment at an interim look."""

from ifntrial.report.differences import HasPriors, named, points, points_range, range_by_belief
from ifntrial.report.wording import finer_percent, in_a_row, patients
from ifntrial.studies.enrich.interim_records import InterimRow, InterimStudy, MeanOverWorlds


def error_text(row: InterimRow) -> str:
    """Return the simulated type I error with its interval."""
    error = row.type_i_error
    return f"{finer_percent(error.estimate)} ({finer_percent(error.low)} to {finer_percent(error.high)})"


def keeps_the_error(found: InterimStudy) -> bool:
    """Return whether no rule's simulated type I error lies above its level by more than chance."""
    return all(row.type_i_error.low <= row.type_i_error.one_sided_level for row in found.rows)


def interim_sentence(found: InterimStudy, result: HasPriors) -> str:
    """Return whether the error is kept, and what the rule with the threshold at zero adds under each named prior."""
    row = next((each for each in found.rows if each.enrich_below == 0.0), found.rows[0])
    parts = [
        f"{gap_words(row.by_prior[prior].versus_fixed)} if “{result.priors[prior].label}”"
        for prior in named(result)
    ]
    kept = "is kept" if keeps_the_error(found) else "is not kept"
    return (
        f"A trial of {patients(found.size)} that goes on with test-positive patients only if those with a negative "
        "test show no benefit at half-time, instead of no interim look, changes the chance of any claim, in percentage "
        f"points, by {in_a_row(parts)}. The type I error {kept}: {error_text(row)} in "
        f"{patients(found.null_replicates)} trials without effect, at a level of "
        f"{finer_percent(row.type_i_error.one_sided_level)}."
    )


def short_sentence(found: InterimStudy, result: HasPriors) -> str:
    """Return what the rule with the threshold at zero adds, in short, and whether the error is kept."""
    row = next((each for each in found.rows if each.enrich_below == 0.0), found.rows[0])
    kept = "is kept" if keeps_the_error(found) else "is not kept"
    return (
        f"In a trial of {patients(found.size)} this changes the chance of any claim by "
        f"{gap_words(row.by_prior[result.mixture].versus_fixed)} percentage points under the mixture of beliefs, "
        f"{by_belief(row, result)} by belief. The type I error {kept}: {error_text(row)} in "
        f"{patients(found.null_replicates)} trials without effect, at a level of "
        f"{finer_percent(row.type_i_error.one_sided_level)}."
    )


def by_belief(row: InterimRow, result: HasPriors) -> str:
    """Return the least and the most that a look changes under single beliefs [percentage points]."""
    return range_by_belief({prior: block.versus_fixed for prior, block in row.by_prior.items()}, result)


def gap_words(gap: MeanOverWorlds) -> str:
    """Return a change in percentage points with its interval."""
    return f"{points(gap.estimate)} ({points_range(gap.low, gap.high)})"
