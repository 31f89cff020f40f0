"""From free receptor and ligand to pSTAT, ISGF3 and interferon-stimulated genes, with USP18 and SOCS1 feedback.

pSTAT is linear in free IFNAR1 (no receptor reserve); the promoter saturates. How much is not a free number: it is
solved from the published concentration at which the signature falls by 80 %, feedback included, so that this
concentration gives 80 % whatever the binding constant and the feedback strengths are. Without feedback the steady
state is (1 + c) f / (1 + c f) for free receptor f and saturation c. Where even a promoter that does not saturate would
lose less than that, c is zero.

Levels are relative to the untreated patient with a typical high signature (tone 1). Three suppressions are kept
apart: (a) share of the IFNAR-driven signal removed, (b) one minus post over pre of the fold-change score, which
holds background and an IFN-independent part, (c) whether the score is back in the healthy range.
"""

from typing import Any

from ifntrial.model.mechanisms.reference_drug import REFERENCE_KSS, REFERENCE_MOLAR_MASS, SIGNATURE_IC80
from ifntrial.model.mechanisms.tissues import ORGANS, TISSUES
from ifntrial.model.parts import Assignment, Law, Mechanism, Parameter, Reaction, Species, Values, one
from ifntrial.model.rate_laws import (
    exp,
    moved_share,
    normalized_saturable,
    positive_part,
    relaxation,
    sqrt,
)

FEEDBACK_PROTEINS = ("usp18", "socs1")


def _feedback(p: Values, levels: tuple[Any, Any]) -> Any:  # noqa: ANN401 - a number, an array, a quantity or a symbol
    """Return how much desensitisation has changed against the untreated state, where both levels are one."""
    usp18, socs1 = levels
    return (
        (1 + p.usp18_feedback)
        * (1 + p.socs1_feedback)
        / ((1 + p.usp18_feedback * usp18) * (1 + p.socs1_feedback * socs1))
    )


def _pstat_at_ic80(s: Values, p: Values) -> object:
    loss = p.k_bound_receptor_internalization / p.k_receptor_turnover
    free = 1 / (1 + loss * p.signature_ic80 / p.reference_molar_mass / p.reference_kss)
    lost = p.signature_suppression_at_ic80
    # The published concentration holds for the whole loop: less signal also means less ligand, by autoamplification and
    # by fewer active cells, of which a part follows inflammation and with it pSTAT itself: hence a quadratic equation.
    receptor = free * (1 - p.ifn_autoamplified_share * lost) * _feedback(p, (1 - lost, 1 - lost))
    silent = receptor * s.ifn_source_at_ic80
    slope = receptor * s.ifn_source_by_inflammation
    half = p.effect_half_signal
    linear = half - silent - slope * (1 + half)
    return (sqrt(linear**2 + 2 * 2 * silent * half) - linear) / 2


def _saturation(s: Values, p: Values) -> object:
    remaining = 1 - p.signature_suppression_at_ic80
    return positive_part((remaining - s.pstat_at_ic80) / (p.signature_suppression_at_ic80 * s.pstat_at_ic80))


def _pstat(tissue: str) -> Law:
    return lambda s, p: (
        s[f"receptor_free_{tissue}"]
        * s[f"ifn_signal_untreated_{tissue}"]
        * s[f"ifn_activity_{tissue}"]
        * s[f"jak_activity_{tissue}"]
        * _feedback(p, (s[f"usp18_{tissue}"], s[f"socs1_{tissue}"]))
    )


def _signal_untreated(tissue: str) -> Law:
    def law(s: Values, p: Values) -> object:
        del s
        own = p[f"ifn_tone_{tissue}"]
        return own * p.ifn_tone_blood**p.organ_tone_follows_blood if tissue in ORGANS else own

    return law


def _untreated(tissue: str) -> Law:
    return lambda s, p: normalized_saturable(s[f"ifn_signal_untreated_{tissue}"], s.promoter_saturation)


def _relative_response(tissue: str) -> Law:
    return lambda s, p: s[f"isg_mrna_{tissue}"] / s[f"isg_untreated_{tissue}"]


