"""Hazards of herpes zoster and serious infection by background: mycophenolate, glucocorticoid, age, region.

Rates are those of patients without blockade; each background multiplies them by a ratio of its own. Cohorts of lupus
say that mycophenolate and glucocorticoid raise zoster without saying by how much. The sixfold rate in lupus nephritis
is no measure of mycophenolate: high doses of glucocorticoid and the kidney are in it, so it is only the upper tail of
what is thought possible.

The zoster rate ratio under blockade is about 4 in lupus and 2 in lupus nephritis on mycophenolate and glucocorticoids.
The two differ by disease, background and baseline rate at once: the interaction is not identified, and half of the
difference is taken for it. None of these numbers is from systemic sclerosis but the rate of serious infection.

Risk follows blockade in time: it comes with the loss of the signal in blood and goes with it. Within that no source
gives a time course, so the ratio is constant by assumption.
"""

from ifntrial.model.parts import Mechanism, Parameter, Reaction, Species, Values, one, zero
from ifntrial.model.rate_laws import exp


def _zoster(s: Values, p: Values) -> object:
    blocked = 1 - s.ifn_relative_response_blood
    background = (
        p.uses_mmf * p.zoster_log_rate_ratio_mmf
        + p.uses_glucocorticoid * p.zoster_log_rate_ratio_glucocorticoid
        + p.lives_in_east_asia * p.zoster_log_rate_ratio_east_asia
        + (p.age - p.zoster_reference_age) * p.zoster_log_rate_per_age
    )
    blockade = p.zoster_log_rate_ratio_blockade - p.uses_mmf * p.zoster_log_interaction_mmf
    return p.zoster_rate * exp(background) * exp(blocked * blockade)


def _infection(s: Values, p: Values) -> object:
    blocked = 1 - s.ifn_relative_response_blood
    more_glucocorticoid = p.uses_glucocorticoid - p.infection_glucocorticoid_share
    background = (
        p.uses_mmf * p.infection_log_rate_ratio_mmf
        + more_glucocorticoid * p.infection_log_rate_ratio_glucocorticoid
    )
    return p.infection_rate * exp(background) * exp(blocked * p.infection_log_rate_ratio_blockade)


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
        Parameter("uses_glucocorticoid", "1", "one on background glucocorticoid, else zero"),
        Parameter("lives_in_east_asia", "1", "one at a site in East Asia, else zero"),
        Parameter("age", "year", "age at entry"),
        Parameter(
            "zoster_rate",
            "event/day",
            "herpes zoster at the reference age without blockade, mycophenolate or glucocorticoid",
        ),
        Parameter("zoster_log_rate_ratio_blockade", "1", "log rate ratio under complete blockade"),
        Parameter("zoster_log_rate_ratio_mmf", "1", "log rate ratio on mycophenolate"),
        Parameter("zoster_log_rate_ratio_glucocorticoid", "1", "log rate ratio on glucocorticoid"),
        Parameter("zoster_log_rate_ratio_east_asia", "1", "log rate ratio in East Asia"),
        Parameter("zoster_log_rate_per_age", "1/year", "rise of the log rate with age"),
        Parameter("zoster_reference_age", "year", "age that the rate is told at"),
        Parameter(
            "zoster_log_interaction_mmf",
            "1",
            "how much smaller the blockade's log rate ratio is on mycophenolate",
        ),
        Parameter("infection_rate", "event/day", "serious infection without blockade and mycophenolate"),
        Parameter("infection_log_rate_ratio_blockade", "1", "log rate ratio under complete blockade"),
        Parameter("infection_log_rate_ratio_mmf", "1", "log rate ratio on mycophenolate"),
        Parameter("infection_log_rate_ratio_glucocorticoid", "1", "log rate ratio on glucocorticoid"),
        Parameter(
            "infection_glucocorticoid_share", "1", "share on glucocorticoid behind the rate of infection"
        ),
    ),
    reactions=(
        Reaction("zoster_occurrence", {"zoster_hazard": +1}, _zoster),
        Reaction("infection_occurrence", {"infection_hazard": +1}, _infection),
    ),
)
