"""Lists of what the program knows by name."""

from collections.abc import Mapping
from dataclasses import dataclass

from ifntrial.studies.beliefs.result import AddressFacts
from ifntrial.worlds.quantiles import Spread


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
class KnownBelief:
    """A declared belief, and what it means at its address.

    Parameters
    ----------
    name, label
        As commands name it, and in words.
    mixture_share
        Its share in the mixture, of one.
    address
        Where it is stated; None if it is that there is no effect.
    stated_effect
        As stated, in the unit of the address; None without an address.
    no_benefit
        Its mass on the side of no benefit or harm.
    below_zero
        What that mass stands for.
    unreached
        Share that lies beyond all worlds, and is left out.
    implied_control
        The endpoint on control there, mean over its worlds: share of responders, or change; None without an address.
    implied_active
        The endpoint on active there if the effect is as stated.
    """

    name: str
    label: str
    mixture_share: float
    address: str | None
    stated_effect: Spread | None
    no_benefit: float
    below_zero: str
    unreached: float
    implied_control: float | None
    implied_active: Spread | None


@dataclass(frozen=True, slots=True)
class KnownBeliefs:
    """The result of ``ifntrial list beliefs``.

    Parameters
    ----------
    beliefs
        Those declared.
    """

    beliefs: tuple[KnownBelief, ...]
