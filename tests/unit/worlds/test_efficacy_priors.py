"""The named efficacy priors on structural worlds: anchors met, order kept, sources taken away without simulation."""

from dataclasses import replace

import numpy as np
import pytest

from ifntrial.worlds.efficacy import efficacy_priors, importance_weights
from ifntrial.worlds.posterior import effective_worlds
from shipped import CATALOG, load_design, parameters_of, without_source_effect

FEWEST_EFFECTIVE_WORLDS = 100
"""Design rule of the project: fewer, and a component is a handful of worlds."""


@pytest.fixture(scope="module")
def calibration():
    return CATALOG.calibration


def anchors(evidence):
    """Mean and standard deviation that each prior declares for the log odds ratio."""
    number = {name: row.value for name, row in parameters_of(evidence, "prior").items()}
    transfer = evidence.parameter("prior.lupus_transfer")
    a, b = transfer.prior_a, transfer.prior_b
    lupus = number["lupus_log_odds_ratio"]
    beta_sd = np.sqrt(a * b / ((a + b) ** 2 * (a + b + 1)))
    return {
        "irrelevant": (number["irrelevant_mean"], number["irrelevant_sd"]),
        "ssc_reference_class": (number["reference_class_mean"], number["reference_class_sd"]),
        "lupus_bridge": (lupus * a / (a + b), lupus * beta_sd),
    }


PRIORS = ("irrelevant", "ssc_reference_class", "lupus_bridge")


@pytest.mark.parametrize("name", PRIORS)
def test_the_mean_of_each_component_is_its_anchor(evidence, calibration, name):
    """Within three standard errors of a mean over the component's effective number of worlds."""
    prior = next(prior for prior in efficacy_priors(evidence) if prior.name == name)
    weight = importance_weights(prior, calibration.implied, evidence)
    mean, spread = anchors(evidence)[name]
    found = weight @ calibration.implied.log_odds_ratio
    assert found == pytest.approx(mean, abs=3 * spread / np.sqrt(effective_worlds(weight)))


@pytest.mark.parametrize("name", PRIORS)
def test_the_spread_of_each_component_is_that_of_its_anchor(evidence, calibration, name):
    """Within three standard errors of a standard deviation over the effective number of worlds."""
    prior = next(prior for prior in efficacy_priors(evidence) if prior.name == name)
    weight = importance_weights(prior, calibration.implied, evidence)
    _, spread = anchors(evidence)[name]
    effect = calibration.implied.log_odds_ratio
    found = np.sqrt(weight @ (effect - weight @ effect) ** 2)
    assert found == pytest.approx(spread, rel=3 / np.sqrt(2 * effective_worlds(weight)))


def test_the_reference_class_alone_draws_the_difference_in_skin_score_to_its_own(evidence, calibration):
    implied = calibration.implied

    def skin(prior):
        return importance_weights(prior, implied, evidence) @ implied.mrss_difference

    for prior in efficacy_priors(evidence):
        blind = replace(prior, uses_skin=False)
        if prior.name == "ssc_reference_class":
            goal = evidence.value("prior.reference_class_mrss_mean")
            assert abs(skin(prior) - goal) < abs(skin(blind) - goal) - 0.1
        else:
            assert skin(prior) == skin(blind), prior.name


def test_each_component_keeps_enough_worlds(evidence, calibration):
    for prior in efficacy_priors(evidence):
        weight = importance_weights(prior, calibration.implied, evidence)
        assert effective_worlds(weight) >= FEWEST_EFFECTIVE_WORLDS, prior.name


def with_transfer(evidence, a, b):
    rows = tuple(
        replace(row, value=a / (a + b), prior_a=a, prior_b=b) if row.name == "prior.lupus_transfer" else row
        for row in evidence.parameters
    )
    return replace(evidence, parameters=rows)


def test_the_chance_of_success_rises_with_the_share_of_the_lupus_effect_that_carries_over(
    evidence, calibration
):
    design = load_design("daisy")
    chances = [
        without_source_effect(with_transfer(evidence, a, b), "khanna2016", calibration, design).before
        for a, b in ((2.0, 8.0), (2.0, 4.0), (2.0, 2.0), (4.0, 2.0))
    ]
    bridge = [found["lupus_bridge"] for found in chances]
    assert (np.diff(bridge) > 0.02).all(), bridge
    assert (np.diff([found["mixture"] for found in chances]) > 0).all()
    assert len({found["irrelevant"] for found in chances}) == 1, "the other components do not move"


def test_taking_a_source_away_simulates_nothing(evidence, calibration, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("a subject was simulated")

    monkeypatch.setattr("ifntrial.course.simulate.solve", refuse)
    monkeypatch.setattr("ifntrial.studies.calibrate.predict.solve", refuse)
    design = load_design("daisy")
    lost_prior = without_source_effect(evidence, "vital2022", calibration, design)
    assert "lupus_bridge" in lost_prior.before
    assert "lupus_bridge" not in lost_prior.after
    lost_data = without_source_effect(evidence, "higgs2014", calibration, design)
    assert lost_data.lost_rows == ("sifalimumab_in_myositis.sifalimumab.signature_suppression_blood",)
    before, after = lost_data.globals_changed["ifn_omega_baseline"]
    assert before < after
