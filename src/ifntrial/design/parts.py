"""A trial design, and the rules that tie several parts of it together, each asked by itself."""

from collections.abc import Iterator
from functools import partial
from typing import Annotated, Literal

from pydantic import BaseModel, Field, model_validator

from ifntrial.calendar import planned_days
from ifntrial.design.assumed import FROZEN, AssumedRules, weeks_in_words
from ifntrial.design.clash import Clash, Rule, require_none
from ifntrial.design.conditions import Condition, parse_condition
from ifntrial.design.elements import (
    MOST_SUBJECTS,
    USUAL_DRUG,
    Arm,
    Criterion,
    Name,
    PlannedEndpoint,
    Size,
    StratumFactor,
)
from ifntrial.design.looks import GoRule, Looks, Recruitment, check_decision, check_looks
from ifntrial.errors import InputError, listed
from ifntrial.yaml_files import Place

__all__ = [
    "MOST_SUBJECTS",
    "USUAL_DRUG",
    "Arm",
    "Criterion",
    "PlannedEndpoint",
    "Size",
    "StratumFactor",
    "TrialDesign",
    "planned_endpoints",
    "rules_between_parts",
]

_VISITS = ("assumed", "schedule", "visit_weeks")
_OPEN_LABEL = ("assumed", "schedule", "open_label_visit_weeks")


class TrialDesign(BaseModel):
    """A trial: randomized with one control arm, or with ``is_randomized`` false a set of arms without a control."""

    model_config = FROZEN
    schema_version: Literal[1]
    name: Name
    title: str
    registration: str = ""
    sources: tuple[str, ...] = ()
    size: Size
    is_randomized: bool = True
    arms: Annotated[tuple[Arm, ...], Field(min_length=1, max_length=20)]
    treatment_weeks: Annotated[float, Field(gt=0, le=520)]
    open_label_weeks: Annotated[float, Field(ge=0, le=1040)] = 0.0
    follow_up_weeks: Annotated[float, Field(ge=0, le=520)] = 0.0
    eligibility: tuple[Criterion, ...] = ()
    strata: tuple[StratumFactor, ...] = ()
    background: tuple[str, ...] = ()
    primary: PlannedEndpoint
    key_secondary: tuple[PlannedEndpoint, ...] = ()
    looks: Looks | None = None
    recruitment: Recruitment | None = None
    decision: GoRule | None = None
    assumed: AssumedRules

    @model_validator(mode="after")
    def _parts_agree(self) -> "TrialDesign":
        require_none(clash for rule in rules_between_parts(self) for clash in rule())
        return self

    @property
    def control(self) -> Arm:
        """The control arm; a trial without one raises ``InputError``."""
        found = next((arm for arm in self.arms if arm.is_control), None)
        if found is None:
            raise InputError(
                f"trial '{self.name}' has no control arm",
                allowed="a randomized design",
                fix="look at its arms one by one, or choose a randomized design",
            )
        return found

    @property
    def active(self) -> Arm:
        """The first arm that is not the control."""
        return next(arm for arm in self.arms if not arm.is_control)

    @property
    def primary_visit(self) -> int:
        """Place of the primary endpoint's visit among the planned ones."""
        return self.visit_weeks.index(self.primary.visit_week)

    @property
    def visit_weeks(self) -> tuple[float, ...]:
        """Planned visits of the randomized trial [week]."""
        return self.assumed.schedule.visit_weeks

    @property
    def all_visit_weeks(self) -> tuple[float, ...]:
        """Planned visits with those of the open-label extension [week]."""
        return (*self.visit_weeks, *self.assumed.schedule.open_label_visit_weeks)

    def n_of(self, arm: Arm) -> int:
        """Return the planned number of subjects in an arm, rounded down; the control gets what is left."""
        total = sum(each.allocation for each in self.arms)
        others = sum(
            self.size.analyzed * each.allocation // total for each in self.arms if not each.is_control
        )
        return self.size.analyzed - others if arm.is_control else self.size.analyzed * arm.allocation // total

    def conditions(self) -> tuple[Condition, ...]:
        """Return every condition of the design, parsed: entry criteria, strata and subgroups of endpoints."""
        planned = (self.primary, *self.key_secondary)
        texts = [criterion.condition for criterion in self.eligibility]
        texts += [factor.condition for factor in self.strata]
        texts += [each.among for each in planned if each.among is not None]
        return tuple(parse_condition(text) for text in texts)

    def criteria(self) -> tuple[Condition, ...]:
        """Return the entry criteria, parsed."""
        return tuple(parse_condition(criterion.condition) for criterion in self.eligibility)


def rules_between_parts(design: TrialDesign) -> Iterator[Rule]:
    """Yield the rules between the parts of a design, which may lack parts that could not be read."""
    arms, strata = getattr(design, "arms", ()), getattr(design, "strata", ())
    yield partial(_names_differ, "arms", arms)
    yield partial(_names_differ, "strata", strata)
    yield partial(_one_control, design)
    yield partial(_someone_besides_the_control, design)
    yield partial(_blocks_hold_the_ratio, design)
    yield partial(_every_arm_gets_patients, design)
    yield partial(_ends_after_the_visits, design)
    yield partial(_visits_before_the_extension, design)
    for place, planned in planned_endpoints(design):
        yield partial(_visit_is_planned, design, planned, place)
    yield partial(_open_label_within_the_extension, design)
    yield partial(_open_label_is_randomized, design)
    yield partial(_looks_fit, design)
    decision = getattr(design, "decision", None)
    if decision is not None:
        yield partial(check_decision, decision)


