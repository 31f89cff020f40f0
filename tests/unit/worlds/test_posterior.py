"""What published drug levels and signatures say about worlds: likelihoods, posteriors, and taking rows away."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.stats import norm, spearmanr

from ifntrial.errors import RunError
from ifntrial.studies.calibrate.predict import predict_rows
from ifntrial.worlds.calibration import Calibration, load_calibration, save_calibration
from ifntrial.worlds.draw import draw_worlds
from ifntrial.worlds.implied import EffectAtAddress, ImpliedEffects
from ifntrial.worlds.posterior import (
    data_likelihood,
    effective_worlds,
    global_posteriors,
    row_likelihoods,
    row_report,
    span,
    used_rows,
)
from ifntrial.worlds.predictions import DATA_ROWS, NOT_USED, Predictions
from ifntrial.worlds.weigh import base_weights
from shipped import CATALOG

WORLDS, KEPT = 60, 20
RATIO = "anifrolumab_in_healthy_volunteers.300_mg_sc_vs_300_mg_iv.auc.ratio"
WEEK_12 = "tulip_pooled.300_mg_iv_every_4_weeks.signature_suppression_blood.w12"


@pytest.fixture(scope="module")
def worlds(model, evidence):
    return draw_worlds(model, evidence, WORLDS, 730)


@pytest.fixture(scope="module")
def interferon():
    return CATALOG.model("interferon_alpha")


@pytest.fixture(scope="module")
def predictions(model, interferon, evidence, worlds):
    return predict_rows(model, interferon, evidence, worlds)


@pytest.fixture(scope="module")
def calibration(predictions):
    """A small calibration of 20 kept worlds, whose effect has nothing to do with the drug's levels."""
    effect, some = np.linspace(0.1, 1.4, KEPT), np.array([2, 9])
    at = {
        "response": EffectAtAddress(effect, 0.3 + 0 * effect, 0.03, False, some, effect[some] + 0.1),
        "skin": EffectAtAddress(-4 * effect, -3 + 0 * effect, 0.2, True, some, effect[some]),
    }
    implied = ImpliedEffects(
        3 * np.arange(KEPT), np.linspace(0.1, 1.0, KEPT), np.arange(KEPT) > 15, at, predictions
    )
    return Calibration(implied, 730, "none", WORLDS, 8, 1, 50, 40)


def test_no_row_is_kept_for_tests_and_no_row_counts_twice(evidence):
    assert len({row.observation for row in DATA_ROWS}) == len(DATA_ROWS)
    assert {evidence.observation(row.observation).use for row in DATA_ROWS} == {"fit"}
    assert not set(NOT_USED) & {row.observation for row in DATA_ROWS}
    by_trial = sum(row.share for row in DATA_ROWS if row.observation.startswith("tulip_pooled."))
    assert by_trial == pytest.approx(1.0), "two weeks of the same patients are one result"


def test_every_world_predicts_every_row(predictions):
    assert predictions.values.shape == (WORLDS, len(DATA_ROWS))
    assert np.isfinite(predictions.values).all()


def test_a_world_predicts_the_same_alone(model, interferon, evidence, worlds, predictions):
    alone = predict_rows(model, interferon, evidence, worlds.take(np.array([7])))
    assert_allclose(alone.values[0], predictions.values[7], rtol=2e-3, atol=0.26)


def test_more_bioavailability_means_more_exposure(worlds, predictions):
    """Target-mediated loss and absorption move the ratio as well, so that worlds are only nearly in this order."""
    assert spearmanr(worlds.parameters["bioavailability"], predictions.of(RATIO)).statistic > 0.95


def test_the_likelihood_of_a_mean_is_normal_with_both_errors(evidence):
    row = next(row for row in DATA_ROWS if row.observation.endswith("300_mg_sc.cmax"))
    predicted = np.array([20.0, 36.2, 50.0, np.nan])
    spread = np.hypot(11.6 / np.sqrt(6), evidence.value(row.discrepancy))
    found = row_likelihoods(Predictions((row.observation,), predicted[:, None]), evidence, [row])[:, 0]
    expected = norm.pdf(predicted, 36.2, spread) / norm.pdf(0, 0, spread)
    assert_allclose(found[:3], expected[:3], rtol=1e-12)
    assert found[3] == 0, "a world that could not be solved counts nothing"


