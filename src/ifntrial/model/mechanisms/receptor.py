"""Surface IFNAR1 on target cells: made, bound by drug, taken up and degraded, in each tissue.

This cell-level receptor does not feed back to pharmacokinetics, which has its own (much faster) receptor turnover.
A drug binds as strongly as its concentration over its constant says: for anifrolumab the in-vivo ``kss`` of the
population model, not the ten times lower affinity of surface plasmon resonance.
"""

from ifntrial.model.mechanisms.reference_drug import K_OFF_SPR
from ifntrial.model.mechanisms.tissues import TISSUES
from ifntrial.model.parts import Assignment, Law, Mechanism, Parameter, Reaction, Species, one, zero


def _binding(tissue: str) -> Law:
    # k_on times concentration, because kss = (k_off + k_internalization) / k_on
    return lambda s, p: (
        (p.k_off_spr + p.k_bound_receptor_internalization)
        * s[f"ifnar1_binding_{tissue}"]
        * s[f"receptor_free_{tissue}"]
    )


def _of_bound(constant: str, tissue: str) -> Law:
    return lambda s, p: p[constant] * s[f"receptor_bound_{tissue}"]


def _turnover(tissue: str) -> Law:
    return lambda s, p: p.k_receptor_turnover * (1 - s[f"receptor_free_{tissue}"])


def _degradation(tissue: str) -> Law:
    return lambda s, p: p.k_internalized_receptor_degradation * s[f"receptor_internalized_{tissue}"]


def _occupancy(tissue: str) -> Law:
    return lambda s, p: (
        s[f"receptor_bound_{tissue}"] / (s[f"receptor_bound_{tissue}"] + s[f"receptor_free_{tissue}"])
    )


def _species(tissue: str) -> tuple[Species, ...]:
    return (
        Species(
            f"receptor_free_{tissue}",
            "1",
            f"free surface IFNAR1 over its untreated amount, {tissue}",
            one,
            tissue,
        ),
        Species(f"receptor_bound_{tissue}", "1", f"drug-bound surface IFNAR1, {tissue}", zero, tissue, one),
        Species(
            f"receptor_internalized_{tissue}",
            "1",
            f"internalised IFNAR1 with drug, {tissue}",
            zero,
            tissue,
            one,
        ),
    )


def _reactions(tissue: str) -> tuple[Reaction, ...]:
    free, bound, inside = (f"receptor_{kind}_{tissue}" for kind in ("free", "bound", "internalized"))
    return (
        Reaction(f"receptor_turnover_{tissue}", {free: +1}, _turnover(tissue)),
        Reaction(f"receptor_binding_{tissue}", {free: -1, bound: +1}, _binding(tissue)),
        Reaction(f"receptor_unbinding_{tissue}", {bound: -1, free: +1}, _of_bound("k_off_spr", tissue)),
        Reaction(
            f"receptor_internalization_{tissue}",
            {bound: -1, inside: +1},
            _of_bound("k_bound_receptor_internalization", tissue),
        ),
        Reaction(f"receptor_degradation_{tissue}", {inside: -1}, _degradation(tissue)),
    )


MECHANISM = Mechanism(
    name="receptor",
    meaning="Occupancy and uptake of surface IFNAR1 in blood, skin, lung and heart",
    species=tuple(species for tissue in TISSUES for species in _species(tissue)),
    parameters=(
        K_OFF_SPR,
        Parameter("k_bound_receptor_internalization", "1/day", "uptake of drug-bound surface IFNAR1"),
        Parameter("k_receptor_turnover", "1/day", "turnover of free surface IFNAR1"),
        Parameter("k_internalized_receptor_degradation", "1/day", "degradation of internalised IFNAR1"),
    ),
    reactions=tuple(reaction for tissue in TISSUES for reaction in _reactions(tissue)),
    observables=tuple(
        Assignment(
            f"occupancy_{tissue}",
            "1",
            f"share of surface IFNAR1 that is drug-bound, {tissue}",
            _occupancy(tissue),
        )
        for tissue in TISSUES
    ),
)
