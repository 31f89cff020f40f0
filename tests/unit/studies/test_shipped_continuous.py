"""Shipped designs whose primary endpoint is a change, through every study over worlds at small size."""

import pytest

import ifntrial

CONTROL_ARMS = ("asset_like", "focussced_like", "senscis_like")
"""Control arms of published trials, in which both arms get placebo."""
SIZE = {"worlds": 6, "subjects": 16, "seed": 2, "workers": 1}


@pytest.mark.slow
@pytest.mark.parametrize("name", CONTROL_ARMS)
def test_two_arms_on_placebo_succeed_as_often_as_the_level_says(name):
    result = ifntrial.forecast(name, **SIZE).kept.result
    for prior in result.by_prior.values():
        assert prior.assurance.estimate == pytest.approx(0.025, abs=3e-3)
        assert prior.difference.q50 == pytest.approx(0.0, abs=1e-9)


@pytest.mark.slow
def test_all_are_compared_and_enriched_in_their_own_units():
    found = ifntrial.compare(*CONTROL_ARMS, "daisy", **SIZE).kept.result
    assert [each.primary_measure.unit for each in found.designs] == ["mrss_point", "mrss_point", "mL", "1"]
    enriched = ifntrial.enrich(
        "focussced_like", markers=("ifn_high",), score_cutoffs=(1.0,), **{**SIZE, "subjects": 60}
    )
    assert enriched.kept.result.answers


@pytest.mark.slow
def test_a_control_arm_may_get_another_drug():
    result = ifntrial.forecast("anifrolumab_vs_tocilizumab", **SIZE).kept.result
    none = result.by_prior["irrelevant"]
    # without an effect of blockade, what tocilizumab did to the skin is what anifrolumab is behind
    assert none.difference.q50 > 0.2
    assert none.assurance.estimate < 0.025
    # and no effect means that of tocilizumab in both arms
    assert result.type_i_error.mc_low <= 0.025 <= result.type_i_error.mc_high
    assert list(result.exposure_courses.by_arm) == ["anifrolumab"]
    dosed = ifntrial.doses("anifrolumab_vs_tocilizumab", regimens=("300 mg IV every 4 weeks",), **SIZE)
    assert len(dosed.kept.result.regimen_results) == 2
