"""Which worlds a forecast simulates, and how much each counts under every named prior."""

from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.errors import InputError
from ifntrial.evidence.records import Evidence
from ifntrial.worlds.efficacy import (
    MIXTURE,
    EfficacyPrior,
    ImpliedEffects,
    importance_weights,
    resample_worlds,
)
from ifntrial.worlds.posterior import effective_worlds

FEWEST_WORLDS = 6
MOST_WORLDS = 20_000


@dataclass(frozen=True, slots=True)
class WorldChoice:
    """The worlds of a run.

    Parameters
    ----------
    positions
        Places of the chosen structural worlds, each once, shape (worlds,).
    counts
        Prior to how often each chosen world was drawn for it, each (worlds,); the mixture holds declared shares.
    structural
        Prior to importance weights of all structural worlds, each (structural,).
    effective
        Prior to effective number of structural worlds behind it.
    """

    positions: np.ndarray
    counts: dict[str, FloatArray]
    structural: dict[str, FloatArray]
    effective: dict[str, float]


def choose_worlds(
    priors: tuple[EfficacyPrior, ...], implied: ImpliedEffects, evidence: Evidence, worlds: int, seed: int
) -> WorldChoice:
    """Return an equal number of worlds for each prior, drawn in proportion to its importance weights.

    Raises
    ------
    InputError
        If the number of worlds is out of range.
    """
    if not FEWEST_WORLDS <= worlds <= MOST_WORLDS:
        raise InputError(
            "the number of worlds is out of range",
            given=str(worlds),
            allowed=f"{FEWEST_WORLDS} to {MOST_WORLDS}",
            fix="a few hundred worlds give a stable answer",
        )
    structural = {prior.name: importance_weights(prior, implied, evidence) for prior in priors}
    drawn = {
        prior.name: resample_worlds(
            structural[prior.name], _part(worlds, len(priors), place), seed, prior.name
        )
        for place, prior in enumerate(priors)
    }
    positions = np.unique(np.concatenate(list(drawn.values())))
    counts = {
        name: np.bincount(np.searchsorted(positions, chosen), minlength=len(positions)).astype(np.float64)
        for name, chosen in drawn.items()
    }
    counts[MIXTURE] = mixture_weight({prior.name: prior.share for prior in priors}, counts)
    structural[MIXTURE] = mixture_weight({prior.name: prior.share for prior in priors}, structural)
    return WorldChoice(
        positions, counts, structural, {name: effective_worlds(w) for name, w in structural.items()}
    )


def _part(total: int, parts: int, place: int) -> int:
    return total // parts + (1 if place < total % parts else 0)


def mixture_weight(shares: dict[str, float], weights: dict[str, FloatArray]) -> FloatArray:
    """Return the weights of a mixture of priors, summing to one; ``shares`` need not."""
    total = sum(shares.values())
    weight: FloatArray = np.sum(
        [share / total * weights[name] / weights[name].sum() for name, share in shares.items()], axis=0
    )
    return weight
