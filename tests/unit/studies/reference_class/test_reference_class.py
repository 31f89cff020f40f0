"""Trials of a class become a prediction of the next drug, with what the prior, a drug or a sensitivity changes."""

import json
from dataclasses import replace
from math import log, sqrt

import numpy as np
import pytest
from click.testing import CliRunner

from ifntrial.app.cli import cli
from ifntrial.errors import InputError, UnknownNameError
from ifntrial.evidence.load import load_evidence
from ifntrial.evidence.rests_on_source import hanging_on, without_source
from ifntrial.studies.reference_class.study import pool_classes

EVIDENCE = load_evidence()


def _run(*words):
    return CliRunner().invoke(cli, ["evidence", "effects", *words])


def _skin(**changes):
    return pool_classes(EVIDENCE, ("ssc_skin",), **changes).classes["ssc_skin"]


def _lupus():
    return pool_classes(EVIDENCE, ("lupus_response",)).classes["lupus_response"]


def _with(*rows, drop=()):
    kept = tuple(row for row in EVIDENCE.effects if row.id not in drop)
    return replace(EVIDENCE, effects=(*kept, *rows))


def _effect(id):
    return next(row for row in EVIDENCE.effects if row.id == id)


def _by_grid(estimates, errors, scale, within=0.0):
    """Return mean and SD of the next effect by brute force over the mean and tau, one trial for each drug."""
    mean = np.linspace(-15.0, 15.0, 3001)[:, None]
    tau = np.linspace(0.0005, 8.0 * scale, 2001)[None, :]
    weight = np.exp(-0.5 * (tau / scale) ** 2) * np.ones_like(mean)
    for estimate, error in zip(estimates, errors, strict=True):
        variance = error**2 + (1 + within**2) * tau**2
        weight = weight * np.exp(-0.5 * (estimate - mean) ** 2 / variance) / np.sqrt(variance)
    weight /= weight.sum()
    middle = (weight * mean).sum()
    return middle, sqrt((weight * ((mean - middle) ** 2 + tau**2)).sum())


def test_the_next_trial_of_the_lupus_drug_is_that_of_a_grid():
    found = _lupus()
    assert [row.trial for row in found.trials] == ["TULIP pooled", "TULIP-SC"]
    mean, sd = _by_grid((0.719, 0.626), (0.155, 0.273), 0.5)
    assert found.next.mean == pytest.approx(mean, abs=2e-3)
    assert found.next.sd == pytest.approx(sd, rel=5e-3)
    assert found.next.q05 < found.next.q50 < found.next.q95
    assert (found.grouped_by, found.within_drug_ratio) == ("trial", 0.0)


def test_leaving_a_drug_out_is_the_analysis_of_the_others():
    mean, sd = _by_grid((-2.34, -1.75), (1.35, 1.62), 2.0, within=0.5)
    left = _skin().next_without["tocilizumab"]
    assert left.mean == pytest.approx(mean, abs=5e-3)
    assert left.sd == pytest.approx(sd, rel=5e-3)


def test_two_trials_of_one_drug_are_nested_in_it():
    found = _skin()
    assert set(found.true_effects) == set(found.next_without) == {"tocilizumab", "riociguat", "abatacept"}
    assert (found.grouped_by, found.within_drug_ratio, len(found.trials)) == ("drug", 0.5, 4)


def test_the_answer_is_given_at_a_half_two_and_four_times_the_scale():
    found = _skin()
    assert [each.between.prior_scale for each in found.at_scales] == [1.0, 2.0, 4.0, 8.0]
    assert found.at_scales[1].next == found.next
    sds = [each.next.sd for each in found.at_scales]
    assert sds == sorted(sds)
    assert sds[3] > 2 * sds[0]


def test_a_scale_that_is_given_takes_the_place_of_the_declared_one():
    found = _skin(scale=4.0)
    assert found.between.prior_scale == 4.0
    assert found.next == _skin().at_scales[2].next
    assert [each.between.prior_scale for each in found.at_scales] == [2.0, 4.0, 8.0, 16.0]


def test_one_pool_of_trials_leaves_the_spread_as_the_prior_has_it():
    found = pool_classes(EVIDENCE, ("ssc_response",)).classes["ssc_response"]
    assert found.between.sd_ratio == pytest.approx(1.0)
    assert found.between.q50 == pytest.approx(found.between.prior_q50)
    assert found.next_without == {}
    assert found.mean_effect.mean == pytest.approx(0.428)
    # its own error, the SD between drugs twice (the pool's and the next one's) and half of it within the pool
    assert found.next.sd == pytest.approx(sqrt(0.215**2 + (2 + 0.25) * 0.5**2), rel=1e-6)


def test_no_benefit_is_on_the_side_where_control_does_better():
    skin, lupus = _skin(), _lupus()
    assert skin.benefit_direction == "lower"
    assert skin.next.mean < 0
    assert skin.next.no_benefit < 0.1
    assert lupus.benefit_direction == "higher"
    assert lupus.next.mean > 0
    assert lupus.next.no_benefit < 0.1


def test_a_sensitivity_is_added_or_takes_the_place_of_the_same_patients():
    added, worse = _skin().variants
    assert [(one.contrast.trial, one.replaces) for one in (added, worse)] == [
        ("DESIRES", ()),
        ("RESOLVE-1", ()),
    ]
    assert added.next.mean < _skin().next.mean < worse.next.mean
    as_class = _with(replace(_effect("mrss.desires.w24"), role="class"), drop=("mrss.desires.w24",))
    expected = pool_classes(as_class, ("ssc_skin",)).classes["ssc_skin"].next
    assert (added.next.mean, added.next.sd) == pytest.approx((expected.mean, expected.sd))
    (instead,) = _lupus().variants
    assert instead.replaces == ("bicla.tulip_sc.w52",)
    assert instead.next.mean == pytest.approx(_by_grid((0.719, 0.913), (0.155, 0.215), 0.5)[0], abs=2e-3)


