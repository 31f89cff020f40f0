"""What every study over many worlds says of itself, and of a trial under one belief."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Protocol

from ifntrial.arrays import FloatArray
from ifntrial.catalog import Catalog
from ifntrial.statistics.assurance import Estimate
from ifntrial.studies.beliefs.asked import AskedBeliefs
from ifntrial.worlds.beliefs import MIXTURE, Belief
from ifntrial.worlds.choose import WorldChoice
from ifntrial.worlds.posterior import effective_worlds
from ifntrial.worlds.quantiles import Band, quantile_band

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

FULL_WORLDS, FULL_SUBJECTS = 200, 200
"""A run of fewer is a demonstration."""


@dataclass(frozen=True, slots=True)
class CalibrationFacts:
    """The frozen calibration that worlds come from.

    Parameters
    ----------
    worlds, subjects
        Structural worlds in it, and common subjects of each.
    fingerprint
        Of all it rests on.
    is_stale
        Whether a number behind it has changed since it was made.
    """

    worlds: int
    subjects: int
    fingerprint: str
    is_stale: bool


@dataclass(frozen=True, slots=True)
class PriorFacts:
    """A named belief about the effect of the drug, or the mixture of all.

    Parameters
    ----------
    label, meaning
        In a few words, and in a sentence.
    weight
        Its share in the mixture.
    structural_worlds_effective
        How many structural worlds it is worth, by Kish.
    """

    label: str
    meaning: str
    weight: float
    structural_worlds_effective: float


@dataclass(frozen=True, slots=True)
class AssumedNumber:
    """A number that is assumed, not measured.

    Parameters
    ----------
    name, value, unit
        Of the row in the evidence tables.
    note
        Why it is what it is.
    """

    name: str
    value: float
    unit: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseOverWorlds:
    """Power and the primary endpoint of a trial, over worlds.

    Parameters
    ----------
    power_by_world
        Probability that the primary endpoint is met in each world.
    response_active, response_placebo, difference
        Share of responders in each arm, and active minus control; of another primary endpoint what its measure says, see
        ``PrimaryMeasure``.
    """

    power_by_world: Band
    response_active: Band
    response_placebo: Band
    difference: Band


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorEffect(ResponseOverWorlds):
    """A trial under one prior.

    Parameters
    ----------
    assurance
        Probability that the primary endpoint is met.
    expected_response
        Mean share of responders over worlds, active and control; of another primary endpoint what its measure says.
    """

    assurance: Estimate
    expected_response: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class OverWorlds:
    """What a study over worlds was run on.

    Parameters
    ----------
    size_label
        ``full size`` or ``demonstration size``.
    worlds, worlds_asked
        Different worlds that were drawn, and how many were asked for.
    worlds_effective
        How many these are worth in the mixture, by Kish.
    subjects, replicates
        Virtual subjects of each world, and repeats of measurement and conduct behind each probability of response.
    calibration
        Where the worlds come from.
    whose_beliefs
        Whose judgement the beliefs, and their shares in the mixture, are.
    subjects_status
        Status of a subject's course to the number of courses over all worlds; only ``ok`` counts.
    """

    size_label: str
    worlds: int
    worlds_asked: int
    worlds_effective: float
    subjects: int
    replicates: int
    calibration: CalibrationFacts
    whose_beliefs: str
    subjects_status: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class OverCommonSubjects(OverWorlds):
    """What a study of designs on common subjects was run on.

    Parameters
    ----------
    common_subjects
        Virtual patients that at least one design enrolls; they are simulated in every world.
    priors, mixture
        The named beliefs by name, their mixture last, and its name.
    """

    common_subjects: int
    priors: Mapping[str, PriorFacts]
    mixture: str


class PlanOverWorlds(Protocol):
    """The size of a run and whose beliefs weigh its worlds, as every plan over worlds has them."""

    @property
    def worlds(self) -> int: ...  # noqa: D102
    @property
    def subjects(self) -> int: ...  # noqa: D102
    @property
    def replicates(self) -> int: ...  # noqa: D102
    @property
    def beliefs(self) -> AskedBeliefs: ...  # noqa: D102


def over_worlds(
    plan: PlanOverWorlds, catalog: Catalog, choice: WorldChoice, statuses: Mapping[str, int]
) -> OverWorlds:
    """Return what a study was run on.

    Parameters
    ----------
    choice
        The worlds of the run.
    statuses
        Status of a subject's course to the number of courses over all worlds.
    """
    worlds = len(choice.positions)
    return OverWorlds(
        size_label=size_label(worlds, plan.subjects),
        worlds=worlds,
        worlds_asked=plan.worlds,
        worlds_effective=effective_worlds(choice.counts[MIXTURE]),
        subjects=plan.subjects,
        replicates=plan.replicates,
        calibration=calibration_facts(catalog),
        whose_beliefs=plan.beliefs.whose,
        subjects_status=dict(statuses),
    )


def response_over_worlds(
    power: FloatArray,
    active: FloatArray,
    control: FloatArray,
    weight: FloatArray,
    difference: FloatArray | None = None,
) -> ResponseOverWorlds:
    """Return how power and the primary endpoint spread over weighted worlds, each of shape (worlds,).

    Parameters
    ----------
    difference
        That the test is expected to state; None where it is that of the two arms.
    """
    return ResponseOverWorlds(
        power_by_world=quantile_band(power, weight),
        response_active=quantile_band(active, weight),
        response_placebo=quantile_band(control, weight),
        difference=quantile_band(active - control if difference is None else difference, weight),
    )


def size_label(worlds: int, subjects: int) -> str:
    """Return what a run of so many different worlds and subjects is called."""
    is_full = worlds >= FULL_WORLDS and subjects >= FULL_SUBJECTS
    return "full size" if is_full else "demonstration size"


def calibration_facts(catalog: Catalog) -> CalibrationFacts:
    """Return what is said of the frozen calibration."""
    frozen = catalog.calibration
    return CalibrationFacts(frozen.worlds, frozen.subjects, frozen.fingerprint, catalog.is_stale)


def prior_facts(beliefs: Iterable[Belief], choice: WorldChoice) -> dict[str, PriorFacts]:
    """Return label, meaning, share and effective number of worlds of every belief and, last, the mixture."""
    effective = choice.effective
    facts = {
        each.name: PriorFacts(each.label, each.meaning, choice.shares[each.name], effective[each.name])
        for each in beliefs
    }
    meaning = "the beliefs together, in shares that are a judgement"
    return {**facts, MIXTURE: PriorFacts("Declared mixture", meaning, 1.0, effective[MIXTURE])}


def fields_of(record: "DataclassInstance") -> dict[str, Any]:
    """Return the fields of a record by name, for the one that adds its own."""
    return {each.name: getattr(record, each.name) for each in fields(record)}
