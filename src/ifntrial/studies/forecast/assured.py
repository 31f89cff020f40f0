"""The probability of success under a belief, and one interval for all that is finite in it.

What every structural world implies at the addresses says much about its power, and is known for thousands of worlds. A
smooth function of it, fitted to the worlds of the run, is therefore averaged over all structural worlds; the worlds of
the run, simulated for this very design, give what the function leaves (a control variate). Whatever the function, the
mean is that of simulated trials.
"""

import numpy as np
from scipy.special import ndtr, ndtri

from ifntrial.arrays import FloatArray
from ifntrial.items import CORE_ITEMS
from ifntrial.levels import NORMAL_95
from ifntrial.studies.beliefs.answers import Assurance, ErrorParts
from ifntrial.studies.forecast.gather import ForecastWorlds
from ifntrial.studies.forecast.run import PreparedForecast
from ifntrial.ties import are_equal
from ifntrial.worlds.beliefs import MIXTURE
from ifntrial.worlds.choose import WorldChoice
from ifntrial.worlds.draw import Worlds
from ifntrial.worlds.implied import ImpliedEffects
from ifntrial.worlds.posterior import effective_worlds

WORLDS_OF_A_SLOPE = 6
"""The function has so many of the run's worlds behind each of its numbers, or is not used."""
_NOT_QUITE = (0.002, 0.998)
_STEPS = 8


class ExpectedPower:
    """Power expected from what is implied: in the worlds of the run, in all structural ones, and without an effect."""

    def __init__(self, of_run: FloatArray, of_all: FloatArray, no_effect: float) -> None:
        self.of_run, self.of_all, self.no_effect = of_run, of_all, no_effect


def assurances(prepared: PreparedForecast, worlds: ForecastWorlds) -> dict[str, Assurance]:
    """Return the probability of success under each belief and, last, the mixture."""
    power, choice = worlds.rules[""].power, prepared.choice
    expected = expected_power(prepared, worlds)
    found: dict[str, Assurance] = {}
    for name in choice.beliefs:
        found[name] = _assurance(
            mean_assurance(name, choice, power, expected),
            ErrorParts(
                worlds_error=error_of_mean(power - expected.of_run, choice.counts[name]),
                subjects_error=worlds.monte_carlo_error["all"][name],
                calibration_error=_calibration_error(name, prepared, power),
            ),
        )
    shares = choice.shares
    weight = choice.counts[MIXTURE]
    found[MIXTURE] = _assurance(
        sum(share * found[name].estimate for name, share in shares.items()),
        ErrorParts(
            worlds_error=error_of_mean(power - expected.of_run, weight),
            subjects_error=worlds.monte_carlo_error["all"][MIXTURE],
            # one population stands behind all addresses of a belief: their errors add up
            calibration_error=sum(
                share * found[name].parts.calibration_error for name, share in shares.items()
            ),
        ),
    )
    return found


def mean_assurance(name: str, choice: WorldChoice, power: FloatArray, expected: ExpectedPower) -> float:
    """Return the probability of success under a belief of a choice, from the power in each world of the run."""
    weights = choice.beliefs[name]
    with_effect = float(weights.effect.sum())
    mean = float((weights.effect * expected.of_all).sum()) + (1.0 - with_effect) * expected.no_effect
    return mean + float((choice.counts[name] * (power - expected.of_run)).sum())


def _assurance(estimate: float, parts: ErrorParts) -> Assurance:
    half = NORMAL_95 * float(
        np.sqrt(parts.worlds_error**2 + parts.subjects_error**2 + parts.calibration_error**2)
    )
    return Assurance(
        float(np.clip(estimate, 0.0, 1.0)), max(estimate - half, 0.0), min(estimate + half, 1.0), parts
    )


