"""One world of a forecast: both arms of common subjects, their responses, and what goes into the report."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray, WordArray
from ifntrial.clinic.endpoints.record import Endpoint
from ifntrial.clinic.readings import MeasurementError
from ifntrial.clinic.responses_by_rule import RuleResponses, responses_by_rule
from ifntrial.course.assemble import subject_parameters
from ifntrial.course.simulate import simulate_arm
from ifntrial.design.design import TrialDesign
from ifntrial.errors import InputError
from ifntrial.evidence.records import Evidence
from ifntrial.evidence.rows import Pure, Rows
from ifntrial.items import ITEMS
from ifntrial.model import Model
from ifntrial.model.mechanisms.drug_effect import DRUG_EFFECT
from ifntrial.patients.records import LatentCourse, VirtualPopulation
from ifntrial.statistics.power import WorldPower, power_in_subgroup, power_of_stratified_cmh, stratum_index
from ifntrial.studies.forecast.records import (
    Audit,
    ForecastWorld,
    GroupNumbers,
    Means,
    RuleNumbers,
    SubjectNumbers,
    WorldNumbers,
)
from ifntrial.ties import exceeds
from ifntrial.worlds.draw import Worlds

FOLLOWED = tuple(name for name, item in ITEMS.items() if not item.read_with)
"""True values whose means over time the report shows."""

FIRST_NULL_WORLDS = 12
"""The drug effect is also set to zero in this many worlds, through the same path."""


@dataclass(frozen=True, slots=True)
class _Healthy:
    """Where the healthy range ends."""

    signature_healthy_upper: Pure


_HEALTHY = Rows("", _Healthy)


@dataclass(frozen=True, slots=True)
class ForecastTrial:
    """All that one world needs beside its own draws."""

    design: TrialDesign
    endpoint: Endpoint
    model: Model
    evidence: Evidence
    population: VirtualPopulation
    worlds: Worlds
    error: MeasurementError
    seed: int
    replicates: int


@dataclass(frozen=True, slots=True)
class WorldOutcome:
    """What one world gives.

    Parameters
    ----------
    record
        What is kept of it for the report.
    courses
        Arm to true course.
    """

    record: ForecastWorld
    courses: Mapping[str, LatentCourse]


def simulate_world(
    trial: ForecastTrial, position: int, *, with_null: bool = False, keep_subjects: bool = False
) -> WorldOutcome:
    """Return the outcome of the world at ``position``.

    Parameters
    ----------
    with_null
        Also simulate the same world without drug effect.
    keep_subjects
        Keep each subject's chance of response and suppression.

    Raises
    ------
    InputError
        If no subject of this world could be simulated.
    """
    parameters = subject_parameters(trial.model, trial.evidence, trial.population, trial.worlds, position)
    world = int(trial.worlds.number[position])
    design = trial.design
    courses = {
        arm.name: simulate_arm(
            trial.model, parameters, arm.dosing(), design.visit_weeks, arm=arm.name, world=world
        )
        for arm in (design.active, design.control)
    }
    is_solved = np.all([course.status == "ok" for course in courses.values()], axis=0)
    if not is_solved.any():
        raise InputError(
            f"no subject of world {world} could be simulated",
            given=f"{len(is_solved)} subjects",
            fix="look at the status column; a parameter may be out of its range",
        )
    responses = _responses(trial, courses)
    powers = {rule: _power(trial, found, is_solved) for rule, found in responses.items()}
    groups = _by_signature(trial, courses, responses[""], is_solved)
    numbers = WorldNumbers(
        world=world,
        status=_count(np.concatenate([course.status for course in courses.values()])),
        failed=_failures(courses),
        audit=_audit(courses),
        rules={rule: _numbers(power) for rule, power in powers.items()},
        by_ifn={group: found for group, (found, _) in groups.items()},
        null=_null(trial, parameters, courses[design.control.name], is_solved) if with_null else None,
    )
    record = ForecastWorld(
        numbers=numbers,
        means=_means(trial, courses, is_solved),
        # errors of worlds on common subjects add up: what each subject contributes is needed for the mean
        influence={"all": powers[""].influence} | {group: found for group, (_, found) in groups.items()},
        parameters={name: float(values[position]) for name, values in trial.worlds.parameters.items()},
        history={name: float(values[position]) for name, values in trial.worlds.history.items()},
        subjects=_subjects(design, courses, responses[""]) if keep_subjects else None,
    )
    return WorldOutcome(record, courses)


def _subjects(
    design: TrialDesign, courses: Mapping[str, LatentCourse], found: RuleResponses
) -> SubjectNumbers:
    blood = courses[design.active.name].values["signature_suppression_blood"][:, design.primary_visit]
    return SubjectNumbers(found.active, found.control, np.where(np.isfinite(blood), blood, np.nan))


def _responses(trial: ForecastTrial, courses: Mapping[str, LatentCourse]) -> dict[str, RuleResponses]:
    return responses_by_rule(
        trial.design,
        trial.endpoint,
        courses,
        trial.population.covariates,
        trial.error,
        seed=trial.seed,
        replicates=trial.replicates,
    )


def _count(words: WordArray) -> dict[str, int]:
    found, counts = np.unique(words, return_counts=True)
    return {str(word): int(count) for word, count in zip(found, counts, strict=True)}


def _failures(courses: Mapping[str, LatentCourse]) -> dict[str, str]:
    """Return the subjects that could not be simulated in some arm, each with the arm and the reason."""
    return {
        str(subject): f"{arm}: {course.status[subject]}"
        for arm, course in courses.items()
        for subject in np.flatnonzero(course.status != "ok")
    }


def _audit(courses: Mapping[str, LatentCourse]) -> Audit:
    errors = np.concatenate([course.audit_errors for course in courses.values()])
    known = errors[np.isfinite(errors)]
    return Audit(len(errors), float(known.max()) if len(known) else None)


def _weight(trial: ForecastTrial, is_solved: BoolArray) -> FloatArray:
    return np.where(is_solved, trial.population.prevalence_weight, 0.0)


def _power(trial: ForecastTrial, found: RuleResponses, is_solved: BoolArray) -> WorldPower:
    design = trial.design
    stratum, _ = stratum_index(design, dict(trial.population.covariates))
    return power_of_stratified_cmh(
        found.active,
        found.control,
        _weight(trial, is_solved),
        stratum,
        n_active=design.n_of(design.active),
        n_control=design.n_of(design.control),
        alpha_one_sided=design.assumed.analysis.alpha_one_sided,
    )


def _numbers(power: WorldPower) -> RuleNumbers:
    active, control = power.rates.overall
    is_open = bool(exceeds([active, control, 1.0 - active, 1.0 - control], 0.0, scale=1.0).all())
    return RuleNumbers(
        power=power.power,
        standard_error=power.standard_error,
        active=active,
        control=control,
        log_odds_ratio=power.rates.log_odds_ratio if is_open else None,
        strata=power.rates,
    )


def _groups(trial: ForecastTrial) -> dict[str, BoolArray]:
    is_high = trial.population.covariates["is_ifn_high"].astype(bool)
    return {"all": np.ones(len(is_high), dtype=bool), "high": is_high, "low": ~is_high}


def _by_signature(
    trial: ForecastTrial, courses: Mapping[str, LatentCourse], found: RuleResponses, is_solved: BoolArray
) -> dict[str, tuple[GroupNumbers, FloatArray]]:
    """Return for each group its numbers, and what each subject adds to the error of its power."""
    design, weight, result = trial.design, _weight(trial, is_solved), {}
    for group, is_member in _groups(trial).items():
        if group == "all" or weight[is_member].sum() == 0:
            continue
        power = power_in_subgroup(
            found.active,
            found.control,
            weight,
            is_member,
            n_active=design.n_of(design.active),
            n_control=design.n_of(design.control),
            alpha_one_sided=design.assumed.analysis.alpha_one_sided,
        )
        blood = courses[design.active.name].values["signature_suppression_blood"]
        chosen = is_member & is_solved
        numbers = GroupNumbers(
            numbers=_numbers(power),
            share=float(weight[is_member].sum() / weight.sum()),
            suppression_blood=float(np.median(blood[chosen, design.primary_visit])),
            returned={arm: _returned(trial, course, chosen) for arm, course in courses.items()},
        )
        result[group] = numbers, power.influence
    return result


def _returned(trial: ForecastTrial, course: LatentCourse, chosen: BoolArray) -> float:
    """Return the share whose blood score is back in the healthy range at the primary visit: suppression (c)."""
    limit = _HEALTHY.read(trial.evidence).signature_healthy_upper
    return float(np.mean(course.values["signature_blood"][chosen, trial.design.primary_visit] <= limit))


def _means(trial: ForecastTrial, courses: Mapping[str, LatentCourse], is_solved: BoolArray) -> Means:
    weight = _weight(trial, is_solved)
    return {
        name: {
            group: {
                arm: _mean(course.values[name], np.where(is_member, weight, 0.0))
                for arm, course in courses.items()
            }
            for group, is_member in _groups(trial).items()
        }
        for name in FOLLOWED
    }


def _mean(values: FloatArray, weight: FloatArray) -> FloatArray:
    if weight.sum() == 0:
        return np.full(values.shape[1], np.nan)
    return np.asarray(np.average(np.nan_to_num(values), axis=0, weights=weight))


def _null(
    trial: ForecastTrial,
    parameters: Mapping[str, FloatArray],
    control: LatentCourse,
    is_solved: BoolArray,
) -> RuleNumbers:
    """Return the power with the drug effect set to zero: the drug is given, and nothing follows from it."""
    without_effect = dict(parameters) | {name: np.zeros(trial.population.size) for name in DRUG_EFFECT}
    courses = {
        # who gets no drug has no effect to lose
        arm.name: control
        if arm.dosing().is_placebo
        else simulate_arm(
            trial.model,
            without_effect,
            arm.dosing(),
            trial.design.visit_weeks,
            arm=arm.name,
            world=control.world,
        )
        for arm in (trial.design.control, trial.design.active)
    }
    solved = [course.status == "ok" for course in courses.values()]
    found = _responses(trial, courses)[""]
    return _numbers(_power(trial, found, np.all([is_solved, *solved], axis=0)))
