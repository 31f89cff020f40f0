"""Structural worlds that were never simulated: effects at two addresses, on benefit's side and on harm's."""

import numpy as np

from ifntrial.normal_mixture import NormalMixture
from ifntrial.worlds.beliefs import Belief, Statement
from ifntrial.worlds.implied import EffectAtAddress, ImpliedEffects
from ifntrial.worlds.predictions import Predictions

WORLDS = 4000
"""The second half is protective."""


def made_up_implied(reach=2.0):
    """Return effects spread evenly from 0 to ``reach`` in ordinary worlds, and from 0 to -1 in protective ones."""
    half = WORLDS // 2
    ladder = (np.arange(half) + 0.5) / half
    response = np.concatenate([reach * ladder, -ladder])
    skin = np.concatenate([-4.0 * reach * ladder, 3.0 * ladder])
    some = np.arange(0, WORLDS, 50)
    return ImpliedEffects(
        number=np.arange(WORLDS),
        chance=np.ones(WORLDS),
        is_protective=np.arange(WORLDS) >= half,
        at={
            "response": EffectAtAddress(response, np.full(WORLDS, 0.4), 0.02, False, some, response[some]),
            "skin": EffectAtAddress(skin, np.full(WORLDS, -3.0), 0.1, True, some, skin[some]),
        },
        predictions=Predictions((), np.zeros((WORLDS, 0))),
    )


def normal(mean, sd):
    return NormalMixture(np.ones(1), np.array([mean]), np.array([sd]))


def belief(address, mean, sd, name="some", share=1.0, **given):
    """Return a normal belief."""
    return Belief(
        name, "Some", "some belief", share, Statement(address, normal(mean, sd), "made up", **given)
    )


NOTHING = Belief("nothing", "Nothing", "no effect", 1.0)
