"""New results as data: a YAML file with effects of blockade at addresses, whose worlds then count otherwise."""

from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, Field, ValidationInfo, field_validator

from ifntrial.design.assumed import FROZEN
from ifntrial.errors import listed
from ifntrial.studies.beliefs.at_addresses import load_at_addresses, require_address
from ifntrial.studies.beliefs.own import Effect, Label, Sd, Words
from ifntrial.worlds.given import GivenResult

SCHEMA_VERSION = 1
MOST_RESULTS = 20
EXAMPLE = """schema_version: 1
results:
  - name: Phase 2 of another antibody
    source: imagined
    address: mrss_year
    effect: -2.0
    standard_error: 1.1
    trial_sd: 0.5"""


class OneResult(BaseModel):
    """An effect of blockade that was seen at an address."""

    model_config = FROZEN
    name: Label
    source: Words
    address: str
    effect: Effect
    standard_error: Sd
    trial_sd: Annotated[float, Field(strict=True, ge=0, le=1_000.0)]

    @field_validator("address")
    @classmethod
    def _is_an_address(cls, name: str, info: ValidationInfo) -> str:
        return require_address(name, info)


class GivenResults(BaseModel):
    """The results that are given."""

    model_config = FROZEN
    schema_version: Literal[1]
    results: Annotated[tuple[OneResult, ...], Field(min_length=1, max_length=MOST_RESULTS)]

    @field_validator("results")
    @classmethod
    def _names_differ(cls, results: tuple[OneResult, ...]) -> tuple[OneResult, ...]:
        names = [each.name for each in results]
        twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
        if twice:
            raise ValueError(f"results have the same name, and one result counts once: {listed(twice)}")
        return results

    def records(self) -> tuple[GivenResult, ...]:
        """Return the results in the order of the file."""
        return tuple(GivenResult(**each.model_dump()) for each in self.results)


def load_given(path: Path, addresses: Collection[str]) -> GivenResults:
    """Return the results in a YAML file.

    Raises
    ------
    FileError
        If it is absent, empty, too large or not YAML.
    InputError
        If the content is not results; lists every problem with its line and place.
    """
    return load_at_addresses(path, GivenResults, "results", addresses, EXAMPLE)
