"""A drug of which only the result of its trials is taken: nothing mechanistic is claimed.

Its effect on the skin score and on lung function, published as a difference to placebo at the end of a trial, shifts
the goal of the skin score and the loss of lung function so that the typical patient on treatment reaches that
difference at that time, at the speed at which skin matrix turns over. It does not touch the interferon pathway. The
amount in the body only says whether a patient is on treatment: a dose twice as large does nothing more.
"""

from ifntrial.items import ITEMS
from ifntrial.model.drugs.action import drug_action
from ifntrial.model.parts import Assignment, Mechanism, Parameter, Reaction, Species, Values, zero
from ifntrial.model.rate_laws import exp, mass_action, saturable


def _goal_shift(s: Values, p: Values) -> object:
    # By the end of the trial the score has gone this share of the way to its goal.
    reached = 1 - exp(-p.k_skin_matrix_turnover * p.trial_length)
    return s.on_treatment * p.mrss_difference_in_trial / reached


def _gain(s: Values, p: Values) -> object:
    return s.on_treatment * p.fvc_difference_in_trial / p.trial_length


_SKIN, _LUNG = ITEMS["mrss"], ITEMS["fvc_percent"]

MECHANISM = Mechanism(
    name="pharmacokinetics",
    meaning="Presence of a drug, and the difference to placebo that its trial found",
    species=(
        Species(
            "drug_central",
            "nmol",
            "drug in the body",
            zero,
            "central",
            lambda s, p: p.present_concentration / p.molar_mass * s.volume_subject,
        ),
    ),
    parameters=(
        Parameter("volume_per_weight", "L/kg", "volume that turns an amount into a concentration"),
        Parameter("body_weight", "kg", "body weight of the patient"),
        Parameter("k_washout", "1/day", "loss of drug"),
        Parameter("molar_mass", "ug/mL/(nmol/L)", "mass of one mole"),
        Parameter("present_concentration", "ug/mL", "concentration at which a patient is half on treatment"),
        Parameter("mrss_difference_in_trial", _SKIN.unit, "change of skin score, drug minus placebo"),
        Parameter("fvc_difference_in_trial", _LUNG.unit, f"the same of {_LUNG.title_in_sentence}"),
        Parameter("trial_length", "day", "time after which the differences were seen"),
        Parameter("k_skin_matrix_turnover", "1/day", "turnover of skin matrix"),
    ),
    assignments=(
        Assignment(
            "volume_subject",
            "L",
            "that volume of the patient",
            lambda s, p: p.volume_per_weight * p.body_weight,
        ),
        Assignment(
            "drug_concentration",
            "nmol/L",
            "drug in the body per volume",
            lambda s, p: s.drug_central / s.volume_subject,
        ),
        Assignment(
            "on_treatment",
            "1",
            "near one while drug is there",
            lambda s, p: saturable(s.drug_concentration * p.molar_mass, p.present_concentration),
        ),
        *drug_action({"mrss_goal_shift": _goal_shift, "fvc_gain": _gain}),
    ),
    reactions=(
        Reaction("washout", {"drug_central": -1}, lambda s, p: mass_action(p.k_washout, s.drug_central)),
    ),
    observables=(
        Assignment(
            "concentration",
            "ug/mL",
            "drug in the body per volume, a sign of treatment only",
            lambda s, p: s.drug_concentration * p.molar_mass,
        ),
    ),
)