def _isgf3(tissue: str) -> Law:
    return lambda s, p: relaxation(p.k_isgf3_decay, s[f"pstat_{tissue}"], s[f"isgf3_{tissue}"])


def _transcription(tissue: str) -> Law:
    return lambda s, p: (
        s.k_isg_mrna_decay_subject * normalized_saturable(s[f"isgf3_{tissue}"], s.promoter_saturation)
    )


def _decay(tissue: str) -> Law:
    return lambda s, p: s.k_isg_mrna_decay_subject * s[f"isg_mrna_{tissue}"]


def _feedback_protein(protein: str, tissue: str) -> Law:
    return lambda s, p: relaxation(
        p[f"k_{protein}_decay"], s[f"ifn_relative_response_{tissue}"], s[f"{protein}_{tissue}"]
    )


def _fold_change(s: Values, p: Values, tissue: str, ifn_driven: Any) -> Any:  # noqa: ANN401 - as above
    removable, untreated = s.signature_imax_subject, s[f"isg_untreated_{tissue}"]
    return 1 + p[f"signature_amplitude_{tissue}"] * (removable * ifn_driven + (1 - removable) * untreated)


def _signature(tissue: str) -> Law:
    return lambda s, p: _fold_change(s, p, tissue, s[f"isg_mrna_{tissue}"])


def _score_suppression(tissue: str) -> Law:
    def law(s: Values, p: Values) -> object:
        before = _fold_change(s, p, tissue, s[f"isg_untreated_{tissue}"])
        return 1 - _fold_change(s, p, tissue, s[f"isg_mrna_{tissue}"]) / before

    return law


def _species(tissue: str) -> tuple[Species, ...]:
    return (
        Species(
            f"isgf3_{tissue}",
            "1",
            f"ISGF3 in {tissue}, over a typical high-signature patient",
            lambda s, p: s[f"ifn_signal_untreated_{tissue}"],
            tissue,
        ),
        Species(
            f"isg_mrna_{tissue}",
            "1",
            f"IFNAR-driven ISG mRNA in {tissue}, over a typical high-signature patient",
            lambda s, p: s[f"isg_untreated_{tissue}"],
            tissue,
        ),
        *(
            Species(f"{x}_{tissue}", "1", f"{x.upper()} protein in {tissue}, over untreated", one, tissue)
            for x in FEEDBACK_PROTEINS
        ),
    )


def _assignments(tissue: str) -> tuple[Assignment, ...]:
    return (
        Assignment(
            f"ifn_signal_untreated_{tissue}",
            "1",
            f"interferon signal before treatment in {tissue}, over a typical high-signature patient",
            _signal_untreated(tissue),
        ),
        Assignment(
            f"pstat_{tissue}",
            "1",
            f"phosphorylated STAT in {tissue}, over a typical high-signature patient",
            _pstat(tissue),
        ),
        Assignment(
            f"isg_untreated_{tissue}",
            "1",
            f"IFNAR-driven ISG mRNA before treatment, {tissue}",
            _untreated(tissue),
        ),
        Assignment(
            f"ifn_relative_response_{tissue}",
            "1",
            f"IFNAR-driven signal over its untreated level, {tissue}",
            _relative_response(tissue),
        ),
    )


def _reactions(tissue: str) -> tuple[Reaction, ...]:
    return (
        Reaction(f"isgf3_turnover_{tissue}", {f"isgf3_{tissue}": +1}, _isgf3(tissue)),
        Reaction(f"isg_transcription_{tissue}", {f"isg_mrna_{tissue}": +1}, _transcription(tissue)),
        Reaction(f"isg_mrna_decay_{tissue}", {f"isg_mrna_{tissue}": -1}, _decay(tissue)),
        *(
            Reaction(f"{x}_turnover_{tissue}", {f"{x}_{tissue}": +1}, _feedback_protein(x, tissue))
            for x in FEEDBACK_PROTEINS
        ),
    )


