"""How much of each disease domain's drive passes through IFNAR: the drug effect that nobody knows.

A domain's drive is one before treatment. Part of it is heard from the interferon signal of the domain's tissue, before
promoters of genes saturate: ``phi`` is that part in the reference patient, who has a typical high signature in blood and
skin, and in lung and heart the signal typical of those. Someone with less signal has less to lose. That benefit rises
with the signal is an assumption of this form; what is learnt is its size. In some worlds the other form holds, in which
every patient has the share of the reference patient. Mycophenolate may already take part of the effect.

``brake`` is the opposite, in skin and in lung: interferon damps TGF-beta-driven collagen, and blockade releases that.
Interferon above a patient's own, as when it is given, is heard up to a bound. No trial of blockade informs phi or
brake; the one of interferon given to patients (Black 1999) does, weakly, in lung.
"""

from ifntrial.model.parts import Assignment, Law, Mechanism, Parameter, Values
from ifntrial.model.rate_laws import normalized_saturable, positive_part, saturable

DOMAIN_TISSUE = {
    "inflammation": "blood",
    "skin": "skin",
    "lung": "lung",
    "vessel": "skin",
    "patient_reported": "blood",
    "heart": "heart",
}
"""Domain to the tissue whose signal it hears; vessels hear that of skin, where capillaries and ulcers are seen."""

BRAKE_TISSUE = {"brake": "skin", "brake_lung": "lung"}
DRUG_EFFECT = (*(f"phi_{domain}" for domain in DOMAIN_TISSUE), *BRAKE_TISSUE)
"""Parameters that are zero when the drug does nothing to the disease."""

HEARD_IN = tuple(dict.fromkeys(DOMAIN_TISSUE.values()))
_OF_TYPICAL_TONE_ONE = ("blood", "skin")


def _share_left(s: Values, p: Values) -> object:
    del s
    return 1 - p.uses_mmf * p.a_mmf


def _untreated(tissue: str) -> Law:
    def law(s: Values, p: Values) -> object:
        # An organ's own tone says how high its genes stand; how its cells hear interferon is in phi.
        reference = 1 if tissue in _OF_TYPICAL_TONE_ONE else p[f"ifn_tone_{tissue}"]
        return (s[f"ifn_signal_untreated_{tissue}"] / reference) ** p.effect_follows_signal

    return law


def _heard_untreated(tissue: str) -> Law:
    return lambda s, p: normalized_saturable(s[f"ifn_excess_{tissue}"], 1 / p.effect_half_signal)


def _heard(tissue: str) -> Law:
    def law(s: Values, p: Values) -> object:
        untreated = s[f"ifn_excess_{tissue}"]
        now = untreated * s[f"isgf3_{tissue}"] / s[f"ifn_signal_untreated_{tissue}"]
        rise = positive_part(now - untreated)
        bounded = now - rise + p.ifn_rise_max * saturable(rise, p.ifn_rise_max)
        return normalized_saturable(bounded, 1 / p.effect_half_signal)

    return law


def _drive(domain: str, tissue: str) -> Law:
    def law(s: Values, p: Values) -> object:
        phi, before, now = p[f"phi_{domain}"], s[f"ifn_heard_untreated_{tissue}"], s[f"ifn_heard_{tissue}"]
        lost = phi * (before - now) / (1 - phi + phi * before)
        return 1 - s.ifn_effect_share * lost

    return law


def _released_collagen(brake: str, tissue: str) -> Law:
    return lambda s, p: (
        (1 + p[brake] * s[f"ifn_heard_untreated_{tissue}"]) / (1 + p[brake] * s[f"ifn_heard_{tissue}"])
    )


def _heard_in(tissue: str) -> tuple[Assignment, ...]:
    return (
        Assignment(
            f"ifn_excess_{tissue}",
            "1",
            f"untreated interferon signal over the reference patient's, {tissue}",
            _untreated(tissue),
        ),
        Assignment(
            f"ifn_heard_untreated_{tissue}",
            "1",
            f"interferon that the disease hears untreated, over the reference patient, {tissue}",
            _heard_untreated(tissue),
        ),
        Assignment(f"ifn_heard_{tissue}", "1", f"the same now, {tissue}", _heard(tissue)),
    )


MECHANISM = Mechanism(
    name="drug_effect",
    meaning="Share of each disease domain's drive that passes through the interferon receptor",
    parameters=(
        *(
            Parameter(
                f"phi_{x}",
                "1",
                f"share of the drive of {x.replace('_', ' ')} that passes through IFNAR in the reference patient",
            )
            for x in DOMAIN_TISSUE
        ),
        Parameter(
            "brake",
            "1",
            "rise of collagen synthesis in skin when interferon's damping is lost, in the reference patient",
        ),
        Parameter("brake_lung", "1", "the same in lung"),
        Parameter(
            "effect_half_signal",
            "1",
            "signal at which the disease hears half of all it can, over the reference patient's",
        ),
        Parameter(
            "ifn_rise_max",
            "1",
            "greatest rise of the signal above untreated that the disease hears, over the reference patient's signal",
        ),
        Parameter(
            "effect_follows_signal", "1", "one if the effect depends on the patient's own signal, else zero"
        ),
        Parameter("a_mmf", "1", "share of the effect that mycophenolate already takes"),
        Parameter("uses_mmf", "1", "one on background mycophenolate, else zero"),
        *(
            Parameter(
                f"ifn_tone_{x}",
                "1",
                f"untreated interferon signal in {x} at a typical high signature in blood, over that in blood",
            )
            for x in HEARD_IN
            if x not in _OF_TYPICAL_TONE_ONE
        ),
    ),
    assignments=(
        Assignment("ifn_effect_share", "1", "effect left by what mycophenolate takes", _share_left),
        *(assignment for tissue in HEARD_IN for assignment in _heard_in(tissue)),
        *(
            Assignment(
                f"drive_{domain}",
                "1",
                f"drive of {domain.replace('_', ' ')} over untreated",
                _drive(domain, tissue),
            )
            for domain, tissue in DOMAIN_TISSUE.items()
        ),
        *(
            Assignment(
                f"released_collagen_{tissue}",
                "1",
                f"collagen synthesis in {tissue} over untreated, for loss of the brake",
                _released_collagen(brake, tissue),
            )
            for brake, tissue in BRAKE_TISSUE.items()
        ),
    ),
)
