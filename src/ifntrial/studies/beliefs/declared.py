"""The declared beliefs: three about the effect, one of net harm, and others that are shown beside them.

Everything here is declared before a forecast is run; the rows ``prior.*`` hold every number that is a judgement, and the
table of effects the published contrasts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from scipy.special import ndtr, roots_hermitenorm, roots_jacobi

from ifntrial.arrays import FloatArray
from ifntrial.evidence.records import Evidence, ParameterValue
from ifntrial.evidence.rows import Pure, Rows, SkinPoints
from ifntrial.levels import NORMAL_95
from ifntrial.normal_mixture import NormalMixture
from ifntrial.studies.reference_class.result import Contrast
from ifntrial.studies.reference_class.study import analyze_class, pooled_contrast
from ifntrial.worlds.beliefs import Belief, Statement

LOGISTIC_SD = float(np.pi / np.sqrt(3.0))
"""SD of a standard logistic variable: a log odds ratio over it is a difference in standard deviations."""
RESPONSE, SKIN, COMPOSITE = "rcriss20_observed", "mrss_year", "rcriss25_composite"
"""Addresses of the package."""
SHOWN = (
    "irrelevant",
    "ssc_reference_class",
    "lupus_bridge",
    "net_harm",
    "ssc_skin_class",
    "lupus_bridge_observed",
    "lupus_bridge_skin",
)
"""Names of the declared beliefs, in the order in which they are shown."""
_TRANSFER_NODES = 24
_SELECTION_NODES = 64
_LEAST_WEIGHT = 1e-6


@dataclass(frozen=True, slots=True)
class _Declared:
    """What is a judgement in the beliefs."""

    weight_irrelevant: Pure
    weight_reference_class: Pure
    weight_lupus_bridge: Pure
    weight_net_harm: Pure
    net_harm_sd: SkinPoints
    pool_drugs: Pure
    publication_ratio: Pure
    robust_share: Pure
    robust_sd: Pure
    mrss_change_sd: SkinPoints
    lupus_transfer: Annotated[ParameterValue, "1"]


_DECLARED = Rows("prior", _Declared)


def declared_beliefs(evidence: Evidence, *, is_whole: bool = True) -> tuple[Belief, ...]:
    """Return the declared beliefs; those with a share of zero are shown beside the others and are not in the mixture.

    Parameters
    ----------
    is_whole
        Whether the tables must have contrasts for all of them; else a belief whose class has none is left out.

    Raises
    ------
    InputError
        If a class of trials has no usable contrast.
    """
    makers = {
        (): _judged,
        ("ssc_response", "ssc_skin"): _by_response,
        ("ssc_skin",): _by_skin,
        ("lupus_response",): _by_lupus,
    }
    made = {
        belief.name: belief
        for classes, make in makers.items()
        if is_whole or all(evidence.effects_of(each, "class") for each in classes)
        for belief in make(evidence)
    }
    return tuple(made[name] for name in SHOWN if name in made)


def _judged(evidence: Evidence) -> Iterator[Belief]:
    """Yield the beliefs that rest on no trial."""
    number = _DECLARED.read(evidence)
    yield Belief(
        "irrelevant",
        "Interferon is irrelevant",
        "blockade changes the signature but not the disease",
        number.weight_irrelevant,
    )
    yield Belief(
        "net_harm",
        "Net harm possible",
        "interferon restrains fibrosis more than it drives it, so that blockade does harm; against it speaks that lung "
        "function fell in patients who were given interferon",
        number.weight_net_harm,
        Statement(
            SKIN,
            _normal(0.0, number.net_harm_sd),
            "half-normal, an assumption",
            below_zero="harm",
            only_harm=True,
        ),
    )


def _by_response(evidence: Evidence) -> Iterator[Belief]:
    yield Belief(
        "ssc_reference_class",
        "Like other drugs in SSc",
        "the effect is drawn from what other drugs did on the response in this disease",
        _DECLARED.read(evidence).weight_reference_class,
        Statement(
            RESPONSE,
            next_drug_by_response(evidence),
            "the next drug after the pool of trials with revised CRISS responses, drugs as far apart as on skin",
        ),
    )


def _by_skin(evidence: Evidence) -> Iterator[Belief]:
    yield Belief(
        "ssc_skin_class",
        "Like other drugs in SSc, by skin",
        "the effect is drawn from what other drugs did on the skin score in this disease",
        0.0,
        Statement(
            SKIN,
            next_drug_by_skin(evidence),
            "the next drug after the trials with a difference in skin score at weeks 48 to 52",
        ),
    )


def _by_lupus(evidence: Evidence) -> Iterator[Belief]:
    """Yield one share of the lupus effect, declared to hold at three addresses."""
    share = lupus_share(evidence)
    words = "a share of anifrolumab's effect on BICLA in lupus"
    on_response = f"{words}, declared to hold for this response"
    yield Belief(
        "lupus_bridge",
        "A share of the lupus effect",
        "part of what anifrolumab did in lupus carries over to response as this trial counts it",
        _DECLARED.read(evidence).weight_lupus_bridge,
        Statement(COMPOSITE, share, on_response),
    )
    yield Belief(
        "lupus_bridge_observed",
        "Lupus effect, on rCRISS-20",
        "the same share of the lupus effect, declared to hold for rCRISS-20 of those observed",
        0.0,
        Statement(RESPONSE, share, on_response),
    )
    yield Belief(
        "lupus_bridge_skin",
        "Lupus effect, on skin",
        "the same share of the lupus effect in standard deviations, declared to hold for the skin score",
        0.0,
        Statement(
            SKIN,
            _scaled(share, -in_log_odds(evidence, "mean_difference")),
            f"{words} in standard deviations, declared to hold for the skin score",
        ),
    )


def in_log_odds(evidence: Evidence, summary: str) -> float:
    """Return what a log odds ratio of one is in the unit of an estimand's summary: 1, or so many points of skin score."""
    return 1.0 if summary == "odds_ratio" else _DECLARED.read(evidence).mrss_change_sd / LOGISTIC_SD