def test_an_end_at_100_percent_bounds_nothing(evidence):
    row = next(row for row in DATA_ROWS if row.observation == WEEK_12)
    found = row_likelihoods(Predictions((WEEK_12,), np.array([[60.0], [80.0], [99.9]])), evidence, [row])[
        :, 0
    ]
    assert_allclose(found, [0.0, 0.5**row.share, 1.0], atol=1e-9)


@pytest.mark.parametrize(
    ("low", "high", "unit", "expected"),
    [
        (2.0, 5.0, "day", (2.0, 5.0)),
        (None, 5.0, "day", (-np.inf, 5.0)),
        (2.0, None, "day", (2.0, np.inf)),
        (80.0, 100.0, "percent", (80.0, np.inf)),
        (80.0, 99.0, "percent", (80.0, 99.0)),
        (80.0, 100.0, "day", (80.0, 100.0)),
    ],
)
def test_the_ends_of_a_span(evidence, low, high, unit, expected):
    published = replace(evidence.observation(WEEK_12), low=low, high=high, unit=unit)
    assert span(published) == expected


def test_dropping_a_row_drops_its_factor_alone(evidence, predictions):
    rows = used_rows(evidence)
    each = row_likelihoods(predictions, evidence, rows)
    place = [row.observation for row in rows].index(RATIO)
    rest = np.delete(each, place, axis=1).prod(axis=1)
    assert_allclose(data_likelihood(predictions, evidence, (RATIO,)), rest, rtol=1e-12)
    assert_allclose(data_likelihood(predictions, evidence), rest * each[:, place], rtol=1e-12)
    every = [row.observation for row in rows]
    assert (data_likelihood(predictions, evidence, every) == 1).all()
    assert row_likelihoods(predictions, evidence, []).shape == (WORLDS, 0)


def test_a_row_that_the_tables_no_longer_hold_does_not_weigh(evidence, predictions):
    left = replace(evidence, observations=tuple(row for row in evidence.observations if row.id != RATIO))
    assert RATIO not in {row.observation for row in used_rows(left)}
    for_test = tuple(replace(row, use="test") if row.id == RATIO else row for row in evidence.observations)
    assert RATIO not in {row.observation for row in used_rows(replace(evidence, observations=for_test))}
    assert_allclose(
        data_likelihood(predictions, left), data_likelihood(predictions, evidence, (RATIO,)), rtol=1e-12
    )


def test_worlds_that_meet_nothing_name_the_rows(evidence, predictions):
    far = Predictions(predictions.observations, np.full_like(predictions.values, -1e6))
    with pytest.raises(RunError, match="no structural world meets") as caught:
        data_likelihood(far, evidence)
    assert any(RATIO in problem for problem in caught.value.problems)


def test_posterior_of_a_known_case(model, evidence, worlds):
    """Worlds weighed by a normal on one unknown: its posterior follows, an unrelated one stays."""
    values = worlds.parameters["bioavailability"]
    likelihood = norm.pdf(values, 0.9, 0.01)
    rows = {row.name: row for row in global_posteriors(model, evidence, worlds, likelihood)}
    assert rows["bioavailability"].verdict == "informed"
    assert rows["bioavailability"].posterior_band.q50 == pytest.approx(0.9, abs=0.02)
    assert set(rows) == set(worlds.parameters)
    flat = {row.name: row for row in global_posteriors(model, evidence, worlds, np.ones(WORLDS))}
    assert all(row.sd_ratio == pytest.approx(1.0) for row in flat.values())
    assert {row.verdict for row in flat.values()} == {"prior only"}


def test_the_report_of_rows_moves_towards_what_was_published(evidence, predictions):
    for row in row_report(predictions, evidence):
        goal = row.published
        if goal is not None:
            assert abs(row.posterior_band.q50 - goal) <= abs(row.prior_band.q50 - goal) + 0.1 * row.error
        assert 0 < row.worlds_effective <= WORLDS


