"""Scores of a locked prediction against what its trial printed: each belief, their mixture, and the baselines."""

from collections.abc import Iterator, Mapping

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.seeds import Stream
from ifntrial.studies.ledger.distributions import chance, distribution
from ifntrial.studies.ledger.outcome import Outcome
from ifntrial.studies.ledger.predictive import Predictive
from ifntrial.studies.ledger.proper_scores import (
    INTERVAL_LEVEL,
    brier_score,
    energy_score,
    interval_score,
    log_score,
)
from ifntrial.studies.ledger.record import LockedPrediction
from ifntrial.studies.ledger.result import ChanceScore, NumberScore, PredictionScores, TogetherScore
from ifntrial.worlds.beliefs import MIXTURE

ENERGY_DRAWS = 2000
_SEED = 1
_TOGETHER = ("mrss_change_difference", ("fvc_percent_change_difference", "fvc_ml_change_difference"))
"""Skin, and lung on one of its scales, which are scored together too."""


def score(prediction: LockedPrediction, outcome: Outcome) -> PredictionScores:
    """Return every score that the outcome allows."""
    found = prediction.predictive
    return PredictionScores(
        prediction=outcome.prediction,
        design=prediction.trial.design,
        registration=prediction.trial.registration,
        locked=prediction.locked,
        known_at_lock=prediction.known,
        source=outcome.source,
        read_out=outcome.read_out,
        chances=tuple(_chances(prediction, outcome.observed)),
        numbers=tuple(_numbers(found, outcome.observed)),
        together=tuple(_together(found, outcome.observed)),
    )


def _chances(prediction: LockedPrediction, observed: Mapping[str, float]) -> Iterator[ChanceScore]:
    found = prediction.predictive
    for key, value in observed.items():
        if found.foretold[key].law != "yes or no":
            continue
        given = {belief: chance(found, key, belief) for belief in found.weights}
        if key == "primary_met":
            given |= {name: each.chance for name, each in prediction.baselines.items()}
        for forecaster, one in given.items():
            log = log_score(one, bool(value))
            yield ChanceScore(
                key,
                found.foretold[key].label,
                forecaster,
                one,
                bool(value),
                log if np.isfinite(log) else None,
                brier_score(one, bool(value)),
            )


def _numbers(found: Predictive, observed: Mapping[str, float]) -> Iterator[NumberScore]:
    tail = (1.0 - INTERVAL_LEVEL) / 2.0
    for key, value in observed.items():
        foretold = found.foretold[key]
        if foretold.law == "yes or no":
            continue
        for belief in found.weights:
            own = distribution(found, key, belief)
            low, high = own.quantile(tail), own.quantile(1.0 - tail)
            yield NumberScore(
                key,
                foretold.label,
                foretold.unit,
                belief,
                value,
                own.mean,
                low,
                high,
                own.crps(value),
                interval_score(low, high, value),
                own.pit(value),
            )


def _together(found: Predictive, observed: Mapping[str, float]) -> Iterator[TogetherScore]:
    skin, lungs = _TOGETHER
    lung = next((each for each in lungs if each in observed), None)
    if skin not in observed or lung is None:
        return
    keys = (skin, lung)
    scale = np.array([_sd(found, key) for key in keys])
    seen = np.array([observed[key] for key in keys]) / scale
    for belief in found.weights:
        yield TogetherScore(keys, belief, energy_score(_draws(found, keys, belief) / scale, seen))


def _draws(found: Predictive, keys: tuple[str, ...], belief: str) -> FloatArray:
    """Return what trials would print, shape (draws, keys): a world by its weight, then each number around it."""
    reached = np.cumsum(found.weights[belief])
    steps = (np.arange(ENERGY_DRAWS) + 0.5) / ENERGY_DRAWS * reached[-1]
    world = np.minimum(np.searchsorted(reached, steps), len(reached) - 1)
    columns = []
    for key in keys:
        own = found.foretold[key]
        noise = Stream(_SEED, f"prediction {key}").normal(ENERGY_DRAWS)
        columns.append(np.array(own.expected)[world] + np.array(own.spread)[world] * noise)
    return np.stack(columns, axis=1)


def _sd(found: Predictive, key: str) -> float:
    """Return the standard deviation of what trials would print under the mixture."""
    own, weight = found.foretold[key], np.array(found.weights[MIXTURE])
    expected, spread = np.array(own.expected), np.array(own.spread)
    mean = float((weight * expected).sum())
    return float(np.sqrt((weight * ((expected - mean) ** 2 + spread**2)).sum()))
