"""Whether untreated skin progresses, stays or regresses over a year, and by how much.

An ordered probit: a liability to worsen rises with early disease, most with antibodies against RNA polymerase III, with
the interferon signature and with what is not seen; it falls with the skin score at entry. Above one threshold skin
progresses, below another it regresses by a share of the score, between them it stays. The part that is not seen lasts:
who worsened last year is more likely to worsen in the next one. Thresholds are fitted to placebo arms, see
``course_fit``.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from ifntrial.arrays import BoolArray, FloatArray, IntArray
from ifntrial.evidence.rows import Pure, Rows, SkinPoints, Years
from ifntrial.items import ITEMS

PROGRESSING, STABLE, REGRESSING = 1, 0, -1
_SCALE = ITEMS["mrss"]


@dataclass(frozen=True, slots=True)
class SkinLaw:
    """Rows ``history.skin_*``.

    Parameters
    ----------
    progress_change
        Mean rise of progressing skin in a year, diffuse disease.
    regress_share
        Share of the score that regressing skin loses in a year.
    within_sd
        SD of the change within a class, diffuse disease.
    limited_share
        Size of progression, and of the spread within a class, of limited over diffuse disease.
    duration_reference, duration_shortest
        Duration at which its effect is zero, and below which it grows no more.
    duration_slope, duration_slope_ara
        Rise of the liability for each halving of e in duration; and what antibodies against RNA polymerase III add.
    entry_slope
        Rise of the liability per reference SD of the skin score above the reference.
    ifn_slope
        Rise of the liability per SD of the signature's liability.
    limited_shift
        Liability of limited over diffuse disease.
    progress_threshold, regress_threshold
        Above the one skin progresses, below the other it regresses.
    persistence
        Correlation, between one year and the next, of the part of the liability that is not seen.
    """

    progress_change: SkinPoints
    regress_share: Pure
    within_sd: SkinPoints
    limited_share: Pure
    duration_reference: Years
    duration_shortest: Years
    duration_slope: Pure
    duration_slope_ara: Pure
    entry_slope: Pure
    ifn_slope: Pure
    limited_shift: Pure
    progress_threshold: Pure
    regress_threshold: Pure
    persistence: Pure


SKIN_LAW = Rows("skin_course", SkinLaw)


@dataclass(frozen=True, slots=True)
class SkinPatient:
    """What the course of skin hangs on, each (subjects,).

    Parameters
    ----------
    is_diffuse, has_ara, duration_years
        Subset, antibody, disease duration [year].
    score
        True skin score.
    above_reference
        The same in reference SD above the reference.
    signature
        Liability to a high signature in SD.
    """

    is_diffuse: BoolArray
    has_ara: BoolArray
    duration_years: FloatArray
    score: FloatArray
    above_reference: FloatArray
    signature: FloatArray


def liability(law: SkinLaw, who: SkinPatient, years_ago: float = 0.0) -> FloatArray:
    """Return the part of the liability to worsen that is seen, now or so many years ago, shape (subjects,)."""
    duration = np.maximum(who.duration_years - years_ago, law.duration_shortest)
    early = -np.log(duration / law.duration_reference)
    return np.asarray(
        (law.duration_slope + law.duration_slope_ara * who.has_ara) * early
        + law.entry_slope * who.above_reference
        + law.ifn_slope * who.signature
        + np.where(who.is_diffuse, 0.0, law.limited_shift)
    )


def course_of(law: SkinLaw, value: FloatArray) -> IntArray:
    """Return the class of each liability, shape (subjects,)."""
    return np.where(
        value > law.progress_threshold,
        PROGRESSING,
        np.where(value < law.regress_threshold, REGRESSING, STABLE),
    )


def class_chances(law: SkinLaw, who: SkinPatient) -> Mapping[int, FloatArray]:
    """Return the chance of each class over what is not seen, each (subjects,)."""
    seen = liability(law, who)
    progressing, regressing = ndtr(seen - law.progress_threshold), ndtr(law.regress_threshold - seen)
    return {PROGRESSING: progressing, STABLE: 1 - progressing - regressing, REGRESSING: regressing}


def class_change(law: SkinLaw, who: SkinPatient) -> Mapping[int, FloatArray]:
    """Return the mean change in a year of each class, each (subjects,)."""
    rise = law.progress_change * size(law, who)
    return {
        PROGRESSING: np.minimum(rise, _SCALE.high - who.score),
        STABLE: np.zeros_like(who.score),
        REGRESSING: -law.regress_share * who.score,
    }


def size(law: SkinLaw, who: SkinPatient) -> FloatArray:
    """Return the size of changes over those in diffuse disease, shape (subjects,)."""
    return np.where(who.is_diffuse, 1.0, law.limited_share)


def change_in_a_year(law: SkinLaw, who: SkinPatient, course: IntArray, within: FloatArray) -> FloatArray:
    """Return the true change in a year [points], kept on the scale, shape (subjects,).

    Parameters
    ----------
    course
        Class of each.
    within
        Standard normal deviation within the class.
    """
    of = class_change(law, who)
    change = (
        np.select([course == each for each in of], list(of.values()))
        + law.within_sd * size(law, who) * within
    )
    return np.clip(who.score + change, _SCALE.low, _SCALE.high) - who.score


def change_before(law: SkinLaw, who: SkinPatient, unseen: FloatArray, within: FloatArray) -> FloatArray:
    """Return the true change over the year before entry [points], shape (subjects,).

    Whoever has been ill for less than a year had no skin score then.

    Parameters
    ----------
    unseen, within
        The part of last year's liability that is not seen, and the deviation within last year's class.
    """
    course = course_of(law, liability(law, who, years_ago=1.0) + unseen)
    # who lost a share of the score had more of it
    lost = law.regress_share / (1.0 - law.regress_share) * who.score
    rise = law.progress_change * size(law, who)
    change = np.select([course == PROGRESSING, course == REGRESSING], [rise, -lost], 0.0)
    change = change + law.within_sd * size(law, who) * within
    change = who.score - np.clip(who.score - change, _SCALE.low, _SCALE.high)
    return np.where(who.duration_years < 1.0, who.score, change)
