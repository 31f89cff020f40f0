"""A trial design: data in YAML, a frozen and checked object in Python."""

import json
from collections.abc import Iterable
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, Field, ValidationError, field_validator, model_validator

from ifntrial.errors import FileError, IfntrialError, InputError, closest, listed
from ifntrial.population.regimen import Regimen, parse_regimen
from ifntrial.trial.expressions import Condition, parse_condition
from ifntrial.trial.rules import FROZEN, AssumedRules

SCHEMA_VERSION = 1
LARGEST_FILE_BYTES = 200_000
MOST_SUBJECTS = 1_000_000

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
    """One arm: its regimen in words and its share of the allocation."""

    model_config = FROZEN
    name: Name
    regimen: str
    is_control: bool = False
    allocation: Annotated[int, Field(ge=1, le=20)] = 1

    @field_validator("regimen")
    @classmethod
    def _regimen_is_understood(cls, text: str) -> str:
        try:
            return parse_regimen(text).text
        except IfntrialError as error:
            raise ValueError(str(error)) from error

    def dosing(self) -> Regimen:
        """Return the regimen as a record."""
        return parse_regimen(self.regimen)


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

    _condition = field_validator("among")(lambda text: text if text is None else _checked_condition(text))


class TrialDesign(BaseModel):
    """A randomized trial with one control arm."""

    model_config = FROZEN
    schema_version: Literal[1]
    name: Name
    title: str
    registration: str = ""
    sources: tuple[str, ...] = ()
    size: Size
    arms: Annotated[tuple[Arm, ...], Field(min_length=2, max_length=10)]
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
        """The control arm."""
        return next(arm for arm in self.arms if arm.is_control)

    @property
    def active(self) -> Arm:
        """The first arm that is not the control."""
        return next(arm for arm in self.arms if not arm.is_control)

    @property
    def visit_weeks(self) -> tuple[float, ...]:
        """Planned visits [week]."""
        return self.assumed.schedule.visit_weeks

    def n_of(self, arm: Arm) -> int:
        """Return the planned number of subjects in an arm, rounded down; the control gets what is left."""
        total = sum(each.allocation for each in self.arms)
        others = sum(
            self.size.analyzed * each.allocation // total for each in self.arms if not each.is_control
        )
        return self.size.analyzed - others if arm.is_control else self.size.analyzed * arm.allocation // total

    def criteria(self) -> tuple[Condition, ...]:
        """Return the entry criteria, parsed."""
        return tuple(parse_condition(criterion.condition) for criterion in self.eligibility)


def _disagreements(design: TrialDesign) -> Iterable[str]:
    names = [arm.name for arm in design.arms]
    if len(set(names)) < len(names):
        yield f"arms have the same name: {listed(names)}"
    controls = [arm.name for arm in design.arms if arm.is_control]
    if len(controls) != 1:
        yield f"exactly one arm must be the control, {len(controls)} are"
    ratio = sum(arm.allocation for arm in design.arms)
    block = design.assumed.randomization.block_size
    if block % ratio:
        yield f"block_size {block} is not a multiple of the allocation ratio's sum {ratio}"
    weeks = design.assumed.schedule.visit_weeks
    for planned in (design.primary, *design.key_secondary):
        if planned.visit_week not in weeks:
            yield f"visit week {planned.visit_week:g} of {planned.endpoint} is not among the visits {listed(weeks)}"
    if max(weeks) > design.treatment_weeks + design.open_label_weeks + design.follow_up_weeks:
        yield "a visit lies after the end of the trial"
    factors = [factor.name for factor in design.strata]
    if len(set(factors)) < len(factors):
        yield f"strata have the same name: {listed(factors)}"


def shipped_designs() -> tuple[str, ...]:
    """Return the names of the designs in the package."""
    folder = resources.files("ifntrial.trial") / "designs"
    return tuple(
        sorted(path.name.removesuffix(".yaml") for path in folder.iterdir() if path.name.endswith(".yaml"))
    )


