"""An antibody against interferon alpha: two compartments, given into a vein, linear clearance.

It takes interferon alpha away from the receptor and leaves beta, omega and kappa. Antibody is in large excess of its
ligand, so the share left free follows from the antibody's concentration alone. The constant of that is one in vivo
over all subtypes of interferon alpha, not an affinity; it is wide in the evidence tables.
"""

from ifntrial.model.drugs.action import at_tissue, drug_action
from ifntrial.model.drugs.body_weight import at_body_weight
from ifntrial.model.mechanisms.tissues import TISSUES
from ifntrial.model.parts import Assignment, Law, Mechanism, Parameter, Reaction, Species, Values, zero
from ifntrial.model.rate_laws import exp, mass_action

SCALED = {
    "clearance": ("L/day", "linear clearance"),
    "central_volume": ("L", "central volume"),
    "peripheral_volume": ("L", "peripheral volume"),
}


def _exchange(s: Values, p: Values) -> object:
    return p.intercompartmental_clearance * exp(p.eta_intercompartmental_clearance)


def _left_free(tissue: str) -> Law:
    return lambda s, p: 1 / (1 + s[at_tissue(tissue, "drug_concentration")] / p.ifn_alpha_half_neutralization)


def _dose_scale(s: Values, p: Values) -> object:
    return p.ifn_alpha_half_neutralization * s.central_volume_subject


MECHANISM = Mechanism(
    name="pharmacokinetics",
    meaning="Two compartments with linear clearance; neutralisation of interferon alpha",
    species=(
        Species("drug_central", "nmol", "drug in the central compartment", zero, "central", _dose_scale),
        Species(
            "drug_peripheral", "nmol", "drug in the peripheral compartment", zero, "peripheral", _dose_scale
        ),
    ),
    parameters=(
        *(
            parameter
            for name, (unit, meaning) in SCALED.items()
            for parameter in (
                Parameter(name, unit, f"{meaning} at reference weight"),
                Parameter(f"{name}_weight_exponent", "1", f"exponent of relative body weight on {meaning}"),
                Parameter(f"eta_{name}", "1", f"between-subject deviation of log {meaning}"),
            )
        ),
        Parameter("intercompartmental_clearance", "L/day", "exchange between the two compartments"),
        Parameter(
            "eta_intercompartmental_clearance", "1", "between-subject deviation of the logarithm of exchange"
        ),
        Parameter("reference_body_weight", "kg", "body weight of the typical patient"),
        Parameter("body_weight", "kg", "body weight of the patient"),
        Parameter("molar_mass", "ug/mL/(nmol/L)", "mass of one mole"),
        Parameter(
            "ifn_alpha_half_neutralization", "nmol/L", "antibody that leaves half of interferon alpha free"
        ),
    ),
    assignments=(
        *(
            Assignment(
                f"{name}_subject",
                unit,
                f"{meaning} of the patient",
                at_body_weight(name, f"{name}_weight_exponent"),
            )
            for name, (unit, meaning) in SCALED.items()
        ),
        Assignment("exchange_subject", "L/day", "exchange of the patient between compartments", _exchange),
        Assignment(
            "drug_concentration",
            "nmol/L",
            "free drug in serum",
            lambda s, p: s.drug_central / s.central_volume_subject,
        ),
        *drug_action(
            {
                "antibody_in_serum": lambda s, p: s.drug_concentration,
                **{f"ifn_alpha_free_{x}": _left_free(x) for x in TISSUES},
            }
        ),
    ),
    reactions=(
        Reaction(
            "linear_elimination",
            {"drug_central": -1},
            lambda s, p: mass_action(s.clearance_subject, s.drug_concentration),
        ),
        Reaction(
            "distribution_out",
            {"drug_central": -1, "drug_peripheral": +1},
            lambda s, p: mass_action(s.exchange_subject, s.drug_concentration),
        ),
        Reaction(
            "distribution_back",
            {"drug_peripheral": -1, "drug_central": +1},
            lambda s, p: s.exchange_subject * s.drug_peripheral / s.peripheral_volume_subject,
        ),
    ),
    observables=(
        Assignment(
            "concentration", "ug/mL", "free drug in serum", lambda s, p: s.drug_concentration * p.molar_mass
        ),
    ),
)
