"""Worlds: draws of what nobody knows, shared by all subjects of a trial.

A world fixes the share of each disease domain's drive that passes through the receptor (``phi_*``), the brake, whether
that share depends on the patient's signal, the effect on mycophenolate, every model parameter that has a prior, and how
well this trial's patients do without treatment. Rows ``world.*``, ``history.*`` and the priors of the model's own rows
give the numbers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated

import numpy as np
from scipy.special import expit, ndtri

from ifntrial.arrays import BoolArray, FloatArray, IntArray
from ifntrial.evidence.distributions import prior_distribution
from ifntrial.evidence.records import Evidence, ParameterValue
from ifntrial.evidence.rows import Each, Pure, Rows
from ifntrial.items import CORE_ITEMS, ITEMS
from ifntrial.model import Model
from ifntrial.model.mechanisms.drug_effect import BRAKE_TISSUE, DOMAIN_TISSUE, DRUG_EFFECT
from ifntrial.model.values import evidence_row
from ifntrial.patients.entry_rows import BETWEEN_TRIALS, ITEM_UNITS, row_name
from ifntrial.seeds import Stream
from ifntrial.units import convert

DOMAINS = tuple(DOMAIN_TISSUE)
GLOBALS = (*DRUG_EFFECT, "a_mmf")
"""The drug effect that nobody knows."""


@dataclass(frozen=True, slots=True)
class _World:
    """How worlds are drawn."""

    phi_logit_mean: Annotated[ParameterValue, "1"]
    phi_max: Pure
    phi_correlation_low: Pure
    phi_correlation_high: Pure
    protective_share: Pure
    protective_phi_logit_fall: Pure
    protective_brake: Annotated[ParameterValue, "1"]
    relative_form_share: Pure


@dataclass(frozen=True, slots=True)
class _Effect:
    """Parameters of the drug effect that are not drawn as shares of a domain's drive."""

    brake: Annotated[Mapping[str, ParameterValue], Each("{}", dict.fromkeys(BRAKE_TISSUE, "1"))]
    a_mmf: Annotated[ParameterValue, "1"]


@dataclass(frozen=True, slots=True)
class _Trial:
    """How trials differ without treatment."""

    trial_items_correlation: Pure
    change_mmf: Annotated[Mapping[str, ParameterValue], Each("{}_change_mmf", ITEM_UNITS, row_name)]
    fvc_progression_share: Annotated[ParameterValue, "1"]


_WORLD, _EFFECT, _TRIAL = Rows("world", _World), Rows("", _Effect), Rows("history", _Trial)

Uniform = Callable[[str, int], FloatArray]
"""Purpose and draw to one number in (0, 1) per world, shape (worlds,)."""


@dataclass(frozen=True, slots=True)
class Worlds:
    """Several worlds as columns.

    Parameters
    ----------
    number
        Identity of each world, shape (worlds,); random numbers inside a world hang on it.
    parameters
        Model parameter, or ``bioavailability``, to its value in each world, in model units, shape (worlds,).
    history
        Shift of each item's mean change in this trial, ``trial_<item>`` [item unit], the association with
        mycophenolate, ``mmf_<item>`` [item unit], and ``progression_share``, shape (worlds,).
    is_protective
        Whether interferon mostly restrains fibrosis there, so that its blockade may do net harm, shape (worlds,).
    """

    number: np.ndarray
    parameters: Mapping[str, FloatArray]
    history: Mapping[str, FloatArray]
    is_protective: BoolArray

    @property
    def size(self) -> int:
        """Number of worlds."""
        return len(self.number)

    def take(self, chosen: np.ndarray) -> "Worlds":
        """Return the chosen worlds, by position; the same one may be taken twice."""
        return Worlds(
            self.number[chosen],
            {name: values[chosen] for name, values in self.parameters.items()},
            {name: values[chosen] for name, values in self.history.items()},
            self.is_protective[chosen],
        )

    def with_effect(self, has_effect: BoolArray) -> "Worlds":
        """Return the worlds with all phi and brakes at exactly zero where blockade has no effect on the disease.

        Parameters
        ----------
        has_effect
            Shape (worlds,).
        """
        effect = {name: np.where(has_effect, self.parameters[name], 0.0) for name in DRUG_EFFECT}
        return replace(self, parameters={**self.parameters, **effect})


