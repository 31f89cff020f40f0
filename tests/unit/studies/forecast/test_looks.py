"""A forecast of a trial with interim looks: what it tells, and that it hangs together."""

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

import ifntrial
from ifntrial.design.looks import GoRule, Threshold
from ifntrial.statistics.looks.plan import over_looks
from ifntrial.statistics.power import WorldPower
from ifntrial.studies.forecast.told.looks import decision_chances
from ifntrial.studies.over_looks import power_over_looks
from shipped import load_design

DESIGN = "docs/examples/looks_24_weeks.yaml"
SIZE = {"worlds": 8, "subjects": 24, "seed": 3, "workers": 1}


@pytest.fixture(scope="module")
def forecast():
    return ifntrial.forecast(DESIGN, **SIZE)


def test_the_looks_are_told_with_their_dates(forecast):
    first, end = forecast.kept.result.looks.each_look
    assert (first.patients_known, end.patients_known) == (45, 90)
    assert first.efficacy_z == pytest.approx(
        2.9626, abs=1e-4
    )  # half way, O'Brien-Fleming-like, 2.5 % one-sided
    assert end.futility_z is None
    # 6 patients a month once all sites are open, half as many before: 18 by month 6, the 45th in month 10.5
    month = 365.25 / 12 / 7
    assert first.week == pytest.approx(10.5 * month + 24 + 4)
    assert first.enrolled == pytest.approx(18 + 6 * (first.week / month - 6))


def test_what_the_looks_do_adds_up(forecast):
    result = forecast.kept.result
    for name, under in result.looks.under.items():
        assert 0 <= sum(under.success_at) + sum(under.futility_at) <= 1
        assert under.expected_patients <= 135
        assert result.looks.each_look[0].week <= under.weeks
        assert 0 <= under.grown <= 1
        assert sum(result.decisions[name].__getattribute__(each) for each in ("go", "neither", "no_go")) == (
            pytest.approx(1.0)
        )
    # in worlds without an effect every test is the same: no chance of success beyond its level
    none = result.looks.under["irrelevant"]
    assert none.power_at_once == pytest.approx(0.025, abs=1e-6)
    assert sum(none.success_at) == pytest.approx(result.by_prior["irrelevant"].assurance.estimate, abs=1e-4)
    assert sum(none.success_at) < 0.025


def test_the_page_has_the_looks(forecast, tmp_path):
    html = forecast.report(tmp_path / "page.html").read_text(encoding="utf-8")
    assert 'id="looks"' in html
    assert "2.963" in html
    assert "at most 135 patients" in html


def test_power_over_looks_is_that_of_the_recursion():
    looks = over_looks(ifntrial.SHIPPED.design(DESIGN))
    for power in (0.025, 0.4, 0.9):
        fixed = WorldPower(power, 0.02, None, np.array([0.1, -0.1]))
        found = power_over_looks(fixed, looks)
        drift = float(ndtri(power) - ndtri(0.025))
        assert found.power == pytest.approx(looks.at(drift).power, abs=1e-5)
        step = (looks.at(drift + 1e-3).power - looks.at(drift - 1e-3).power) / 2e-3
        scale = step / (np.exp(-(ndtri(power) ** 2) / 2) / np.sqrt(2 * np.pi))
        assert found.influence == pytest.approx(scale * fixed.influence, rel=1e-3)
    assert power_over_looks(fixed, None) is fixed
    assert over_looks(load_design("daisy")) is None


def test_a_decision_by_hand():
    rule = GoRule(
        go=Threshold(gain=2.0, probability=0.5),
        no_go=Threshold(gain=1.0, probability=0.5),
        reason="what is checked here",
    )
    # at one half the posterior asks for the estimate itself: go from 2 on, no go below 1
    go, no_go = decision_chances(rule, np.array([1.5]), np.array([0.5]), 0.025)
    assert go == pytest.approx(ndtr(-1.0))
    assert no_go == pytest.approx(ndtr(-1.0))
    strict = rule.model_copy(update={"needs_significance": True})
    go, _ = decision_chances(strict, np.array([4.0]), np.array([2.0]), 0.025)
    assert go == pytest.approx(ndtr((4.0 - 1.959964 * 2.0) / 2.0))
