"""What each rule of a trial does to the response on placebo: the revised composite index, one rule at a time.

Published placebo rates come without a word on how many of the failures were organ events, missing visits or escape
therapy. So the same virtual patients, with the same readings and the same luck, are counted five times, each time with
one rule more. The rules are those of the endpoint and of the design; nothing is fitted here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.clinic.conduct import ObservedArm
from ifntrial.clinic.endpoints.rcriss import compute_rcriss, variant
from ifntrial.clinic.endpoints.record import visit_index
from ifntrial.clinic.enroll import enroll
from ifntrial.clinic.observe import with_variant
from ifntrial.course.assemble import typical_world
from ifntrial.design.assumed import AssumedRules
from ifntrial.design.design import TrialDesign
from ifntrial.levels import NORMAL_95
from ifntrial.studies.validate.checks.cohorts import DESIGNS
from ifntrial.studies.validate.checks.control_arms import SeenAndCounted, observe_control
from ifntrial.studies.validate.checks.response import PLACEBO_ROWS, TRIAL
from ifntrial.studies.validate.checks.setting import Setting

PATIENTS_PER_SUBJECT = 3
"""Three for each subject of a validation: the interval is then near two points at the default size."""

REPLICATES = 4
STEPS = {
    "items": "Three of five items improved, everyone seen and nobody escaped",
    "observed_case": "Only those seen at the visit, with what escape therapy did to their readings",
    "organ_events": "An organ event counts as not improved",
    "missing": "Not seen counts as not improved",
    "escape": "Escape therapy counts as not improved",
}
"""Rule to its words, in the order in which they are added."""


@dataclass(frozen=True, slots=True)
class ResponseStep:
    """The rate with this rule and all before it [percent]; intervals are 95 % of the Monte Carlo error alone.

    Parameters
    ----------
    rule, words
        Key and words of ``STEPS``.
    rate, low, high
        Share of responders among those who count.
    change, change_low, change_high
        Rate less that of the step before, on the same patients; None for the first step.
    """

    rule: str
    words: str
    rate: float
    low: float
    high: float
    change: float | None
    change_low: float | None
    change_high: float | None


@dataclass(frozen=True, slots=True)
class PublishedResponse:
    """A published response on placebo.

    Parameters
    ----------
    observation
        Id in the evidence tables.
    published, unit
        The value and its unit.
    use
        ``fit`` if it informed the model, so that its agreement proves nothing; ``test`` otherwise.
    """

    observation: str
    published: float | None
    unit: str
    use: str


@dataclass(frozen=True, slots=True)
class ResponseSteps:
    """The response of one placebo arm, counted by more and more rules.

    Parameters
    ----------
    design
        Whose control arm.
    visit_week
        When it is counted [week].
    subjects, replicates
        Virtual patients, and repeats of readings and conduct of each.
    steps
        In the order in which rules are added.
    published_rates
        The published rates.
    """

    design: str
    visit_week: float
    subjects: int
    replicates: int
    steps: tuple[ResponseStep, ...]
    published_rates: tuple[PublishedResponse, ...]


@dataclass(frozen=True, slots=True)
class _Count:
    """Rate as a fraction, and what each patient adds to its error, shape (subjects,)."""

    rate: float
    influence: FloatArray


def response_steps(setting: Setting) -> ResponseSteps:
    """Return the steps, the published rates beside them, and what they were computed on.

    An arm like the control of ASSET in the typical world, counted by rCRISS-20 at the end of treatment.
    """
    design = with_variant(setting.catalog.designs[DESIGNS[TRIAL]], "rcriss_20")
    subjects = PATIENTS_PER_SUBJECT * setting.subjects
    return ResponseSteps(
        design=design.name,
        visit_week=float(design.primary.visit_week),
        subjects=subjects,
        replicates=REPLICATES,
        steps=compute_steps(setting, design, subjects),
        published_rates=tuple(
            PublishedResponse(row.id, row.value, row.unit, row.use)
            for row in map(setting.evidence.observation, PLACEBO_ROWS)
        ),
    )


def compute_steps(setting: Setting, design: TrialDesign, subjects: int) -> tuple[ResponseStep, ...]:
    """Return the rate of the design's control arm after each rule of ``STEPS``.

    Raises
    ------
    InputError
        If the entry criteria of the design let hardly anyone in.
    """
    population = enroll(design, setting.catalog.pool(setting.model), subjects, setting.seed).population
    # Random numbers hang on a world's number, and the typical world has none of its own.
    world = replace(typical_world(setting.model, setting.evidence), number=np.zeros(1, dtype=np.int64))
    arm = observe_control(
        design, setting.model, setting.evidence, population, world, 0, setting.seed, replicates=REPLICATES
    )
    return tuple(_steps(list(_counts(arm, design))))


def _counts(arm: SeenAndCounted, design: TrialDesign) -> Iterator[_Count]:
    """Yield the rate after each rule, in the order of ``STEPS``."""
    week = design.primary.visit_week
    # ASSET's own analysis counts no event as failure, so that each rule is added here and nowhere else.
    rules = _with_strategy(design.assumed, "hypothetical")
    ignored = rules.model_copy(
        update={"responder_rule": variant(rules.responder_rule, "organ events ignored")}
    )
    followed, trial = arm["adjusted"], arm["observed"]
    seen = trial.attended[..., visit_index(trial, week)]
    everyone = np.ones_like(seen)
    for observed, assumed, counts in (
        (followed, ignored, everyone),
        (trial, ignored, seen),
        (trial, rules, seen),
        (trial, rules, everyone),
        (trial, _with_strategy(rules, "composite"), everyone),
    ):
        yield _count(compute_rcriss(observed, week, assumed), counts & _is_simulated(observed))


def _with_strategy(rules: AssumedRules, rescue: str) -> AssumedRules:
    plan = rules.estimand.model_copy(update={"discontinuation": "hypothetical", "rescue": rescue})
    return rules.model_copy(update={"estimand": plan})


def _is_simulated(observed: ObservedArm) -> np.ndarray:
    return np.asarray(observed.status == "ok")


def _count(responds: FloatArray, counts: np.ndarray) -> _Count:
    """Return the rate among those who count; repeats of one patient are no independent patients."""
    rate = float(responds[counts].mean())
    return _Count(rate, np.where(counts, responds - rate, 0.0).sum(axis=0) / counts.sum())


def _steps(counts: list[_Count]) -> Iterator[ResponseStep]:
    before: _Count | None = None
    for (rule, words), count in zip(STEPS.items(), counts, strict=True):
        rate, low, high = _percent(count.rate, count.influence)
        change = (
            (None, None, None)
            if before is None
            else _percent(count.rate - before.rate, count.influence - before.influence)
        )
        yield ResponseStep(rule, words, rate, low, high, *change)
        before = count


def _percent(value: float, influence: FloatArray) -> tuple[float, float, float]:
    half = NORMAL_95 * sqrt(float(np.square(influence).sum()))
    return 100 * value, 100 * (value - half), 100 * (value + half)