def draw_worlds(
    model: Model, evidence: Evidence, count: int, seed: int, chosen: IntArray | None = None
) -> Worlds:
    """Return structural worlds ``0 .. count - 1`` of a seed, before conditioning on anything observed.

    Parameters
    ----------
    chosen
        Numbers of those that are wanted, in any order; None for all.
    """
    numbers = np.arange(count) if chosen is None else chosen
    drawn = worlds_from(model, evidence, len(numbers), partial(_seeded, seed, count, numbers))
    return replace(drawn, number=numbers)


def worlds_from(model: Model, evidence: Evidence, count: int, uniform: Uniform) -> Worlds:
    """Return the worlds that given numbers in (0, 1) stand for, by inverse distribution function.

    Parameters
    ----------
    uniform
        Asked once for each uncertain quantity, always in the same order; what it is asked for does not depend on
        what it answers.
    """
    draw = _WorldDraws(uniform)
    number, effect = _WORLD.read(evidence), _EFFECT.read(evidence)
    # In some worlds interferon mostly restrains fibrosis: little drive passes through it, and the brake is strong.
    is_protective = draw.uniform("protective") < number.protective_share
    center = _from_prior(number.phi_logit_mean, draw.uniform("phi mean"))
    parameters = _phi(number, center - np.where(is_protective, number.protective_phi_logit_fall, 0.0), draw)
    for position, brake in enumerate(BRAKE_TISSUE):
        usual = _from_prior(effect.brake[brake], draw.uniform(brake))
        strong = _from_prior(number.protective_brake, draw.uniform("protective brake", position))
        parameters[brake] = np.where(is_protective, strong, usual)
    is_relative = draw.uniform("effect_follows_signal") < number.relative_form_share
    parameters["effect_follows_signal"] = np.where(is_relative, 0.0, 1.0)
    parameters["a_mmf"] = _from_prior(effect.a_mmf, draw.uniform("a_mmf"))
    for parameter in model.parameters:
        row = evidence_row(model, evidence, parameter.name)
        if row is not None and row.prior != "none" and parameter.name not in GLOBALS:
            values = _from_prior(row, draw.uniform(parameter.name))
            parameters[parameter.name] = values * convert(1.0, row.unit, parameter.unit)
    bioavailability = evidence_row(model, evidence, "bioavailability")
    if bioavailability is not None:
        parameters["bioavailability"] = _from_prior(bioavailability, draw.uniform("bioavailability"))
    return Worlds(np.arange(count), parameters, _history(evidence, draw), np.asarray(is_protective))


def _seeded(seed: int, count: int, numbers: IntArray, purpose: str, draw: int) -> FloatArray:
    return Stream(seed, f"world: {purpose}").uniform(count, draw=draw)[numbers]


class _WorldDraws:
    """One number per world, by purpose."""

    def __init__(self, source: Uniform) -> None:
        self.source = source

    def uniform(self, purpose: str, draw: int = 0) -> FloatArray:
        return self.source(purpose, draw)

    def normal(self, purpose: str, draw: int = 0) -> FloatArray:
        return ndtri(self.uniform(purpose, draw))


def _from_prior(row: ParameterValue, u: FloatArray) -> FloatArray:
    drawn: FloatArray = prior_distribution(row).ppf(u)
    return drawn


def _phi(number: _World, center: FloatArray, draw: _WorldDraws) -> dict[str, FloatArray]:
    correlation = number.phi_correlation_low + draw.uniform("phi correlation") * (
        number.phi_correlation_high - number.phi_correlation_low
    )
    common = draw.normal("phi common")
    return {
        f"phi_{domain}": number.phi_max
        * expit(
            center
            + np.sqrt(correlation) * common
            + np.sqrt(1 - correlation) * draw.normal("phi domain", position)
        )
        for position, domain in enumerate(DOMAINS)
    }


def _history(evidence: Evidence, draw: _WorldDraws) -> dict[str, FloatArray]:
    number, between = _TRIAL.read(evidence), BETWEEN_TRIALS.read(evidence).change_sd
    shared = number.trial_items_correlation
    common = draw.normal("trial effect")
    history: dict[str, FloatArray] = {}
    for position, item in enumerate(CORE_ITEMS):
        own = draw.normal("trial effect of item", position)
        # A trial that does well does so on every item; higher lung function is better, lower anything else.
        deviation = ITEMS[item].toward_worse * np.sqrt(shared) * common + np.sqrt(1 - shared) * own
        history[f"trial_{item}"] = between[item] * deviation
        row = number.change_mmf[item]
        history[f"mmf_{item}"] = _from_prior(row, draw.uniform(row.name))
    share = number.fvc_progression_share
    history["progression_share"] = _from_prior(share, draw.uniform(share.name))
    return history
