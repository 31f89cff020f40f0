"""What the fields of a design may name, and how a name is checked."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from pydantic import ValidationInfo

from ifntrial.arrays import AnyArray
from ifntrial.errors import IfntrialError, known_name
from ifntrial.model.drugs import Drug


@dataclass(frozen=True, slots=True)
class Names:
    """The context in which the fields of a design are checked.

    Parameters
    ----------
    drugs
        Those that an arm may give.
    endpoints, analyses
        Names of the endpoints that may be planned, and of the tests of a primary one.
    kinds
        Kind of each endpoint, see ``clinic.endpoints.record.Kind``; without an entry nothing is said of what fits it.
    covariates
        What is known of one subject and more, each (subjects,); None where conditions are not asked of anyone.
    fitting
        Kinds of endpoints that each analysis tests; without an entry nothing is said of what it fits.
    """

    drugs: Mapping[str, Drug]
    endpoints: Collection[str]
    analyses: Collection[str]
    kinds: Mapping[str, str] = field(default_factory=dict)
    covariates: Mapping[str, AnyArray] | None = None
    fitting: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def names_in(info: ValidationInfo) -> Names | None:
    """Return the context of a validation; None where a design is read back whose names were checked before."""
    return info.context if isinstance(info.context, Names) else None


def require_name(name: str, names: Collection[str], meaning: str) -> str:
    """Return a name that is among those known; a ``ValueError`` says the closest ones."""
    try:
        return known_name(name, names, meaning)
    except IfntrialError as error:
        raise ValueError(str(error)) from error
