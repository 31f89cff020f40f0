"""Beliefs of a user's own, as data: a YAML file that names whose they are, what each says, and where it says it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from ifntrial.design.assumed import FROZEN
from ifntrial.design.names import require_name
from ifntrial.errors import FileError, IfntrialError, InputError, listed
from ifntrial.normal_mixture import NormalMixture
from ifntrial.record_fields import where_it_belongs
from ifntrial.worlds.beliefs import MIXTURE, Belief, BelowZero, Statement
from ifntrial.yaml_files import line_words, parse, problems_of, read_text

SCHEMA_VERSION = 1
MOST_BELIEFS = 12
MOST_COMPONENTS = 400
LARGEST_EFFECT = 1_000.0
LARGEST_WEIGHT = 1e6
SUM_WITHIN = 1e-6
"""How far the shares of a mixture may be from one together, which rounding by hand explains."""
_WHAT = "beliefs"

_ONE_LINE = ConfigDict(**FROZEN, str_strip_whitespace=True)
Words = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f]+$")]
Label = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]+$")]
BeliefName = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[a-z][a-z0-9_]*$")]
Effect = Annotated[float, Field(strict=True, ge=-LARGEST_EFFECT, le=LARGEST_EFFECT)]
Sd = Annotated[float, Field(strict=True, gt=0, le=LARGEST_EFFECT)]


@dataclass(frozen=True, slots=True)
class Stateable:
    """What a belief may name.

    Parameters
    ----------
    addresses
        Where something can be stated.
    declared
        Names of the program's own beliefs.
    """

    addresses: Collection[str]
    declared: Collection[str]


class NormalEffect(BaseModel):
    """A normal distribution of an effect, in the unit of the address."""

    model_config = FROZEN
    mean: Effect
    sd: Sd


class Component(NormalEffect):
    """A normal distribution that is a share of a mixture."""

    share: Annotated[float, Field(strict=True, gt=0, le=1)]


class StatedEffect(BaseModel):
    """The distribution of an effect: ``normal``, or a ``mixture`` of normal ones."""

    model_config = FROZEN
    normal: NormalEffect | None = None
    mixture: Annotated[tuple[Component, ...], Field(min_length=1, max_length=MOST_COMPONENTS)] | None = None

    @model_validator(mode="after")
    def _is_one_distribution(self) -> "StatedEffect":
        if (self.normal is None) == (self.mixture is None):
            raise ValueError("give either normal: {mean, sd} or mixture: a list of {share, mean, sd}")
        total = sum(each.share for each in self.mixture or ())
        if self.mixture is not None and abs(total - 1.0) > SUM_WITHIN:
            raise ValueError(f"the shares of the mixture add up to {total:g}, not to 1")
        return self

    def distribution(self) -> NormalMixture:
        """Return the distribution."""
        if self.normal is not None:
            parts: Sequence[NormalEffect] = (self.normal,)
            share = np.ones(1)
        else:
            parts = self.mixture or ()
            share = np.array([each.share for each in self.mixture or ()])
        return NormalMixture(
            share / share.sum(),
            np.array([each.mean for each in parts]),
            np.array([each.sd for each in parts]),
        )


class OwnBelief(BaseModel):
    """One belief: ``as_declared`` takes one of the program over; else there is no effect, or one at an address."""

    model_config = _ONE_LINE
    as_declared: str | None = None
    name: BeliefName | None = None
    label: Label | None = None
    meaning: Words | None = None
    weight: Annotated[float, Field(strict=True, ge=0, le=LARGEST_WEIGHT)] | None = None
    no_effect: Literal[True] | None = None
    address: str | None = None
    effect: StatedEffect | None = None
    basis: Words | None = None
    below_zero: BelowZero = "no effect"
    only_harm: StrictBool = False

    @field_validator("as_declared")
    @classmethod
    def _is_declared(cls, name: str | None, info: ValidationInfo) -> str | None:
        known = _stateable_in(info)
        return name if known is None or name is None else require_name(name, known.declared, "belief")

    @field_validator("address")
    @classmethod
    def _is_an_address(cls, name: str | None, info: ValidationInfo) -> str | None:
        known = _stateable_in(info)
        return name if known is None or name is None else require_name(name, known.addresses, "address")

    @field_validator("name")
    @classmethod
    def _is_free(cls, name: str | None, info: ValidationInfo) -> str | None:
        known = _stateable_in(info)
        if name == MIXTURE or (known is not None and name in known.declared):
            raise ValueError(f"'{name}' has another meaning; as_declared takes a declared belief over")
        return name

    @model_validator(mode="after")
    def _says_one_thing(self) -> "OwnBelief":
        if self.as_declared is not None:
            others = sorted(self.model_fields_set - {"as_declared", "weight"})
            if others:
                raise ValueError(
                    f"as_declared takes the belief over whole: only a weight may stand beside it, not {listed(others)}"
                )
            return self
        absent = [field for field in ("name", "label", "meaning", "weight") if getattr(self, field) is None]
        if absent:
            raise ValueError(f"{listed(absent)} must be given, or as_declared")
        stated = {
            field
            for field in ("address", "effect", "basis", "below_zero", "only_harm")
            if field in self.model_fields_set
        }
        if self.no_effect and stated:
            raise ValueError(f"no_effect leaves nothing to state, but {listed(sorted(stated))} is there")
        if not self.no_effect and (self.address is None or self.effect is None):
            raise ValueError("give no_effect: true, or an address and an effect there")
        try:
            self.belief("")
        except IfntrialError as error:
            raise ValueError(str(error)) from error
        return self

    @property
    def called(self) -> str:
        """Name of the belief."""
        return self.as_declared or self.name or ""

    def belief(self, whose: str) -> Belief:
        """Return the belief, which is not one taken over."""
        statement = None
        if self.address is not None and self.effect is not None:
            statement = Statement(
                self.address,
                self.effect.distribution(),
                self.basis or f"a judgement of {whose}",
                self.below_zero,
                self.only_harm,
            )
        return Belief(self.called, self.label or "", self.meaning or "", self.weight or 0.0, statement)


class OwnBeliefs(BaseModel):
    """The beliefs of someone, with their shares in the mixture, not normalized; 0 for one that is shown beside it."""

    model_config = _ONE_LINE
    schema_version: Literal[1]
    whose: Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$")]
    beliefs: Annotated[tuple[OwnBelief, ...], Field(min_length=1, max_length=MOST_BELIEFS)]

    @field_validator("beliefs")
    @classmethod
    def _names_differ(cls, beliefs: tuple[OwnBelief, ...]) -> tuple[OwnBelief, ...]:
        names = [each.called for each in beliefs]
        twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
        if twice:
            raise ValueError(f"beliefs have the same name: {listed(twice)}")
        if all(each.weight == 0 for each in beliefs):
            raise ValueError("all weights are zero, so that the mixture is empty")
        return beliefs

    def resolved(self, declared: Sequence[Belief]) -> tuple[Belief, ...]:
        """Return the beliefs, in the order of the file.

        Parameters
        ----------
        declared
            The program's own, of which some may be taken over.
        """
        known = {belief.name: belief for belief in declared}
        return tuple(
            each.belief(self.whose)
            if each.as_declared is None
            else replace(
                known[each.as_declared],
                share=known[each.as_declared].share if each.weight is None else each.weight,
            )
            for each in self.beliefs
        )


def load_own_beliefs(path: Path, stateable: Stateable) -> OwnBeliefs:
    """Return the beliefs in a YAML file.

    Raises
    ------
    FileError
        If it is absent, empty, too large or not YAML.
    InputError
        If the content is not beliefs; lists every problem with its line and place.
    """
    name = str(path)
    if not path.is_file():
        raise FileError(f"beliefs file '{name}' does not exist", allowed="a YAML file", fix="check the path")
    text = read_text(path, _WHAT)
    content = parse(text, name, _WHAT)
    if not isinstance(content, dict):
        raise InputError(
            f"beliefs '{name}' holds no fields",
            given=type(content).__name__,
            allowed="a mapping with schema_version, whose and beliefs",
            fix="start from the example in docs/beliefs.md",
        )
    version = content.get("schema_version")
    if version != SCHEMA_VERSION:
        raise InputError(
            f"beliefs '{name}' has an unknown schema_version",
            given=f"{line_words(text, ('schema_version',))}{version!r}",
            allowed=f"schema_version: {SCHEMA_VERSION}",
            fix="add that line, or install the version of ifntrial that wrote the file",
        )
    try:
        return OwnBeliefs.model_validate(content, context=stateable)
    except ValidationError as error:
        raise InputError(
            f"beliefs '{name}' are not usable",
            problems=problems_of(error, text, partial(where_it_belongs, OwnBeliefs), _WHAT),
            allowed=f"statements at {listed(stateable.addresses)}; to take over are {listed(stateable.declared)}",
            fix="correct each place; 'ifntrial list addresses' says what can be stated",
        ) from error


def _stateable_in(info: ValidationInfo) -> Stateable | None:
    """Return the context of a validation; None where beliefs are read back whose names were checked before."""
    return info.context if isinstance(info.context, Stateable) else None
