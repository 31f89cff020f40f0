"""Whom to enrol: chance of success, benefit and cost over assay quality, prevalence and size."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from ifntrial.errors import InputError
from ifntrial.trial.assurance import Estimate, assurance
from ifntrial.trial.operating import WorldPower, power_of_stratified_cmh

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Responses:
    """Chance of response of the same subjects in one world, shape (subjects,) each."""

    active: FloatArray
    control: FloatArray


@dataclass(frozen=True, slots=True)
class Assay:
    """A test that decides who enters; sensitivity 1 with specificity 0 lets everyone in."""

    sensitivity: float
    specificity: float

    @property
    def admits_everyone(self) -> bool:
        """Whether the test turns no one away, so that it need not be done."""
        return self.sensitivity == 1.0 and self.specificity == 0.0


ALL_COMERS = Assay(1.0, 0.0)


@dataclass(frozen=True, slots=True)
class EnrichmentRow:
    """One way to enrol.

    Parameters
    ----------
    assay, prevalence, size
        The test, the share of marker-positive patients among the eligible, and patients randomized.
    screened
        Patients to screen for it.
    cost
        In units of one randomized patient.
    assurance
        Mean power over worlds.
    benefit
        Mean over worlds of power times the gain in response rate among those the test admits, times the share of
        eligible patients it admits: what the trial brings to all eligible patients on average.
    positive_share
        Share of marker-positive patients among the randomized.
    is_efficient
        Whether no other row has both a higher assurance and a lower or equal cost.
    """

    assay: Assay
    prevalence: float
    size: int
    screened: float
    cost: float
    assurance: Estimate
    benefit: float
    positive_share: float
    is_efficient: bool = False


def enrich(
    worlds: Sequence[Responses],
    is_positive: NDArray[np.bool_],
    prevalence_weight: FloatArray,
    stratum: NDArray[np.int64],
    *,
    assays: Sequence[Assay] = (ALL_COMERS, Assay(0.9, 0.9), Assay(1.0, 1.0)),
    prevalences: Sequence[float] = (0.65,),
    sizes: Sequence[int] = (200, 314, 450),
    screening_cost: float = 0.05,
    active_share: float = 0.5,
    alpha_one_sided: float = 0.025,
) -> tuple[EnrichmentRow, ...]:
    """Return every combination of assay, prevalence and size.

    Parameters
    ----------
    worlds
        Chances of response of common subjects in each world.
    is_positive
        True marker status, shape (subjects,).
    prevalence_weight, stratum
        Shape (subjects,).
    screening_cost
        Of one patient screened, in units of one randomized patient.

    Raises
    ------
    InputError
        If there is no world, a share is not one, or one marker group has no subjects.
    """
    _require(worlds, is_positive, prevalence_weight, assays, prevalences, sizes, screening_cost)
    rows = []
    for assay, prevalence, size in product(assays, prevalences, sizes):
        weight, admitted = _admitted_weight(assay, prevalence, is_positive, prevalence_weight)
        powers = [
            power_of_stratified_cmh(
                world.active,
                world.control,
                weight,
                stratum,
                n_active=size * active_share,
                n_control=size * (1.0 - active_share),
                alpha_one_sided=alpha_one_sided,
            )
            for world in worlds
        ]
        screened = size / admitted
        rows.append(
            EnrichmentRow(
                assay=assay,
                prevalence=prevalence,
                size=size,
                screened=screened,
                cost=size + (0.0 if assay.admits_everyone else screening_cost * screened),
                assurance=assurance(powers),
                benefit=admitted * _mean_gain(powers),
                positive_share=float(weight[is_positive].sum() / weight.sum()),
            )
        )
    return mark_efficient(rows)


def _require(
    worlds: Sequence[Responses],
    is_positive: NDArray[np.bool_],
    prevalence_weight: FloatArray,
    assays: Sequence[Assay],
    prevalences: Sequence[float],
    sizes: Sequence[int],
    screening_cost: float,
) -> None:
    shares = [*prevalences, *(value for assay in assays for value in (assay.sensitivity, assay.specificity))]
    problems = []
    if not worlds:
        problems.append("no world was simulated")
    if not all(0 <= share <= 1 for share in shares):
        problems.append("a prevalence, sensitivity or specificity is not between 0 and 1")
    if any(assay.sensitivity + assay.specificity < 1 for assay in assays):
        problems.append("an assay is worse than a coin: sensitivity and specificity add up to less than 1")
    if not all(2 <= size <= 1_000_000 for size in sizes):
        problems.append("a size is not between 2 and 1000000")
    if not 0 <= screening_cost < np.inf:
        problems.append("the cost of screening is negative or missing")
    if min(prevalence_weight[is_positive].sum(), prevalence_weight[~is_positive].sum()) <= 0:
        problems.append("marker-positive or marker-negative subjects are absent")
    if problems:
        raise InputError(
            "enrichment cannot be computed",
            problems=problems,
            allowed="shares between 0 and 1, sizes of trials, and subjects with and without the marker",
            fix="correct these arguments",
        )


def _admitted_weight(
    assay: Assay, prevalence: float, is_positive: NDArray[np.bool_], weight: FloatArray
) -> tuple[FloatArray, float]:
    """Return the weight of each subject among those the test admits, and the share of patients it admits."""
    share = np.where(is_positive, prevalence, 1.0 - prevalence)
    group = np.where(is_positive, weight[is_positive].sum(), weight[~is_positive].sum())
    admits = np.where(is_positive, assay.sensitivity, 1.0 - assay.specificity)
    admitted = weight * share / group * admits
    total = float(admitted.sum())
    if total <= 0:
        raise InputError(
            "the assay admits no one",
            given=f"sensitivity {assay.sensitivity}, specificity {assay.specificity}, prevalence {prevalence}",
            allowed="an assay that admits someone",
            fix="raise the prevalence or the sensitivity",
        )
    return admitted, total


def _mean_gain(powers: Sequence[WorldPower]) -> float:
    gains = []
    for world in powers:
        active, control = world.rates.overall
        gains.append(world.power * (active - control))
    return float(np.mean(gains))


def mark_efficient(rows: Sequence[EnrichmentRow]) -> tuple[EnrichmentRow, ...]:
    """Return the rows with those marked that no other beats in assurance at the same or a lower cost."""
    marked = []
    for row in rows:
        beaten = any(
            other.assurance.estimate > row.assurance.estimate and other.cost <= row.cost for other in rows
        ) or any(
            other.assurance.estimate == row.assurance.estimate and other.cost < row.cost for other in rows
        )
        fields = {name: getattr(row, name) for name in EnrichmentRow.__slots__}
        marked.append(EnrichmentRow(**(fields | {"is_efficient": not beaten})))
    return tuple(marked)


@dataclass(frozen=True, slots=True)
class EnrichmentAnswer:
    """The better of two ways to enrol at the same size, paired by world.

    Parameters
    ----------
    gain, low, high
        Assurance of the enriched trial minus that of all-comers, with the 95 % interval of worlds as units.
    better_in
        Share of worlds in which enrichment has more power.
    sentence
        The answer in words.
    """

    gain: float
    low: float
    high: float
    better_in: float
    sentence: str


def answer_enrichment(
    enriched: Sequence[WorldPower], everyone: Sequence[WorldPower], marker: str
) -> EnrichmentAnswer:
    """Return whether to enrol marker-positive patients only, in one sentence with its uncertainty."""
    if len(enriched) != len(everyone) or len(enriched) < 2:
        raise InputError(
            "the two ways to enrol were not run on the same worlds",
            given=f"{len(enriched)} and {len(everyone)} worlds",
            allowed="the same two or more worlds",
            fix="run both with the same seed",
        )
    gap = np.array([one.power - other.power for one, other in zip(enriched, everyone, strict=True)])
    gain, half = float(gap.mean()), float(1.959963984540054 * gap.std(ddof=1) / np.sqrt(len(gap)))
    better = float((gap > 0).mean())
    verdict = "raises" if gain - half > 0 else "lowers" if gain + half < 0 else "does not clearly change"
    sentence = (
        f"At the same size, enrolling {marker} patients only {verdict} the probability of success: "
        f"{100 * gain:+.1f} points ({100 * (gain - half):+.1f} to {100 * (gain + half):+.1f}); "
        f"it is better in {100 * better:.0f} % of worlds."
    )
    return EnrichmentAnswer(gain, gain - half, gain + half, better, sentence)
