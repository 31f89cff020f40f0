"""What a design is made of: its size, arms, entry criteria, strata and planned endpoints, frozen and checked."""

from typing import Annotated

from pydantic import BaseModel, Field, ValidationInfo, field_validator, model_validator

from ifntrial.design.assumed import FROZEN
from ifntrial.design.conditions import parse_condition
from ifntrial.design.names import Names, names_in, require_name
from ifntrial.dosing.regimen import Regimen, parse_regimen, require_same_drug
from ifntrial.errors import IfntrialError, InputError, resolve_name

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
        problem = arm_problem(self, names_in(info))
        if problem:
            raise ValueError(problem)
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


def arm_problem(arm: Arm, names: Names | None) -> str:
    """Return why an arm cannot be given its drug in this way, or an empty text."""
    regimen = arm.planned_dosing()
    try:
        if names is not None and not regimen.is_placebo:
            drug = resolve_name(arm.drug_name, names.drugs, "drug")
            require_same_drug(regimen, drug.name)
            for part in regimen.parts:
                drug.dosed_species(part.route)
    except IfntrialError as error:
        return str(error)
    return ""
