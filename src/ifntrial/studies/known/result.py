"""Lists of what the program knows by name."""

from collections.abc import Mapping
from dataclasses import dataclass

from ifntrial.studies.beliefs.result import AddressFacts, ImpliedRates


@dataclass(frozen=True, slots=True)
class KnownThing:
    """One thing that can be named.

    Parameters
    ----------
    name, label
        As commands and designs name it, and in words.
    told
        What else is said of it: heading to text.
    """

    name: str
    label: str
    told: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class KnownThings:
    """The result of ``ifntrial list`` of drugs, mechanisms and all else that is a name with words.

    Parameters
    ----------
    known_things
        In the order in which the program has them.
    """

    known_things: tuple[KnownThing, ...]


@dataclass(frozen=True, slots=True)
class KnownAddresses:
    """The result of ``ifntrial list addresses``.

    Parameters
    ----------
    addresses
        In the order in which the frozen worlds have them.
    """

    addresses: tuple[AddressFacts, ...]


@dataclass(frozen=True, slots=True)
class KnownBeliefs:
    """The result of ``ifntrial list beliefs``.

    Parameters
    ----------
    beliefs
        Those declared, with what they mean at their addresses.
    """

    beliefs: tuple[ImpliedRates, ...]
