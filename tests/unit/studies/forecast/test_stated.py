"""What a belief states, whether it is met where it was stated, and what becomes of it in the trial."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from ifntrial.studies.forecast import stated as module
from ifntrial.studies.forecast.stated import effect_in_this_trial, told_at_address
from ifntrial.worlds import choose
from made_up_worlds import NOTHING, belief, made_up_implied, normal
from shipped import CATALOG

LARGE = belief("response", 0.9, 0.3, "large")


@pytest.fixture
def prepared(monkeypatch):
    """Return a run on two made-up addresses, for the belief N(0.9, 0.3)."""
    monkeypatch.setattr(choose, "base_weights", lambda implied, evidence: np.ones(implied.size))
    monkeypatch.setattr(module, "in_log_odds", lambda evidence, summary: 1.0)
    implied = made_up_implied()
    address = SimpleNamespace(
        title="Response somewhere",
        primary=SimpleNamespace(endpoint="rcriss"),
        assumed=SimpleNamespace(estimand=SimpleNamespace(summary="odds_ratio")),
    )
    return SimpleNamespace(
        prior_choice=None,
        choice=choose.choose_worlds((NOTHING, LARGE), implied, None, 240, 3),
        calibration=SimpleNamespace(implied=implied, check_subjects=2000),
        catalog=SimpleNamespace(
            addresses={"response": address}, endpoints={"rcriss": SimpleNamespace(unit="1")}
        ),
        trial=SimpleNamespace(common=SimpleNamespace(evidence=None)),
    )


def effect_as_stated(some, prepared):
    return told_at_address(some, prepared)[0]


def prior_check(some, prepared):
    return told_at_address(some, prepared)[1]


def test_a_belief_is_told_as_it_is_stated(prepared):
    found = effect_as_stated(LARGE, prepared)
    assert (found.address, found.title, found.basis) == ("response", "Response somewhere", "made up")
    assert (found.measure, found.unit, found.below_zero) == ("log_odds_ratio", "1", "no effect")
    assert (found.mean, found.sd) == (pytest.approx(0.9, abs=1e-12), pytest.approx(0.3, abs=1e-12))
    # the 0.135 % of N(0.9, 0.3) below zero, and its 5 % point
    assert found.no_benefit == pytest.approx(0.00135, abs=1e-5)
    assert found.quantiles.q05 == pytest.approx(0.9 - 0.3 * 1.6448536, abs=1e-6)
    assert found.control == pytest.approx(0.4)
    assert effect_as_stated(NOTHING, prepared) is None
    assert prior_check(NOTHING, prepared) is None


def test_a_belief_that_worlds_have_is_met(prepared):
    found = prior_check(LARGE, prepared)
    assert found.is_met
    assert found.met_mean == pytest.approx(0.9, abs=0.02)
    assert found.stated_mean == pytest.approx(0.9, abs=0.0005)
    assert (found.subjects, found.worlds) == (2000, 80)
    assert found.allowed == pytest.approx(0.05 + 2 * found.standard_error)


@pytest.mark.parametrize(("mean", "sd"), [(0.5, 0.3), (0.9, 0.9)])
def test_a_belief_that_the_run_was_not_drawn_for_is_not_met(prepared, mean, sd):
    other = replace(LARGE, statement=replace(LARGE.statement, effect=normal(mean, sd)))
    assert not prior_check(other, prepared).is_met


def test_a_belief_beyond_all_worlds_is_not_met_however_it_is_weighed(prepared):
    """N(2.3, 0.3) lies beyond most worlds, whose effects end at 2: what is left of it has another mean."""
    beyond = replace(LARGE, statement=replace(LARGE.statement, effect=normal(2.3, 0.3)))
    effect = prepared.calibration.implied.at["response"].effect[prepared.choice.positions]
    cut = np.where(prepared.choice.has_effect, np.exp(-0.5 * ((effect - 2.3) / 0.3) ** 2), 0.0)
    counts = {**prepared.choice.counts, "large": cut / cut.sum()}
    left = SimpleNamespace(**{**vars(prepared), "choice": replace(prepared.choice, counts=counts)})
    assert not prior_check(beyond, left).is_met


def test_fresh_patients_who_respond_less_are_noticed(prepared):
    place = prepared.calibration.implied.at["response"]
    less = replace(place, checked_effect=0.7 * place.checked_effect)
    implied = replace(prepared.calibration.implied, at={"response": less})
    told = SimpleNamespace(
        **{**vars(prepared), "calibration": SimpleNamespace(implied=implied, check_subjects=2000)}
    )
    found = prior_check(LARGE, told)
    assert found.met_mean == pytest.approx(0.63, abs=0.02)
    assert not found.is_met


def test_what_becomes_of_a_belief_counts_worlds_without_effect_with_harm_and_with_loss_of_lung():
    weight = np.array([0.4, 0.3, 0.2, 0.1])
    lung = {"drug": np.array([[0.0], [-1.5], [-4.0], [2.0]]), "placebo": np.zeros((4, 1))}
    worlds = SimpleNamespace(
        rules={"": SimpleNamespace(log_odds_ratio=np.array([0.0, -0.5, 1.0, 0.5]))},
        has_effect=np.array([False, True, True, True]),
        means={"fvc_percent": {"all": lung}},
    )
    design = SimpleNamespace(
        active=SimpleNamespace(name="drug"), control=SimpleNamespace(name="placebo"), primary_visit=0
    )
    found = effect_in_this_trial(
        weight,
        worlds,
        SimpleNamespace(
            trial=SimpleNamespace(
                design=design,
                common=SimpleNamespace(is_response=True, endpoint=CATALOG.endpoints["rcriss"]),
            )
        ),
    )
    assert (found.no_effect, found.harm) == (pytest.approx(0.4), pytest.approx(0.3))
    assert (found.fvc_loss_above_1, found.fvc_loss_above_3) == (pytest.approx(0.5), pytest.approx(0.2))
    assert found.mean == pytest.approx(-0.15 + 0.2 + 0.05)
    assert found.sd == pytest.approx(np.sqrt(0.4 * 0.01 + 0.3 * 0.36 + 0.2 * 0.81 + 0.1 * 0.16))
