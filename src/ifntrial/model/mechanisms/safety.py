"""Hazards of herpes zoster and serious infection.

The zoster rate ratio under blockade is 4.6 in lupus (with placebo 1.5 per 100 patient-years) and 2.0 in lupus
nephritis on mycophenolate and glucocorticoids, where placebo itself is several times higher. The two differ by
disease, background and baseline rate at once, so the interaction is not identified: the rate ratio falls with
mycophenolate here by assumption.
"""

from ifntrial.model.parts import Mechanism, Parameter, Reaction, Species, Values, one, zero
from ifntrial.model.rate_laws import exp


def _zoster(s: Values, p: Values) -> object:
    blocked = 1 - s.ifn_relative_response_blood
    background = exp(p.uses_mmf * p.zoster_log_rate_ratio_mmf)
    blockade = exp(blocked * (p.zoster_log_rate_ratio_blockade - p.uses_mmf * p.zoster_log_interaction_mmf))
    return p.zoster_rate * background * blockade


def _infection(s: Values, p: Values) -> object:
    blocked = 1 - s.ifn_relative_response_blood
    return p.infection_rate * exp(blocked * p.infection_log_rate_ratio_blockade)


MECHANISM = Mechanism(
    name="safety",
    meaning="Hazards of herpes zoster and serious infection",
    species=(
        Species(
            "zoster_hazard", "event", "expected herpes zoster events since baseline", zero, "patient", one
        ),
        Species(
            "infection_hazard", "event", "expected serious infections since baseline", zero, "patient", one
        ),
    ),
    parameters=(
        Parameter("zoster_rate", "event/day", "herpes zoster without blockade or mycophenolate"),
        Parameter("zoster_log_rate_ratio_blockade", "1", "log rate ratio under complete blockade"),
        Parameter("zoster_log_rate_ratio_mmf", "1", "log rate ratio on mycophenolate"),
        Parameter(
            "zoster_log_interaction_mmf",
            "1",
            "how much smaller the blockade's log rate ratio is on mycophenolate",
        ),
        Parameter("infection_rate", "event/day", "serious infection without blockade"),
        Parameter("infection_log_rate_ratio_blockade", "1", "log rate ratio under complete blockade"),
    ),
    reactions=(
        Reaction("zoster_occurrence", {"zoster_hazard": +1}, _zoster),
        Reaction("infection_occurrence", {"infection_hazard": +1}, _infection),
    ),
)
