"""One world of a forecast: both arms of common subjects, their responses, and what goes into the report."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray, IntArray, WordArray
from ifntrial.clinic.endpoints.record import Endpoints
from ifntrial.clinic.responses_by_rule import RuleResponses
from ifntrial.design.design import TrialDesign
from ifntrial.evidence.rows import Pure, Rows
from ifntrial.items import ITEMS
from ifntrial.patients.records import LatentCourse
from ifntrial.statistics.looks.plan import over_looks
from ifntrial.statistics.power import stratum_index
from ifntrial.studies.common_trial import CommonTrial, failures, require_some_solved
from ifntrial.studies.forecast.aims import PrimaryInWorld, Subjects, aim_numbers
from ifntrial.studies.forecast.records import (
    Audit,
    ForecastWorld,
    GroupNumbers,
    Means,
    SubjectNumbers,
    WorldNumbers,
)
from ifntrial.studies.other_drugs import DrugInWorlds, pair_courses
from ifntrial.studies.over_looks import drift_in, power_over_looks
from ifntrial.studies.primary_power import (
    Found,
    group_power,
    primary_found,
    primary_power,
    rule_numbers,
    subject_means,
)
from ifntrial.studies.repeated_trials import RepeatedTrials, trials_without_effect
from ifntrial.studies.safety.in_worlds import safety_numbers
from ifntrial.worlds.draw import Worlds

FOLLOWED = tuple(name for name, item in ITEMS.items() if not item.read_with)
"""True values whose means over time the report shows."""


@dataclass(frozen=True, slots=True)
class _Healthy:
    """Where the healthy range ends."""

    signature_healthy_upper: Pure


_HEALTHY = Rows("", _Healthy)


@dataclass(frozen=True, slots=True)
class ForecastTrial:
    """A trial in many worlds, whose panels of patients take turns.

    Parameters
    ----------
    common
        The trial with the virtual patients of all panels, one panel after another.
    endpoints
        All that a design may plan.
    panels
        How many panels there are.
    panel_of_world
        Place of each world's panel among them, shape (worlds,); see ``panels``.
    has_effect
        Whether each world is simulated with its drug effect, shape (worlds,); empty where nobody asks.
    others
        Drugs beside that of the trial's model, each with the patients of all panels.
    """

    common: CommonTrial
    endpoints: Endpoints
    panels: int
    panel_of_world: tuple[int, ...]
    worlds: Worlds
    has_effect: tuple[bool, ...] = ()
    others: Mapping[str, DrugInWorlds] = field(default_factory=dict)

    @property
    def design(self) -> TrialDesign:
        """What is planned."""
        return self.common.design

    @property
    def subjects(self) -> int:
        """Number of patients in a world."""
        return self.common.population.size // self.panels

    def places(self, position: int) -> np.ndarray:
        """Return the places of a world's patients among those of all panels, shape (subjects,)."""
        first = self.panel_of_world[position] * self.subjects
        return np.arange(first, first + self.subjects)

    def in_world(self, position: int) -> CommonTrial:
        """Return the trial with the patients of one world."""
        return replace(self.common, population=self.common.population.take(self.places(position)))


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


def simulate_world(trial: ForecastTrial, position: int, *, keep_subjects: bool = False) -> WorldOutcome:
    """Return the outcome of the world at ``position``.

    Parameters
    ----------
    keep_subjects
        Keep each subject's chance of response and suppression.

    Raises
    ------
    InputError
        If no subject of this world could be simulated.
    """
    own = trial.in_world(position)
    world, design = int(trial.worlds.number[position]), own.design
    others = {name: each.of(trial.places(position)) for name, each in trial.others.items()}
    courses = pair_courses(own, trial.worlds, position, others)
    is_solved = np.all([course.status == "ok" for course in courses.values()], axis=0)
    failed = failures(courses)
    require_some_solved(world, own.population.size, failed)
    weight = _weight(own, is_solved)
    stratum, _ = stratum_index(design, dict(own.population.covariates))
    found = primary_found(own, courses, weight, stratum)
    looks = over_looks(design)
    at_once = {rule: primary_power(design, each, weight, stratum) for rule, each in found.items()}
    powers = {rule: power_over_looks(each, looks) for rule, each in at_once.items()}
    groups = _by_signature(own, courses, found[""], is_solved)
    numbers = WorldNumbers(
        world=world,
        status=_count(np.concatenate([course.status for course in courses.values()])),
        failed=failed,
        audit=_audit(courses),
        rules={rule: rule_numbers(power) for rule, power in powers.items()},
        by_ifn={group: own_numbers for group, (own_numbers, _) in groups.items()},
        aims=aim_numbers(
            own,
            trial.endpoints,
            courses,
            Subjects(own.population.covariates, weight, stratum),
            PrimaryInWorld(found[""], powers[""]),
        ),
        safety=safety_numbers(own, courses, weight),
        repeated=_repeated(trial, own, position, found[""], weight, stratum),
        drift=None if looks is None else drift_in(at_once[""], looks),
    )
    record = ForecastWorld(
        numbers=numbers,
        means=_means(own, courses, is_solved),
        # errors of worlds on common subjects add up: what each subject contributes is needed for the mean
        influence={"all": powers[""].influence}
        | {group: influence for group, (_, influence) in groups.items()},
        parameters={name: float(values[position]) for name, values in trial.worlds.parameters.items()},
        history={name: float(values[position]) for name, values in trial.worlds.history.items()},
        subjects=_subjects(design, courses, found[""]) if keep_subjects else None,
    )
    return WorldOutcome(record, courses)


