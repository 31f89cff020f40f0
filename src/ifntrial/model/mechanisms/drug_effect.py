"""How much of each disease domain's drive passes through IFNAR: the drug effect that nobody knows.

A domain's drive is one before treatment. Complete blockade lowers it by the share ``phi`` of that domain, less in
patients with a low signature and in those on mycophenolate, which may already take part of it. ``brake`` is the
opposite, in skin and in lung: interferon damps TGF-beta-driven collagen, and blockade releases that. No systemic
sclerosis datum informs phi or brake; both are drawn from priors for each world.
"""

from ifntrial.model.parts import Assignment, Law, Mechanism, Parameter, Values

DOMAIN_TISSUE = {
    "inflammation": "blood",
    "skin": "skin",
    "lung": "lung",
    "vessel": "heart",
    "patient_reported": "blood",
}

BRAKE_TISSUE = {"brake": "skin", "brake_lung": "lung"}
DRUG_EFFECT = (*(f"phi_{domain}" for domain in DOMAIN_TISSUE), *BRAKE_TISSUE)
"""Parameters that are zero when the drug does nothing to the disease."""


def _effect_ratio(s: Values, p: Values) -> object:
    return 1 - p.is_ifn_low * (1 - p.r_low)


def _share_left(s: Values, p: Values) -> object:
    return s.ifn_effect_ratio * (1 - p.uses_mmf * p.a_mmf)


def _drive(domain: str, tissue: str) -> Law:
    return lambda s, p: (
        1 - p[f"phi_{domain}"] * s.ifn_effect_share * (1 - s[f"ifn_relative_response_{tissue}"])
    )


def _released_collagen(brake: str, tissue: str) -> Law:
    return lambda s, p: 1 + p[brake] * s.ifn_effect_ratio * (1 - s[f"ifn_relative_response_{tissue}"])


MECHANISM = Mechanism(
    name="drug_effect",
    meaning="Share of each disease domain's drive that passes through the interferon receptor",
    parameters=(
        *(
            Parameter(
                f"phi_{x}", "1", f"share of the drive of {x.replace('_', ' ')} that passes through IFNAR"
            )
            for x in DOMAIN_TISSUE
        ),
        Parameter("brake", "1", "rise of collagen synthesis in skin when interferon's damping is lost"),
        Parameter("brake_lung", "1", "the same in lung"),
        Parameter("r_low", "1", "effect in patients with a low signature over that in those with a high one"),
        Parameter("a_mmf", "1", "share of the effect that mycophenolate already takes"),
        Parameter("is_ifn_low", "1", "one if the blood signature is low, else zero"),
        Parameter("uses_mmf", "1", "one on background mycophenolate, else zero"),
    ),
    assignments=(
        Assignment(
            "ifn_effect_ratio", "1", "effect relative to a patient with a high signature", _effect_ratio
        ),
        Assignment("ifn_effect_share", "1", "the same, less what mycophenolate takes", _share_left),
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