def expected_power(prepared: PreparedForecast, worlds: ForecastWorlds) -> ExpectedPower:
    """Return the control variate of a run; it does not hang on what is believed."""
    power, choice = worlds.rules[""].power, prepared.choice
    has = choice.has_effect
    no_effect = float(np.mean(power[~has])) if (~has).any() else 0.0
    implied = prepared.calibration.implied
    flat = ExpectedPower(np.where(has, 0.0, no_effect), np.zeros(implied.size), no_effect)
    structural = prepared.calibration.structural_worlds(
        prepared.trial.common.model, prepared.trial.common.evidence
    )
    columns = _columns(implied, structural)
    own = columns[choice.positions[has]]
    if len(own) < WORLDS_OF_A_SLOPE * columns.shape[1]:
        return flat
    slopes = _fitted(own, power[has])
    if not np.isfinite(slopes).all():
        return flat
    of_all = ndtr((columns * slopes).sum(axis=1))
    return ExpectedPower(np.where(has, of_all[choice.positions], no_effect), of_all, no_effect)


def _columns(implied: ImpliedEffects, structural: Worlds) -> FloatArray:
    """Return what power is expected from: effects at all addresses and the trial effects, shape (worlds, columns)."""
    effects = [
        _standard(-place.effect if place.is_lower_better else place.effect) for place in implied.at.values()
    ]
    middle = np.mean(effects, axis=0)
    columns = [
        np.ones(implied.size),
        middle,
        middle**2,
        *(each - middle for each in effects[1:]),
        *(_standard(structural.history[f"trial_{item}"]) for item in CORE_ITEMS),
    ]
    return np.stack(columns, axis=1)


def _standard(values: FloatArray) -> FloatArray:
    if are_equal(values):
        return np.zeros_like(values)
    return np.asarray((values - values.mean()) / values.std())


def _fitted(columns: FloatArray, power: FloatArray) -> FloatArray:
    """Return the slopes of a probit curve through powers, by Gauss and Newton from a line through their probits."""
    probit = ndtri(np.clip(power, *_NOT_QUITE))
    slopes = _solved(columns, probit, _density(probit))
    for _ in range(_STEPS):
        expected = (columns * slopes).sum(axis=1)
        tangent = columns * _density(expected)[:, None]
        slopes = slopes + _solved(tangent, power - ndtr(expected), np.ones(len(power)))
    return slopes


def _density(x: FloatArray) -> FloatArray:
    return np.asarray(np.exp(-0.5 * x**2) / np.sqrt(2.0 * np.pi))


def _solved(columns: FloatArray, target: FloatArray, weight: FloatArray) -> FloatArray:
    """Return the weighted least squares solution, with a trace of a ridge."""
    weighed = columns * weight[:, None]
    # not by ``@``: a library's product rounds otherwise for another number of its threads
    normal = np.einsum("wi,wj->ij", weighed, weighed)
    ridge = np.eye(len(normal)) * 1e-6 * np.trace(normal)
    return np.asarray(np.linalg.solve(normal + ridge, (weighed * (target * weight)[:, None]).sum(axis=0)))


def error_of_mean(values: FloatArray, weight: FloatArray) -> float:
    """Return the standard error of a weighted mean with worlds as the unit; one if there is only one world."""
    units = effective_worlds(weight)
    if units <= 1.0 + 1e-9:
        return 1.0  # one world says nothing about others
    mean = float((weight * values).sum())
    return float(np.sqrt((weight**2 * (values - mean) ** 2).sum() * units / (units - 1.0)))


def _calibration_error(name: str, prepared: PreparedForecast, power: FloatArray) -> float:
    """Return what the error of all implied effects together does to the mean power: it moves which worlds are meant."""
    belief = next(each for each in prepared.beliefs if each.name == name)
    if belief.statement is None:
        return 0.0
    choice = prepared.choice
    place = prepared.calibration.implied.at_address(belief.statement.address)
    weight = np.where(choice.has_effect, choice.counts[name], 0.0)
    total = float(weight.sum())
    if not total > 0:
        return 0.0
    effect = place.effect[choice.positions]
    mean = float((weight * effect).sum()) / total
    spread = float((weight * (effect - mean) ** 2).sum())
    slope = float((weight * (effect - mean) * power).sum()) / spread if spread > 0 else 0.0
    return abs(slope) * place.standard_error * total
