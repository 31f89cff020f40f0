"""What a forecast says of the numbers that its trial will print: a mixture over worlds for each, ready to be scored.

In one world a number of the trial has a law: an estimate is normal around what the world expects, with the spread of
trials of this size; a share of responders is a binomial count over patients; events are Poisson. A belief weighs the
worlds. So the distribution is stated exactly by a few numbers of each world, without any draw.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.clinic.design_words import endpoint_words
from ifntrial.clinic.primary_measure import primary_measure
from ifntrial.files import write_whole
from ifntrial.studies.forecast.aims import order_name, orders_of_testing
from ifntrial.studies.forecast.gather import ForecastWorlds, GroupInWorlds, RuleInWorlds
from ifntrial.studies.forecast.prior_answer import PriorAnswer
from ifntrial.studies.forecast.run import PreparedForecast
from ifntrial.studies.safety.in_worlds import events_of

NAME = "predictive.json"
Law = Literal["yes or no", "normal", "share", "count"]
IFN_HIGH = "high"


@dataclass(frozen=True, slots=True)
class Foretold:
    """A number that a trial will print, in each world of the run.

    Parameters
    ----------
    label, unit
        In words, and ``1`` for shares, chances, logarithms and counts.
    law
        ``yes or no``: it happens with the chance ``expected``. ``normal``: around ``expected`` with the standard
        deviation ``spread``. ``share``: a count of ``patients`` with the chance ``expected``, over them. ``count``: of
        a Poisson law with the mean ``expected``.
    expected
        Shape (worlds,).
    spread
        Shape (worlds,); None unless the law is ``normal``.
    patients
        None unless the law is ``share``.
    stated
        Belief to the chance that the forecast states, of a ``yes or no`` whose mean over worlds it makes more exact;
        None of all others.
    """

    label: str
    unit: str
    law: Law
    expected: tuple[float, ...]
    spread: tuple[float, ...] | None = None
    patients: int | None = None
    stated: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Predictive:
    """All that a run foretells of the numbers of its trial.

    Parameters
    ----------
    worlds
        Number of the structural world of each world of the run.
    weights
        Belief to how much each of them counts, summing to one, shape (worlds,).
    foretold
        Key of a number to what is foretold of it.
    """

    worlds: tuple[int, ...]
    weights: Mapping[str, tuple[float, ...]]
    foretold: Mapping[str, Foretold]


def predictive(
    prepared: PreparedForecast, worlds: ForecastWorlds, by_prior: Mapping[str, PriorAnswer]
) -> Predictive:
    """Return what a forecast foretells.

    Parameters
    ----------
    by_prior
        The answer under each belief, for the chance that it states of the primary endpoint.
    """
    found = dict(_primary(prepared, worlds, by_prior))
    found |= _secondaries(prepared, worlds)
    if IFN_HIGH in worlds.by_ifn:
        found |= _high_signature(prepared, worlds.by_ifn[IFN_HIGH])
    found |= _safety(prepared, worlds)
    weights = {name: _plain(weight) for name, weight in prepared.choice.counts.items()}
    return Predictive(worlds.numbers, weights, found)


def write_predictive(folder: Path, found: Predictive) -> None:
    """Write it as ``predictive.json``.

    Raises
    ------
    FileError
        If it cannot be written.
    """
    write_whole(folder / NAME, json.dumps(asdict(found), allow_nan=False) + "\n")


def _primary(
    prepared: PreparedForecast, worlds: ForecastWorlds, by_prior: Mapping[str, PriorAnswer]
) -> Iterator[tuple[str, Foretold]]:
    design, endpoints = prepared.trial.design, prepared.trial.endpoints
    words, rule = endpoint_words(design.primary, design, endpoints), worlds.rules[""]
    stated = {name: each.assurance.estimate for name, each in by_prior.items()}
    yield "primary_met", Foretold(f"{words} is met", "1", "yes or no", _plain(rule.power), stated=stated)
    yield "primary_difference", _difference(prepared, rule, words)
    if prepared.trial.common.is_response:
        for arm, shares in ((design.active, rule.active), (design.control, rule.control)):
            side = "active" if arm is design.active else "control"
            yield (
                f"response_{side}",
                Foretold(
                    f"{words}, responders on {arm.name}",
                    "1",
                    "share",
                    _plain(shares),
                    patients=design.n_of(arm),
                ),
            )


def _difference(prepared: PreparedForecast, rule: RuleInWorlds, words: str) -> Foretold:
    measure = primary_measure(prepared.trial.common.endpoint)
    return Foretold(
        f"{words}: {measure.of_difference}, active minus control",
        measure.difference_unit,
        "normal",
        _plain(rule.difference),
        _plain(rule.trial_sd),
    )


def _secondaries(prepared: PreparedForecast, worlds: ForecastWorlds) -> Iterator[tuple[str, Foretold]]:
    design, endpoints = prepared.trial.design, prepared.trial.endpoints
    planned = design.key_secondary[: len(worlds.aims.secondaries)]
    for each, found in zip(planned, worlds.aims.secondaries, strict=True):
        words = endpoint_words(each, design, endpoints)
        yield (
            f"{each.endpoint}_difference",
            Foretold(
                f"{words}: difference, active minus control",
                endpoints[each.endpoint].unit,
                "normal",
                _plain(found.difference),
                _plain(found.trial_sd),
            ),
        )
    if planned:
        in_order = worlds.aims.sequences[order_name(orders_of_testing(len(planned))[0])]
        for step, each in enumerate(planned):
            words = ", ".join(endpoint_words(one, design, endpoints) for one in planned[: step + 1])
            yield (
                f"primary_to_{each.endpoint}_met",
                Foretold(
                    f"The primary endpoint and {words} are met in order",
                    "1",
                    "yes or no",
                    _plain(in_order[:, step]),
                ),
            )


def _high_signature(prepared: PreparedForecast, group: GroupInWorlds) -> Iterator[tuple[str, Foretold]]:
    design = prepared.trial.design
    words = f"{endpoint_words(design.primary, design, prepared.trial.endpoints)} among the IFN-high"
    yield "ifn_high_met", Foretold(f"{words} is met", "1", "yes or no", _plain(group.numbers.power))
    yield "ifn_high_difference", _difference(prepared, group.numbers, words)


def _safety(prepared: PreparedForecast, worlds: ForecastWorlds) -> Iterator[tuple[str, Foretold]]:
    design = prepared.trial.design
    for event in events_of(design):
        for arm in (design.active, design.control):
            expected = worlds.safety.expected[event.name][arm.name] * design.n_of(arm)
            side = "active" if arm is design.active else "control"
            yield (
                f"{event.name}_{side}",
                Foretold(f"{event.label}, events on {arm.name}", "1", "count", _plain(expected)),
            )


def _plain(values: FloatArray) -> tuple[float, ...]:
    return tuple(np.asarray(values, dtype=np.float64).tolist())
