"""Trials whose arms are not equal, or more than two: every number of patients is that of its arm."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from ifntrial.design.design import TrialDesign
from ifntrial.report.primary import in_each_arm
from ifntrial.statistics.cmh_power import StratumRates, cmh_power
from ifntrial.statistics.looks.adaptive import AdaptiveResult
from ifntrial.statistics.replicates import Allocation, allocation_of
from ifntrial.studies.compare.more_patients import sizes_around
from ifntrial.studies.compare.plan import SharedPlan
from ifntrial.studies.compare.power import power_of, size_of
from ifntrial.studies.compare.run import simulate_responses
from ifntrial.studies.compare.study import comparison_result
from ifntrial.studies.compare.worlds import gather_power
from ifntrial.studies.enrich import interim
from ifntrial.studies.forecast.result import Forecast
from ifntrial.studies.forecast.run import ForecastPlan, run_in, run_worlds
from ifntrial.studies.forecast.study import forecast_result
from shipped import design_from_mapping, prepare_forecast, with_regimens
from shipped import prepare_comparison as prepare

PLACEBO = {"name": "placebo", "regimen": "placebo SC every week", "is_control": True}


def designed(
    name: str, size: int, block: int, shares: dict[str, int], control: dict[str, Any] = PLACEBO
) -> TrialDesign:
    """Return DAISY with arms of 120 mg weekly in these shares, before one share of the control."""
    arms = [
        {"name": arm, "regimen": "120 mg SC every week", "allocation": each} for arm, each in shares.items()
    ]
    return design_from_mapping(
        {
            "extends": "daisy",
            "schema_version": 1,
            "name": name,
            "size": {"planned": size},
            "arms": [*arms, control],
            "assumed": {"randomization": {"block_size": block, "reason": "what the test needs"}},
        }
    )


TWO_TO_ONE = designed("two_to_one", 150, 6, {"drug": 2})
THREE_TO_ONE = designed("three_to_one", 201, 8, {"drug": 3})
LOW = {"name": "low dose", "regimen": "30 mg SC every week", "is_control": True}
AGAINST_LOW = designed("against_low", 100, 4, {"drug": 1}, LOW)
WITH_A_THIRD = designed("with_a_third", 200, 8, {"drug": 2, "also drug": 1})


def forecast(design: TrialDesign, folder) -> Forecast:
    prepared = prepare_forecast(ForecastPlan(design, 6, 14, 5, replicates=2))
    return forecast_result(prepared, run_worlds(prepared, folder))


@pytest.fixture(scope="module")
def two_to_one(tmp_path_factory):
    return forecast(TWO_TO_ONE, tmp_path_factory.mktemp("two"))


@pytest.mark.parametrize(
    ("design", "per_arm"),
    [(TWO_TO_ONE, (100, 50)), (THREE_TO_ONE, (150, 51)), (WITH_A_THIRD, (100, 50))],
    ids=lambda value: getattr(value, "name", ""),
)
def test_the_power_of_a_design_is_that_of_its_own_arms(design, per_arm):
    subjects = (np.full(5, 0.55), np.full(5, 0.4), np.ones(5), np.zeros(5, dtype=np.int64))
    rates = StratumRates(np.ones(1), np.array([0.55]), np.array([0.4]))
    found = power_of(*subjects, size_of(design))
    assert found.power == pytest.approx(float(cmh_power(rates, *per_arm)), abs=1e-12)
    twice = power_of(*subjects, size_of(design).with_total(2 * design.size.analyzed))
    assert twice.power == pytest.approx(float(cmh_power(rates, *(2 * n for n in per_arm))), abs=1e-12)


@pytest.mark.parametrize(
    ("design", "allocation"),
    [
        (TWO_TO_ONE, Allocation(6, 4)),
        (THREE_TO_ONE, Allocation(8, 6)),
        (WITH_A_THIRD, Allocation(6, 4)),
        (designed("equal", 100, 4, {"drug": 1}), Allocation(4, 2)),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_repeated_trials_are_randomized_as_the_design_says(design, allocation):
    assert allocation_of(design) == allocation


def test_patients_by_signature_are_shared_out_as_the_arms_are(two_to_one):
    assert two_to_one.per_arm == (100, 50)
    groups = [two_to_one.by_ifn[group].per_arm for group in ("high", "low")]
    assert [sum(arm) for arm in zip(*groups, strict=True)] == [
        pytest.approx(100, abs=1),
        pytest.approx(50, abs=1),
    ]
    for active, control in groups:
        assert active == pytest.approx(2 * control, abs=2)


def test_what_to_believe_is_told_with_both_arms(two_to_one):
    assert two_to_one.believe.per_arm == (100, 50)
    place = two_to_one.believe.log_odds_ratios.index(0.64), 2
    active = 1 / (1 + (0.6 / 0.4) * np.exp(-0.64))
    rates = StratumRates(np.ones(1), np.array([active]), np.array([0.4]))
    assert two_to_one.believe.power_grid[place[0]][place[1]] == pytest.approx(
        float(cmh_power(rates, 100, 50)), abs=1e-12
    )
    assert in_each_arm([100, 50], ["drug", "placebo"]) == "100 patients on drug and 50 on placebo"


def test_a_third_arm_is_no_control_and_is_named_as_left_out(two_to_one, tmp_path):
    found = forecast(WITH_A_THIRD, tmp_path)
    assert found.arms == ("drug", "placebo")
    assert found.other_arms == ("also drug",)
    for key in ("per_arm", "by_prior", "type_i_error", "believe", "by_ifn"):
        assert getattr(found, key) == getattr(two_to_one, key), key
    assert two_to_one.other_arms == ()


def test_a_comparison_takes_the_third_arm_out_too(tmp_path):
    prepared = prepare(SharedPlan((TWO_TO_ONE, WITH_A_THIRD), 6, 12, 3))
    result = comparison_result(
        prepared, gather_power(prepared, simulate_responses(prepared, tmp_path).records(), sizes_around)
    )
    assert [each.per_arm for each in result.designs] == [(100, 50), (100, 50)]
    assert [each.total for each in result.designs] == [150, 200]
    for gap in result.designs[1].versus_reference.values():
        assert gap.estimate == pytest.approx(0.0, abs=1e-12)


def test_an_interim_look_randomizes_as_the_design_says(monkeypatch):
    seen = []

    def run(_rates, plan, *, allocation, **_named) -> AdaptiveResult:
        seen.append((plan.size, allocation))
        return AdaptiveResult(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)

    monkeypatch.setattr(interim, "run_adaptive", run)
    study = SimpleNamespace(
        design=THREE_TO_ONE,
        prepared=SimpleNamespace(plan=SimpleNamespace(seed=1)),
        own_size=SimpleNamespace(alpha_one_sided=0.025),
    )
    rates = StratumRates(np.full(2, 0.5), np.full(2, 0.4), np.full(2, 0.4))
    interim._row(study, [rates], 0.0, {})
    assert set(seen) == {(201, Allocation(8, 6))}


def test_a_drug_without_effect_has_none_in_the_control_either(tmp_path):
    prepared = prepare_forecast(ForecastPlan(AGAINST_LOW, 6, 14, 5, replicates=2))
    run_worlds(prepared, tmp_path)
    worlds = [record.numbers for _, record in run_in(prepared, tmp_path).records()]
    nulls = [world for world, has in zip(worlds, prepared.choice.has_effect, strict=True) if not has]
    assert nulls
    for world in nulls:
        rule = world.rules[""]
        np.testing.assert_array_equal(rule.strata.active, rule.strata.control)
        assert rule.power == pytest.approx(0.025, abs=1e-12)
    assert any(world.rules[""].active != world.rules[""].control for world in worlds)


def test_other_regimens_change_the_drug_and_leave_its_control_alone():
    (own, other) = with_regimens(AGAINST_LOW, ["300 mg IV every 4 weeks"])
    assert [arm.regimen for arm in own.arms] == ["120 mg SC every week", "30 mg SC every week"]
    assert [arm.regimen for arm in other.arms] == ["300 mg IV every 4 weeks", "30 mg SC every week"]
