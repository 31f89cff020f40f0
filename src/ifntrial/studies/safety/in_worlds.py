"""Safety in each world of a study: expected events and years at risk of the average patient, by arm."""

from array import array
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.clinic.observe import observe_arms
from ifntrial.clinic.safety import SafetyEvent, draw_early_shares, expected_by, told_events, years_at_risk
from ifntrial.design.design import TrialDesign
from ifntrial.patients.records import LatentCourse
from ifntrial.studies.common_trial import CommonTrial


@dataclass(frozen=True, slots=True)
class SafetyNumbers:
    """One world.

    Parameters
    ----------
    years
        Arm to mean years at risk of a patient.
    expected
        Event to arm to mean expected events of a patient.
    """

    years: Mapping[str, float]
    expected: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class SafetyInWorlds:
    """``SafetyNumbers`` of all worlds, each (worlds,)."""

    years: Mapping[str, FloatArray]
    expected: Mapping[str, Mapping[str, FloatArray]]


def events_of(design: TrialDesign) -> tuple[SafetyEvent, ...]:
    """Return the events that are told of a design, by the drug and the route of its active arm."""
    dosing = design.active.planned_dosing()
    return told_events(design.active.drug_name, dosing.parts[0].route)


def safety_numbers(
    trial: CommonTrial, courses: Mapping[str, LatentCourse], weight: FloatArray
) -> SafetyNumbers:
    """Return safety in one world, from courses that are simulated already and one conduct of the trial.

    Parameters
    ----------
    courses
        True course of the active and the control arm.
    weight
        Of each subject, zero for one that was not simulated, shape (subjects,).
    """
    design, week = trial.design, trial.design.primary.visit_week
    pair = {arm.name: courses[arm.name] for arm in (design.active, design.control)}
    observed = observe_arms(
        design, pair, trial.population.covariates, trial.error, seed=trial.seed, replicates=1
    )
    world = next(iter(pair.values())).world
    shares = draw_early_shares(trial.evidence, trial.seed, world)

    def mean(values: FloatArray) -> float:
        return float(np.average(np.nan_to_num(values[0]), weights=weight))

    return SafetyNumbers(
        {name: mean(years_at_risk(arm, week)) for name, arm in observed.items()},
        {
            event.name: {
                name: mean(
                    expected_by(
                        event, arm, week, design.assumed, shares, is_active=name == design.active.name
                    )
                )
                for name, arm in observed.items()
            }
            for event in events_of(design)
        },
    )


class SafetyTally:
    """Takes one world after another, in their order."""

    def __init__(self) -> None:
        self._values: defaultdict[tuple[str, str], array[float]] = defaultdict(lambda: array("d"))

    def add(self, world: SafetyNumbers) -> None:
        """Take the next world."""
        for arm, years in world.years.items():
            self._values["", arm].append(years)
        for event, by_arm in world.expected.items():
            for arm, expected in by_arm.items():
                self._values[event, arm].append(expected)

    def total(self) -> SafetyInWorlds:
        """Return what was taken, once all worlds are."""
        found: dict[str, dict[str, FloatArray]] = {}
        for (event, arm), values in self._values.items():
            found.setdefault(event, {})[arm] = np.array(values)
        return SafetyInWorlds(found.pop("", {}), found)
