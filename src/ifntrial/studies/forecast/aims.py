"""What one world says beyond the primary test: key secondary endpoints in the same trial, and other strategies."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ifntrial.arrays import AnyArray, BoolArray, FloatArray, IntArray
from ifntrial.catalog.readings import AnalysisOfReadings
from ifntrial.clinic.beyond_events import (
    BeyondEvents,
    StrategyName,
    observe_beyond_events,
    responses_by_strategy,
    with_strategy,
)
from ifntrial.clinic.conduct import ObservedArm
from ifntrial.clinic.endpoints.record import Endpoint, Endpoints
from ifntrial.clinic.responses_by_rule import RuleResponses
from ifntrial.design.conditions import parse_condition
from ifntrial.design.design import PlannedEndpoint, TrialDesign
from ifntrial.items import ITEMS
from ifntrial.likelihood.trial_of_subjects import TrialOfSubjects
from ifntrial.patients.records import LatentCourse
from ifntrial.statistics.joint_power import LinearTest, change_test, joint_power, response_test
from ifntrial.statistics.power import WorldPower
from ifntrial.studies.common_trial import CommonTrial
from ifntrial.studies.forecast.records import AimNumbers, SecondaryNumbers
from ifntrial.studies.primary_power import Found, primary_power, rule_numbers
from ifntrial.studies.primary_values import primary_values

TESTED = ("responder", "change", "value")
"""Kinds of endpoints whose test in a trial is followed here; counts and times are not."""


def followed_secondaries(design: TrialDesign, endpoints: Endpoints) -> tuple[PlannedEndpoint, ...]:
    """Return the key secondary endpoints of a design up to the first whose test is not followed here, in their order."""
    chosen: list[PlannedEndpoint] = []
    for planned in design.key_secondary:
        if endpoints[planned.endpoint].kind not in TESTED:
            break
        chosen.append(planned)
    return tuple(chosen)


def read_here(
    design: TrialDesign, endpoints: Endpoints, courses: Mapping[str, LatentCourse]
) -> dict[str, LatentCourse]:
    """Return courses with what the endpoints of a design are read from: biomarkers only where one is an endpoint."""
    if any(endpoints[each.endpoint].kind != "change" for each in followed_secondaries(design, endpoints)):
        return dict(courses)
    return {
        arm: replace(
            course, values={name: each for name, each in course.values.items() if not _is_biomarker(name)}
        )
        for arm, course in courses.items()
    }


def _is_biomarker(quantity: str) -> bool:
    return quantity in ITEMS and ITEMS[quantity].is_biomarker


def orders_of_testing(count: int) -> tuple[tuple[int, ...], ...]:
    """Return orders of testing, as places in the design: its own, then with each later one moved to the front.

    Examples
    --------
    >>> orders_of_testing(3)
    ((0, 1, 2), (1, 0, 2), (2, 0, 1))
    """
    own = tuple(range(count))
    return tuple((first, *(place for place in own if place != first)) for first in own)


def order_name(order: Sequence[int]) -> str:
    """Return the key of an order in the numbers of a world.

    Examples
    --------
    >>> order_name((1, 0))
    '1 0'
    """
    return " ".join(str(place) for place in order)


@dataclass(frozen=True, slots=True)
class Subjects:
    """The common subjects of a world.

    Parameters
    ----------
    covariates
        Name to values, each (subjects,).
    weight
        Share of the population, zero for one that was not simulated, shape (subjects,).
    stratum
        Number of the randomization stratum, shape (subjects,).
    """

    covariates: Mapping[str, AnyArray]
    weight: FloatArray
    stratum: IntArray


@dataclass(frozen=True, slots=True)
class PrimaryInWorld:
    """The primary endpoint of the common subjects, and the power of its test."""

    found: Found
    power: WorldPower


def aim_numbers(
    trial: CommonTrial,
    endpoints: Endpoints,
    courses: Mapping[str, LatentCourse],
    subjects: Subjects,
    primary: PrimaryInWorld,
) -> AimNumbers:
    """Return what one world says beyond the primary test, from the same subjects, errors and luck.

    Parameters
    ----------
    courses
        True course of the active and the control arm.
    """
    design = trial.design
    seen = observe_beyond_events(
        design,
        read_here(design, endpoints, courses),
        subjects.covariates,
        trial.error,
        seed=trial.seed,
        replicates=trial.replicates,
    )
    strategies = _by_strategy(trial, seen, subjects)
    secondaries, sequences = secondary_numbers(design, endpoints, seen.planned, subjects, primary)
    return AimNumbers(
        {
            name: rule_numbers(primary_power(design, found, subjects.weight, subjects.stratum))
            for name, found in strategies.items()
        },
        secondaries,
        sequences,
    )


def _by_strategy(trial: CommonTrial, seen: BeyondEvents, subjects: Subjects) -> Mapping[str, Found]:
    analysis = trial.analysis
    if not isinstance(analysis, AnalysisOfReadings):
        return {
            str(name): each
            for name, each in responses_by_strategy(trial.design, trial.endpoint, seen).items()
        }
    if trial.endpoint.kind not in ("change", "value"):
        return {}
    arms: dict[StrategyName, Mapping[str, ObservedArm]] = {
        "treatment_policy": seen.followed,
        "hypothetical": seen.undisturbed,
    }
    return {
        name: primary_values(
            with_strategy(trial.design, name),
            trial.endpoint,
            analysis,
            own,
            subjects.weight,
            subjects.stratum,
        )
        for name, own in arms.items()
    }


def secondary_numbers(
    design: TrialDesign,
    endpoints: Endpoints,
    seen: Mapping[str, ObservedArm],
    subjects: Subjects,
    primary: PrimaryInWorld,
) -> tuple[tuple[SecondaryNumbers, ...], dict[str, tuple[float, ...]]]:
    """Return each key secondary endpoint's own test, and order of testing to the chances of a fixed sequence.

    These are that the primary and the first, the first two … of them are significant in the same trial: each is tested
    at the full level, once all before it were met.

    Parameters
    ----------
    seen
        Arm to what the trial reads, also after stopping and escape therapy.
    primary
        The primary endpoint in this world.
    """
    planned = followed_secondaries(design, endpoints)
    if not planned:
        return (), {}
    trial = TrialOfSubjects(
        subjects.weight / subjects.weight.sum(),
        subjects.stratum,
        design.n_of(design.active),
        design.n_of(design.control),
    )
    first, found = endpoints[design.primary.endpoint], primary.found
    if isinstance(found, RuleResponses):
        compared, sign = _outcomes(design, first, design.primary.visit_week, seen), _sign(first)
    else:
        compared, sign = (found.active, found.control), found.test.sign
    tests = [
        response_test(*compared, trial, power=primary.power),
        *(_test(design, each, endpoints[each.endpoint], seen, subjects, trial) for each in planned),
    ]
    signs = [
        sign,
        *(_sign(endpoints[each.endpoint]) for each in planned),
    ]

    def together(order: Sequence[int]) -> Iterator[float]:
        for last in range(len(order)):
            places = [0, *sorted(place + 1 for place in order[: last + 1])]
            yield joint_power([tests[place] for place in places], [signs[place] for place in places], trial)

    numbers = tuple(
        SecondaryNumbers(t.power, t.standard_error, t.difference, t.n_active, t.n_control, t.trial_sd)
        for t in tests[1:]
    )
    return numbers, {order_name(order): tuple(together(order)) for order in orders_of_testing(len(planned))}


def _sign(endpoint: Endpoint) -> float:
    return 1.0 if endpoint.higher_is_better else -1.0


def _outcomes(
    design: TrialDesign, endpoint: Endpoint, week: float, seen: Mapping[str, ObservedArm]
) -> tuple[FloatArray, FloatArray]:
    active, control = (
        endpoint.compute(seen[arm.name], week, design.assumed) for arm in (design.active, design.control)
    )
    return active, control


def _test(
    design: TrialDesign,
    planned: PlannedEndpoint,
    endpoint: Endpoint,
    seen: Mapping[str, ObservedArm],
    subjects: Subjects,
    trial: TrialOfSubjects,
) -> LinearTest:
    # a response is compared in shares, without a baseline: all but the stratified test of the primary one
    active, control = _outcomes(design, endpoint, planned.visit_week, seen)
    return change_test(
        active,
        control,
        _baseline(endpoint, seen[design.control.name]),
        _members(planned, subjects),
        trial,
        higher_is_better=endpoint.higher_is_better,
        alpha_one_sided=design.assumed.analysis.alpha_one_sided,
    )


def _members(planned: PlannedEndpoint, subjects: Subjects) -> BoolArray:
    if planned.among is None:
        return np.ones(len(subjects.weight), dtype=bool)
    return parse_condition(planned.among).holds(dict(subjects.covariates))


def _baseline(endpoint: Endpoint, observed: ObservedArm) -> FloatArray | None:
    """Return what the analysis adjusts a change for: the reading at baseline, the same in every arm."""
    quantity = endpoint.name.removesuffix("_change")
    if quantity == endpoint.name or quantity not in observed.values:
        return None
    return np.asarray(observed.values[quantity][..., 0])
