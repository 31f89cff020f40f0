"""A tablet that inhibits the kinases below the interferon receptor: reversible, partial, gone within hours.

One or two compartments, first-order absorption, linear apparent clearance. Unbound drug slows phosphorylation of
STAT in every tissue at once; part of a tissue's cells is out of its reach, because in skin on a JAK inhibitor
interferon genes fell in fibroblasts and epidermis but not in T cells or endothelium. Other cytokines that the drug
also blocks are not followed, so this is its effect on the interferon pathway alone.
"""

from ifntrial.model.drugs.action import drug_action
from ifntrial.model.drugs.body_weight import at_body_weight
from ifntrial.model.mechanisms.tissues import TISSUES
from ifntrial.model.parts import Assignment, Law, Mechanism, Parameter, Reaction, Species, Values, zero
from ifntrial.model.rate_laws import exp, mass_action, saturable


def _absorption(s: Values, p: Values) -> object:
    return mass_action(p.absorption_rate * exp(p.eta_absorption_rate), s.drug_depot)


def _activity_left(tissue: str) -> Law:
    return lambda s, p: 1 - p[f"jak_reach_{tissue}"] * s.jak_inhibition


def _dose_scale(s: Values, p: Values) -> object:
    return p.ifn_alpha_ic50 * s.volume_subject


_PERIPHERAL = (
    Species("drug_peripheral", "nmol", "drug in the peripheral compartment", zero, "peripheral", _dose_scale),
)
_PERIPHERAL_PARAMETERS = (
    Parameter("apparent_peripheral_volume", "L", "peripheral volume over bioavailability"),
    Parameter("apparent_intercompartmental_clearance", "L/day", "exchange over bioavailability"),
)
_DISTRIBUTION = (
    Reaction(
        "distribution_out",
        {"drug_central": -1, "drug_peripheral": +1},
        lambda s, p: mass_action(p.apparent_intercompartmental_clearance, s.drug_concentration),
    ),
    Reaction(
        "distribution_back",
        {"drug_peripheral": -1, "drug_central": +1},
        lambda s, p: (
            p.apparent_intercompartmental_clearance * s.drug_peripheral / p.apparent_peripheral_volume
        ),
    ),
)

_SPECIES = (
    Species("drug_depot", "nmol", "drug in the gut", zero, "depot", _dose_scale),
    Species("drug_central", "nmol", "drug in the central compartment", zero, "central", _dose_scale),
)
_PARAMETERS = (
    Parameter("absorption_rate", "1/day", "absorption from the gut"),
    Parameter("apparent_clearance", "L/day", "clearance over bioavailability"),
    Parameter("apparent_central_volume", "L", "central volume over bioavailability"),
    Parameter("clearance_weight_exponent", "1", "exponent of relative body weight on clearance"),
    Parameter("volume_weight_exponent", "1", "exponent of relative body weight on central volume"),
    Parameter("reference_body_weight", "kg", "body weight of the typical patient"),
    Parameter("body_weight", "kg", "body weight of the patient"),
    Parameter("molar_mass", "ug/mL/(nmol/L)", "mass of one mole"),
    Parameter("unbound_share", "1", "share of drug in plasma that is not bound to protein"),
    Parameter(
        "ifn_alpha_ic50", "nmol/L", "unbound drug that halves phosphorylation of STAT by interferon alpha"
    ),
    *(
        Parameter(f"jak_reach_{x}", "1", f"share of the pSTAT signal that kinase inhibitors reach, {x}")
        for x in TISSUES
    ),
    Parameter("eta_absorption_rate", "1", "between-subject deviation of log absorption"),
    Parameter("eta_apparent_clearance", "1", "between-subject deviation of log clearance"),
    Parameter("eta_apparent_central_volume", "1", "between-subject deviation of log central volume"),
)
_ASSIGNMENTS = (
    Assignment(
        "clearance_subject",
        "L/day",
        "apparent clearance of the patient",
        at_body_weight("apparent_clearance", "clearance_weight_exponent"),
    ),
    Assignment(
        "volume_subject",
        "L",
        "apparent central volume of the patient",
        at_body_weight("apparent_central_volume", "volume_weight_exponent"),
    ),
    Assignment(
        "drug_concentration",
        "nmol/L",
        "drug in plasma, bound and unbound",
        lambda s, p: s.drug_central / s.volume_subject,
    ),
    Assignment(
        "jak_inhibition",
        "1",
        "inhibition of phosphorylation in cells that the drug reaches",
        lambda s, p: saturable(p.unbound_share * s.drug_concentration, p.ifn_alpha_ic50),
    ),
    *drug_action({f"jak_activity_{x}": _activity_left(x) for x in TISSUES}),
)
_REACTIONS = (
    Reaction("absorption", {"drug_depot": -1, "drug_central": +1}, _absorption),
    Reaction(
        "linear_elimination",
        {"drug_central": -1},
        lambda s, p: mass_action(s.clearance_subject, s.drug_concentration),
    ),
)
_OBSERVABLES = (
    Assignment(
        "concentration",
        "ug/mL",
        "drug in plasma, bound and unbound",
        lambda s, p: s.drug_concentration * p.molar_mass,
    ),
)

ONE_COMPARTMENT = Mechanism(
    name="pharmacokinetics",
    meaning="Absorption, one compartment, linear clearance; inhibition of kinases below the receptor",
    species=_SPECIES,
    parameters=_PARAMETERS,
    assignments=_ASSIGNMENTS,
    reactions=_REACTIONS,
    observables=_OBSERVABLES,
)

TWO_COMPARTMENTS = Mechanism(
    name="pharmacokinetics",
    meaning="Absorption, two compartments, linear clearance; inhibition of kinases below the receptor",
    species=(*_SPECIES, *_PERIPHERAL),
    parameters=(*_PARAMETERS, *_PERIPHERAL_PARAMETERS),
    assignments=_ASSIGNMENTS,
    reactions=(*_REACTIONS, *_DISTRIBUTION),
    observables=_OBSERVABLES,
)
