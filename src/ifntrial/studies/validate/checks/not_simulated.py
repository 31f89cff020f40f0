"""Why an observation cannot be compared yet: rules from the most to the least special, the first that fits counts."""

import re

from ifntrial.evidence.records import Observation

BY_ID: tuple[tuple[str, str], ...] = (
    (r".*\.anti_drug_antibody.*", "antibodies against the drug are not in the model"),
    (r".*effective_half_life", "its definition was not read"),
    (r".*time_to_steady_state", "the label does not say by which rule steady state was called"),
    (
        r"(anifrolumab_population_pharmacokinetics|tulip_pooled)\.all\..*",
        "describes patients with lupus, who are taken as they are: an input of these checks",
    ),
    (
        r"anifrolumab_in_vitro\..*",
        "the experiment competes for binding sites on cells, which is not in the model",
    ),
    (r".*_ifnar2_at_.*", "the second chain of the receptor is not in the model"),
    (
        r"(ifn_omega_and_ifn_alpha2|usp18_desensitisation|interferogenic_sera)\..*",
        "cells in a dish are not in the model",
    ),
    (r"litifilimab.*", "the drug is not in the model"),
    (r".*signature_suppression_muscle.*", "muscle is not in the model"),
    (
        r"11_gene_score\.(healthy|primary_raynaud|no_skin_fibrosis)\..*",
        "people without early skin disease are not drawn",
    ),
    (r"5_gene_signature\.healthy\..*", "people without early skin disease are not drawn"),
    (r".*monocyte_baff.*", "read on monocytes in its own unit: the model has BAFF relative to untreated"),
    (r".*ifn_high_chemokine.*", "the cut-off of the chemokine score is not in the model"),
    (r"ifn_alpha2_simoa.*", "the untreated concentration is a parameter: agreement would prove nothing"),
    (r".*\.completed_trial.*", "leaving is set from such figures: agreement would prove nothing"),
    (r".*escape_therapy.*", "escape is set from this figure: agreement would prove nothing"),
    (r".*completed_treatment", "leaving is set from such figures: agreement would prove nothing"),
    (r"healthy_ageing.*|.*_vs_healthy\..*", "healthy people are not drawn"),
    (
        r"focussced\..*_(mild|moderate|severe)_ild\..*",
        "the extent of lung disease on a scan is not in the model",
    ),
    (
        r".*(tocilizumab|abatacept|nintedanib|riociguat|rituximab)[^.]*\.(?!.*\.w0).*",
        "the drug is not in the model",
    ),
    (r"revised_criss_validation\.active.*", "pooled active drugs are not in the model"),
    (r"fasscinate\.placebo_then_tocilizumab.*", "the drug is not in the model"),
    (r"mrss_(reliability|reliability_second)\.different_raters.*", "one rater reads a patient throughout"),
    (
        r"mrss_training\.(untrained|before_training|after_training).*",
        "raters before and after training are not told apart",
    ),
    (
        r"senscis_early_subgroup\..*|senscis\..*\.w0|sls_.*",
        "virtual patients have a skin score above 10, these mostly have not",
    ),
    (
        r"(eustar_919|eustar_706|eustar_1257|eustar_1021|eustar_ild_prevalence)\..*",
        "the cohort holds disease of all durations, virtual patients only early disease",
    ),
    (r"eustar_ild\..*", "five years, or years of a long disease, are beyond the virtual patients' course"),
    (r"eustar_glucocorticoids.*", "glucocorticoids are not in the model"),
    (r"genisos.*|pittsburgh.*", "entry criteria or time of the course were not read"),
    (r"haq_slopes\..*_late\..*", "virtual patients have early disease"),
    (
        r"press_larger_set\.(all\.(skin_worsening|fvc_decline)|deaths).*",
        "the time over which it was counted was not read",
    ),
    (r"focussced\..*(men_vs_women|crp_above).*", "sex and acute phase do not change the course in the model"),
    (r"esos\.(progressors|non_progressors)\..*", "progressors are not told apart at entry in the model"),
    (r"biopsy\.all\.mmf\.w52", "starting a drug during follow-up is not in the model"),
    (r"troponin.*", "consecutive patients of a clinic: such a cohort is not drawn"),
    (
        r"(dual_1|thai_ulcers|cap_study).*",
        "selected on organs, or on ulcers already there: not drawn so",
    ),
)

BY_ENDPOINT: tuple[tuple[str, str], ...] = (
    (r"troponin.*|lvef.*|diastolic.*|conduction.*|renal.*", "the measure is not in the model"),
    (r"dlco.*|tlc.*|hrct.*", "diffusing capacity, total capacity and scans are not in the model"),
    (r"c_reactive.*|erythrocyte.*|friction.*|raynaud.*", "the measure is not in the model"),
    (
        r"aca_positive|u1rnp.*",
        "anticentromere and other antibodies are not drawn: the reference trial excludes them",
    ),
    (r"immunosuppression", "of immunosuppressants only mycophenolate is drawn"),
    (r"skin_duration", "only the duration of the disease is drawn"),
    (
        r"adverse_event|serious_adverse.*|infusion_reaction|stopped_for.*|infection",
        "such events are not in the model",
    ),
    (r"death.*", "death is not in the model"),
    (r"fvc_below_80|digital_ulcer.*", "not drawn in this cohort"),
    (r"correlation_hrct.*", "scans are not in the model"),
)

NO_CHECK = "no check is written for it yet"


def reason(row: Observation) -> str:
    """Return why an observation is not compared."""
    for pattern, text in BY_ID:
        if re.fullmatch(pattern, row.id):
            return text
    for pattern, text in BY_ENDPOINT:
        if re.fullmatch(pattern, row.endpoint):
            return text
    return NO_CHECK