def test_the_report_says_what_was_published_and_where(evidence, predictions):
    rows = {row.observation: row for row in row_report(predictions, evidence)}
    week_12, peak = rows[WEEK_12], rows["anifrolumab_in_healthy_volunteers.300_mg_sc.cmax"]
    assert (week_12.published, week_12.low, week_12.high) == (None, 80.0, 100.0)
    assert (week_12.source, week_12.unit, week_12.share) == ("chia2022", "percent", 0.5)
    assert week_12.error == week_12.discrepancy
    assert (peak.published, peak.low, peak.high) == (36.2, None, None)
    assert (peak.source, peak.unit, peak.share) == ("tummala2018", "ug/mL", 1.0)
    assert peak.error == pytest.approx(np.hypot(11.6 / np.sqrt(6), peak.discrepancy))
    assert peak.prior_band.q50 == pytest.approx(np.median(predictions.of(peak.observation)), rel=0.05)


def test_effective_worlds_of_known_weights():
    assert effective_worlds(np.array([1.0, 1.0, 0.0, 2.0])) == pytest.approx(16 / 6)
    assert effective_worlds(np.zeros(3)) == 0


def test_a_calibration_is_read_back_as_written(calibration, tmp_path):
    path = tmp_path / "worlds.npz"
    save_calibration(calibration, path)
    again = load_calibration(path)
    assert again.implied.predictions.observations == calibration.implied.predictions.observations
    assert_allclose(again.implied.predictions.values, calibration.implied.predictions.values, rtol=1e-6)
    for name in ("number", "chance", "is_protective"):
        assert_allclose(getattr(again.implied, name), getattr(calibration.implied, name), rtol=1e-6)
    assert list(again.implied.at) == ["response", "skin"]
    for address, place in calibration.implied.at.items():
        for name in ("effect", "control", "standard_error", "is_lower_better", "checked", "checked_effect"):
            assert_allclose(getattr(again.implied.at[address], name), getattr(place, name), rtol=1e-6)
    facts = ("seed", "fingerprint", "candidates", "subjects", "replicates", "many_subjects", "check_subjects")
    assert [getattr(again, name) for name in facts] == [730, "none", 60, 8, 1, 50, 40]
    assert again.worlds == 20


def test_kept_worlds_are_drawn_again_from_the_seed(calibration, model, evidence, worlds):
    again = calibration.structural_worlds(model, evidence)
    assert again.number.tolist() == list(range(0, 60, 3))
    some = calibration.structural_worlds(model, evidence, np.array([7, 2]))
    assert some.number.tolist() == [21, 6]
    for name in worlds.parameters:
        assert_allclose(again.parameters[name], worlds.parameters[name][::3], rtol=0)
        assert_allclose(some.parameters[name], worlds.parameters[name][[21, 6]], rtol=0)
    assert some.is_protective.tolist() == worlds.is_protective[[21, 6]].tolist()


def test_a_world_counts_by_how_well_it_meets_results_over_the_chance_it_was_kept_with(calibration, evidence):
    found = base_weights(calibration.implied, evidence)
    whole = data_likelihood(calibration.implied.predictions, evidence)
    assert_allclose(found, whole[::3] / np.linspace(0.1, 1.0, 20), rtol=1e-12)


def damaged(path, how):
    with np.load(path) as stored:
        columns = dict(stored)
    if how == "old":
        del columns["format"], columns["predictions"]
    elif how == "short":
        columns["predictions"] = columns["predictions"][:-1]
    else:
        del columns["effect response"]
    np.savez_compressed(path, **columns)


@pytest.mark.parametrize("how", ["old", "short", "column", "cut", "text"])
def test_a_damaged_or_old_calibration_says_how_to_make_it_again(calibration, tmp_path, how):
    path = tmp_path / "worlds.npz"
    save_calibration(calibration, path)
    if how == "cut":
        path.write_bytes(path.read_bytes()[:-200])
    elif how == "text":
        path.write_text("not an archive", encoding="utf-8")
    else:
        damaged(path, how)
    with pytest.raises(RunError, match="make it again with 'ifntrial calibrate'"):
        load_calibration(path)
