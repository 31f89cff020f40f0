"""What a study of enrichment varies: prevalence, test, size, cost of screening."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from ifntrial.errors import InputError, listed
from ifntrial.evidence.records import Evidence
from ifntrial.patients.entry_rows import ENTRY
from ifntrial.studies.enrich.markers import (
    ENRICHMENT,
    IFN_HIGH,
    Assay,
    Marker,
    chosen_markers,
    shipped_markers,
)

SIZES_OVER_OWN = (0.5, 0.75, 1.0, 1.5, 2.0, 3.0)
OTHER_PREVALENCES = (0.5, 0.8)
OTHER_ASSAYS = (Assay(1.0, 1.0), Assay(0.75, 0.75))
OTHER_SCREENING_COSTS = (0.0, 0.2)
SCORE_CUTOFFS = (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5)
"""Of the interferon score of blood [log2 fold change over healthy]."""
OTHER_SCORE_NOISES = (0.0, 2.0)
LARGEST_SIZE = 20_000
MOST_VALUES = 8

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class EnrichmentInputs:
    """What is varied; the first of each is the reference.

    Parameters
    ----------
    markers
        Ways to select.
    prevalences
        Share of truly high signatures among those who meet the entry criteria.
    assays
        Of the signature; the other markers keep their own.
    sizes
        Treated patients, all arms together.
    screening_costs
        Cost of screening one patient, in costs of treating one.
    entry_share
        Share of the screened who meet all other entry criteria.
    score_cutoffs
        Of the interferon score [log2 fold change].
    score_noises
        SD of one measurement of that score [log2 fold change].
    """

    markers: tuple[Marker, ...]
    prevalences: tuple[float, ...]
    assays: tuple[Assay, ...]
    sizes: tuple[int, ...]
    screening_costs: tuple[float, ...]
    entry_share: float
    score_cutoffs: tuple[float, ...]
    score_noises: tuple[float, ...]


def enrichment_inputs(
    evidence: Evidence,
    own_size: int,
    *,
    markers: Sequence[str] = (),
    prevalences: Sequence[float] = (),
    assays: Sequence[Assay] = (),
    sizes: Sequence[int] = (),
    screening_costs: Sequence[float] = (),
    test_cost: float | None = None,
    entry_share: float | None = None,
    score_cutoffs: Sequence[float] = (),
    score_noises: Sequence[float] = (),
) -> EnrichmentInputs:
    """Return the inputs, what is not given filled with assumed defaults.

    Parameters
    ----------
    own_size
        Size of the design; always among the sizes.
    test_cost
        Of one signature test, in costs of treating one patient.

    Raises
    ------
    InputError
        If a value is out of range; lists every problem.
    """
    assumed = ENRICHMENT.read(evidence)
    chosen = [_with_cost(marker, test_cost) for marker in chosen_markers(shipped_markers(evidence), markers)]
    own_assay = Assay(assumed.sensitivity[IFN_HIGH], assumed.specificity[IFN_HIGH])
    inputs = EnrichmentInputs(
        markers=tuple(chosen),
        prevalences=_unique(prevalences or (ENTRY.read(evidence).ifn_high_share_blood, *OTHER_PREVALENCES)),
        assays=_unique(assays or (own_assay, *OTHER_ASSAYS)),
        sizes=tuple(sorted({own_size, *(sizes or (round(own_size * factor) for factor in SIZES_OVER_OWN))})),
        screening_costs=_unique(screening_costs or (assumed.screening_cost, *OTHER_SCREENING_COSTS)),
        entry_share=assumed.entry_share if entry_share is None else entry_share,
        score_cutoffs=tuple(sorted(_unique(score_cutoffs or SCORE_CUTOFFS))),
        score_noises=_unique(score_noises or (assumed.ifn_score_noise, *OTHER_SCORE_NOISES)),
    )
    _require_usable(inputs)
    return inputs


def _unique(values: Sequence[_Value]) -> tuple[_Value, ...]:
    return tuple(dict.fromkeys(values))


def _with_cost(marker: Marker, cost: float | None) -> Marker:
    if cost is None or marker.name != IFN_HIGH:
        return marker
    return replace(marker, test_cost=cost)


def _require_usable(inputs: EnrichmentInputs) -> None:
    costs = (*inputs.screening_costs, *(marker.test_cost for marker in inputs.markers))
    checks: tuple[tuple[Sequence[float], Callable[[float], bool], str, str], ...] = (
        (inputs.prevalences, lambda x: 0.02 <= x <= 0.98, "prevalence", "0.02 to 0.98"),
        (inputs.sizes, lambda x: 10 <= x <= LARGEST_SIZE, "size", f"10 to {LARGEST_SIZE} patients"),
        (costs, lambda x: 0.0 <= x <= 100.0, "cost", "0 to 100 costs of treating a patient"),
        (inputs.score_cutoffs, lambda x: 0.0 <= x <= 8.0, "score cut-off", "0 to 8 log2 fold change"),
        (inputs.score_noises, lambda x: 0.0 <= x <= 4.0, "score noise", "0 to 4 log2 fold change"),
        ((inputs.entry_share,), lambda x: 0.01 <= x <= 1.0, "entry share", "0.01 to 1"),
    )
    problems = [
        f"{what} {number:g} is out of range; allowed is {allowed}"
        for numbers, holds, what, allowed in checks
        for number in numbers
        if not holds(number)
    ]
    problems += [
        f"{len(values)} values of {what}; up to {MOST_VALUES} are computed"
        for values, what in (
            (inputs.prevalences, "prevalence"),
            (inputs.assays, "assay"),
            (inputs.sizes, "size"),
            (inputs.screening_costs, "screening cost"),
            (inputs.score_cutoffs, "score cut-off"),
            (inputs.score_noises, "score noise"),
        )
        if len(values) > MOST_VALUES
    ]
    if problems:
        raise InputError(
            "the enrichment study cannot be computed as asked",
            problems=problems,
            given=f"prevalences {listed(inputs.prevalences)}; sizes {listed(inputs.sizes)}",
            fix="change these options, or leave them away for the defaults",
        )
