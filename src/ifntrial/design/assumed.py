"""Rules of a trial as frozen, checked records; what is not published carries the reason for its assumed value."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from ifntrial.calendar import planned_days
from ifntrial.design.clash import Clash, require_none
from ifntrial.design.names import names_in, require_name
from ifntrial.errors import listed
from ifntrial.items import ITEMS
from ifntrial.levels import ALPHA_ONE_SIDED

FROZEN = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

Reason = Annotated[str, Field(min_length=10, description="why this value, and what would replace it")]
Share = Annotated[float, Field(ge=0, le=1)]
YearlyRate = Annotated[float, Field(ge=0, le=10, description="events per patient-year")]
_VISITS = ("assumed", "schedule", "visit_weeks")
_OPEN_LABEL = ("assumed", "schedule", "open_label_visit_weeks")
Strategy = Literal["composite", "treatment_policy", "hypothetical", "while_on_treatment"]


class Randomization(BaseModel):
    """How subjects get to arms: permuted blocks within strata.

    ``block_size`` is in subjects and a multiple of the sum of the allocation ratio.
    """

    model_config = FROZEN
    block_size: Annotated[int, Field(ge=2, le=64)] = 4
    reason: Reason


class Schedule(BaseModel):
    """Planned visits [week after the first dose]; the first is baseline at week 0.

    A visit is planned on the whole day nearest to its week, and takes place up to ``window_days`` before or after, or up
    to half the way to the next visit where visits are closer. Entry criteria look at what ``screening`` reads: a visit
    of its own ``before_baseline``, or baseline itself, so that whoever was chosen by a high reading starts from it and is
    read lower later. ``open_label_visit_weeks`` are visits after the randomized
    treatment, when every subject still on treatment gets the drug; no planned analysis uses them.
    """

    model_config = FROZEN
    visit_weeks: Annotated[tuple[float, ...], Field(min_length=2, max_length=400)]
    open_label_visit_weeks: Annotated[tuple[float, ...], Field(max_length=400)] = ()
    window_days: Annotated[float, Field(ge=0, le=60)] = 7.0
    screening: Literal["before_baseline", "at_baseline"] = "before_baseline"
    reason: Reason

    @model_validator(mode="after")
    def _visits_increase(self) -> "Schedule":
        require_none((*check_visits(self), *check_open_label_visits(self)))
        return self


class ResponderRule(BaseModel):
    """When a subject counts as improved on the revised CRISS.

    ``percent`` is asked of mRSS, HAQ-DI and both globals, ``fvc_percent`` of FVC % predicted, relative to baseline or in
    points. ``worsening_items_allowed`` is how many items may worsen by the same thresholds (``any``: no such clause).
    ``missing`` says how a missed visit counts; ``imputed`` takes the reading that the visit would have given, which is
    what an ideal multiple imputation under missing at random gives on average.
    """

    model_config = FROZEN
    percent: Annotated[float, Field(gt=0, le=100)] = 25.0
    items_needed: Annotated[int, Field(ge=1, le=5)] = 3
    fvc_percent: Annotated[float, Field(gt=0, le=100)] = 5.0
    fvc_kind: Literal["relative", "points"] = "relative"
    worsening_items_allowed: Literal["any", "one", "none"] = "any"
    organ_events: Literal["acr_2016", "extended", "ignored"] = "acr_2016"
    missing: Literal["not_improved", "last_observation", "imputed"] = "not_improved"
    rounding: bool = True
    reason: Reason


class OrganEvents(BaseModel):
    """Yearly rates of the organ events of CRISS step 1, and of death, of the average untreated patient.

    ``renal_crisis_first_year`` holds while the disease has lasted less than a year; without it the rate is the same
    at any time. Each patient's own rate is a multiple that follows subset, antibody, age, the heart and the state of
    the organ, see the mechanism ``organ_events``. Nobody is followed after death.
    """

    model_config = FROZEN
    renal_crisis: YearlyRate
    renal_crisis_first_year: YearlyRate | None = None
    left_ventricular_failure: YearlyRate
    pulmonary_arterial_hypertension: YearlyRate
    gut_failure: YearlyRate
    digital_ischemia: YearlyRate
    death: YearlyRate = 0.0
    fvc_relative_fall_percent: Annotated[float, Field(gt=0, le=100)] = 15.0
    fvc_below_percent_predicted: Annotated[float, Field(gt=0, le=150)] = 80.0
    reason: Reason


class Worsening(BaseModel):
    """A worsening since baseline that an investigator acts on: skin, or lung.

    Skin worsens if mRSS rises by at least ``mrss_points`` and ``mrss_percent``; lung if FVC % predicted falls by at least
    ``fvc_percent`` relative to baseline.
    """

    model_config = FROZEN
    mrss_points: Annotated[float, Field(gt=0, le=ITEMS["mrss"].high)] = 5.0
    mrss_percent: Annotated[float, Field(ge=0, le=500)] = 25.0
    fvc_percent: Annotated[float, Field(gt=0, le=100)] = 10.0


class Dropout(BaseModel):
    """Stopping treatment: at random, for an adverse event, or for lack of efficacy.

    ``lack_of_efficacy_share`` is the chance of stopping at each attended visit at which ``worsening`` is met. Of those
    who stop, ``observed_after_stop_share`` stay in the trial without the drug and keep their visits; the others leave.
    """

    model_config = FROZEN
    at_random: YearlyRate
    adverse_event: YearlyRate
    lack_of_efficacy_share: Share
    observed_after_stop_share: Share = 0.0
    worsening: Worsening = Worsening()
    reason: Reason


def check_effect(effect: "EscapeEffect") -> Iterator[Clash]:
    """Yield what is wrong with the range of what escape therapy takes back."""
    if effect.low > effect.high:
        yield Clash(("assumed", "rescue", "effect"), "low must not be above high")


class EscapeEffect(BaseModel):
    """What escape therapy does: the share of the worsening since baseline that it takes back, item by item.

    The share is unknown: one value for each world, uniform from ``low`` to ``high``. It is approached with
    ``half_time_weeks``. Nothing is taken back of an item that had not worsened.
    """

    model_config = FROZEN
    low: Share = 0.0
    high: Share = 0.0
    half_time_weeks: Annotated[float, Field(gt=0, le=520)] = 12.0

    @model_validator(mode="after")
    def _in_order(self) -> "EscapeEffect":
        require_none(check_effect(self))
        return self


class Rescue(BaseModel):
    """Escape therapy: from ``from_week`` on, each visit with ``worsening`` starts it with chance ``share``.

    ``effect`` says what it does to the course afterwards; by default nothing.
    """

    model_config = FROZEN
    from_week: Annotated[float, Field(ge=0, le=520)]
    share: Share
    effect: EscapeEffect = EscapeEffect()
    worsening: Worsening = Worsening()
    reason: Reason


class MissedVisits(BaseModel):
    """Visits missed by subjects who stay in the trial; ``share`` is the chance per visit after baseline."""

    model_config = FROZEN
    share: Share
    reason: Reason


class EstimandPlan(BaseModel):
    """The five attributes of an estimand (ICH E9(R1)); one strategy for each kind of intercurrent event.

    ``population``, ``treatment`` and ``endpoint`` are words; without them they are those of the design's entry criteria,
    arms and primary endpoint, see ``design_words``.
    ``return_half_life_weeks`` is how fast an effect wanes after stopping where the course is not solved again without
    the later doses.
    """

    model_config = FROZEN
    population: str | None = None
    treatment: str | None = None
    endpoint: str | None = None
    discontinuation: Strategy = "composite"
    rescue: Strategy = "composite"
    summary: Literal["risk_difference", "odds_ratio", "mean_difference"] = "risk_difference"
    return_half_life_weeks: Annotated[float, Field(gt=0, le=520)] = 12.0
    reason: Reason


USUAL_METHOD = "cmh"
"""Of a response; for a primary endpoint of another kind it stands for the usual analysis of that kind."""


class AnalysisPlan(BaseModel):
    """The test of the primary endpoint."""

    model_config = FROZEN
    method: str = USUAL_METHOD
    alpha_one_sided: Annotated[float, Field(gt=0, lt=0.5)] = ALPHA_ONE_SIDED
    sparse_strata: Literal["keep", "pool"] = "keep"
    reason: Reason

    @field_validator("method")
    @classmethod
    def _method_is_known(cls, name: str, info: ValidationInfo) -> str:
        names = names_in(info)
        return name if names is None else require_name(name, names.analyses, "analysis")


class AssumedRules(BaseModel):
    """Everything the protocol decides and we could not read, in one place, each with its reason."""

    model_config = FROZEN
    randomization: Randomization
    schedule: Schedule
    responder_rule: ResponderRule
    organ_events: OrganEvents
    estimand: EstimandPlan
    analysis: AnalysisPlan
    dropout: Dropout
    rescue: Rescue
    missed_visits: MissedVisits


def check_visits(schedule: Schedule) -> Iterator[Clash]:
    """Yield what is wrong with the visits of the randomized trial."""
    weeks = schedule.visit_weeks
    if weeks[0] != 0 or any(later <= earlier for earlier, later in pairwise(weeks)):
        yield Clash(
            ("assumed", "schedule"),
            "visit_weeks must start at 0 and increase; open_label_visit_weeks go on after them",
        )
        return
    yield from _on_one_day(weeks, _VISITS)


def check_open_label_visits(schedule: Schedule) -> Iterator[Clash]:
    """Yield what is wrong with the visits of the open-label extension, after those of the randomized trial."""
    weeks = schedule.open_label_visit_weeks
    last = max(getattr(schedule, "visit_weeks", (0.0,)))
    if not weeks:
        return
    if weeks[0] <= last or any(later <= earlier for earlier, later in pairwise(weeks)):
        yield Clash(
            _OPEN_LABEL,
            f"{weeks_in_words(weeks)} do not increase from the last visit, week {last:g}: visit_weeks must start at 0 "
            "and increase; open_label_visit_weeks go on after them",
            _VISITS,
        )
        return
    yield from _on_one_day((last, *weeks), _OPEN_LABEL)


def _on_one_day(weeks: tuple[float, ...], place: tuple[str, ...]) -> Iterator[Clash]:
    for earlier, later in pairwise(weeks):
        if planned_days(earlier) == planned_days(later):
            yield Clash(
                place, f"the visits of weeks {earlier:g} and {later:g} fall on one day; a day is 0.143 weeks"
            )


def weeks_in_words(weeks: Iterable[float]) -> str:
    """Return weeks of visits in words."""
    return f"visits {listed(f'{week:g}' for week in weeks)}"
