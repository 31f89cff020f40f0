"""Who patients with systemic sclerosis are, as registries see them: subset, antibody, duration, age, lung disease.

Two subsets, each with its own duration, age at onset, antibodies and skin. Antibodies of diffuse disease differ between
America and elsewhere. The share with lung disease of a subset is met with the odds of each antibody beside it: one
intercept is solved, and no two marginal shares are multiplied.
"""

from collections.abc import Mapping

import numpy as np
from scipy.special import expit

from ifntrial.arrays import AnyArray, BoolArray, FloatArray
from ifntrial.patients.drawing import Draws, logistic_intercept, truncated_lognormal, truncated_normal
from ifntrial.patients.entry_rows import Entry

ANTIBODIES = ("ATA", "ARA", "ACA", "other")
ADULT_YEARS = 18.0
YOUNGEST_ONSET, OLDEST = 16.0, 85.0
WEIGHT_RANGE = (35.0, 180.0)
HEIGHT_RANGE = (135.0, 205.0)
LONGEST_DURATION_YEARS = 40.0

Shares = Mapping[tuple[bool, bool], tuple[float, ...]]
"""(is diffuse, lives in America) to the share of each of ``ANTIBODIES``."""


def antibody_shares(number: Entry) -> Shares:
    """Return the shares of antibodies by subset and region; those of limited disease are the same everywhere."""
    limited = _with_others(number.ata_share_limited, number.ara_share_limited, number.aca_share_limited)
    return {
        (True, False): _with_others(number.ata_share, number.ara_share, number.aca_share),
        (True, True): _with_others(
            number.ata_share_america, number.ara_share_america, number.aca_share_america
        ),
        (False, False): limited,
        (False, True): limited,
    }


def _with_others(*shares: float) -> tuple[float, ...]:
    return (*shares, 1.0 - sum(shares))


def ild_shares(number: Entry) -> dict[bool, tuple[float, ...]]:
    """Return (is diffuse) to the share with interstitial lung disease of each of ``ANTIBODIES``.

    The intercept is that at which the antibodies of a subset, outside America, give the subset's share.
    """
    offset = (number.ild_log_odds_ata, 0.0, number.ild_log_odds_aca, 0.0)
    known, found = antibody_shares(number), {}
    for is_diffuse, share in ((True, number.ild_share_diffuse), (False, number.ild_share_limited)):
        intercept = logistic_intercept(offset, known[is_diffuse, False], share)
        found[is_diffuse] = tuple(float(expit(intercept + each)) for each in offset)
    return found


def draw_who(number: Entry, draw: Draws) -> dict[str, AnyArray]:
    """Return the covariates of subjects that are no score, each (subjects,)."""
    is_diffuse = draw.uniform("subset") < number.diffuse_share
    lives_in_america = draw.uniform("region") > 1.0 - number.america_share
    antibody = _antibody(antibody_shares(number), draw.uniform("antibody"), is_diffuse, lives_in_america)
    duration = truncated_lognormal(
        draw.uniform("duration"),
        np.where(is_diffuse, number.duration_median, number.duration_median_limited),
        np.where(is_diffuse, number.duration_cv, number.duration_cv_limited),
        0.0,
        LONGEST_DURATION_YEARS,
    )
    has_ild = draw.uniform("interstitial lung disease") < _by_antibody(
        ild_shares(number), antibody, is_diffuse
    )
    is_female = draw.uniform("sex") < np.where(is_diffuse, number.female_share, number.female_share_limited)
    return {
        "age_years": _age(number, draw.uniform("age"), is_diffuse, duration),
        "is_female": is_female,
        "body_weight_kg": truncated_lognormal(
            draw.uniform("body weight"), number.body_weight_median, number.body_weight_cv, *WEIGHT_RANGE
        ),
        "height_cm": _height(number, draw.uniform("height"), is_female),
        "subset": np.where(is_diffuse, "diffuse", "limited"),
        "antibody": antibody,
        "lives_in_america": lives_in_america,
        "disease_duration_years": duration,
        "has_ild": has_ild,
        "uses_mmf": draw.uniform("mycophenolate")
        < np.where(is_diffuse, number.mmf_share, number.mmf_share_limited),
    }


def _antibody(shares: Shares, u: FloatArray, is_diffuse: BoolArray, in_america: BoolArray) -> AnyArray:
    chosen = np.empty(len(u), dtype="<U5")
    for (diffuse, america), of in shares.items():
        here = (is_diffuse == diffuse) & (in_america == america)
        place = np.searchsorted(np.cumsum(of[:-1]), u[here], side="right")
        chosen[here] = np.array(ANTIBODIES)[place]
    return chosen


def _by_antibody(
    value: Mapping[bool, tuple[float, ...]], antibody: AnyArray, is_diffuse: BoolArray
) -> FloatArray:
    found = np.zeros(len(antibody))
    for diffuse, of in value.items():
        for name, each in zip(ANTIBODIES, of, strict=True):
            found[(is_diffuse == diffuse) & (antibody == name)] = each
    return found


def _age(number: Entry, u: FloatArray, is_diffuse: BoolArray, duration: FloatArray) -> FloatArray:
    """Return age: that at onset, cut so that patients are adults now, and the duration."""
    mean = np.where(is_diffuse, number.onset_age_mean, number.onset_age_mean_limited)
    low = np.maximum(YOUNGEST_ONSET, ADULT_YEARS - duration)
    return truncated_normal(u, mean, number.onset_age_sd, low, OLDEST - duration) + duration


def _height(number: Entry, u: FloatArray, is_female: BoolArray) -> FloatArray:
    women, men = (
        truncated_normal(u, mean, sd, *HEIGHT_RANGE)
        for mean, sd in (
            (number.height_women_mean, number.height_women_sd),
            (number.height_men_mean, number.height_men_sd),
        )
    )
    return np.where(is_female, women, men)
