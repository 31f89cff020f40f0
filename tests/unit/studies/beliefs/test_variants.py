"""Other readings of the trials behind beliefs, against sums over a grid of the same published numbers."""

import numpy as np
import pytest
from scipy.stats import norm

from ifntrial.studies.beliefs.declared import declared_beliefs
from ifntrial.studies.beliefs.variants import other_readings

POOL, POOL_ERROR = 0.428, 0.215


@pytest.fixture(scope="module")
def readings(evidence):
    return {(each.belief.name, each.reading): each.belief for each in other_readings(evidence)}


def stated(readings, belief, reading):
    return readings[belief, reading].statement.effect


def test_every_class_is_read_with_other_scales_without_each_drug_and_with_each_set_aside(readings):
    of_skin = {reading for name, reading in readings if name == "ssc_skin_class"}
    assert of_skin == {
        "SD between drugs on skin: 0.5 times its prior's scale",
        "SD between drugs on skin: 2 times its prior's scale",
        "SD between drugs on skin: 4 times its prior's scale",
        "without tocilizumab",
        "without riociguat",
        "without abatacept",
        "with DESIRES",
        "with RESOLVE-1",
    }
    of_lupus = {reading for name, reading in readings if name == "lupus_bridge"}
    assert {"without TULIP-SC", "without TULIP pooled", "another figure of TULIP-SC"} < of_lupus
    assert not {name for name, _ in readings} & {"irrelevant", "net_harm"}


def test_without_tocilizumab_two_trials_of_two_drugs_are_left(readings):
    """Two trials, flat mean, SD between drugs half-normal of scale 2, a drug's trials half of it; a tenth aside."""
    tau = np.linspace(1e-4, 16.0, 8001)
    y, error = np.array([-2.34, -1.75]), np.array([1.35, 1.62])
    variance = error[:, None] ** 2 + 1.25 * tau**2
    whole = 1 / (1 / variance).sum(axis=0)
    middle = whole * (y[:, None] / variance).sum(axis=0)
    weight = np.exp(-0.5 * (tau / 2.0) ** 2) * np.sqrt(whole)
    weight = weight * norm.pdf(y[:, None], middle, np.sqrt(variance)).prod(axis=0)
    weight = weight / weight.sum()
    mean = (weight * middle).sum()
    second = (weight * (middle**2 + whole + tau**2)).sum()
    aside = 0.5 * 7.0 * np.sqrt(3) / np.pi
    found = stated(readings, "ssc_skin_class", "without tocilizumab")
    assert found.mean == pytest.approx(0.9 * mean, abs=2e-3)
    assert found.sd**2 == pytest.approx(0.9 * second + 0.1 * aside**2 - (0.9 * mean) ** 2, rel=3e-3)


def test_three_drugs_in_the_pool_say_more_of_their_mean(readings, evidence):
    declared = {each.name: each for each in declared_beliefs(evidence)}[
        "ssc_reference_class"
    ].statement.effect
    three = stated(readings, "ssc_reference_class", "3 drugs in the pool of responses")
    one = stated(readings, "ssc_reference_class", "1 drug in the pool of responses")
    assert one.sd > declared.sd > three.sd
    assert one.mean == pytest.approx(0.9 * POOL)


def test_a_pool_that_was_selected_says_less(readings, evidence):
    """At a fixed SD between drugs the mean of the class has the density of the pool over its chance to be published."""
    plain = {each.name: each for each in declared_beliefs(evidence)}["ssc_reference_class"].statement.effect
    selected = stated(
        readings, "ssc_reference_class", "pools without a significant difference are published 25% as often"
    )
    # of every component without selection: the class's mean, and drugs around it, two of them in the pool
    drawn = plain.sds[:-1] ** 2 - POOL_ERROR**2
    between, error = drawn / 1.5, np.sqrt(POOL_ERROR**2 + drawn / 3.0)
    grid = np.linspace(-6.0, 6.0, 12001)
    mean, second, mass = 0.0, 0.0, 0.0
    for weight, variance, sd in zip(plain.weights[:-1], between, error, strict=True):
        significant = norm.sf(1.959963984540054 * POOL_ERROR, grid, sd)
        density = weight * norm.pdf(POOL, grid, sd) / (0.25 + 0.75 * significant)
        mass += density.sum()
        mean += (density * grid).sum()
        second += (density * (grid**2 + variance)).sum()
    mean, second = mean / mass, second / mass
    assert selected.mean == pytest.approx(0.9 * mean, abs=1e-4)
    assert selected.sd**2 == pytest.approx(0.9 * second + 0.1 * 0.25 - (0.9 * mean) ** 2, rel=1e-3)
    assert selected.mean < 0.8 * plain.mean
