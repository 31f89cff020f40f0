"""The statements of the review and of the evidence tables, each judged: one entry for each."""

from dataclasses import dataclass
from typing import Literal

from ifntrial.items import ITEMS

Stands = Literal["derived", "assumed", "cannot show"]


@dataclass(frozen=True, slots=True)
class Judged:
    """A standing without the text of its statement; ``text`` where no claim holds it."""

    statement: str
    stands: Stands
    why: str
    command: str
    falsified_by: str
    text: str = ""


HIGH = "--population ifn-high --weeks 14"
WEEKLY = f'ifntrial simulate "120 mg SC every week" {HIGH}'
MONTHLY = f'ifntrial simulate "300 mg IV every 4 weeks" {HIGH}'
LIGAND_ONLY = f'ifntrial simulate "600 mg IV every 4 weeks" --drug sifalimumab {HIGH}'
FORECAST, ENRICH, VALIDATE = "ifntrial forecast daisy", "ifntrial enrich daisy", "ifntrial validate"
SENSITIVITY = "ifntrial sensitivity daisy"


def _without(mechanism: str) -> str:
    return f"{MONTHLY} --without {mechanism}"


JUDGED = (
    Judged(
        "blocks_all_isoforms",
        "assumed",
        "Every isoform acts through one receptor, so that its antibody stops all; that an antibody against interferon "
        "alpha stops less is derived.",
        LIGAND_ONLY,
        "An isoform whose signature stays at full occupancy of the receptor.",
    ),
    Judged(
        "suppresses_isg",
        "derived",
        "From concentration, receptor turnover, pSTAT and mRNA; its depth is fitted to lupus, systemic sclerosis is a "
        "prediction.",
        WEEKLY,
        "Signatures of patients at the usual dose that fall by less than the band says.",
    ),
    Judged(
        "links_immune_vascular_fibrotic",
        "assumed",
        "Each domain's drive passes through the receptor by a share (phi) that is drawn from a prior; zero is allowed.",
        FORECAST,
        "Blockade that lowers the signature and moves no domain.",
    ),
    Judged(
        "modulates_vessels",
        "assumed",
        "By the share of the vessels' drive; ulcers follow endothelial injury.",
        _without("vascular"),
        "As many new ulcers on blockade as on placebo, at full suppression.",
    ),
    Judged(
        "modulates_immunity",
        "assumed",
        "Six chemokines and dendritic cells follow the signature; how far inflammation follows is a prior.",
        _without("immune"),
        "A chemokine score that stays as it was at full suppression of the signature.",
    ),
    Judged(
        "modulates_skin_fibrosis",
        "assumed",
        "By the share of skin's drive and the brake, both priors: worlds without benefit, and with harm, are among them.",
        FORECAST,
        "The skin score of DAISY, which this forecast is about.",
    ),
    Judged(
        "modulates_lung_fibrosis",
        "assumed",
        "As in skin; natural interferon given to patients (Black 1999) is what is known of the sign.",
        FORECAST,
        "Lung function that falls faster on blockade, or does not rise as dosed interferon lowered it.",
    ),
    Judged(
        "signature_follows_activity",
        "assumed",
        "Signature and severity are drawn with published correlations: validation compares them, blockade does not "
        "make them.",
        VALIDATE,
        "Cohorts in which the signature goes with neither skin nor lung.",
    ),
    Judged(
        "high_signature_benefits_more",
        "assumed",
        "The share of a drive that is lost rises with the signal that was there, by the form of the law; how steeply is "
        "drawn.",
        ENRICH,
        "The same benefit in both halves of a trial large enough to tell.",
    ),
    Judged(
        "low_signature_may_benefit",
        "assumed",
        "Low signatures are not zero, and what is left of the drive is lost: the size follows from the same law.",
        ENRICH,
        "No benefit at all below the cut-off.",
    ),
    Judged(
        "rapid_disease_benefits_more",
        "assumed",
        "A drive that is larger leaves more to lose, by the form of the law; whether rapid disease is driven by "
        "interferon is not known.",
        f"{ENRICH} --marker early",
        "A difference from placebo that does not grow with the course before entry.",
    ),
    Judged(
        "efficacy_not_known",
        "derived",
        "Beliefs about the effect disagree, and no datum of systemic sclerosis decides between them: the spread of the "
        "answer is theirs.",
        FORECAST,
        "A trial that has read out.",
    ),
    Judged(
        "interferon_damps_collagen",
        "assumed",
        "The brake: blockade releases collagen that TGF-beta drives, by a size that is drawn.",
        _without("tgf_beta"),
        "Collagen synthesis in skin that does not change as interferon is given or blocked.",
    ),
    Judged(
        "sera_induce_interferon",
        "assumed",
        "Complexes are a share of what makes dendritic cells release interferon.",
        _without("ligand"),
        "Sera of patients that induce no more than those of healthy people.",
    ),
    Judged(
        "cxcl4_drives_interferon",
        "assumed",
        "A share of the drive of dendritic cells and of inflammation.",
        _without("ligand"),
        "Interferon that does not fall where CXCL4 is neutralised.",
    ),
    Judged(
        "interferon_amplifies_itself",
        "assumed",
        "A share of production follows signalling; that blockade then lowers interferon itself is derived.",
        _without("ligand"),
        "Serum interferon that stays as it was under full blockade.",
    ),
    Judged(
        "usp18_desensitises",
        "assumed",
        "Feedback on pSTAT; what it adds to depth and delay is derived.",
        _without("jak_stat"),
        "Signalling that stays at its first height under constant interferon.",
    ),
    Judged(
        "no_receptor_reserve",
        "assumed",
        "pSTAT is proportional to free receptor.",
        VALIDATE,
        "A knock-down that leaves pSTAT as it was; the rows of receptor knock-down are compared.",
    ),
    Judged(
        "alpha_alone_is_not_enough",
        "derived",
        "From the concentrations and potencies of the isoforms and the saturation of the signature.",
        LIGAND_ONLY,
        "A signature that antibodies against interferon alpha suppress as deeply as those against the receptor.",
    ),
    Judged(
        "skin_follows_blood",
        "derived",
        "From exchange of antibody with tissue and decay of mRNA.",
        VALIDATE,
        "A signature that falls in skin as fast as in blood.",
    ),
    Judged(
        "weekly_sc_holds_occupancy",
        "derived",
        "From published pharmacokinetics and binding; none of it was fitted to occupancy.",
        f'ifntrial simulate "300 mg IV every 4 weeks" "120 mg SC every week" {HIGH}',
        "Troughs of the weekly dose below those of the monthly one.",
    ),
    Judged(
        "exposure_drives_response",
        "cannot show",
        "At the studied dose the signature is saturated: exposure hardly moves response here, and lupus is not "
        "simulated.",
        SENSITIVITY,
        "A dose-ranging trial in systemic sclerosis.",
    ),
    Judged(
        "jak_inhibition_is_partial",
        "derived",
        "From half-lives, inhibition of kinases and the saturation of the signature; not validated on a signature in %.",
        f'ifntrial simulate "5 mg orally twice a day" --drug tofacitinib {HIGH}',
        "A signature on tofacitinib as deeply suppressed as on the antibody.",
    ),
    Judged(
        "skin_improves_untreated",
        "assumed",
        "Fitted to placebo arms; registries and the untreated arm of ESOS test it.",
        VALIDATE,
        "Placebo arms of early disease that get worse on average.",
    ),
    Judged(
        "background_goes_with_improvement",
        "assumed",
        "An association with a prior, no effect: nobody was randomised to it.",
        VALIDATE,
        "Cohorts on mycophenolate that do no better than those without.",
    ),
    Judged(
        "zoster_rises",
        "assumed",
        "A rate ratio borrowed from lupus.",
        FORECAST,
        "As many cases on blockade as on placebo.",
    ),
    Judged(
        "subset_modifies_response",
        "cannot show",
        "Intrinsic subsets of skin expression are not drawn.",
        "ifntrial list covariates",
        "–",
    ),
    Judged(
        "signature_shared_with_lupus",
        "assumed",
        "One amplitude of the signature for each disease, from published scores.",
        "ifntrial evidence show signature_amplitude_blood",
        "Genes that are raised in lupus and not in systemic sclerosis.",
    ),
    Judged(
        "assays_differ",
        "derived",
        "Scores of the same samples are computed with every signature and cut-off.",
        "ifntrial list signatures",
        "Signatures that call the same patients high.",
    ),
    Judged(
        "two_cells_sustain_fibrosis",
        "assumed",
        "A published circuit; that it has three states and a threshold is derived from its equations.",
        _without("two_cell_circuit"),
        "Fibrosis that goes when drive on macrophages alone is taken away below the threshold.",
    ),
    Judged(
        "degradation_rises",
        "derived",
        "Less TGF-beta releases degradation; the phase 1 trial saw the marker rise. T-cell proteins are not followed.",
        _without("tgf_beta"),
        "A marker of degradation that falls on blockade.",
    ),
    Judged(
        "organ_events",
        "assumed",
        "Rates of organ events follow the drive of their organ with a rate ratio whose prior lies around one.",
        FORECAST,
        "Organ events as frequent on blockade as on placebo at full suppression.",
        text="Blockade makes renal crisis, heart failure, pulmonary hypertension and gut events rarer",
    ),
    Judged(
        "cardiac_benefit",
        "assumed",
        "Markers follow collagen of the heart, which follows inflammation by a prior share.",
        f"{ENRICH} --marker cardiac",
        f"{ITEMS['nt_probnp'].label} that rises on blockade as on placebo in patients with raised markers.",
        text="Blockade benefits patients with cardiac disease",
    ),
    Judged(
        "function_and_rhythm_of_heart",
        "cannot show",
        "Ejection fraction and rhythm are not in the model.",
        "ifntrial list endpoints",
        "–",
        text="Blockade improves function and rhythm of the heart",
    ),
    Judged(
        "structure_of_lung",
        "cannot show",
        "Scans are not in the model.",
        "ifntrial list endpoints",
        "–",
        text="Blockade reduces the extent of lung disease on scans",
    ),
)
"""Every claim of the evidence tables once, and statements of the review that are none of them."""
