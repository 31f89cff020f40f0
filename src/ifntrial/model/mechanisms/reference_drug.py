"""The drug whose published numbers calibrate the pathway, whatever drug is simulated.

How strongly the signature saturates is known from one drug alone: the concentration of anifrolumab at which the
signature falls by 80 %, and the constants that turn it into free receptor. These belong to the pathway, so they stay
when another drug is simulated.
"""

from ifntrial.model.parts import Parameter

REFERENCE_DRUG = "anifrolumab"


def _of_reference(name: str, unit: str, meaning: str, quantity: str) -> Parameter:
    return Parameter(name, unit, f"{meaning}, {REFERENCE_DRUG}", row=f"{REFERENCE_DRUG}.{quantity}")


REFERENCE_KSS = _of_reference(
    "reference_kss", "nmol/L", "steady-state constant of drug and IFNAR1 in vivo", "kss"
)
REFERENCE_MOLAR_MASS = _of_reference(
    "reference_molar_mass", "ug/mL/(nmol/L)", "mass of one mole of drug", "molar_mass"
)
K_OFF_SPR = _of_reference("k_off_spr", "1/day", "dissociation of drug from IFNAR1", "k_off_spr")
SIGNATURE_IC80 = _of_reference(
    "signature_ic80",
    "ug/mL",
    "free serum drug at which the IFNAR-driven signal falls by the stated share",
    "signature_ic80",
)
