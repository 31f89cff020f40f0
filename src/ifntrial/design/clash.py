"""Two statements of a design that cannot both hold."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ifntrial.yaml_files import Place


@dataclass(frozen=True, slots=True)
class Clash:
    """A statement of a design that does not fit another.

    Parameters
    ----------
    place
        Where the statement stands in the design.
    message
        What does not fit, in words.
    against
        Where the other statement stands; None where the statement is wrong by itself.
    """

    place: Place
    message: str
    against: Place | None = None


Rule = Callable[[], Iterable[Clash]]
"""Asks one question of a design."""


def require_none(clashes: Iterable[Clash]) -> None:
    """Raise a ``ValueError`` with the words of every clash, which is how a record refuses what it is made of."""
    messages = [clash.message for clash in clashes]
    if messages:
        raise ValueError("; ".join(messages))