def _subjects(design: TrialDesign, courses: Mapping[str, LatentCourse], found: Found) -> SubjectNumbers:
    blood = courses[design.active.name].values["signature_suppression_blood"][:, design.primary_visit]
    return SubjectNumbers(*subject_means(found), np.where(np.isfinite(blood), blood, np.nan))


def _repeated(
    trial: ForecastTrial,
    own: CommonTrial,
    position: int,
    found: Found,
    weight: FloatArray,
    stratum: IntArray,
) -> RepeatedTrials | None:
    """Return whole trials of a world without an effect, where these are not counted from shares of responders."""
    if isinstance(found, RuleResponses) or not trial.has_effect or trial.has_effect[position]:
        return None
    return trials_without_effect(own, found, weight, stratum, world=int(trial.worlds.number[position]))


def _count(words: WordArray) -> dict[str, int]:
    found, counts = np.unique(words, return_counts=True)
    return {str(word): int(count) for word, count in zip(found, counts, strict=True)}


def _audit(courses: Mapping[str, LatentCourse]) -> Audit:
    errors = np.concatenate([course.audit_errors for course in courses.values()])
    known = errors[np.isfinite(errors)]
    return Audit(len(errors), float(known.max()) if len(known) else None)


def _weight(own: CommonTrial, is_solved: BoolArray) -> FloatArray:
    return np.where(is_solved, own.population.prevalence_weight, 0.0)


def _groups(own: CommonTrial) -> dict[str, BoolArray]:
    is_high = own.population.covariates["is_ifn_high"].astype(bool)
    return {"all": np.ones(len(is_high), dtype=bool), "high": is_high, "low": ~is_high}


def _by_signature(
    own: CommonTrial, courses: Mapping[str, LatentCourse], found: Found, is_solved: BoolArray
) -> dict[str, tuple[GroupNumbers, FloatArray]]:
    """Return for each group its numbers, and what each subject adds to the error of its power."""
    design, weight, result = own.design, _weight(own, is_solved), {}
    for group, is_member in _groups(own).items():
        if group == "all" or weight[is_member].sum() == 0:
            continue
        power = group_power(design, found, weight, is_member)
        blood = courses[design.active.name].values["signature_suppression_blood"]
        chosen = is_member & is_solved
        numbers = GroupNumbers(
            numbers=rule_numbers(power),
            share=float(weight[is_member].sum() / weight.sum()),
            suppression_blood=float(np.median(blood[chosen, design.primary_visit])),
            returned={arm: _returned(own, course, chosen) for arm, course in courses.items()},
        )
        result[group] = numbers, power.influence
    return result


def _returned(own: CommonTrial, course: LatentCourse, chosen: BoolArray) -> float:
    """Return the share whose blood score is back in the healthy range at the primary visit: suppression (c)."""
    limit = _HEALTHY.read(own.evidence).signature_healthy_upper
    return float(np.mean(course.values["signature_blood"][chosen, own.design.primary_visit] <= limit))


def _means(own: CommonTrial, courses: Mapping[str, LatentCourse], is_solved: BoolArray) -> Means:
    weight = _weight(own, is_solved)
    return {
        name: {
            group: {
                arm: _mean(course.values[name], np.where(is_member, weight, 0.0))
                for arm, course in courses.items()
            }
            for group, is_member in _groups(own).items()
        }
        for name in FOLLOWED
    }


def _mean(values: FloatArray, weight: FloatArray) -> FloatArray:
    if weight.sum() == 0:
        return np.full(values.shape[1], np.nan)
    return np.asarray(np.average(np.nan_to_num(values), axis=0, weights=weight))
