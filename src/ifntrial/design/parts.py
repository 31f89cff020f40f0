"""The parts of a trial design, frozen and checked."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import BaseModel, Field, ValidationInfo, field_validator, model_validator

from ifntrial.calendar import planned_days
from ifntrial.design.assumed import FROZEN, AssumedRules
from ifntrial.design.conditions import Condition, parse_condition
from ifntrial.design.names import names_in, require_name
from ifntrial.dosing.regimen import Regimen, parse_regimen, require_same_drug
from ifntrial.errors import IfntrialError, InputError, listed, resolve_name

MOST_SUBJECTS = 1_000_000
USUAL_DRUG = "anifrolumab"
"""What an arm gives that names no drug."""

Name = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9][A-Za-z0-9 _<>=.+-]*$")]


def _checked_condition(text: str) -> str:
    try:
        return parse_condition(text).text
    except IfntrialError as error:
        raise ValueError(str(error)) from error


class Size(BaseModel):
    """Number of subjects: planned at the start, enrolled in the end where known."""

    model_config = FROZEN
    planned: Annotated[int, Field(ge=2, le=MOST_SUBJECTS)]
    enrolled: Annotated[int, Field(ge=2, le=MOST_SUBJECTS)] | None = None

    @property
    def analyzed(self) -> int:
        """Number of subjects that a forecast is made on: enrolled where known."""
        return self.enrolled or self.planned


class Arm(BaseModel):
    """One arm: its regimen in words, its share of the allocation, and its drug where that is not anifrolumab."""

    model_config = FROZEN
    name: Name
    regimen: str
    is_control: bool = False
    allocation: Annotated[int, Field(ge=1, le=20)] = 1
    drug: str | None = None

    @field_validator("drug")
    @classmethod
    def _drug_is_known(cls, name: str | None, info: ValidationInfo) -> str | None:
        names = names_in(info)
        return name if names is None or name is None else require_name(name, names.drugs, "drug")

    @model_validator(mode="after")
    def _drug_is_given_this_way(self, info: ValidationInfo) -> "Arm":
        regimen, names = self.planned_dosing(), names_in(info)
        try:
            if names is not None and not regimen.is_placebo:
                drug = resolve_name(self.drug_name, names.drugs, "drug")
                require_same_drug(regimen, drug.name)
                for part in regimen.parts:
                    drug.dosed_species(part.route)
        except IfntrialError as error:
            raise ValueError(str(error)) from error
        return self

    @field_validator("regimen")
    @classmethod
    def _regimen_is_understood(cls, text: str) -> str:
        try:
            return parse_regimen(text).text
        except IfntrialError as error:
            raise ValueError(str(error)) from error

    @property
    def drug_name(self) -> str:
        """Name of the drug: anifrolumab unless the arm names another."""
        return self.drug or USUAL_DRUG

    def planned_dosing(self) -> Regimen:
        """Return the regimen as a record, whatever the drug: for who simulates it with its own model."""
        return parse_regimen(self.regimen)

    def dosing(self) -> Regimen:
        """Return the regimen of anifrolumab or placebo as a record.

        Raises
        ------
        InputError
            If the arm gets another drug: who calls this has the model of anifrolumab alone.
        """
        regimen = self.planned_dosing()
        if self.drug_name != USUAL_DRUG and not regimen.is_placebo:
            raise InputError(
                f"arm '{self.name}' gives a drug that is not simulated here",
                given=self.drug_name,
                allowed="arms of anifrolumab or placebo; 'ifntrial design simulate' takes other drugs",
                fix="use that command, or take the drug out of the arm",
            )
        return regimen


class Criterion(BaseModel):
    """One entry criterion: whom ``condition`` keeps, in words in ``text``."""

    model_config = FROZEN
    text: str
    condition: str
    is_assumed: bool = False

    _condition = field_validator("condition")(_checked_condition)


class StratumFactor(BaseModel):
    """A randomization factor with two levels: ``condition`` holds or not."""

    model_config = FROZEN
    name: Name
    condition: str

    _condition = field_validator("condition")(_checked_condition)


class PlannedEndpoint(BaseModel):
    """An endpoint of the protocol at a visit; ``among`` restricts it to a subgroup."""

    model_config = FROZEN
    endpoint: Name
    visit_week: Annotated[float, Field(gt=0, le=520)]
    among: str | None = None

    @field_validator("endpoint")
    @classmethod
    def _endpoint_is_known(cls, name: str, info: ValidationInfo) -> str:
        names = names_in(info)
        return name if names is None else require_name(name, names.endpoints, "endpoint")

    _condition = field_validator("among")(lambda text: text if text is None else _checked_condition(text))


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
    assumed: AssumedRules

    @model_validator(mode="after")
    def _parts_agree(self) -> "TrialDesign":
        problems = list(_disagreements(self))
        if problems:
            raise ValueError("; ".join(problems))
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


def _disagreements(design: TrialDesign) -> Iterable[str]:
    names = [arm.name for arm in design.arms]
    if len(set(names)) < len(names):
        yield f"arms have the same name: {listed(names)}"
    controls = [arm.name for arm in design.arms if arm.is_control]
    if len(controls) != design.is_randomized:
        wanted = (
            "exactly one arm must be the control"
            if design.is_randomized
            else "a trial that is not randomized has no control"
        )
        yield f"{wanted}, {len(controls)} are"
    if len(controls) == len(design.arms):
        yield "an arm besides the control is needed"
    ratio = sum(arm.allocation for arm in design.arms)
    block = design.assumed.randomization.block_size
    if block % ratio:
        yield f"block_size {block} is not a multiple of the allocation ratio's sum {ratio}"
    weeks = design.assumed.schedule.visit_weeks
    for planned in (design.primary, *design.key_secondary):
        if planned.visit_week not in weeks:
            yield f"visit week {planned.visit_week:g} of {planned.endpoint} is not among the visits {listed(weeks)}"
    end = design.treatment_weeks + design.open_label_weeks + design.follow_up_weeks
    if planned_days(max(weeks)) > planned_days(end):
        yield "a visit lies after the end of the trial"
    yield from _open_label_problems(design)
    factors = [factor.name for factor in design.strata]
    if len(set(factors)) < len(factors):
        yield f"strata have the same name: {listed(factors)}"


def _open_label_problems(design: TrialDesign) -> Iterable[str]:
    open_label = design.assumed.schedule.open_label_visit_weeks
    end = design.treatment_weeks + design.open_label_weeks
    first_day, last_day = planned_days((design.treatment_weeks, end))
    outside = [week for week in open_label if not first_day < planned_days(week) <= last_day]
    if outside:
        yield (
            f"open_label_visit_weeks {listed(f'{week:g}' for week in outside)} are not within the extension, above week "
            f"{design.treatment_weeks:g} and up to week {end:g}"
        )
    if open_label and not design.is_randomized:
        yield "open_label_visit_weeks need a randomized design"
