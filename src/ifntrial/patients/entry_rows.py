"""The rows that candidates are drawn from: who they are at entry, and how their items go together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from ifntrial.evidence.rows import Each, PercentPredicted, Pure, Rows, SkinPoints, Years
from ifntrial.items import CORE_ITEMS, ITEMS

ITEM_UNITS = {item: ITEMS[item].unit for item in CORE_ITEMS}
"""Core item to the unit of its rows."""

CORRELATIONS = (
    (0, 1, "mrss_haq"),
    (0, 2, "mrss_patient_global"),
    (0, 3, "mrss_physician_global"),
    (1, 2, "haq_patient_global"),
    (1, 3, "haq_physician_global"),
    (2, 3, "globals"),
    *((i, 4, "fvc_other") for i in range(4)),
)
REPORTED = ("haq_di", "patient_global", "physician_global")
_REPORTED_UNITS = {item: ITEM_UNITS[item] for item in REPORTED}
_Correlations = Annotated[
    Mapping[str, float], Each("correlation_{}", {name: "1" for _, _, name in CORRELATIONS})
]


def row_name(item: str) -> str:
    """Return what the rows ``history.*`` of an item begin with."""
    return ITEMS[item].history


@dataclass(frozen=True, slots=True)
class Entry:
    """Who is drawn, at entry. Where there is a row of limited disease, the one without it in its name is of diffuse."""

    onset_age_mean: Years
    onset_age_mean_limited: Years
    onset_age_sd: Years
    female_share: Pure
    female_share_limited: Pure
    body_weight_median: Annotated[float, "kg"]
    body_weight_cv: Pure
    height_women_mean: Annotated[float, "cm"]
    height_women_sd: Annotated[float, "cm"]
    height_men_mean: Annotated[float, "cm"]
    height_men_sd: Annotated[float, "cm"]
    diffuse_share: Pure
    america_share: Pure
    ata_share: Pure
    ara_share: Pure
    aca_share: Pure
    ata_share_america: Pure
    ara_share_america: Pure
    aca_share_america: Pure
    ata_share_limited: Pure
    ara_share_limited: Pure
    aca_share_limited: Pure
    duration_median: Years
    duration_cv: Pure
    duration_median_limited: Years
    duration_cv_limited: Pure
    ild_share_diffuse: Pure
    ild_share_limited: Pure
    ild_log_odds_ata: Pure
    ild_log_odds_aca: Pure
    mmf_share: Pure
    mmf_share_limited: Pure
    ifn_high_share_blood: Pure
    ifn_high_share_blood_limited: Pure
    ifn_high_share_skin: Pure
    ifn_high_share_skin_limited: Pure
    ifn_blood_skin_correlation: Pure
    ifn_skin_loading: Pure
    ifn_lung_loading: Pure
    ifn_ild_shift: Pure
    ifn_ara_shift: Pure
    ifn_tone_severity_correlation: Pure
    ifn_tone_high_cv: Pure
    ifn_tone_low_median: Pure
    ifn_tone_low_cv: Pure
    chemokine_score_sd: Pure
    chemokine_signature_correlation: Pure
    mrss_mean: SkinPoints
    mrss_sd: SkinPoints
    mrss_ara_higher: SkinPoints
    mrss_fall_per_log_year: SkinPoints
    mrss_peak_duration: Years
    mrss_limited_median: SkinPoints
    mrss_limited_cv: Pure
    mrss_reference_mean: SkinPoints
    mrss_reference_sd: SkinPoints
    fvc_percent_ild_mean: PercentPredicted
    fvc_percent_no_ild_mean: PercentPredicted
    fvc_percent_sd: PercentPredicted
    fvc_percent_low: PercentPredicted
    fvc_percent_high: PercentPredicted
    scale_mean: Annotated[Mapping[str, float], Each("{}_mean", _REPORTED_UNITS)]
    scale_sd: Annotated[Mapping[str, float], Each("{}_sd", _REPORTED_UNITS)]
    correlation: _Correlations


@dataclass(frozen=True, slots=True)
class Changes:
    """How the changes of items go together, and mean and SD of the skin's that they are reckoned from."""

    mrss_change_mean: SkinPoints
    mrss_change_sd: SkinPoints
    correlation: _Correlations


@dataclass(frozen=True, slots=True)
class BetweenTrials:
    """How far the mean change of a trial lies off that of all trials."""

    change_sd: Annotated[Mapping[str, float], Each("{}_change_trial_sd", ITEM_UNITS, row_name)]


BETWEEN_TRIALS = Rows("history", BetweenTrials)
ENTRY, CHANGES = Rows("population", Entry), Rows("history", Changes)
