"""Interferon alpha as a drug: injected, one compartment, linear and target-mediated clearance.

Free drug follows from the quasi-equilibrium approximation. Receptor with drug is taken up at its own rate, so total
receptor falls under treatment, as in the population model of ropeginterferon (Zhu 2021). It adds to the patient's own
interferon alpha: the more of its receptor it holds, the more it activates, up to a wide guess of what a full receptor
stands for. Distribution into tissues is not followed: all of them see what serum holds. Unmodified interferon is dosed
by its biological activity, and has a structure with that.
"""

from dataclasses import replace

from ifntrial.model.drugs.action import drug_action
from ifntrial.model.drugs.body_weight import at_body_weight
from ifntrial.model.parts import Assignment, Mechanism, Parameter, Reaction, Species, Values, zero
from ifntrial.model.rate_laws import exp, mass_action, saturable, sqrt


def _free_concentration(s: Values, p: Values) -> object:
    total = s.drug_central / s.volume_subject
    half_excess = (total - s.receptor_serum / s.volume_subject - s.kd_molar) / 2
    return half_excess + sqrt(half_excess**2 + s.kd_molar * total)


def _receptor_at_rest(s: Values, p: Values) -> object:
    return p.receptor_concentration / p.molar_mass * s.volume_subject


def _dose_scale(s: Values, p: Values) -> object:
    return s.kd_molar * s.volume_subject


MECHANISM = Mechanism(
    name="pharmacokinetics",
    meaning="Subcutaneous depot, one compartment, linear and target-mediated clearance of dosed interferon",
    species=(
        Species("drug_depot", "nmol", "drug at the injection site", zero, "depot", _dose_scale),
        Species(
            "drug_central", "nmol", "drug in serum, free and receptor-bound", zero, "central", _dose_scale
        ),
        Species(
            "receptor_serum",
            "nmol",
            "interferon receptor seen by pharmacokinetics, free and bound",
            lambda s, p: s.receptor_at_rest,
            "central",
        ),
    ),
    parameters=(
        Parameter("absorption_rate", "1/day", "absorption from the injection site"),
        Parameter("apparent_clearance", "L/day", "linear clearance over bioavailability"),
        Parameter("apparent_central_volume", "L", "volume over bioavailability"),
        Parameter("clearance_weight_exponent", "1", "exponent of relative body weight on clearance"),
        Parameter("reference_body_weight", "kg", "body weight of the typical patient"),
        Parameter("body_weight", "kg", "body weight of the patient"),
        Parameter("molar_mass", "ug/mL/(nmol/L)", "mass of one mole"),
        Parameter("kd", "ug/mL", "equilibrium constant of drug and receptor"),
        Parameter("receptor_concentration", "ug/mL", "receptor at rest, in equivalents of drug"),
        Parameter("k_receptor_degradation", "1/day", "turnover of free receptor"),
        Parameter("k_complex_internalization", "1/day", "uptake of receptor with drug"),
        Parameter(
            "ifn_alpha_at_full_receptor",
            "pmol/L",
            "own interferon alpha that would activate as a full receptor",
        ),
        Parameter("eta_absorption_rate", "1", "between-subject deviation of log absorption"),
        Parameter("eta_apparent_clearance", "1", "between-subject deviation of log clearance"),
        Parameter("eta_apparent_central_volume", "1", "between-subject deviation of log volume"),
    ),
    assignments=(
        Assignment(
            "clearance_subject",
            "L/day",
            "linear clearance of the patient",
            at_body_weight("apparent_clearance", "clearance_weight_exponent"),
        ),
        Assignment(
            "volume_subject",
            "L",
            "volume of the patient",
            lambda s, p: p.apparent_central_volume * exp(p.eta_apparent_central_volume),
        ),
        Assignment("kd_molar", "nmol/L", "equilibrium constant", lambda s, p: p.kd / p.molar_mass),
        Assignment("receptor_at_rest", "nmol", "receptor of the patient without drug", _receptor_at_rest),
        Assignment("drug_concentration", "nmol/L", "free drug in serum", _free_concentration),
        Assignment(
            "drug_receptor_complex",
            "nmol",
            "drug bound to receptor",
            lambda s, p: s.drug_central - s.drug_concentration * s.volume_subject,
        ),
        *drug_action(
            {
                "ifn_alpha_added": lambda s, p: (
                    p.ifn_alpha_at_full_receptor * saturable(s.drug_concentration, s.kd_molar)
                ),
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
            lambda s, p: mass_action(s.clearance_subject, s.drug_concentration),
        ),
        Reaction(
            "target_mediated_elimination",
            {"drug_central": -1, "receptor_serum": -1},
            lambda s, p: mass_action(p.k_complex_internalization, s.drug_receptor_complex),
        ),
        Reaction(
            "receptor_synthesis",
            {"receptor_serum": +1},
            lambda s, p: mass_action(p.k_receptor_degradation, s.receptor_at_rest),
        ),
        Reaction(
            "receptor_loss",
            {"receptor_serum": -1},
            lambda s, p: mass_action(p.k_receptor_degradation, s.receptor_serum - s.drug_receptor_complex),
        ),
    ),
    observables=(
        Assignment(
            "concentration",
            "ug/mL",
            "drug in serum, free and bound",
            lambda s, p: s.drug_central / s.volume_subject * p.molar_mass,
        ),
    ),
)

BY_ACTIVITY = replace(
    MECHANISM,
    parameters=(
        *MECHANISM.parameters,
        Parameter("specific_activity", "IU/ug", "biological activity of one microgram"),
    ),
    observables=(
        *MECHANISM.observables,
        Assignment(
            "activity",
            "IU/mL",
            "biological activity in serum, free and receptor-bound",
            lambda s, p: s.drug_central / s.volume_subject * p.molar_mass * p.specific_activity,
        ),
    ),
)
