"""The declared beliefs: three about the effect, one of net harm, and others that are shown beside them.

Everything here is declared before a forecast is run; the rows ``prior.*`` hold every number that is a judgement, and the
table of effects the published contrasts.
"""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from scipy.special import roots_jacobi

from ifntrial.evidence.records import Evidence, ParameterValue
from ifntrial.evidence.rows import Pure, Rows, SkinPoints
from ifntrial.normal_mixture import NormalMixture
from ifntrial.statistics.between_drugs import BetweenDrugs
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
_SHARE = "a share of anifrolumab's effect on BICLA in lupus"
_TRANSFER_NODES = 24
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
    robust_share: Pure
    robust_sd: Pure
    mrss_change_sd: SkinPoints
    lupus_transfer: Annotated[ParameterValue, "1"]


_DECLARED = Rows("prior", _Declared)


RESTS_ON = {
    "ssc_reference_class": ("ssc_response", "ssc_skin"),
    "lupus_bridge": ("lupus_response",),
    "ssc_skin_class": ("ssc_skin",),
    "lupus_bridge_observed": ("lupus_response",),
    "lupus_bridge_skin": ("lupus_response",),
}
"""Classes of trials that a belief is made from."""


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
    made = {"irrelevant": _irrelevant, "net_harm": _net_harm} | {
        "ssc_reference_class": _by_response,
        "lupus_bridge": _lupus_composite,
        "ssc_skin_class": _by_skin,
        "lupus_bridge_observed": _lupus_observed,
        "lupus_bridge_skin": _lupus_skin,
    }
    return tuple(
        made[name](evidence)
        for name in SHOWN
        if is_whole or all(evidence.effects_of(each, "class") for each in RESTS_ON.get(name, ()))
    )


def _irrelevant(evidence: Evidence) -> Belief:
    return Belief(
        "irrelevant",
        "Interferon is irrelevant",
        "blockade changes the signature but not the disease",
        _DECLARED.read(evidence).weight_irrelevant,
    )


def _net_harm(evidence: Evidence) -> Belief:
    number = _DECLARED.read(evidence)
    return Belief(
        "net_harm",
        "Net harm possible",
        "interferon restrains fibrosis more than it drives it, so that blockade does harm",
        number.weight_net_harm,
        Statement(
            SKIN,
            _normal(0.0, number.net_harm_sd),
            "half-normal, an assumption",
            below_zero="harm",
            only_harm=True,
        ),
    )


def _by_response(evidence: Evidence) -> Belief:
    return Belief(
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


def _by_skin(evidence: Evidence) -> Belief:
    return Belief(
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


def _lupus_composite(evidence: Evidence) -> Belief:
    return Belief(
        "lupus_bridge",
        "A share of the lupus effect",
        "part of what anifrolumab did in lupus carries over to response as this trial counts it",
        _DECLARED.read(evidence).weight_lupus_bridge,
        Statement(COMPOSITE, lupus_share(evidence), f"{_SHARE}, declared to hold for this response"),
    )


def _lupus_observed(evidence: Evidence) -> Belief:
    return Belief(
        "lupus_bridge_observed",
        "Lupus effect, on rCRISS-20",
        "the same share of the lupus effect, declared to hold for rCRISS-20 of those observed",
        0.0,
        Statement(RESPONSE, lupus_share(evidence), f"{_SHARE}, declared to hold for this response"),
    )


def _lupus_skin(evidence: Evidence) -> Belief:
    points = _DECLARED.read(evidence).mrss_change_sd / LOGISTIC_SD
    return Belief(
        "lupus_bridge_skin",
        "Lupus effect, on skin",
        "the same share of the lupus effect in standard deviations, declared to hold for the skin score",
        0.0,
        Statement(
            SKIN,
            _scaled(lupus_share(evidence), -points),
            f"{_SHARE} in standard deviations, declared to hold for the skin score",
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
    tau, weights = _thinned(between)
    on_response = tau * LOGISTIC_SD / number.mrss_change_sd
    variance = pool.standard_error**2 + on_response**2 * (1.0 + 1.0 / number.pool_drugs)
    predicted = NormalMixture(weights, np.full_like(tau, pool.estimate), np.sqrt(variance))
    return robust(predicted, number.robust_share, number.robust_sd)


def next_drug_by_skin(evidence: Evidence) -> NormalMixture:
    """Return the difference in skin score [mRSS points] of the next drug, by the trials of the skin score."""
    number = _DECLARED.read(evidence)
    predicted = analyze_class(evidence, "ssc_skin").next_drug
    return robust(predicted, number.robust_share, number.robust_sd * number.mrss_change_sd / LOGISTIC_SD)


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


def _thinned(between: BetweenDrugs) -> tuple[np.ndarray, np.ndarray]:
    kept = between.weights > _LEAST_WEIGHT
    return between.nodes[kept], between.weights[kept] / between.weights[kept].sum()


def _without_specks(effect: NormalMixture) -> NormalMixture:
    """Return a mixture without components that no digit shows."""
    kept = effect.weights > _LEAST_WEIGHT
    weights = effect.weights[kept]
    return NormalMixture(weights / weights.sum(), effect.means[kept], effect.sds[kept])
