"""Outcomes that are refused, and scores against those worked out otherwise."""

import numpy as np
import pytest
from scipy.stats import norm

from ifntrial.catalog import shipped
from ifntrial.errors import FileError
from ifntrial.studies.ledger.distributions import distribution
from ifntrial.studies.ledger.lock import lock
from ifntrial.studies.ledger.outcome import Outcome, read_outcome
from ifntrial.studies.ledger.study import score
from made_up_prediction import FORETOLD, made_up_predictive, made_up_run

HASH = "ab" * 32


@pytest.fixture
def prediction(tmp_path):
    return lock(made_up_run(tmp_path / "run"), shipped().evidence, date="2026-01-01", known="it failed")


def written(folder, observed: str, first: str = f"prediction: {HASH}"):
    path = folder / "outcome.yaml"
    path.write_text(f"{first}\nsource: a paper\nread_out: 2027-12-01\nobserved:\n{observed}")
    return path


def test_an_outcome_is_read(tmp_path):
    path = written(tmp_path, "  primary_met: no\n  zoster_active: 7\n  response_active: 0.41\n")
    found = read_outcome(path, HASH, FORETOLD)
    assert dict(found.observed) == {"primary_met": 0.0, "zoster_active": 7.0, "response_active": 0.41}
    assert (found.source, found.read_out) == ("a paper", "2027-12-01")


@pytest.mark.parametrize(
    ("observed", "words"),
    [
        ("  primary_mett: yes\n", "did you mean primary_met"),
        ("  primary_met: 1\n", "neither yes nor no"),
        ("  zoster_active: 2.5\n", "no count of events"),
        ("  zoster_active: -1\n", "no count of events"),
        ("  response_active: 41\n", "no share from 0 to 1"),
        ("  mrss_change_difference: .nan\n", r"no number \[mrss_point\]"),
        ("  mrss_change_difference: yes\n", r"no number \[mrss_point\]"),
        ("  mrss_change_difference: minus one\n", r"no number \[mrss_point\]"),
        ("  {}\n", "at least one number"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path, observed, words):
    with pytest.raises(FileError, match=words):
        read_outcome(written(tmp_path, observed), HASH, FORETOLD)


def test_an_outcome_of_another_prediction_is_refused(tmp_path):
    path = written(tmp_path, "  primary_met: yes\n", "prediction: cd")
    with pytest.raises(FileError, match="not the hash of the locked file"):
        read_outcome(path, HASH, FORETOLD)


def test_an_outcome_without_its_keys_is_shown_the_form(tmp_path):
    path = tmp_path / "outcome.yaml"
    path.write_text("primary_met: yes\n")
    with pytest.raises(FileError, match="write it so"):
        read_outcome(path, HASH, FORETOLD)


def outcome(**observed: float) -> Outcome:
    return Outcome(HASH, "a paper", "2027-12-01", observed)


def test_chances_with_their_baselines(prediction):
    found = score(prediction, outcome(primary_met=0.0))
    by_name = {each.forecaster: each for each in found.chances}
    assert set(by_name) == {
        "irrelevant",
        "ssc_reference_class",
        "lupus_bridge",
        "mixture",
        "coin",
        "base_rate",
    }
    # the chance that the forecast states, not the mean over its worlds, which is one half
    assert by_name["mixture"].given_chance == 0.3
    assert by_name["mixture"].log_score == pytest.approx(0.3566749439)
    assert by_name["mixture"].brier_score == pytest.approx(0.09)
    assert by_name["base_rate"].brier_score == pytest.approx(0.36)
    assert found.known_at_lock == "it failed"


def test_an_estimate_over_two_worlds(prediction):
    (row,) = (
        each
        for each in score(prediction, outcome(primary_difference=0.1)).numbers
        if each.forecaster == "mixture"
    )
    assert row.mean == pytest.approx(0.1)
    assert row.pit == pytest.approx(0.5)
    # half of the trials lie around 0, half around 0.2, so that 5 % are below the tenth of the first
    assert row.low == pytest.approx(0.05 * norm.ppf(0.1), abs=1e-4)
    assert row.high - 0.1 == pytest.approx(0.1 - row.low, abs=1e-9)
    assert row.interval_score == pytest.approx(row.high - row.low)
    draws = np.concatenate([norm.ppf((np.arange(4000) + 0.5) / 4000, middle, 0.05) for middle in (0.0, 0.2)])
    pairs = np.abs(draws[::8, None] - draws[::8]).mean() / 2.0
    assert row.crps == pytest.approx(np.abs(draws - 0.1).mean() - pairs, abs=2e-4)


def test_a_share_is_a_count_over_patients():
    found = distribution(made_up_predictive(), "response_active", "mixture")
    assert found.mean == pytest.approx(0.4)
    assert found.pit(1.0) == pytest.approx(1.0)
    # a share in print is rounded: 0.333 of 100 patients is 33 of them
    assert found.pit(0.333) == found.pit(0.33)
    assert found.pit(0.33) - found.pit(0.32) == pytest.approx(0.5 * 0.06853, abs=5e-4)


def test_counts_hold_nearly_all_of_their_law():
    found = distribution(made_up_predictive(), "zoster_active", "mixture")
    assert found.mean == pytest.approx(6.5, abs=1e-9)
    # half of Poisson(4) at zero and half of Poisson(9)
    assert found.pit(0.0) == pytest.approx(0.5 * (np.exp(-4.0) + np.exp(-9.0)), abs=1e-12)


def test_skin_and_lung_together_do_not_hang_on_their_units(prediction):
    found = score(prediction, outcome(mrss_change_difference=-3.0, fvc_ml_change_difference=40.0))
    (row,) = (each for each in found.together if each.forecaster == "mixture")
    assert row.keys == ("mrss_change_difference", "fvc_ml_change_difference")
    assert 0.3 < row.energy_score < 1.0
    assert not score(prediction, outcome(mrss_change_difference=-3.0)).together