def test_trials_without_a_number_are_listed_with_the_reason():
    absent = {row.trial: row.reason for row in _lupus().absent}
    assert set(absent) == {"TULIP-1", "TULIP-2", "MUSE"}
    assert "missed its primary endpoint" in absent["TULIP-1"]


@pytest.mark.parametrize(("added", "decides"), [(3, True), (4, False)])
def test_the_prior_decides_the_spread_below_eight_trials(added, decides):
    row = _effect("mrss.asset.w52")
    more = [
        replace(row, id=f"m{n}", trial=f"M{n}", drug=f"drug {n}", patients_of=(f"M{n}",))
        for n in range(added)
    ]
    evidence = _with(*more)
    assert pool_classes(evidence, ("ssc_skin",)).classes["ssc_skin"].prior_decides is decides


@pytest.mark.parametrize(
    "row", [row for row in EVIDENCE.effects if row.role == "class"], ids=lambda row: row.id
)
def test_a_contrast_is_what_its_observations_say(row):
    rows = [EVIDENCE.observation(id) for id in row.observations]
    if row.measure == "mean_difference":
        (published,) = rows
        assert row.value == published.value
        if published.low is not None:
            assert row.standard_error == pytest.approx((published.high - published.low) / 3.92, abs=0.006)
        return
    active, control, difference = rows
    assert difference.value == pytest.approx(active.value - control.value, abs=0.15)
    assert row.control_rate == control.value
    odds = active.value / (100 - active.value) / (control.value / (100 - control.value))
    assert row.value == pytest.approx(log(odds), abs=0.02)


@pytest.mark.parametrize(
    ("id", "table"),
    [
        ("bicla.tulip_pooled.w52", (171, 360, 112, 366)),
        ("rcriss20.pool.w52", (0.494 * 177, 177, 0.389 * 177, 177)),
        ("bicla.tulip_sc.w52", (0.594 * 109, 109, 0.439 * 111, 111)),
        ("bicla_low_glucocorticoid.tulip_sc.w52", (0.562 * 184, 184, 0.340 * 183, 183)),
    ],
)
def test_log_odds_ratios_and_their_errors_follow_from_counts(id, table):
    hit, treated, control_hit, controls = table
    row = _effect(id)
    expected = log(hit / (treated - hit)) - log(control_hit / (controls - control_hit))
    error = sqrt(1 / hit + 1 / (treated - hit) + 1 / control_hit + 1 / (controls - control_hit))
    assert row.value == pytest.approx(expected, abs=6e-4)
    assert row.standard_error == pytest.approx(error, abs=6e-4)


def test_what_rests_on_a_source_names_its_contrasts_and_they_go_with_it():
    assert [row.id for row in hanging_on(EVIDENCE, "focussced").effect_rows] == [
        "rcriss20.focussced.w48",
        "mrss.focussced.w48",
    ]
    left = pool_classes(without_source(EVIDENCE, "focussced"), ("ssc_skin",)).classes["ssc_skin"]
    assert [row.trial for row in left.trials] == ["faSScinate", "RISE-SSc", "ASSET"]


def test_a_class_without_a_usable_trial_is_one_message():
    with pytest.raises(InputError, match="no trial of the class 'ssc_response' has a usable contrast"):
        pool_classes(_with(drop=("rcriss20.pool.w52",)), ("ssc_response",))


def test_what_is_asked_wrongly_is_one_message():
    assert "did you mean ssc_skin" in str(_run("ssc_skn").exception)
    assert isinstance(_run("ssc_skn").exception, UnknownNameError)
    for words, said in (
        (("--scale", "1"), "in the unit of one class"),
        (("ssc_skin", "--scale", "-1"), "not usable"),
    ):
        ended = _run(*words)
        assert isinstance(ended.exception, InputError)
        assert said in str(ended.exception)


def test_the_page_says_what_a_statistician_asks():
    shown = _run("ssc_skin").output
    for said in (
        "Difference in points, active against control; lower is better",
        "SD between drugs: half-normal prior of scale 2 (median 1.35, 95 % below 3.92);",
        "4 trials, fewer than 8: the prior, not the trials, decides how far drugs lie apart",
        "trials of one drug differ by 0.5 of that SD (assumed)",
        "DESIRES, added",
        "SENSCIS (nintedanib): the overall change of skin is only recalled",
        "Confidence: from memory",
    ):
        assert said in shown
    assert "ssc_response" not in shown
    lupus = _run("lupus_response").output
    assert (
        "all trials are of one drug: the SD is between its trials, and the prediction is for its next one"
        in lupus
    )
    assert "TULIP-1 missed its own primary endpoint, so its BICLA response is post hoc" in lupus
    assert "only one drug: nothing can be left out" in _run("ssc_response").output


def test_every_class_is_shown_and_written(tmp_path):
    path = tmp_path / "effects.json"
    ended = _run("--json", str(path))
    assert ended.exit_code == 0, ended.output
    content = json.loads(path.read_text(encoding="utf-8"))
    assert content["kind"] == "evidence effects"
    assert list(content["classes"]) == ["ssc_response", "ssc_skin", "lupus_response"]
    assert [
        line for line in ended.output.splitlines() if line.startswith("ssc_") or line.startswith("lupus_")
    ] == [
        "ssc_response: Revised CRISS response in systemic sclerosis",
        "ssc_skin: Skin score (mRSS) in systemic sclerosis",
        "lupus_response: Response (BICLA) to anifrolumab in lupus",
    ]
