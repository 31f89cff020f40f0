"""New results weigh the worlds of a run again: each by how well it foretells them, a belief by how well its worlds do.

A result is an effect of blockade at an address, with its standard error and the SD of what another trial of the same
statement would differ by. A world without an effect foretells none. Nothing is simulated again, so that too few worlds
may be left: this is refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.errors import InputError
from ifntrial.normal_mixture import NormalMixture
from ifntrial.worlds.beliefs import MIXTURE
from ifntrial.worlds.choose import WorldChoice
from ifntrial.worlds.implied import ImpliedEffects
from ifntrial.worlds.posterior import effective_worlds
from ifntrial.worlds.weigh import BeliefWeights

FEWEST_LEFT = 20.0
"""Effective worlds of the run under the mixture, below which a new answer would rest on chance."""


@dataclass(frozen=True, slots=True)
class GivenResult:
    """A result that is given.

    Parameters
    ----------
    name, source
        What it is, and where it was published or that it is imagined.
    address
        Where the effect was seen.
    effect, standard_error, trial_sd
        Active against control, its sampling error, and the SD between trials of the same statement, all in the unit of
        the address.
    """

    name: str
    source: str
    address: str
    effect: float
    standard_error: float
    trial_sd: float

    @property
    def error(self) -> float:
        """Both errors together."""
        return float(np.hypot(self.standard_error, self.trial_sd))


@dataclass(frozen=True, slots=True)
class Learning:
    """What results do to a choice of worlds.

    Parameters
    ----------
    choice
        The same worlds, weighed again; shares of beliefs in the mixture are held.
    chance
        Belief to the density of the results under it, over that under a mixture in the shares as they were.
    shares
        Belief to its share in the mixture if these densities update it, summing to one.
    foretold
        Belief to what it foretold of each result, errors included; the mixture is one of them.
    """

    choice: WorldChoice
    chance: Mapping[str, float]
    shares: Mapping[str, float]
    foretold: Mapping[str, tuple[NormalMixture, ...]]


def learn(choice: WorldChoice, results: Sequence[GivenResult], implied: ImpliedEffects) -> Learning:
    """Return what results do to the worlds of a run.

    Raises
    ------
    InputError
        If too few worlds are left.
    UnknownNameError
        If an address is not one of the calibration's.
    """
    effects = [implied.at_address(each.address).effect for each in results]
    fit_effect = np.sum([_fit(each, effect) for each, effect in zip(results, effects, strict=True)], axis=0)
    fit_none = float(sum(_fit(each, np.zeros(1))[0] for each in results))
    best = max(float(fit_effect.max()), fit_none)
    likely, likely_none = np.exp(fit_effect - best), float(np.exp(fit_none - best))
    weights, chance = {}, {}
    for name, before in choice.beliefs.items():
        effect, no_effect = before.effect * likely, before.no_effect * likely_none
        chance[name] = float(effect.sum() + no_effect.sum())
        if not chance[name] > 0:
            raise _nothing_left(name, 0.0)
        weights[name] = BeliefWeights(
            effect / chance[name], no_effect / chance[name], before.is_protective, before.unreached
        )
    learnt = choice.counted(weights, choice.shares)
    left = effective_worlds(learnt.counts[MIXTURE])
    if left < FEWEST_LEFT:
        raise _nothing_left("the mixture", left)
    total = sum(share * chance[name] for name, share in choice.shares.items())
    return Learning(
        learnt,
        {name: each / total for name, each in chance.items()},
        {name: share * chance[name] / total for name, share in choice.shares.items()},
        {
            name: tuple(_foretold(each, own, before) for each, own in zip(results, effects, strict=True))
            for name, before in {**choice.beliefs, MIXTURE: _mixture(choice)}.items()
        },
    )


def _fit(result: GivenResult, effect: FloatArray) -> FloatArray:
    """Return the logarithm of a normal density, up to a constant of the result, in each world."""
    return np.asarray(-0.5 * ((result.effect - effect) / result.error) ** 2)


def _mixture(choice: WorldChoice) -> BeliefWeights:
    each = [(share, choice.beliefs[name]) for name, share in choice.shares.items()]
    return BeliefWeights(
        np.asarray(np.sum([share * own.effect for share, own in each], axis=0)),
        np.asarray(np.sum([share * own.no_effect for share, own in each], axis=0)),
        each[0][1].is_protective,
    )


def _foretold(result: GivenResult, effect: FloatArray, weights: BeliefWeights) -> NormalMixture:
    counts = weights.effect > 0
    mass = np.append(weights.effect[counts], weights.no_effect.sum())
    means = np.append(effect[counts], 0.0)
    has = mass > 0
    return NormalMixture(mass[has] / mass.sum(), means[has], np.full(int(has.sum()), result.error))


def _nothing_left(where: str, left: float) -> InputError:
    return InputError(
        f"the given results leave too few worlds of {where}",
        given=f"{left:.1f} effective worlds",
        allowed=f"at least {FEWEST_LEFT:g}",
        fix="ask for more worlds, or check the results and their units: no belief foretold anything like them",
    )
