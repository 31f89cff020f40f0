"""What is known of an interim look."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MeanOverWorlds:
    """A mean over worlds.

    Parameters
    ----------
    estimate
        The mean.
    low, high
        95 % interval with worlds as the unit.
    """

    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class TypeIError:
    """Share of trials without any effect that claim one.

    Parameters
    ----------
    estimate, low, high
        The share with its exact 95 % interval.
    one_sided_level
        One-sided level of the test.
    """

    estimate: float
    low: float
    high: float
    one_sided_level: float


@dataclass(frozen=True, slots=True)
class InterimEffect:
    """An interim look under one prior.

    Parameters
    ----------
    any_claim
        Of any claim.
    versus_fixed
        The same less that of the trial without a look.
    enriched
        Share of trials that go on with test-positive patients only.
    """

    any_claim: MeanOverWorlds
    versus_fixed: MeanOverWorlds
    enriched: float


@dataclass(frozen=True, slots=True)
class InterimRow:
    """A threshold at the interim look.

    Parameters
    ----------
    enrich_below
        The second half enrols test-positive patients only if z in the others lies below this.
    type_i_error
        Without any effect.
    by_prior
        What comes of it, by prior.
    """

    enrich_below: float
    type_i_error: TypeIError
    by_prior: Mapping[str, InterimEffect]


@dataclass(frozen=True, slots=True)
class InterimStudy:
    """Adaptive enrichment by the signature test.

    Parameters
    ----------
    size
        Patients on active and control.
    replicates_per_world, null_replicates
        Simulated trials in each world, and without any effect.
    rows
        One for each threshold.
    """

    size: int
    replicates_per_world: int
    null_replicates: int
    rows: tuple[InterimRow, ...]
