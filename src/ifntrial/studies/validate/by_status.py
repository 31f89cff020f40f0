"""What the law of the effect foretells for a low signature over a high one, beside what lupus trials saw.

The law says how much of a drive is lost on blockade, a trial how much more often patients respond: two scales, so that
there is no verdict. What can be held against each other is whether a low signature has a smaller, the same or no share
of the benefit, and published results leave room for all three.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import log, sqrt

from ifntrial.arrays import FloatArray
from ifntrial.catalog import Catalog
from ifntrial.errors import EvidenceError
from ifntrial.evidence.records import Evidence, Observation
from ifntrial.evidence.rows import Published
from ifntrial.evidence.standard_error import standard_error
from ifntrial.levels import NORMAL_95
from ifntrial.patients.entry_rows import ENTRY
from ifntrial.worlds.draw import Worlds
from ifntrial.worlds.effect_by_status import low_over_high
from ifntrial.worlds.quantiles import Band, quantile_band
from ifntrial.worlds.weigh import base_weights

DOMAINS = {"skin": "skin", "inflammation": "inflammation, which hears the signal of blood"}
_TRIALS = "tulip_pooled.anifrolumab_vs_placebo"
_STATUSES = ("sle_ifn_low", "sle_ifn_high")
_ENDPOINTS = {
    "bicla_response.w52": "BICLA response, week 52",
    "sri4_response.w52": "SRI-4 response, week 52",
    "clasi_response.w12": "Skin response (CLASI), week 12",
    "joint_response.w52": "Joint response, week 52",
    "flare_rate.w52": "Flares in a year, log rate ratio",
}
PUBLISHED = Published(
    tuple(f"{_TRIALS}.{endpoint}.{status}" for endpoint in _ENDPOINTS for status in _STATUSES)
)


@dataclass(frozen=True, slots=True)
class ForetoldByStatus:
    """Share of a drive that is lost on complete blockade at a low signal over that at a high one.

    Parameters
    ----------
    domain
        In words.
    ratio_over_worlds
        Over worlds that meet published results; beliefs about the effect do not weigh.
    alike_share
        Share of the same worlds in which every patient loses the same share.
    """

    domain: str
    ratio_over_worlds: Band
    alike_share: float


@dataclass(frozen=True, slots=True)
class SeenByStatus:
    """An effect of anifrolumab in lupus at a low and at a high signature.

    Parameters
    ----------
    endpoint
        In words.
    low, high
        Difference from placebo in points, or logarithm of a rate ratio.
    ratio, ratio_low, ratio_high
        Low over high, with a 95 % interval by Fieller's method; no interval where the effect at a high signature is
        not told from none, as its ratio then may be anything.
    """

    endpoint: str
    low: float
    high: float
    ratio: float
    ratio_low: float | None
    ratio_high: float | None


@dataclass(frozen=True, slots=True)
class EffectByStatus:
    """What the law foretells by interferon status, and what was seen in lupus.

    Parameters
    ----------
    low_signal
        Signal of a typical low signature over that of the reference patient, who has a high one.
    foretold
        By domain.
    seen_in_lupus
        By endpoint, those that the tables hold.
    """

    low_signal: float
    foretold: tuple[ForetoldByStatus, ...]
    seen_in_lupus: tuple[SeenByStatus, ...]


def effect_by_status(catalog: Catalog) -> EffectByStatus:
    """Return both, over all worlds of the frozen calibration.

    Raises
    ------
    EvidenceError
        If a published effect has no standard error.
    FileError
        If the frozen calibration is absent or cannot be read.
    """
    calibration, evidence = catalog.calibration, catalog.evidence
    worlds = calibration.structural_worlds(catalog.model(), evidence)
    weight = base_weights(calibration.implied, evidence)
    signal = ENTRY.read(evidence).ifn_tone_low_median
    return EffectByStatus(
        signal,
        tuple(_foretold(domain, worlds, signal, weight) for domain in DOMAINS),
        tuple(_seen(evidence)),
    )


def _seen(evidence: Evidence) -> Iterator[SeenByStatus]:
    held = PUBLISHED.held(evidence)
    for endpoint, words in _ENDPOINTS.items():
        low, high = (held.get(f"{_TRIALS}.{endpoint}.{status}") for status in _STATUSES)
        if low and high:
            yield seen_by_status(words, low, high)


def _foretold(domain: str, worlds: Worlds, signal: float, weight: FloatArray) -> ForetoldByStatus:
    ratio = low_over_high(worlds, domain, signal)
    alike = worlds.parameters["effect_follows_signal"] == 0
    return ForetoldByStatus(
        DOMAINS[domain], quantile_band(ratio, weight), float(weight[alike].sum() / weight.sum())
    )


def seen_by_status(endpoint: str, low: Observation, high: Observation) -> SeenByStatus:
    """Return the effects of two groups of a trial and their ratio.

    Raises
    ------
    EvidenceError
        If one of the two has no standard error.
    """
    (a, error_a), (b, error_b) = _effect(low), _effect(high)
    between = fieller(a, error_a, b, error_b)
    return SeenByStatus(endpoint, a, b, a / b, *(between or (None, None)))


def _effect(row: Observation) -> tuple[float, float]:
    """Return an effect and its standard error, a ratio on the scale of its logarithm."""
    error = standard_error(row)
    if row.value is None or error is None:
        raise EvidenceError(
            "an effect by status needs its standard error", given=row.id, fix="complete the row, or remove it"
        )
    return (log(row.value), error / row.value) if row.statistic == "rate_ratio" else (row.value, error)


def fieller(a: float, error_a: float, b: float, error_b: float) -> tuple[float, float] | None:
    """Return the 95 % interval of a / b, both normal and independent (Fieller 1954); None where it has no ends.

    Examples
    --------
    >>> [round(end, 4) for end in fieller(2.0, 0.5, 4.0, 0.5)]
    [0.2476, 0.8162]
    """
    squared = (NORMAL_95 * error_b / b) ** 2
    if squared >= 1.0:
        return None
    ratio, relative = a / b, error_a / b
    half = NORMAL_95 * sqrt(relative**2 * (1.0 - squared) + ratio**2 * (error_b / b) ** 2)
    return (ratio - half) / (1.0 - squared), (ratio + half) / (1.0 - squared)
