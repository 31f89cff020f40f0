"""Judge: scoringrules 0.10 (ensembles, mixtures of normal distributions, binomial and Poisson laws), to 1e-9."""

import numpy as np
import pytest
import scoringrules

from ifntrial.normal_mixture import NormalMixture
from ifntrial.studies.ledger.distributions import distribution
from ifntrial.studies.ledger.predictive import Foretold, Predictive
from ifntrial.studies.ledger.proper_scores import (
    brier_score,
    crps,
    crps_of_mixture,
    energy_score,
    interval_score,
    log_score,
)

NUMBERS = np.random.default_rng(20261128)


@pytest.mark.parametrize("observed", [-3.0, 0.1, 2.5])
def test_draws(observed):
    draws = NUMBERS.normal(size=400)
    assert crps(draws, observed) == pytest.approx(
        scoringrules.crps_ensemble(observed, draws, estimator="nrg"), abs=1e-9
    )


@pytest.mark.parametrize("observed", [-3.0, 0.1, 2.5])
def test_mixtures(observed):
    weights = NUMBERS.dirichlet(np.ones(40))
    means, sds = NUMBERS.normal(size=40), NUMBERS.uniform(0.01, 2.0, 40)
    assert crps_of_mixture(NormalMixture(weights, means, sds), observed) == pytest.approx(
        scoringrules.crps_mixnorm(observed, means, sds, weights), abs=1e-9
    )


def test_two_quantities():
    draws, observed = NUMBERS.normal(size=(300, 2)), np.array([0.4, -1.0])
    assert energy_score(draws, observed) == pytest.approx(
        scoringrules.es_ensemble(observed, draws, estimator="nrg"), abs=1e-9
    )


@pytest.mark.parametrize("observed", [-1.0, 0.2, 3.0])
def test_intervals(observed):
    assert interval_score(-0.5, 1.5, observed) == pytest.approx(
        scoringrules.interval_score(observed, -0.5, 1.5, 0.1), abs=1e-9
    )


@pytest.mark.parametrize("happened", [True, False])
def test_chances(happened):
    assert brier_score(0.3, happened) == pytest.approx(
        scoringrules.brier_score(float(happened), 0.3), abs=1e-9
    )
    assert log_score(0.3, happened) == pytest.approx(scoringrules.log_score(float(happened), 0.3), abs=1e-9)


def one_world(law: str, expected: float, patients: int | None = None):
    told = Foretold("a number", "1", law, (expected,), None, patients)
    return distribution(Predictive((1,), {"belief": (1.0,)}, {"it": told}), "it", "belief")


@pytest.mark.parametrize("count", [0, 11, 40])
def test_a_share_and_a_count_of_one_world(count):
    share = one_world("share", 0.3, 50)
    assert share.crps(count / 50) == pytest.approx(scoringrules.crps_binomial(count, 50, 0.3) / 50, abs=1e-9)
    events = one_world("count", 7.5)
    assert events.crps(float(count)) == pytest.approx(scoringrules.crps_poisson(count, 7.5), abs=1e-9)