def _observables(tissue: str) -> tuple[Assignment, ...]:
    return (
        Assignment(
            f"kinase_inhibition_{tissue}",
            "1",
            f"share of kinase activity below IFNAR1 that drug takes, {tissue}",
            lambda s, p: 1 - s[f"jak_activity_{tissue}"],
        ),
        Assignment(
            f"ifn_driven_suppression_{tissue}",
            "1",
            f"(a) share of the IFNAR-driven signal removed, {tissue}",
            lambda s, p: 1 - s[f"ifn_relative_response_{tissue}"],
        ),
        Assignment(
            f"signature_{tissue}",
            "1",
            f"fold-change score of the signature over healthy, {tissue}",
            _signature(tissue),
        ),
        Assignment(
            f"signature_suppression_{tissue}",
            "1",
            f"(b) one minus post over pre of the fold-change score, {tissue}",
            _score_suppression(tissue),
        ),
    )


MECHANISM = Mechanism(
    name="jak_stat",
    meaning="pSTAT, ISGF3, interferon-stimulated genes and their USP18 and SOCS1 feedback, per tissue",
    species=tuple(species for tissue in TISSUES for species in _species(tissue)),
    parameters=(
        SIGNATURE_IC80,
        REFERENCE_MOLAR_MASS,
        REFERENCE_KSS,
        Parameter("k_bound_receptor_internalization", "1/day", "uptake of drug-bound surface IFNAR1"),
        Parameter("k_receptor_turnover", "1/day", "turnover of free surface IFNAR1"),
        Parameter("signature_suppression_at_ic80", "1", "that share"),
        Parameter("signature_imax", "1", "share of the excess signature that blockade can remove"),
        Parameter("eta_signature_imax", "1", "between-subject deviation of the logit of that share"),
        Parameter(
            "ifn_autoamplified_share", "1", "share of production that depends on interferon signalling"
        ),
        Parameter("usp18_feedback", "1", "strength of USP18 desensitisation in the untreated state"),
        Parameter("socs1_feedback", "1", "strength of SOCS1 desensitisation in the untreated state"),
        Parameter("k_isgf3_decay", "1/day", "loss of promoter-bound ISGF3"),
        Parameter("k_isg_mrna_decay", "1/day", "loss of ISG mRNA"),
        Parameter("eta_k_isg_mrna_decay", "1", "between-subject deviation of the logarithm of that loss"),
        *(Parameter(f"k_{x}_decay", "1/day", f"loss of {x.upper()} protein") for x in FEEDBACK_PROTEINS),
        *(
            Parameter(
                f"ifn_tone_{x}",
                "1",
                f"untreated interferon signal in {x} at a typical high signature in blood, over that in blood"
                if x in ORGANS
                else f"untreated interferon signal in {x}, over a typical high-signature patient",
            )
            for x in TISSUES
        ),
        Parameter(
            "organ_tone_follows_blood",
            "1",
            "power of the signal in blood that the signal in lung and heart follows between patients",
        ),
        Parameter(
            "effect_half_signal",
            "1",
            "signal at which the disease hears half of all it can, over the reference patient's",
        ),
        *(
            Parameter(f"signature_amplitude_{x}", "1", f"excess fold change of the score at tone 1, {x}")
            for x in TISSUES
        ),
    ),
    assignments=(
        Assignment(
            "pstat_at_ic80", "1", "pSTAT left at the stated concentration, over untreated", _pstat_at_ic80
        ),
        Assignment(
            "promoter_saturation",
            "1",
            "one over the pSTAT at which ISG promoters are half active",
            _saturation,
        ),
        Assignment(
            "signature_imax_subject",
            "1",
            "share of the patient's excess signature that blockade can remove",
            lambda s, p: moved_share(p.signature_imax, p.eta_signature_imax),
        ),
        Assignment(
            "k_isg_mrna_decay_subject",
            "1/day",
            "loss of ISG mRNA in the patient",
            lambda s, p: p.k_isg_mrna_decay * exp(p.eta_k_isg_mrna_decay),
        ),
        *(assignment for tissue in TISSUES for assignment in _assignments(tissue)),
    ),
    reactions=tuple(reaction for tissue in TISSUES for reaction in _reactions(tissue)),
    observables=tuple(observable for tissue in TISSUES for observable in _observables(tissue)),
)
