"""The rules behind ``not_simulated``: a pattern, the words, and the premise that has to be true."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NoDrug:
    """The drug is not among those that an arm may give."""

    drug: str


@dataclass(frozen=True, slots=True)
class NoQuantity:
    """None of these is an item, an endpoint, a covariate or a quantity of the model."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoAntibody:
    """Patients with this antibody are not drawn apart."""

    antibody: str


@dataclass(frozen=True, slots=True)
class Beyond:
    """The visit lies beyond so many weeks, or at no stated time."""

    weeks: float


@dataclass(frozen=True, slots=True)
class SetFrom:
    """The parameter was set from this very figure: agreement would prove nothing."""

    parameter: str


@dataclass(frozen=True, slots=True)
class NotRead:
    """What was not read in the source, so that nobody can say what to simulate; no program can check it."""

    what: str


@dataclass(frozen=True, slots=True)
class Outside:
    """What is done, or who takes part, is outside of what is simulated; no program can check it."""

    what: str


@dataclass(frozen=True, slots=True)
class SameForAll:
    """Every patient has the same value of this parameter."""

    parameter: str


Premise = NoDrug | NoQuantity | NoAntibody | SameForAll | Beyond | SetFrom | NotRead | Outside
Rule = tuple[str, str, Premise]

_DISH = "cells in a dish are not simulated"
_NOT_DRAWN = "people without systemic sclerosis, or without its skin disease, are not drawn"
_LEAVING = "leaving is set from such figures: agreement would prove nothing"
_ADA = "antibodies against the drug are not in the model"
_LUPUS = "describes patients with lupus, who are taken as they are: an input of these checks"

BY_ID: tuple[Rule, ...] = (
    (r".*\.anti_drug_antibody.*", _ADA, NoQuantity(("anti_drug_antibody", "is_anti_drug_antibody_positive"))),
    (r".*effective_half_life", "its definition was not read", NotRead("definition")),
    (
        r".*time_to_steady_state",
        "the label does not say by which rule steady state was called",
        NotRead("rule"),
    ),
    (
        r"(anifrolumab_population_pharmacokinetics|tulip_pooled)\.all\..*",
        _LUPUS,
        Outside("patients with lupus at entry"),
    ),
    (
        r"anifrolumab_in_vitro\..*",
        "the experiment competes for binding sites on cells, which are not simulated",
        Outside("competition in vitro"),
    ),
    (
        r".*_ifnar2_at_.*",
        "the second chain of the receptor is not in the model",
        NoQuantity(("ifnar2_free",)),
    ),
    (
        r"(ifn_omega_and_ifn_alpha2|usp18_desensitisation|interferogenic_sera)\..*",
        _DISH,
        Outside("cell culture"),
    ),
    (r"litifilimab.*", "the drug is not in the model", NoDrug("litifilimab")),
    (
        r".*signature_suppression_muscle.*",
        "muscle is not in the model",
        NoQuantity(("signature_suppression_muscle",)),
    ),
    (
        r"11_gene_score\.(healthy|primary_raynaud|no_skin_fibrosis)\..*|5_gene_signature\.healthy\..*",
        _NOT_DRAWN,
        Outside("people without early disease"),
    ),
    (
        r"(medi_546_phase_1|press_larger_set)\.all\.diffuse_cutaneous.*",
        "diffuse disease is whom the cohort looked for, and whom it is given here",
        Outside("an entry criterion"),
    ),
    (
        r".*\.piiinp\..*",
        "a serum marker in its own unit: collagen synthesis is relative to untreated in the model",
        NoQuantity(("piiinp",)),
    ),
    (
        r".*monocyte_baff.*",
        "read on monocytes in its own unit: BAFF is relative to untreated in the model",
        NoQuantity(("monocyte_baff",)),
    ),
    (
        r".*ifn_high_chemokine.*",
        "every patient has the same chemokine score at entry",
        SameForAll("chemokine_score_baseline"),
    ),
    (
        r"ifn_alpha2_simoa.*",
        "the untreated concentration is set from it: agreement would prove nothing",
        SetFrom("ifn_alpha_baseline"),
    ),
    (r".*\.completed_t(rial.*|reatment)", _LEAVING, Outside("designs state who leaves")),
    (
        r".*escape_therapy.*",
        "escape is set from this figure: agreement would prove nothing",
        Outside("designs state who escapes"),
    ),
    (r"healthy_ageing.*|.*_vs_healthy\..*|.*\.healthy\..*", _NOT_DRAWN, Outside("healthy people")),
    (
        r"focussced\..*_(mild|moderate|severe)_ild\..*",
        "the extent of lung disease on a scan is not in the model",
        NoQuantity(("hrct_fibrosis", "ild_extent")),
    ),
    *(
        (rf".*{drug}[^.]*\.(?!.*\.w0).*", "the drug is not in the model", NoDrug(drug))
        for drug in ("abatacept", "nintedanib", "riociguat", "rituximab")
    ),
    (
        r"revised_criss_validation\.active.*",
        "several drugs pooled, of which most are not in the model",
        NoDrug("abatacept"),
    ),
    (
        r"fasscinate\.(placebo|tocilizumab)_then_tocilizumab.*",
        "only differences over the placebo-controlled time are known of the drug",
        Beyond(48),
    ),
    (
        r"mrss_(reliability|reliability_second)\.different_raters.*",
        "one rater reads a patient throughout",
        Outside("several raters of a patient"),
    ),
    (
        r"mrss_training\.(untrained|before_training|after_training).*",
        "raters before and after training are not told apart",
        Outside("training of raters"),
    ),
    (
        r"eustar_ild\..*\.w260",
        "five years: the course of a patient is known for one, and is followed for two at most",
        Beyond(104),
    ),
    (
        r"eustar_1021\.(skin_progressors|others|skin_progressors_vs_others)\..*",
        "3.4 years: the course of a patient is known for one, and is followed for two at most",
        Beyond(104),
    ),
    (
        r"press_larger_set\.deaths\..*",
        "causes of the few deaths of a cohort are not told apart",
        Outside("causes of death"),
    ),
    (
        r"press_larger_set\.all\.(skin_worsening|fvc_decline).*",
        "the time over which it was counted was not read",
        NotRead("time"),
    ),
    (
        r"genisos\..*",
        "its limit of duration was not read, and the figure is that limit's",
        NotRead("entry criteria"),
    ),
    (
        r"pittsburgh\..*",
        "classes of a trajectory model, not a rise between two visits; how they are told apart was not read",
        NotRead("definition of the classes"),
    ),
    (
        r"focussced\..*men_vs_women.*",
        "the slope is a random coefficient over visits, whose error was not read",
        NotRead("model of the slope"),
    ),
    (
        r"focussced\.crp_above.*|.*c_reactive.*|.*erythrocyte.*",
        "acute phase reactants are not drawn",
        NoQuantity(("crp_mg_l", "c_reactive_protein", "acute_phase_raised", "has_raised_acute_phase")),
    ),
    (
        r"biopsy\.all\.mmf\.w52",
        "starting mycophenolate during follow-up is not in the model",
        NoQuantity(("starts_mmf",)),
    ),
    (
        r"(dual_1|cap_study)\..*",
        "patients chosen for ulcers that they already had, which nobody has at entry here",
        NoQuantity(("digital_ulcer_active", "has_digital_ulcer", "digital_ulcer_ever")),
    ),
)

