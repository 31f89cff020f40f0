"""The probability of success and its one interval: what the run's worlds say, whatever was expected of them."""

from types import SimpleNamespace

import numpy as np
import pytest

from ifntrial.studies.forecast.assured import assurances
from ifntrial.worlds.draw import Worlds
from made_up_worlds import NOTHING, WORLDS, belief, made_up_implied

ITEMS = ("mrss", "haq_di", "patient_global", "physician_global", "fvc_percent")


def prepared_with(monkeypatch, worlds, seed, beliefs):
    from ifntrial.worlds import choose

    implied = made_up_implied()
    monkeypatch.setattr(choose, "base_weights", lambda implied, evidence: np.ones(implied.size))
    luck = np.random.default_rng(5)
    structural = Worlds(
        np.arange(WORLDS),
        {},
        {f"trial_{item}": luck.normal(size=WORLDS) for item in ITEMS},
        implied.is_protective,
    )
    calibration = SimpleNamespace(implied=implied, structural_worlds=lambda model, evidence: structural)
    choice = choose.choose_worlds(beliefs, implied, None, worlds, seed)
    return SimpleNamespace(
        choice=choice,
        calibration=calibration,
        beliefs=beliefs,
        trial=SimpleNamespace(common=SimpleNamespace(model=None, evidence=None)),
    )


def true_power(effect):
    return 1 / (1 + np.exp(-4 * (effect - 0.7)))


def simulated(prepared, noise, subjects=0.0):
    """Return worlds whose power follows the effect and the trial, with chance."""
    choice, implied = prepared.choice, prepared.calibration.implied
    trial = prepared.calibration.structural_worlds(None, None).history["trial_mrss"][choice.positions]
    luck = np.random.default_rng(6).normal(size=len(choice.positions))
    power = np.where(
        choice.has_effect,
        true_power(implied.at["response"].effect[choice.positions]) + 0.05 * trial + noise * luck,
        0.025,
    )
    names = [*choice.beliefs, "mixture"]
    return SimpleNamespace(
        rules={"": SimpleNamespace(power=power)}, monte_carlo_error={"all": dict.fromkeys(names, subjects)}
    )


BELIEFS = (NOTHING, belief("response", 0.9, 0.3, "large"))


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_the_mean_is_that_of_the_belief_within_the_interval(monkeypatch, seed):
    """E of a logistic of N(0.9, 0.3), by a sum over its density, as no world below zero counts."""
    grid = np.linspace(0, 2, 20_001)
    density = np.exp(-0.5 * ((grid - 0.9) / 0.3) ** 2)
    expected = (density * true_power(grid)).sum() / density.sum()
    prepared = prepared_with(monkeypatch, 240, seed, BELIEFS)
    found = assurances(prepared, simulated(prepared, 0.03))["large"]
    assert found.estimate == pytest.approx(expected, abs=0.012)
    assert found.low < expected < found.high
    assert found.high - found.low < 0.07


def test_no_effect_is_what_the_trial_gives_without_any_error(monkeypatch):
    prepared = prepared_with(monkeypatch, 240, 1, BELIEFS)
    found = assurances(prepared, simulated(prepared, 0.03))["nothing"]
    assert (found.estimate, found.parts.worlds_error) == (pytest.approx(0.025), pytest.approx(0.0, abs=1e-12))


def test_what_is_expected_of_all_worlds_takes_out_the_luck_of_those_drawn(monkeypatch):
    few = prepared_with(monkeypatch, 60, 1, BELIEFS)
    many = prepared_with(monkeypatch, 240, 1, BELIEFS)
    # too few worlds for the function: their spread of power is all error
    assert assurances(few, simulated(few, 0.0))["large"].parts.worlds_error > 0.02
    assert assurances(many, simulated(many, 0.0))["large"].parts.worlds_error < 0.004


def test_the_interval_holds_all_three_errors(monkeypatch):
    prepared = prepared_with(monkeypatch, 240, 1, BELIEFS)
    found = assurances(prepared, simulated(prepared, 0.03, subjects=0.008))["large"]
    assert found.parts.subjects_error == 0.008
    # the slope of mean power on the effect, times the standard error of what is implied, 0.02
    assert found.parts.calibration_error == pytest.approx(0.02 * 0.64, rel=0.15)
    half = 1.959964 * np.sqrt(found.parts.worlds_error**2 + 0.008**2 + found.parts.calibration_error**2)
    assert (found.estimate - found.low, found.high - found.estimate) == (
        pytest.approx(half),
        pytest.approx(half),
    )


def test_the_mixture_is_the_shares_of_its_beliefs(monkeypatch):
    prepared = prepared_with(monkeypatch, 240, 1, BELIEFS)
    found = assurances(prepared, simulated(prepared, 0.03))
    assert found["mixture"].estimate == pytest.approx(
        0.5 * found["nothing"].estimate + 0.5 * found["large"].estimate
    )
