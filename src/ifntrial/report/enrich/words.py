"""The sentences of the enrichment page that depend on its numbers."""

from typing import Protocol

from ifntrial.report.differences import change_in_words, gap_text, named, points, points_range, verdict
from ifntrial.report.primary import facts_of_trial, in_each_arm
from ifntrial.report.wording import in_a_row, number, patients, percent
from ifntrial.studies.enrich.result import Answer, Enrichment


class HasAssay(Protocol):
    """What is measured with a known quality."""

    @property
    def sensitivity(self) -> float | None: ...  # noqa: D102

    @property
    def specificity(self) -> float | None: ...  # noqa: D102


def label_of(name: str, result: Enrichment) -> str:
    """Return what a marker is called."""
    return next(marker.label for marker in result.markers if marker.name == name)


def short_of(name: str, result: Enrichment) -> str:
    """Return what a marker is called in tables and figures."""
    return next(marker.short for marker in result.markers if marker.name == name)


def answer_sentence(found: Answer, result: Enrichment) -> str:
    """Return what selection by a marker changes, under each named prior, at the same size and at the same cost."""
    same_cost = found.same_money[0]
    parts = [
        f"{gap_text(found.same_size_by_prior[prior])} if “{result.priors[prior].label}” ("
        f"{verdict(found.same_size_by_prior[prior])})"
        for prior in named(result)
    ]
    at_cost = [
        f"{points(same_cost.by_prior[prior].estimate)} ({verdict(same_cost.by_prior[prior])})"
        for prior in named(result)
    ]
    return (
        f"Only patients with {label_of(found.marker, result)}: with {patients(found.size)} treated either way, "
        f"{patients(found.to_screen)} screened instead of {patients(found.to_screen_all_comers)}, the chance of "
        f"success changes, in percentage points, by {in_a_row(parts)}. Against all comers for the same money "
        f"({patients(same_cost.all_comers)} treated) it changes by {in_a_row(at_cost)}."
    )


def lead(found: Answer, result: Enrichment) -> str:
    """Return what selection by a marker changes, at the same size and for the same money, in short."""
    same_cost = found.same_money[0]
    mixture = same_cost.by_prior[result.mixture]
    return (
        f"Only patients with {label_of(found.marker, result)}, with {patients(found.size)} treated either way: the "
        f"chance of success changes by {change_in_words(found.same_size_by_prior, result)}. "
        f"{patients(found.to_screen)} have to be screened instead of {patients(found.to_screen_all_comers)}; against the "
        f"{patients(same_cost.all_comers)} all comers whom the same money treats the change is "
        f"{points(mixture.estimate)} ({points_range(mixture.low, mixture.high)}; {verdict(mixture)}) under the mixture."
    )


def trial_facts(result: Enrichment) -> dict[str, str]:
    """Return size, endpoint and success of the trial, label to text."""
    own = result.design_facts
    return facts_of_trial(
        in_each_arm(own.per_arm, own.arms), own.primary, own.primary_definition, own.alpha_one_sided
    )


def plain(text: str) -> str:
    """Return a text with ordinary spaces, for a terminal."""
    return text.replace("\u202f", " ")


def money(cost: object) -> str:
    """Return a cost of screening in words.

    Examples
    --------
    >>> money(0.05).replace(chr(0x202F), " ")
    '5.0 % of treating one patient'
    """
    return f"{percent(cost)} of treating one patient"


def assay_text(row: HasAssay) -> str:
    """Return sensitivity and specificity of a test."""
    return f"{number(row.sensitivity, 2)} / {number(row.specificity, 2)}"