BY_ENDPOINT: tuple[Rule, ...] = (
    (
        r"digital_ulcer.*",
        "only new ulcers are counted, nobody has one at entry",
        NoQuantity(("digital_ulcer_active", "has_digital_ulcer", "digital_ulcer_ever")),
    ),
    (
        r"lvef.*|diastolic.*|conduction.*",
        "function and rhythm of the heart are not in the model",
        NoQuantity(("lvef", "ejection_fraction", "conduction_block")),
    ),
    (
        r"renal_crisis_ever.*",
        "what patients had before entry is not drawn",
        NoQuantity(("renal_crisis_ever", "had_renal_crisis")),
    ),
    (r"dlco.*", "diffusing capacity is not in the model", NoQuantity(("dlco_percent", "dlco"))),
    (r"tlc.*", "total lung capacity is not in the model", NoQuantity(("tlc_percent",))),
    (r"hrct.*|correlation_hrct.*", "scans are not in the model", NoQuantity(("hrct_fibrosis", "ild_extent"))),
    (
        r"friction.*|raynaud.*",
        "friction rubs and Raynaud's phenomenon are not drawn",
        NoQuantity(("friction_rubs", "has_friction_rubs", "raynaud")),
    ),
    (r"aca_positive", "anticentromere antibodies are not drawn apart", NoAntibody("ACA")),
    (r"u1rnp.*", "antibodies against U1RNP are not drawn apart", NoAntibody("U1RNP")),
    (
        r"immunosuppression",
        "of immunosuppressants only mycophenolate is drawn",
        NoQuantity(("uses_immunosuppression", "uses_immunosuppressant")),
    ),
    (
        r"skin_duration",
        "only the duration of the disease is drawn",
        NoQuantity(("skin_duration_years", "skin_thickening_years")),
    ),
    (
        r"infection",
        "infections of any severity: serious ones and zoster alone are counted",
        NoQuantity(("any_infection", "any_infection_hazard")),
    ),
    (
        r"infusion_reaction",
        "reactions to an infusion are not in the model",
        NoQuantity(("infusion_reaction", "injection_reaction_hazard", "hypersensitivity_hazard")),
    ),
    (
        r"adverse_event|serious_adverse.*|stopped_for.*",
        "adverse events of all kinds together are not counted, of which most are no event of this model",
        NoQuantity(("adverse_event", "serious_adverse_event")),
    ),
    (
        r"death.*",
        "the rate of death is set from that trial, and of others the time that was followed was not read",
        NotRead("time, or it is what the rate was set from"),
    ),
)
