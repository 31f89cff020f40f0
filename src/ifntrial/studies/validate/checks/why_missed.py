"""Why the model misses a published figure, as far as it is known: the first rule that fits counts.

A reason is no excuse: the verdict stays. Reasons are looked up for misses alone, so that a rule never hides agreement.
"""

import re

from ifntrial.evidence.records import Observation

REASONS: tuple[tuple[str, str], ...] = (
    (
        r"anifrolumab_in_healthy_volunteers\.300_mg_iv\.(cmax|total_clearance|auc)",
        "the published central volume gives this; the volunteers' body weights are not published",
    ),
    (
        r"anifrolumab_in_healthy_volunteers\..*",
        "six volunteers of unknown body weight; no population model of subcutaneous absorption is published",
    ),
    (
        r"anifrolumab_population_pharmacokinetics\..*(time_to_lloq|linear_clearance_fall).*",
        "another implementation of the published equations gives the same; one exponent is not published",
    ),
    (
        r".*signature_suppression_blood\.w4",
        "met between doses, not at the first trough; when blood was taken is not said",
    ),
    (
        r"tulip_pooled\..*signature_suppression_blood\..*",
        "the bound is where the concentration of 80 % puts it: the simulated median lies at 80, on either side",
    ),
    (r".*time_to_maximal_suppression_blood", "decay of mRNA and feedback on ligand take days in the model"),
    (
        r"fasscinate\..*(patient|physician)_global.*",
        "worse globals than in other trials of the disease; one population stands for all",
    ),
    (
        r"senscis_skin_subgroup\..*|senscis\..*|eustar_ild\..*",
        "lung disease of years, often limited: virtual patients are early, for trials of skin",
    ),
    (r"press.*\.(ata|ara)_positive.*", "antibodies differ between countries; the mean over cohorts is drawn"),
    (r".*\.(ata|ara)_positive.*", "antibodies differ between countries; the mean over cohorts is drawn"),
    (
        r"focussced\..*fvc.*",
        "raised acute phase reactants select fast decline; they are not among the covariates",
    ),
    (r"desires\..*", "placebo worsened in this trial alone: a trial effect that a typical world has not"),
    (
        r".*(haq_di|patient_global|physician_global)_change.*",
        "did worse than the pooled natural history: a trial effect that a typical world has not",
    ),
    (r".*(mrss|fvc_percent|fvc_ml)_change.*|.*fvc_slope.*", "a trial effect that a typical world has not"),
    (
        r"(fvc_test_retest|mrss_training|mrss_reliability)\..*",
        "patients at entry differ less than the patients of all stages it was read in",
    ),
    (r".*\.ifn_high_blood\..*", "one share of high signatures is drawn for all subsets of the disease"),
    (r".*\.diffuse_cutaneous\..*", "the share of the reference trial's population is drawn for all"),
    (r".*\.mrss\..*", "virtual patients have a skin score above 10, as the reference trial asks"),
    (r".*\.w0(\..*)?", "one population stands for all trials: this margin differs from the pooled one"),
)

UNKNOWN = "not understood"


def why_missed(row: Observation) -> str:
    """Return the named reason of a miss."""
    return next((text for pattern, text in REASONS if re.fullmatch(pattern, row.id)), UNKNOWN)
