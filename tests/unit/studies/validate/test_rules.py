"""The verdicts of a validation: intervals, distances, counts, and that no row is ever dropped. Rows here are made up."""

import math
from dataclasses import astuple

import pytest

from ifntrial.errors import EvidenceError
from ifntrial.evidence.records import Observation
from ifntrial.studies.validate import study as module
from ifntrial.studies.validate.checks import CHECKS
from ifntrial.studies.validate.checks.not_simulated import NO_CHECK, reason
from ifntrial.studies.validate.checks.setting import Simulated
from ifntrial.studies.validate.result import Counts
from ifntrial.studies.validate.study import compare, count, published_interval, validate
from shipped import CATALOG


def row(**changed: object) -> Observation:
    cells = {
        "id": "made_up.placebo.mrss_change.w52",
        "trial": "made up",
        "arm": "placebo",
        "population": "SSc",
        "visit_week": 52.0,
        "endpoint": "mrss_change",
        "statistic": "mean",
        "value": -4.0,
        "low": None,
        "high": None,
        "interval_kind": "none",
        "sd": None,
        "n": None,
        "unit": "mrss_point",
        "source": "made_up",
        "use": "test",
    }
    return Observation(**{**cells, **changed})


def verdict(published: Observation, value: float, **known: object):
    return compare(published, "natural_history", Simulated(published.id, value, **known))


def test_a_published_interval_is_taken_as_it_is():
    published = row(low=-6.0, high=-2.0, interval_kind="ci95")
    found = verdict(published, -2.5)
    assert (found.low, found.high, found.passed) == (-6.0, -2.0, True)
    assert found.z == pytest.approx(1.5 / (4 / (2 * 1.959964)), rel=1e-6)
    assert verdict(published, -1.9).passed is False


def test_a_standard_error_is_widened_to_95_percent():
    found = verdict(row(low=-5.0, high=-3.0, interval_kind="one_se"), -4.0)
    assert (found.low, found.high) == pytest.approx((-4 - 1.959964, -4 + 1.959964))
    assert found.z == 0


def test_a_span_has_a_verdict_but_no_distance():
    published = row(value=None, low=80.0, high=100.0, interval_kind="bounds")
    assert (verdict(published, 79.9).passed, verdict(published, 79.9).z) == (False, None)
    assert verdict(published, 80.0).passed is True


def test_sampling_error_of_a_mean_and_of_a_median():
    mean = published_interval(row(sd=8.0, n=64))
    assert mean.error == pytest.approx(1.0)
    median = published_interval(row(sd=8.0, n=64, statistic="median"))
    assert median.error == pytest.approx(math.sqrt(math.pi / 2), rel=1e-4)


def test_a_spread_between_subjects_is_no_interval_of_a_mean():
    """Published quartiles 13.49 apart are a standard deviation of 10, not an interval 13.49 wide."""
    published = row(value=20.0, low=13.255, high=26.745, interval_kind="iqr", n=100, statistic="median")
    assert published_interval(published).error == pytest.approx(1.2533, rel=1e-3)


def test_simulated_spread_and_the_number_of_another_row_stand_in():
    assert published_interval(row()) is None
    assert published_interval(row(n=49)) is None
    found = published_interval(row(), Simulated("x", 1.0, sd=7.0, n=49))
    assert found.error == pytest.approx(1.0)
    assert "simulated SD" in found.kind


@pytest.mark.parametrize(
    ("percent", "low", "high"), [(100.0, 82.4, 100.0), (50.0, 29.0, 71.0), (0.0, 0.0, 17.6)]
)
def test_proportions_have_a_score_interval(percent, low, high):
    """Wilson's interval of 18, 9 and 0 of 18 (Brown, Cai, DasGupta 2001): no zero width at the ends."""
    found = published_interval(row(statistic="proportion", value=percent, n=18, unit="percent"))
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.05)


def test_correlations_are_compared_after_fishers_transformation():
    found = published_interval(row(statistic="correlation", value=0.4, n=103, unit="1"))
    assert math.atanh(found.high) - math.atanh(0.4) == pytest.approx(0.196, abs=1e-3)
    assert found.high - 0.4 < 0.4 - found.low


def test_without_any_error_there_is_no_verdict_but_both_numbers():
    found = verdict(row(), -9.0)
    assert (found.published, found.simulated, found.passed, found.z) == (-4.0, -9.0, None, None)
    assert "neither an interval nor a sampling error" in found.reason


def test_a_simulation_that_gives_no_number_says_so():
    found = verdict(row(sd=1.0, n=10), math.nan)
    assert (found.simulated, found.passed) == (None, None)
    assert found.reason == "the simulation gave no number"


def test_every_observation_is_compared_or_has_its_reason(evidence, monkeypatch):
    """With no check at all every row is still there, and none is without a reason."""
    monkeypatch.setattr(module, "CHECKS", {})
    monkeypatch.setattr(module, "response_steps", lambda setting: {})
    result = validate(CATALOG, None, seed=1)
    rows = evidence.observations_where(use=("fit", "test"))
    assert [x.observation for x in result.comparisons] == [x.id for x in rows]
    assert all(x.reason and x.passed is None for x in result.comparisons)
    for use in ("fit", "test"):
        assert sum(astuple(result.counts[use])) == sum(x.use == use for x in rows)


def test_groups_of_results_are_reported_as_they_are_done(evidence, monkeypatch):
    monkeypatch.setattr(module, "CHECKS", {name: (name, lambda setting: iter(())) for name in ("one", "two")})
    monkeypatch.setattr(module, "response_steps", lambda setting: {})
    reported = []
    validate(CATALOG, None, seed=1, report=lambda done, total: reported.append((done, total)))
    assert reported == [(0, 2), (1, 2), (2, 2)]


def test_a_check_of_an_unknown_or_a_repeated_row_is_refused(evidence, monkeypatch):
    for ids in (["no.such.row"], [evidence.observations_where(use="fit")[0].id] * 2):
        monkeypatch.setattr(
            module, "CHECKS", {"bad": ("Bad", lambda _, ids=ids: iter(Simulated(x, 1.0) for x in ids))}
        )
        with pytest.raises(EvidenceError) as caught:
            validate(CATALOG, None, seed=1)
        assert ids[0] in str(caught.value)


def test_an_observation_nobody_thought_of_is_listed_as_such():
    assert reason(row(id="new.trial.new_endpoint", endpoint="new_endpoint")) == NO_CHECK


def test_counts_tell_four_outcomes_apart():
    items = [
        verdict(row(sd=1.0, n=4), -4.0),
        verdict(row(sd=1.0, n=4), 4.0),
        verdict(row(), 4.0),
        compare(row(id="senscis.nintedanib.x"), None, None),
    ]
    assert count(items)["test"] == Counts(passes=1, misses=1, no_verdict=1, not_simulated=1)


def test_every_file_of_checks_is_in_the_list():
    from pathlib import Path

    folder = Path(module.__file__).parent / "checks"
    others = {"__init__", "setting", "cohorts", "not_simulated", "response_steps", "why_missed"}
    assert {path.stem for path in folder.glob("*.py")} - others == set(CHECKS)
