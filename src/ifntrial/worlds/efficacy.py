"""What the efficacy of blockade may be: three named priors, and the weights they give to structural worlds.

No efficacy datum of interferon blockade in systemic sclerosis exists. Each prior states a density for the log odds
ratio on the primary endpoint (the reference class also for the difference in skin score). A structural world gets
the ratio of this density to the density of all structural worlds at its own implied effect (importance weighting).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import Annotated

import numpy as np
from scipy.stats import gaussian_kde, norm

from ifntrial.arrays import FloatArray
from ifntrial.errors import InputError
from ifntrial.evidence.distributions import prior_distribution
from ifntrial.evidence.records import Evidence, ParameterValue
from ifntrial.evidence.rows import Pure, Rows, SkinPoints
from ifntrial.read_only import read_only
from ifntrial.seeds import Stream
from ifntrial.worlds.posterior import data_likelihood
from ifntrial.worlds.predictions import Predictions

MIXTURE = "mixture"
QUANTILE_BINS = 20
_GRID = read_only(np.linspace(-5.0, 5.0, 20_001))  # log odds ratios; every prior lies well inside


@dataclass(frozen=True, slots=True)
class _Beliefs:
    """What is believed about the effect, and how much."""

    irrelevant_mean: Pure
    irrelevant_sd: Pure
    reference_class_mean: Pure
    reference_class_sd: Pure
    reference_class_mrss_mean: SkinPoints
    reference_class_mrss_sd: SkinPoints
    lupus_log_odds_ratio: Pure
    lupus_transfer: Annotated[ParameterValue, "1"]
    weight_irrelevant: Pure
    weight_reference_class: Pure
    weight_lupus_bridge: Pure


_BELIEFS = Rows("prior", _Beliefs)


@dataclass(frozen=True, slots=True)
class ImpliedEffects:
    """What each structural world implies on common subjects at the reference placebo response.

    Parameters
    ----------
    log_odds_ratio
        Active against placebo on the primary endpoint, shape (worlds,).
    mrss_difference, fvc_difference
        Active minus placebo at one year [mRSS points], [% predicted], each (worlds,).
    predictions
        What it predicts for the published drug levels and signatures that weigh worlds.
    """

    log_odds_ratio: FloatArray
    mrss_difference: FloatArray
    fvc_difference: FloatArray
    predictions: Predictions

    @property
    def skin_harm(self) -> float:
        """Share of worlds in which blockade worsens skin."""
        return float(np.mean(self.mrss_difference > 0))


@dataclass(frozen=True, slots=True)
class EfficacyPrior:
    """A named belief about the effect.

    Parameters
    ----------
    name, label, meaning
        As shown to people.
    share
        Its weight in the default mixture.
    density
        Density of the log odds ratio, array to array.
    uses_skin
        Whether the difference in skin score is part of it.
    skin_mean, skin_sd
        Normal prior of that difference [mRSS points].
    """

    name: str
    label: str
    meaning: str
    share: float
    density: Callable[[FloatArray], FloatArray]
    uses_skin: bool = False
    skin_mean: float = 0.0
    skin_sd: float = 1.0


def efficacy_priors(evidence: Evidence) -> tuple[EfficacyPrior, ...]:
    """Return the three named priors from the rows ``prior.*``."""
    number = _BELIEFS.read(evidence)
    return (
        EfficacyPrior(
            "irrelevant",
            "Interferon is irrelevant",
            "blockade changes the signature but not the disease",
            number.weight_irrelevant,
            norm(number.irrelevant_mean, number.irrelevant_sd).pdf,
        ),
        EfficacyPrior(
            "ssc_reference_class",
            "Like other drugs in SSc",
            "the effect is drawn from what other active drugs did in this disease",
            number.weight_reference_class,
            norm(number.reference_class_mean, number.reference_class_sd).pdf,
            uses_skin=True,
            skin_mean=number.reference_class_mrss_mean,
            skin_sd=number.reference_class_mrss_sd,
        ),
        EfficacyPrior(
            "lupus_bridge",
            "A share of the lupus effect",
            "part of what anifrolumab did in lupus carries over",
            number.weight_lupus_bridge,
            partial(_of_a_share, prior_distribution(number.lupus_transfer).pdf, number.lupus_log_odds_ratio),
        ),
    )


def _of_a_share(density: Callable[[FloatArray], FloatArray], whole: float, x: FloatArray) -> FloatArray:
    """Return the density of shares of ``whole``, where ``density`` is that of the share."""
    return density(x / whole) / whole


def importance_weights(
    prior: EfficacyPrior, implied: ImpliedEffects, evidence: Evidence, *, without: Collection[str] = ()
) -> FloatArray:
    """Return the weight of each structural world under a prior, summing to one, shape (worlds,).

    Worlds must also meet the published drug levels and signatures and, for the reference class, the difference in skin
    score. The two effects go together in every world, so that both cannot be met exactly: the log odds ratio, which the
    primary endpoint rests on, is: smoothly by its density, then exactly on the prior's twentieths.

    Parameters
    ----------
    without
        Ids of observations that do not count.

    Raises
    ------
    InputError
        If no world agrees with the prior.
    RunError
        If no world meets the published levels and signatures, or the calibration lacks them.
    """
    effect = implied.log_odds_ratio
    base = data_likelihood(implied.predictions, evidence, without)
    if prior.uses_skin:
        pairs = np.stack([effect, implied.mrss_difference])
        base = base * norm(prior.skin_mean, prior.skin_sd).pdf(implied.mrss_difference)
        base = base * prior.density(effect) / gaussian_kde(pairs)(pairs)
    weights = base * prior.density(effect) / gaussian_kde(effect, weights=base)(effect)
    weights = _meet_quantiles(weights, effect, prior.density)
    total = weights.sum()
    if not np.isfinite(total) or total <= 0:
        raise InputError(
            f"no structural world agrees with the prior '{prior.name}'",
            given=f"{len(effect)} worlds with log odds ratios {effect.min():.2f} to {effect.max():.2f}",
            fix="draw more worlds with 'ifntrial calibrate'",
        )
    normalized: FloatArray = weights / total
    return normalized


def _meet_quantiles(
    weights: FloatArray, effect: FloatArray, density: Callable[[FloatArray], FloatArray]
) -> FloatArray:
    """Return the weights scaled so that each of ``QUANTILE_BINS`` equal parts of the prior gets its share of them.

    The estimated density of worlds is smooth where worlds thin out fast, as they do below no effect: by itself it
    would move the narrowest prior by a third of its standard deviation.
    """
    cumulative = np.cumsum(density(_GRID))
    shares = np.arange(1, QUANTILE_BINS) / QUANTILE_BINS
    place = np.searchsorted(np.interp(shares, cumulative / cumulative[-1], _GRID), effect)
    held = np.bincount(place, weights=weights, minlength=QUANTILE_BINS)
    scale = np.divide(1.0 / QUANTILE_BINS, held, out=np.zeros(QUANTILE_BINS), where=held > 0)
    met: FloatArray = weights * scale[place]
    return met


def resample_worlds(weights: FloatArray, count: int, seed: int, purpose: str) -> np.ndarray:
    """Return positions of ``count`` worlds drawn in proportion to weights, systematically, shape (count,)."""
    offset = Stream(seed, f"resample worlds: {purpose}").uniform(1)[0]
    ladder = np.cumsum(weights) / np.sum(weights)
    places: np.ndarray = np.minimum(
        np.searchsorted(ladder, (np.arange(count) + offset) / count), len(weights) - 1
    )
    return places
