"""What a design may name: drugs, endpoints, analyses, and the designs that it may extend."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pydantic import ValidationInfo

from ifntrial.errors import IfntrialError, resolve_name
from ifntrial.model.drugs import Drug

if TYPE_CHECKING:
    from ifntrial.design.parts import TrialDesign


@dataclass(frozen=True, slots=True)
class Known:
    """The context in which the fields of a design are checked.

    Parameters
    ----------
    drugs
        Those that an arm may give.
    endpoints, analyses
        Names of the endpoints that may be planned, and of the tests of a response.
    designs
        Those that may be loaded by name, and extended.
    """

    drugs: Mapping[str, Drug]
    endpoints: Collection[str]
    analyses: Collection[str]
    designs: "Mapping[str, TrialDesign]" = field(default_factory=dict)


def known_in(info: ValidationInfo) -> Known | None:
    """Return the context of a validation; None where a design is read back whose names were checked before."""
    return info.context if isinstance(info.context, Known) else None


def require_name(name: str, names: Collection[str], meaning: str) -> str:
    """Return a name that is among those known; a ``ValueError`` says the closest ones."""
    try:
        return resolve_name(name, {each: each for each in names}, meaning)
    except IfntrialError as error:
        raise ValueError(str(error)) from error
