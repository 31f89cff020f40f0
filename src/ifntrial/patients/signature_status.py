"""Interferon signature at entry: status and tone in blood and skin, and the serum chemokine score.

A patient's liability to a high signature rises with the skin score and with lung disease and is lower with antibodies
against RNA polymerase III (signs: Liu 2013). The threshold of each subset is solved so that its published share is high.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import AnyArray, BoolArray, FloatArray
from ifntrial.evidence.records import Evidence
from ifntrial.evidence.rows import Pure, Rows
from ifntrial.patients.drawing import Draws, normal_threshold
from ifntrial.patients.entry_rows import Entry
from ifntrial.patients.who import ANTIBODIES, antibody_shares, ild_shares


@dataclass(frozen=True, slots=True)
class _CutOff:
    """Where a score of the six chemokines is raised."""

    chemokine6_positive_score: Pure


_CUT_OFF = Rows("signature", _CutOff)


@dataclass(frozen=True, slots=True)
class Status:
    """Signature of each subject, each (subjects,).

    Parameters
    ----------
    is_high_blood, is_high_skin
        Whether the signature is high.
    above_blood
        How far the liability in blood lies above the threshold [SD of its part that covariates leave open].
    severity
        The part of skin and lung scores in it, a standard normal number.
    """

    is_high_blood: BoolArray
    is_high_skin: BoolArray
    above_blood: FloatArray
    severity: FloatArray


def draw_status(
    number: Entry, draw: Draws, covariates: Mapping[str, AnyArray], skin: FloatArray, lung: FloatArray
) -> Status:
    """Return the status of subjects.

    Parameters
    ----------
    skin, lung
        Standard normal numbers behind skin score and lung function among patients of the same kind, each (subjects,).
    """
    with_skin, with_lung = number.ifn_skin_loading, -number.ifn_lung_loading
    shared = with_skin**2 + with_lung**2 + 2 * with_skin * with_lung * number.correlation["fvc_other"]
    together = with_skin * skin + with_lung * lung
    open_part = together + np.sqrt(1 - shared) * draw.normal("signature in blood")
    location = number.ifn_ild_shift * covariates["has_ild"].astype(np.float64) + number.ifn_ara_shift * (
        covariates["antibody"] == "ARA"
    )
    is_diffuse = covariates["subset"] == "diffuse"
    link = number.ifn_blood_skin_correlation
    in_skin = link * (location + open_part) + np.sqrt(1 - link**2) * draw.normal("signature in skin")
    blood, skin_cut = (np.where(is_diffuse, *of) for of in _thresholds(number))
    above = location + open_part - blood
    return Status(above > 0, in_skin > skin_cut, above, together / np.sqrt(shared))


def _thresholds(number: Entry) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the thresholds in blood and in skin, each of diffuse and of limited disease."""
    kinds = {is_diffuse: _kinds(number, is_diffuse) for is_diffuse in (True, False)}
    link = number.ifn_blood_skin_correlation

    def cut(is_diffuse: bool, scale: float, share: float) -> float:
        location, weight = kinds[is_diffuse]
        return normal_threshold(tuple(scale * each for each in location), weight, share)

    return (
        (cut(True, 1.0, number.ifn_high_share_blood), cut(False, 1.0, number.ifn_high_share_blood_limited)),
        (cut(True, link, number.ifn_high_share_skin), cut(False, link, number.ifn_high_share_skin_limited)),
    )


def _kinds(number: Entry, is_diffuse: bool) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return where the liability of each kind of patient lies, and how many there are of each."""
    shares, ild = antibody_shares(number), ild_shares(number)[is_diffuse]
    regions = ((True, number.america_share), (False, 1.0 - number.america_share))
    location, weight = [], []
    for place, antibody in enumerate(ANTIBODIES):
        share = sum(of * shares[is_diffuse, america][place] for america, of in regions)
        for has_ild, part in ((1.0, ild[place]), (0.0, 1.0 - ild[place])):
            location.append(number.ifn_ild_shift * has_ild + number.ifn_ara_shift * (antibody == "ARA"))
            weight.append(share * part)
    return tuple(location), tuple(weight)


def draw_tone(
    number: Entry,
    status: Status,
    draw: Draws,
    amplitude: Mapping[str, FloatArray],
    typical: Mapping[str, float],
) -> dict[str, FloatArray]:
    """Return the tone of blood and skin, each (subjects,).

    Tone within a status goes with severity. A low signature gives a fold change within the healthy range whatever the
    patient's own amplitude is: its tone is that much lower where the amplitude is higher.

    Parameters
    ----------
    amplitude, typical
        Excess fold change at tone 1 of each subject, and of the typical one, by tissue.
    """
    link = number.ifn_tone_severity_correlation
    tone = {}
    for tissue, is_high in (("blood", status.is_high_blood), ("skin", status.is_high_skin)):
        own = link * status.severity + np.sqrt(1 - link**2) * draw.normal(f"tone in {tissue}")
        high = np.exp(np.sqrt(np.log1p(number.ifn_tone_high_cv**2)) * own)
        low = number.ifn_tone_low_median * np.exp(np.sqrt(np.log1p(number.ifn_tone_low_cv**2)) * own)
        tone[f"ifn_tone_{tissue}"] = np.where(is_high, high, low * typical[tissue] / amplitude[tissue])
    return tone


def draw_chemokine_score(number: Entry, evidence: Evidence, status: Status, draw: Draws) -> FloatArray:
    """Return the serum score of six chemokines before treatment, mean natural logarithm, shape (subjects,)."""
    link = number.chemokine_signature_correlation
    own = link * status.above_blood + np.sqrt(1 - link**2) * draw.normal("chemokine score")
    return np.asarray(_CUT_OFF.read(evidence).chemokine6_positive_score + number.chemokine_score_sd * own)