def load_design(name_or_path: str | Path) -> TrialDesign:
    """Return a shipped design by its name, or the design in a YAML file.

    Raises
    ------
    FileError
        If there is no such design or file, or the file is empty, too large or not YAML.
    InputError
        If the content is not a design; lists every problem with its place.
    """
    text = _read(name_or_path)
    try:
        content = yaml.load(text, Loader=_UniqueKeyLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise FileError(
            f"design '{name_or_path}' is not valid YAML",
            problems=[" ".join(str(error).split())],
            fix="correct the marked place",
        ) from error
    return design_from_mapping(content, str(name_or_path))


def design_from_mapping(content: object, name: str = "design") -> TrialDesign:
    """Return the design that a mapping describes; errors as in ``load_design``."""
    if not isinstance(content, dict):
        raise InputError(
            f"design '{name}' holds no fields",
            given=type(content).__name__,
            allowed="a mapping of fields",
            fix="start from a shipped design",
        )
    version = content.get("schema_version")
    if version != SCHEMA_VERSION:
        raise InputError(
            f"design '{name}' has an unknown schema_version",
            given=repr(version),
            allowed=f"schema_version: {SCHEMA_VERSION}",
            fix="add that line, or install the version of ifntrial that wrote the file",
        )
    try:
        return TrialDesign.model_validate(content)
    except ValidationError as error:
        raise InputError(
            f"design '{name}' is not usable",
            problems=_problems(error),
            allowed=f"the fields of a design; shipped ones are {listed(shipped_designs())}",
            fix="correct each place",
        ) from error


def save_design(design: TrialDesign) -> str:
    """Return the design as YAML that ``load_design`` reads back to the same object."""
    return yaml.safe_dump(design.model_dump(mode="json"), sort_keys=False, allow_unicode=True, width=110)


def design_schema() -> dict[str, Any]:
    """Return the JSON schema of a design file."""
    return TrialDesign.model_json_schema()


class _UniqueKeyLoader(yaml.SafeLoader):
    """A YAML loader that refuses a key given twice instead of keeping the last."""


def _unique_mapping(loader: _UniqueKeyLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = sorted(str(loader.construct_object(key)) for key, _ in node.value)
    twice = [first for first, second in pairwise(keys) if first == second]
    if twice:
        raise ValueError(f"key '{twice[0]}' is given twice, line {node.start_mark.line + 1}")
    return loader.construct_mapping(node, deep=True)


_UniqueKeyLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _unique_mapping)


@lru_cache(maxsize=32)
def _read_shipped(name: str) -> str:
    return (resources.files("ifntrial.trial") / "designs" / f"{name}.yaml").read_text(encoding="utf-8")


def _read(name_or_path: str | Path) -> str:
    name = str(name_or_path)
    if name in shipped_designs():
        return _read_shipped(name)
    path = Path(name)
    if not path.is_file():
        hint = closest(name, shipped_designs())
        raise FileError(
            f"design '{name}' is neither a shipped design nor a file",
            allowed=f"{listed(shipped_designs())}, or the path of a YAML file",
            fix=hint or "check the name",
        )
    size = path.stat().st_size
    if not 0 < size <= LARGEST_FILE_BYTES:
        raise FileError(
            f"design file '{name}' is empty or too large",
            given=f"{size} bytes",
            allowed=f"1 to {LARGEST_FILE_BYTES} bytes",
            fix="check the file",
        )
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(
            f"design file '{name}' cannot be read",
            problems=[str(error)],
            allowed="UTF-8 text",
            fix="save it as UTF-8",
        ) from error


def _problems(error: ValidationError) -> list[str]:
    """Return one text per problem, with its place and what was given."""
    texts = []
    for each in error.errors(include_url=False):
        place = ".".join(str(part) for part in each["loc"]) or "design"
        given = (
            each["input"]
            if isinstance(each["input"], (str, int, float, bool))
            else type(each["input"]).__name__
        )
        hint = closest(str(each["loc"][-1]), _field_names()) if each["type"] == "extra_forbidden" else ""
        texts.append(f"{place}: {each['msg']} (given: {given}){'; ' + hint if hint else ''}")
    return texts


@lru_cache(maxsize=1)
def _field_names() -> tuple[str, ...]:
    schema = json.loads(json.dumps(design_schema()))
    groups = [schema, *schema.get("$defs", {}).values()]
    return tuple(dict.fromkeys(name for group in groups for name in group.get("properties", {})))
