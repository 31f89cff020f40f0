"""Candidate studies and the stakes of a decision as data: a YAML file."""

from collections.abc import Collection
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, Field, ValidationError, ValidationInfo, field_validator

from ifntrial.design.assumed import FROZEN
from ifntrial.design.names import require_name
from ifntrial.errors import FileError, InputError, listed
from ifntrial.record_fields import where_it_belongs
from ifntrial.studies.beliefs.own import Label, Sd
from ifntrial.yaml_files import parse, problems_of, read_text

USUAL = Path(__file__).parent / "usual_studies.yaml"
"""What is looked at where no file is given."""

MOST_STUDIES = 50
MOST_STAKE = 1e12
_WHAT = "studies"
EXAMPLE = """schema_version: 1
decision: {gain: 4.0, cost: 1.0}
studies:
  - name: Phase 2 with 120 patients
    address: mrss_year
    standard_error: 1.2
    trial_sd: 0.5"""
Stake = Annotated[float, Field(strict=True, gt=0, le=MOST_STAKE)]


class Decision(BaseModel):
    """What is at stake: the gain if the trial succeeds, and the cost of doing it, in one unit."""

    model_config = FROZEN
    gain: Stake
    cost: Stake


class CandidateStudy(BaseModel):
    """A study that would see an effect of blockade at an address."""

    model_config = FROZEN
    name: Label
    address: str
    standard_error: Sd
    trial_sd: Annotated[float, Field(strict=True, ge=0, le=1_000.0)]

    @field_validator("address")
    @classmethod
    def _is_an_address(cls, name: str, info: ValidationInfo) -> str:
        return name if info.context is None else require_name(name, info.context, "address")


class Candidates(BaseModel):
    """Candidate studies and the decision that they serve."""

    model_config = FROZEN
    schema_version: Literal[1]
    decision: Decision
    studies: Annotated[tuple[CandidateStudy, ...], Field(min_length=1, max_length=MOST_STUDIES)]


def load_candidates(path: Path, addresses: Collection[str]) -> Candidates:
    """Return the studies in a YAML file.

    Raises
    ------
    FileError
        If it is absent, empty, too large or not YAML.
    InputError
        If the content is not studies; lists every problem with its line and place.
    """
    name = str(path)
    if not path.is_file():
        raise FileError(f"studies file '{name}' does not exist", allowed="a YAML file", fix="check the path")
    text = read_text(path, _WHAT)
    content = parse(text, name, _WHAT)
    try:
        return Candidates.model_validate(content, context=tuple(addresses))
    except ValidationError as error:
        raise InputError(
            f"studies '{name}' are not usable",
            problems=problems_of(error, text, partial(where_it_belongs, Candidates), _WHAT),
            allowed=f"effects at {listed(addresses)}; 'ifntrial list addresses' says their units",
            fix=f"write it so:\n{EXAMPLE}",
        ) from error