def _looks_fit(design: TrialDesign) -> Iterator[Clash]:
    if design.looks is not None:
        yield from check_looks(
            design.looks,
            patients=design.size.analyzed,
            level=design.assumed.analysis.alpha_one_sided,
            is_randomized=design.is_randomized,
            arms=len(design.arms),
        )


def planned_endpoints(design: TrialDesign) -> Iterator[tuple[Place, PlannedEndpoint]]:
    """Yield the place and the content of each planned endpoint that can be read."""
    if hasattr(design, "primary"):
        yield ("primary",), design.primary
    for number, planned in enumerate(getattr(design, "key_secondary", ())):
        yield ("key_secondary", number), planned


def _names_differ(kind: str, things: tuple[object, ...]) -> Iterator[Clash]:
    first: dict[str, int] = {}
    every = [str(name) for each in things if (name := getattr(each, "name", None)) is not None]
    for place, each in enumerate(things):
        name = getattr(each, "name", None)
        if name in first:
            yield Clash(
                (kind, place, "name"), f"{kind} have the same name: {listed(every)}", (kind, first[name])
            )
        elif name is not None:
            first[name] = place


def _one_control(design: TrialDesign) -> Iterator[Clash]:
    controls = [arm for arm in design.arms if arm.is_control]
    if len(controls) == design.is_randomized:
        return
    wanted = (
        "exactly one arm must be the control"
        if design.is_randomized
        else "a trial that is not randomized has no control"
    )
    yield Clash(("arms",), f"{wanted}, {len(controls)} are", ("is_randomized",))


def _someone_besides_the_control(design: TrialDesign) -> Iterator[Clash]:
    if design.arms and all(arm.is_control for arm in design.arms):
        yield Clash(("arms",), "an arm besides the control is needed")


def _blocks_hold_the_ratio(design: TrialDesign) -> Iterator[Clash]:
    ratio = sum(arm.allocation for arm in design.arms)
    block = design.assumed.randomization.block_size
    if ratio and block % ratio:
        yield Clash(
            ("assumed", "randomization", "block_size"),
            f"block_size {block} is not a multiple of the allocation ratio's sum {ratio}",
            ("arms",),
        )


def _every_arm_gets_patients(design: TrialDesign) -> Iterator[Clash]:
    without = [arm.name for arm in design.arms if design.n_of(arm) < 1]
    if without and design.is_randomized:
        yield Clash(
            ("size",), f"of {design.size.analyzed} patients none is left for {listed(without)}", ("arms",)
        )


def _visit_is_planned(design: TrialDesign, planned: PlannedEndpoint, place: Place) -> Iterator[Clash]:
    weeks, week = design.assumed.schedule.visit_weeks, planned.visit_week
    endpoint = getattr(planned, "endpoint", "the endpoint")
    at = (*place, "visit_week")
    if week not in weeks:
        yield Clash(
            at, f"visit week {week:g} of {endpoint} is not among the {weeks_in_words(weeks)}", _VISITS
        )
    elif _is_in_the_extension(design, week):
        yield Clash(
            at,
            f"visit week {week:g} of {endpoint} lies in the open-label extension, after treatment_weeks "
            f"{design.treatment_weeks:g}",
            ("treatment_weeks",),
        )
    elif planned_days(week) > planned_days(_end_week(design)):
        yield Clash(
            at,
            f"visit week {week:g} of {endpoint} lies after the end of the trial, week {_end_week(design):g}",
            ("treatment_weeks",),
        )


def _end_week(design: TrialDesign) -> float:
    return design.treatment_weeks + design.open_label_weeks + design.follow_up_weeks


def _ends_after_the_visits(design: TrialDesign) -> Iterator[Clash]:
    last, end = max(design.assumed.schedule.visit_weeks), _end_week(design)
    if planned_days(last) > planned_days(end):
        yield Clash(
            _VISITS, f"a visit lies after the end of the trial: {last:g}, week {end:g}", ("treatment_weeks",)
        )


def _visits_before_the_extension(design: TrialDesign) -> Iterator[Clash]:
    inside = [week for week in design.assumed.schedule.visit_weeks if _is_in_the_extension(design, week)]
    if inside:
        yield Clash(
            _VISITS,
            f"{weeks_in_words(inside)} lie in the open-label extension, after treatment_weeks {design.treatment_weeks:g}"
            ": list them under open_label_visit_weeks, remove them, or set open_label_weeks to 0",
            ("treatment_weeks",),
        )


def _is_in_the_extension(design: TrialDesign, week: float) -> bool:
    """Return whether a visit lies after the randomized treatment, in an extension that the trial has."""
    return design.open_label_weeks > 0 and bool(planned_days(week) > planned_days(design.treatment_weeks))


def _open_label_within_the_extension(design: TrialDesign) -> Iterator[Clash]:
    end = design.treatment_weeks + design.open_label_weeks
    first_day, last_day = planned_days((design.treatment_weeks, end))
    outside = [
        week
        for week in design.assumed.schedule.open_label_visit_weeks
        if not first_day < planned_days(week) <= last_day
    ]
    if outside:
        yield Clash(
            _OPEN_LABEL,
            f"open_label_visit_weeks {listed(f'{week:g}' for week in outside)} are not within the extension, above week "
            f"{design.treatment_weeks:g} and up to week {end:g}",
            ("treatment_weeks",),
        )


def _open_label_is_randomized(design: TrialDesign) -> Iterator[Clash]:
    if design.assumed.schedule.open_label_visit_weeks and not design.is_randomized:
        yield Clash(_OPEN_LABEL, "open_label_visit_weeks need a randomized design", ("is_randomized",))