def next_drug_by_response(evidence: Evidence) -> NormalMixture:
    """Return the log odds ratio of rCRISS-20 of the next drug: the pool's, spread as drugs differ on the skin score.

    The one pool of responses cannot say how far drugs lie apart. That is taken from the trials of the skin score, on a
    common scale of standard deviations; the pool is the mean of ``prior.pool_drugs`` drugs, under a flat prior of the
    class's mean.
    """
    number = _DECLARED.read(evidence)
    pool = pooled_contrast(evidence, "ssc_response")
    between = analyze_class(evidence, "ssc_skin").tau
    on_response = between.nodes * LOGISTIC_SD / number.mrss_change_sd
    of_mean = pool.standard_error**2 + on_response**2 / number.pool_drugs
    mass, mean, variance = _despite_selection(pool, of_mean, number.publication_ratio)
    weights = between.weights * mass
    predicted = NormalMixture(weights / weights.sum(), mean, np.sqrt(variance + on_response**2))
    return robust(_without_specks(predicted), number.robust_share, number.robust_sd)


def _despite_selection(
    pool: Contrast, variance: FloatArray, published: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return mass, mean and variance of the class's mean at each node of the SD between drugs.

    Its likelihood is that of a result which had been published in this share of cases had it not been significant (Vevea
    and Hedges 1995, Psychometrika 60:419), under a flat prior. Each node keeps the first two moments of what is then not
    quite normal.

    Parameters
    ----------
    pool
        The contrast.
    variance
        Of the pool around the class's mean, at each node.
    published
        Share of the pools without a significant result that are published, over the same of those with one.
    """
    error = np.sqrt(variance)
    if published == 1.0:
        return np.ones_like(error), np.full_like(error, pool.estimate), variance
    nodes, weights = roots_hermitenorm(_SELECTION_NODES)
    mean = pool.estimate + error[:, None] * nodes
    significant = ndtr((mean - NORMAL_95 * pool.standard_error) / error[:, None])
    density = weights / weights.sum() / (published + (1.0 - published) * significant)
    mass = density.sum(axis=1)
    centre = (density * mean).sum(axis=1) / mass
    return mass, centre, (density * (mean - centre[:, None]) ** 2).sum(axis=1) / mass


def next_drug_by_skin(evidence: Evidence) -> NormalMixture:
    """Return the difference in skin score [mRSS points] of the next drug, by the trials of the skin score."""
    number = _DECLARED.read(evidence)
    predicted = analyze_class(evidence, "ssc_skin").next_drug
    return robust(predicted, number.robust_share, number.robust_sd * in_log_odds(evidence, "mean_difference"))


def lupus_share(evidence: Evidence) -> NormalMixture:
    """Return a share of the log odds ratio of anifrolumab in lupus: its mean over trials times the transfer."""
    transfer = _DECLARED.read(evidence).lupus_transfer
    whole = analyze_class(evidence, "lupus_response").class_mean
    nodes, weights = roots_jacobi(
        _TRANSFER_NODES, float(transfer.prior_b or 1.0) - 1.0, float(transfer.prior_a or 1.0) - 1.0
    )
    share, weight = 0.5 * (1.0 + nodes), weights / weights.sum()
    product = NormalMixture(
        np.outer(weight, whole.weights).ravel(),
        np.outer(share, whole.means).ravel(),
        np.outer(share, whole.sds).ravel(),
    )
    return _without_specks(product)


def robust(predicted: NormalMixture, share: float, sd: float) -> NormalMixture:
    """Return a prediction with a share of it set aside for a drug that is not like the class."""
    return NormalMixture(
        np.append((1.0 - share) * predicted.weights, share),
        np.append(predicted.means, 0.0),
        np.append(predicted.sds, sd),
    )


def _normal(mean: float, sd: float) -> NormalMixture:
    return NormalMixture(np.ones(1), np.array([mean]), np.array([sd]))


def _scaled(effect: NormalMixture, factor: float) -> NormalMixture:
    return NormalMixture(effect.weights, factor * effect.means, abs(factor) * effect.sds)


def _without_specks(effect: NormalMixture) -> NormalMixture:
    """Return a mixture without components that no digit shows."""
    kept = effect.weights > _LEAST_WEIGHT
    weights = effect.weights[kept]
    return NormalMixture(weights / weights.sum(), effect.means[kept], effect.sds[kept])
