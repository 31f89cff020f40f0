"""Antibody reaches the interstitium of a tissue late, and at a fraction of its serum concentration."""

from ifntrial.model.mechanisms.reference_drug import REFERENCE_KSS
from ifntrial.model.mechanisms.tissues import DISTRIBUTED_TISSUES
from ifntrial.model.parts import Law, Mechanism, Parameter, Reaction, Species, zero
from ifntrial.model.rate_laws import relaxation


def _exchange(tissue: str) -> Law:
    return lambda s, p: relaxation(
        p[f"k_tissue_exchange_{tissue}"],
        p[f"antibody_biodistribution_{tissue}"] * s.antibody_in_serum,
        s[f"drug_{tissue}"],
    )


MECHANISM = Mechanism(
    name="tissue_distribution",
    meaning="Antibody exchange between serum and interstitium of skin, lung and heart",
    species=tuple(
        Species(
            f"drug_{tissue}",
            "nmol/L",
            f"antibody in the interstitium of {tissue}",
            zero,
            tissue,
            scale=lambda s, p: p.reference_kss,
        )
        for tissue in DISTRIBUTED_TISSUES
    ),
    parameters=(
        REFERENCE_KSS,
        *(
            parameter
            for tissue in DISTRIBUTED_TISSUES
            for parameter in (
                Parameter(
                    f"antibody_biodistribution_{tissue}",
                    "1",
                    f"interstitial over serum antibody concentration at rest, {tissue}",
                ),
                Parameter(f"k_tissue_exchange_{tissue}", "1/day", f"antibody exchange with serum, {tissue}"),
            )
        ),
    ),
    reactions=tuple(
        Reaction(f"antibody_exchange_{tissue}", {f"drug_{tissue}": +1}, _exchange(tissue))
        for tissue in DISTRIBUTED_TISSUES
    ),
)
