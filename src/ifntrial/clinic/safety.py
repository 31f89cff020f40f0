"""Events of safety in an arm as the trial follows it: how many are expected of each subject, and how long it is at risk.

Zoster and infections have a hazard of the model, organ events and death one of the design and the model. Reactions to
the drug and antibodies against it come early: a share of those who are treated long enough, half of it within a few
weeks. These shares are those of anifrolumab in lupus, by the route of the drug; for another drug they are not told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.calendar import WEEKS_PER_YEAR
from ifntrial.clinic.conduct import ObservedArm
from ifntrial.clinic.endpoints.events import expected_events, expected_in_time
from ifntrial.clinic.organ_events import HAZARDS, RELATIVE_HAZARD, baseline_of, cumulative_hazard
from ifntrial.design.assumed import AssumedRules
from ifntrial.evidence.distributions import prior_distribution
from ifntrial.evidence.records import Evidence, ParameterValue
from ifntrial.evidence.rows import Each, Rows
from ifntrial.seeds import Stream
from ifntrial.units import convert

Kind = Literal["hazard", "organ", "early"]

DRUG_OF_SHARES = "anifrolumab"


@dataclass(frozen=True, slots=True)
class SafetyEvent:
    """An event that is told by arm.

    Parameters
    ----------
    name, label
        In files and in words.
    kind
        ``hazard`` of the model, ``organ`` event of the design, or ``early``: a share of those who are treated.
    borrowed
        What of its number comes from lupus, in words; empty where nothing does.
    hazard
        Quantity of the model behind it.
    route
        Of the drug, where it belongs to one.
    """

    name: str
    label: str
    kind: Kind
    borrowed: str = ""
    hazard: str = ""
    route: str = ""


_ORGANS = {
    "renal_crisis": "Renal crisis",
    "left_ventricular_failure": "Left ventricular failure",
    "pulmonary_arterial_hypertension": "Pulmonary arterial hypertension",
    "gut_failure": "Gut failure",
    "digital_ischemia": "Digital ischaemia",
    "death": "Death",
}

SAFETY_EVENTS = (
    SafetyEvent(
        "zoster",
        "Herpes zoster",
        "hazard",
        "all: the rate, what background does to it, and the rate ratio under blockade",
        hazard="zoster_hazard",
    ),
    SafetyEvent(
        "serious_infection",
        "Serious infection",
        "hazard",
        "the rate ratio under blockade; the rate is that of one untreated arm in systemic sclerosis",
        hazard="infection_hazard",
    ),
    SafetyEvent("hypersensitivity", "Hypersensitivity", "early", "all: the shares in both arms"),
    SafetyEvent(
        "infusion_reaction", "Infusion reaction", "early", "all: the shares in both arms", route="IV"
    ),
    SafetyEvent(
        "injection_site_reaction",
        "Injection-site reaction",
        "early",
        "nothing was read: a judgement after infusion reactions",
        route="SC",
    ),
    SafetyEvent(
        "antidrug_antibodies", "Antibodies against the drug", "early", "all: the share, mostly intravenous"
    ),
    *(SafetyEvent(name, _ORGANS[name], "organ", hazard=RELATIVE_HAZARD.format(name)) for name in HAZARDS),
)

_EARLY = tuple(event.name for event in SAFETY_EVENTS if event.kind == "early")
_ON_CONTROL = tuple(name for name in _EARLY if name != "antidrug_antibodies")


@dataclass(frozen=True, slots=True)
class _Early:
    """Shares of those who are treated, and how soon."""

    active: Annotated[Mapping[str, ParameterValue], Each("{}_active", dict.fromkeys(_EARLY, "1"))]
    control: Annotated[Mapping[str, ParameterValue], Each("{}_control", dict.fromkeys(_ON_CONTROL, "1"))]
    early_half_time: Annotated[ParameterValue, "week"]


_EARLY_ROWS = Rows("safety", _Early)


@dataclass(frozen=True, slots=True)
class EarlyShares:
    """What one world thinks of reactions and antibodies.

    Parameters
    ----------
    active, control
        Event to the share of those treated to the end.
    half_time_weeks
        By when half of them have come.
    """

    active: Mapping[str, float]
    control: Mapping[str, float]
    half_time_weeks: float


def draw_early_shares(evidence: Evidence, seed: int, world: int) -> EarlyShares:
    """Return the shares of a world, from their priors; the typical world (below zero) has those of the tables."""
    rows = _EARLY_ROWS.read(evidence)

    def drawn(row: ParameterValue) -> float:
        if world < 0:
            return row.value
        u = Stream(seed, f"world: {row.name}").uniform(1, world=world)
        return float(prior_distribution(row).ppf(u)[0])

    half_time = rows.early_half_time
    return EarlyShares(
        {name: drawn(row) for name, row in rows.active.items()},
        {name: drawn(row) for name, row in rows.control.items()},
        drawn(half_time) * convert(1.0, half_time.unit, "week"),
    )


def told_events(drug: str, route: str) -> tuple[SafetyEvent, ...]:
    """Return the events that are told of a trial of a drug: early ones by its route, if their shares are of this drug."""
    return tuple(
        event
        for event in SAFETY_EVENTS
        if event.kind != "early" or (drug == DRUG_OF_SHARES and event.route in ("", route))
    )


def expected_by(
    event: SafetyEvent,
    observed: ObservedArm,
    visit_week: float,
    rules: AssumedRules,
    shares: EarlyShares,
    *,
    is_active: bool,
) -> FloatArray:
    """Return how many events are expected of each subject until a visit or leaving, shape (replicates, subjects)."""
    if event.kind == "hazard":
        return expected_events(observed, event.hazard, visit_week)
    if event.kind == "early":
        of_arm = shares.active if is_active else shares.control
        treated = np.minimum(np.minimum(observed.discontinuation_week, observed.leaving_week), visit_week)
        come = 1.0 - 0.5 ** (treated / shares.half_time_weeks)
        return np.asarray(of_arm.get(event.name, 0.0) * come)
    base = baseline_of(event.name, rules.organ_events, observed.covariates)
    relative = observed.values.get(event.hazard, np.ones_like(observed.values["mrss"]))
    return expected_in_time(observed, cumulative_hazard(base, relative, observed.visit_week), visit_week)


def years_at_risk(observed: ObservedArm, visit_week: float) -> FloatArray:
    """Return the years until a visit or leaving, shape (replicates, subjects)."""
    return np.minimum(observed.leaving_week, visit_week) / WEEKS_PER_YEAR
