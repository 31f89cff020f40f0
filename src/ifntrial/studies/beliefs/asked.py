"""Which beliefs a run asks: those of the program or a user's own, in their own shares or in others."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite

from ifntrial.errors import InputError, known_name
from ifntrial.evidence.records import Evidence
from ifntrial.studies.beliefs.declared import declared_beliefs
from ifntrial.studies.beliefs.own import LARGEST_WEIGHT, OwnBeliefs
from ifntrial.worlds.beliefs import Belief

AUTHORS = "the authors of ifntrial"

Shares = tuple[tuple[str, float], ...]
"""Belief and its part in the mixture, not normalized."""


@dataclass(frozen=True, slots=True)
class AskedBeliefs:
    """What decides the beliefs of a run, beside the evidence.

    Parameters
    ----------
    own
        None: those that the program declares.
    weights
        Other shares than theirs; a belief that is not named gets none. None: their own.
    """

    own: OwnBeliefs | None = None
    weights: Shares | None = None

    @property
    def whose(self) -> str:
        """Whose beliefs they are, in words."""
        name = AUTHORS if self.own is None else self.own.whose
        return name if self.weights is None else f"{name}, in shares given with the command"

    def beliefs(self, evidence: Evidence) -> tuple[Belief, ...]:
        """Return the beliefs.

        Raises
        ------
        InputError
            If a class of trials that a declared belief is made from has no usable contrast.
        UnknownNameError
            If a weight is given to a belief that is not there.
        """
        declared = declared_beliefs(evidence)
        beliefs = declared if self.own is None else self.own.resolved(declared)
        return beliefs if self.weights is None else _in_shares(beliefs, self.weights)


DECLARED = AskedBeliefs()


def _in_shares(beliefs: Sequence[Belief], weights: Shares) -> tuple[Belief, ...]:
    by_name = {belief.name: belief for belief in beliefs}
    share = {known_name(name, by_name, "belief"): value for name, value in weights}
    if len(share) < len(weights):
        raise InputError(
            "a weight is given twice",
            given=", ".join(f"{name}={value:g}" for name, value in weights),
            allowed="one weight for each belief; capitals make no other name",
            fix="leave one out",
        )
    return tuple(replace(belief, share=share.get(belief.name, 0.0)) for belief in beliefs)


def read_weights(text: str) -> Shares:
    """Return the shares that a text such as ``irrelevant=0.5,lupus_bridge=0.5`` gives.

    Raises
    ------
    InputError
        If it is not names with numbers, a name is there twice, a number is negative, or all are zero.
    """
    shares: dict[str, float] = {}
    for part in text.split(","):
        name, _, value = (each.strip() for each in part.partition("="))
        try:
            share = float(value)
        except ValueError:
            raise _no_weights("the weights of beliefs cannot be read", part.strip() or text) from None
        if not name:
            raise _no_weights("the weights of beliefs cannot be read", part.strip())
        if name in shares:
            raise _no_weights("a belief has two weights", text)
        if not (isfinite(share) and 0.0 <= share <= LARGEST_WEIGHT):
            raise _no_weights("a weight of a belief is out of range", part.strip())
        shares[name] = share
    if not any(shares.values()):
        raise _no_weights("no belief has a weight, so that the mixture is empty", text)
    return tuple(shares.items())


def _no_weights(what: str, given: str) -> InputError:
    return InputError(
        what,
        given=given,
        allowed=f"NAME=NUMBER,NAME=NUMBER, each belief once, numbers from 0 to {LARGEST_WEIGHT:g}, one above 0",
        fix="for example --weights irrelevant=0.5,ssc_reference_class=0.5; 'ifntrial list beliefs' says the names",
    )
