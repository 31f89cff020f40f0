"""Candidate studies and the stakes of a decision as data: a YAML file."""

from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, Field, ValidationInfo, field_validator

from ifntrial.design.assumed import FROZEN
from ifntrial.studies.beliefs.at_addresses import load_at_addresses, require_address
from ifntrial.studies.beliefs.own import Label, Sd

USUAL = Path(__file__).parent / "usual_studies.yaml"
"""What is looked at where no file is given."""

MOST_STUDIES = 50
MOST_STAKE = 1e12
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
        return require_address(name, info)


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
    return load_at_addresses(path, Candidates, "studies", addresses, EXAMPLE)
