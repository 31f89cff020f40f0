"""Organ events and death: how a patient's rate differs from that of the average patient, and follows the organ.

Events are renal crisis, left ventricular failure, pulmonary arterial hypertension, failure of the gut, digital
ischaemia, and death. A design holds their yearly rates. Here is what multiplies them, as a read-out at each visit:
(what a world thinks of the level) x (the patient's own risk) x (state of the organ)^b. The state is one in the
untreated, and b is not known: 0 is a rate that is equal in all arms, 1 one that falls as the organ's own process does.
Its prior is centred between the two and reaches below zero, so equality is possible and is not assumed.

The organ behind an event is a judgement: endothelial injury for kidney, lung vessels and fingers, collagen synthesis of
the heart for its failure, of the skin for the gut, which is not followed, of heart and lung for death.

For renal crisis shares by subset and by antibody were published one by one. They overlap, so they are not multiplied:
a weight between zero and one divides the logarithm between the two.
"""

from collections.abc import Callable

from ifntrial.model.parts import Assignment, Law, Mechanism, Parameter, Values
from ifntrial.model.rate_laws import exp, log

Risk = Callable[[Values], object]


def _renal(p: Values) -> object:
    by_subset = (
        p.is_diffuse * p.renal_crisis_log_rate_ratio_diffuse
        + (1 - p.is_diffuse) * p.renal_crisis_log_rate_ratio_limited
    )
    by_antibody = (
        p.has_ara * p.renal_crisis_log_rate_ratio_ara
        + p.has_ata * p.renal_crisis_log_rate_ratio_ata
        + (1 - p.has_ara - p.has_ata) * p.renal_crisis_log_rate_ratio_other_antibody
    )
    share = p.renal_crisis_subset_weight
    return share * by_subset + (1 - share) * by_antibody


def _cardiac(p: Values) -> object:
    more = p.has_cardiac_involvement - p.cardiac_involvement_share
    return more * p.left_ventricular_failure_log_rate_ratio_involved


def _older(slope: str) -> Risk:
    return lambda p: p[slope] * (p.age - p.organ_events_reference_age)


def _as_average(p: Values) -> object:
    del p
    return 0


def _endothelium(s: Values) -> object:
    return s.endothelial_injury


def _heart(s: Values) -> object:
    return s.collagen_synthesis_heart


def _skin(s: Values) -> object:
    return s.collagen_synthesis_skin


def _heart_and_lung(s: Values) -> object:
    return (s.collagen_synthesis_heart + s.collagen_synthesis_lung) / 2


_EVENTS: dict[str, tuple[str, Risk, Callable[[Values], object]]] = {
    "renal_crisis": ("renal crisis", _renal, _endothelium),
    "left_ventricular_failure": ("left ventricular failure", _cardiac, _heart),
    "pulmonary_arterial_hypertension": (
        "pulmonary arterial hypertension",
        _older("pulmonary_arterial_hypertension_log_rate_per_age"),
        _endothelium,
    ),
    "gut_failure": ("gut failure", _as_average, _skin),
    "digital_ischemia": ("digital ischaemia", _as_average, _endothelium),
    "death": ("death", _older("death_log_rate_per_age"), _heart_and_lung),
}


def relative_hazard(event: str) -> str:
    """Return the name of an event's read-out: its rate over that of the average untreated patient."""
    return f"{event}_relative_hazard"


ORGAN_EVENTS = tuple(_EVENTS)
"""In the words of a design."""


def _law(event: str) -> Law:
    _, risk, state = _EVENTS[event]
    level, exponent = f"{event}_rate_ratio", f"{event}_drive_exponent"
    return lambda s, p: p[level] * exp(risk(p) + p[exponent] * log(state(s)))


MECHANISM = Mechanism(
    name="organ_events",
    meaning="Organ events and death over their average rates",
    parameters=(
        Parameter("is_diffuse", "1", "one in diffuse disease, else zero"),
        Parameter("has_ara", "1", "one with antibodies against RNA polymerase III, else zero"),
        Parameter("has_ata", "1", "one with antibodies against topoisomerase I, else zero"),
        Parameter("has_cardiac_involvement", "1", "one with cardiac involvement at entry, else zero"),
        *(
            Parameter(f"{event}_rate_ratio", "1", f"level of {words} over the rate of the design")
            for event, (words, _, _) in _EVENTS.items()
        ),
        *(
            Parameter(f"{event}_drive_exponent", "1", f"power of the organ's state that {words} follows")
            for event, (words, _, _) in _EVENTS.items()
        ),
        Parameter("renal_crisis_log_rate_ratio_diffuse", "1", "log rate ratio in diffuse disease"),
        Parameter("renal_crisis_log_rate_ratio_limited", "1", "log rate ratio in limited disease"),
        Parameter("renal_crisis_log_rate_ratio_ara", "1", "log rate ratio with RNA polymerase III"),
        Parameter("renal_crisis_log_rate_ratio_ata", "1", "log rate ratio with topoisomerase I"),
        Parameter("renal_crisis_log_rate_ratio_other_antibody", "1", "log rate ratio with neither"),
        Parameter("renal_crisis_subset_weight", "1", "share of the log rate ratio told by the subset"),
        Parameter("left_ventricular_failure_log_rate_ratio_involved", "1", "log rate ratio if involved"),
        Parameter("cardiac_involvement_share", "1", "share involved behind the rate of heart failure"),
        Parameter(
            "pulmonary_arterial_hypertension_log_rate_per_age", "1/year", "rise of its log rate with age"
        ),
        Parameter("death_log_rate_per_age", "1/year", "rise of the log rate of death with age"),
        Parameter("organ_events_reference_age", "year", "age that rates are told at"),
    ),
    assignments=tuple(
        Assignment(
            relative_hazard(event), "1", f"rate of {words} over that of the average patient", _law(event)
        )
        for event, (words, _, _) in _EVENTS.items()
    ),
)
