"""An antibody against a receptor: two compartments, a subcutaneous depot, linear and target-mediated clearance.

Total drug is followed in nanomoles; free drug follows from the quasi-steady-state approximation, so that mass balances
exactly. Receptor that internalises with drug has the same turnover as free receptor, as in the population model of
Almquist 2022 (doi 10.1002/jcph.2055): total receptor stays constant and pharmacokinetics holds no surface loss.
Time-varying clearance counts from time zero, which is the first dose.
"""

from ifntrial.model.drugs.action import at_tissue, drug_action
from ifntrial.model.drugs.body_weight import at_body_weight
from ifntrial.model.mechanisms.tissues import TISSUES
from ifntrial.model.parts import Assignment, Law, Mechanism, Parameter, Reaction, Species, Values, zero
from ifntrial.model.rate_laws import exp, mass_action, saturable, sqrt

_AT_BODY_WEIGHT = at_body_weight("clearance", "clearance_weight_exponent")


def _clearance_at_start(s: Values, p: Values) -> object:
    return _AT_BODY_WEIGHT(s, p) * p.clearance_ifn_low_factor**p.is_ifn_low


def _clearance(s: Values, p: Values) -> object:
    change = (p.clearance_time_max + p.eta_clearance_time_max) * saturable(s.time, p.clearance_time_half)
    return s.clearance_at_start * exp(change)


def _receptor_at_rest(s: Values, p: Values) -> object:
    return p.receptor_concentration * exp(p.eta_receptor_concentration) * s.central_volume_subject


def _free_concentration(s: Values, p: Values) -> object:
    total = s.drug_central / s.central_volume_subject
    half_excess = (total - s.receptor_serum / s.central_volume_subject - p.kss) / 2
    return half_excess + sqrt(half_excess**2 + p.kss * total)


def _complex(s: Values, p: Values) -> object:
    return s.drug_central - s.drug_concentration * s.central_volume_subject


def _to_peripheral(s: Values, p: Values) -> object:
    return p.intercompartmental_clearance * s.drug_concentration


def _to_central(s: Values, p: Values) -> object:
    return p.intercompartmental_clearance * s.drug_peripheral / p.peripheral_volume


def _binding(tissue: str) -> Law:
    return lambda s, p: s[at_tissue(tissue, "drug_concentration")] / p.kss


def _dose_scale(s: Values, p: Values) -> object:
    return p.kss * s.central_volume_subject


MECHANISM = Mechanism(
    name="pharmacokinetics",
    meaning="Two compartments, subcutaneous depot, linear time-varying and target-mediated clearance",
    species=(
        Species("drug_depot", "nmol", "drug at the injection site", zero, "depot", _dose_scale),
        Species(
            "drug_central",
            "nmol",
            "drug in the central compartment, free and receptor-bound",
            zero,
            "central",
            _dose_scale,
        ),
        Species(
            "drug_peripheral", "nmol", "drug in the peripheral compartment", zero, "peripheral", _dose_scale
        ),
        Species(
            "receptor_serum",
            "nmol",
            "receptor seen by pharmacokinetics, free and bound",
            lambda s, p: s.receptor_at_rest,
            "central",
        ),
    ),
    parameters=(
        Parameter(
            "clearance", "L/day", "linear clearance, high signature, reference weight, at the first dose"
        ),
        Parameter("central_volume", "L", "central volume at reference weight"),
        Parameter("peripheral_volume", "L", "peripheral volume"),
        Parameter("intercompartmental_clearance", "L/day", "exchange between the two"),
        Parameter("kss", "nmol/L", "steady-state constant of drug and receptor"),
        Parameter("receptor_concentration", "nmol/L", "receptor at rest, per central volume"),
        Parameter("k_receptor_internalization", "1/day", "turnover of receptor, free or with drug"),
        Parameter("clearance_ifn_low_factor", "1", "linear clearance at a low signature over a high one"),
        Parameter("clearance_weight_exponent", "1", "exponent of relative body weight on clearance"),
        Parameter(
            "central_volume_weight_exponent", "1", "exponent of relative body weight on central volume"
        ),
        Parameter("clearance_time_max", "1", "change of log clearance after infinite time"),
        Parameter("clearance_time_half", "day", "time of half that change"),
        Parameter("reference_body_weight", "kg", "body weight of the typical patient"),
        Parameter("absorption_rate", "1/day", "absorption from the injection site"),
        Parameter("molar_mass", "ug/mL/(nmol/L)", "mass of one mole"),
        Parameter("body_weight", "kg", "body weight of the patient"),
        Parameter("is_ifn_low", "1", "one if the blood signature is low, else zero"),
        Parameter("eta_clearance", "1", "between-subject deviation of log clearance"),
        Parameter("eta_absorption_rate", "1", "between-subject deviation of log absorption"),
        Parameter("eta_central_volume", "1", "between-subject deviation of log central volume"),
        Parameter(
            "eta_receptor_concentration", "1", "between-subject deviation of log receptor concentration"
        ),
        Parameter("eta_clearance_time_max", "1", "between-subject deviation of the change of log clearance"),
    ),
    assignments=(
        Assignment(
            "central_volume_subject",
            "L",
            "central volume of the patient",
            at_body_weight("central_volume", "central_volume_weight_exponent"),
        ),
        Assignment(
            "clearance_at_start",
            "L/day",
            "linear clearance of the patient at the first dose",
            _clearance_at_start,
        ),
        Assignment("clearance_subject", "L/day", "linear clearance of the patient now", _clearance),
        Assignment("receptor_at_rest", "nmol", "receptor of the patient without drug", _receptor_at_rest),
        Assignment("drug_concentration", "nmol/L", "free drug in serum", _free_concentration),
        Assignment("drug_receptor_complex", "nmol", "drug bound to receptor", _complex),
        *drug_action(
            {
                "antibody_in_serum": lambda s, p: s.drug_concentration,
                **{f"ifnar1_binding_{x}": _binding(x) for x in TISSUES},
            }
        ),
    ),
    reactions=(
        Reaction(
            "absorption",
            {"drug_depot": -1, "drug_central": +1},
            lambda s, p: mass_action(p.absorption_rate * exp(p.eta_absorption_rate), s.drug_depot),
        ),
        Reaction(
            "linear_elimination",
            {"drug_central": -1},
            lambda s, p: s.clearance_subject * s.drug_concentration,
        ),
        Reaction(
            "target_mediated_elimination",
            {"drug_central": -1},
            lambda s, p: mass_action(p.k_receptor_internalization, s.drug_receptor_complex),
        ),
        Reaction("distribution_out", {"drug_central": -1, "drug_peripheral": +1}, _to_peripheral),
        Reaction("distribution_back", {"drug_peripheral": -1, "drug_central": +1}, _to_central),
        Reaction(
            "receptor_synthesis",
            {"receptor_serum": +1},
            lambda s, p: mass_action(p.k_receptor_internalization, s.receptor_at_rest),
        ),
        Reaction(
            "receptor_loss",
            {"receptor_serum": -1},
            lambda s, p: mass_action(p.k_receptor_internalization, s.receptor_serum),
        ),
    ),
    observables=(
        Assignment(
            "concentration", "ug/mL", "free drug in serum", lambda s, p: s.drug_concentration * p.molar_mass
        ),
        Assignment(
            "clearance_change",
            "1",
            "linear clearance over that at the first dose",
            lambda s, p: s.clearance_subject / s.clearance_at_start,
        ),
    ),
)
