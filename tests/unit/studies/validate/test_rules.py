"""The verdicts of a validation: intervals, distances, counts, and that no row is ever dropped. Rows here are made up."""

import math
from dataclasses import astuple

import pytest

from ifntrial.errors import EvidenceError, InputError, RunError
from ifntrial.evidence.records import Observation
from ifntrial.studies.validate import run, study
from ifntrial.studies.validate.before import VerdictBefore
from ifntrial.studies.validate.checks import CHECKS
from ifntrial.studies.validate.checks.not_simulated import NO_CHECK, Reasons
from ifntrial.studies.validate.checks.response_steps import ResponseSteps
from ifntrial.studies.validate.checks.setting import Simulated
from ifntrial.studies.validate.result import Counts
from ifntrial.studies.validate.run import ValidationPlan
from ifntrial.studies.validate.verdict import Said, compare, count, published_interval
from shipped import CATALOG

NO_CURVES = dict.fromkeys(
    (
        "mrss_by_duration",
        "worse_by_duration",
        "better_by_duration",
        "mrss_by_antibody",
        "mrss_by_background",
    ),
    (math.nan,) * 8,
)
NO_STEPS = ResponseSteps("none", 52.0, 0, 0, (), ())


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
    return compare(published, Said("natural_history", Simulated(published.id, value, **known)))


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


PLAN = ValidationPlan(subjects=50, seed=1, drug="anifrolumab", worlds=1)


@pytest.fixture
def checks_of(monkeypatch):
    """Return a validation of made-up checks, and of no rules of a trial."""

    def validated(groups: dict, workers: int = 1, **given):
        for module in (run, study):
            monkeypatch.setattr(module, "CHECKS", groups)
        monkeypatch.setattr(run, "response_steps", lambda setting: NO_STEPS)
        monkeypatch.setattr(run, "untreated_curves", lambda setting: NO_CURVES)
        return study.validate(PLAN, CATALOG, workers, **given)

    return validated


def test_every_observation_is_compared_or_has_its_reason(evidence, checks_of):
    """With no check at all every row is still there, and none is without a reason."""
    result = checks_of({})
    rows = evidence.observations_where(use=("fit", "test"))
    assert [x.observation for x in result.comparisons] == [x.id for x in rows]
    assert all(x.reason and x.passed is None for x in result.comparisons)
    for use in ("fit", "test"):
        assert sum(astuple(result.counts[use])) == sum(x.use == use for x in rows)


def test_checks_are_reported_as_they_are_done(checks_of):
    reported = []
    checks_of(
        {name: (name, (lambda setting: iter(()),)) for name in ("one", "two")},
        report=lambda done, total: reported.append((done, total)),
    )
    assert reported == [(0, 5), (1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]


def test_a_check_of_an_unknown_or_a_repeated_row_is_refused(evidence, checks_of):
    for ids in (["no.such.row"], [evidence.observations_where(use="fit")[0].id] * 2):
        check = lambda setting, ids=ids: iter(Simulated(each, 1.0) for each in ids)  # noqa: E731
        with pytest.raises(EvidenceError) as caught:
            checks_of({"bad": ("Bad", (check,))})
        assert ids[0] in str(caught.value)


def test_what_a_check_says_comes_back_from_its_file_as_it_was(evidence, checks_of):
    id = evidence.observations_where(use="fit")[0].id
    said = Simulated(id, math.nan, None, None, "no number")
    compared = {
        each.observation: each for each in checks_of({"one": ("One", (lambda _: iter([said]),))}).comparisons
    }
    assert (compared[id].group, compared[id].simulated, compared[id].note) == ("one", None, "no number")
    assert compared[id].reason == "the simulation gave no number"


def test_a_check_that_cannot_be_simulated_is_named_and_the_others_are_kept(checks_of, tmp_path):
    done = []

    def fail(setting):
        raise InputError("nobody could be drawn")

    def work(setting):
        done.append(setting.seed)
        return iter(())

    groups = {"one": ("One", (fail, work)), "two": ("Two", (work,))}
    with pytest.raises(RunError, match="3 of 6 checks could not be simulated") as told:
        checks_of(groups, folder=tmp_path)
    assert "check 0: nobody could be drawn" in str(told.value)
    assert done == [1, 1]


def test_an_observation_nobody_thought_of_is_listed_as_such():
    assert Reasons(CATALOG).of(row(id="new.trial.new_endpoint", endpoint="new_endpoint")) == NO_CHECK


def test_a_value_that_is_a_parameter_is_no_agreement():
    found = verdict(row(sd=1.0, n=4), -4.0, identity="the parameter x")
    assert (found.verdict, found.passed, found.passed_by_sampling) == ("identity", None, True)
    assert found.reason == "the value is the parameter x: agreement proves nothing"


def test_worlds_widen_a_verdict_and_the_narrow_one_stands_beside_it():
    """Published 2.1 with error 0.5, simulated -2.2; trials lie 2 apart: 4.3 is 8.6 errors, and 2.1 of both spreads."""
    published = row(value=2.1, sd=3.0, n=36)
    worlds = [-2.2 + 2.0 * each for each in (-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.2)]
    before = VerdictBefore(2, -2.2, -4.2, "miss")
    found = compare(published, Said("course", Simulated(published.id, -2.2), worlds), before)
    assert found.z == pytest.approx(-8.6)
    assert (found.passed_by_sampling, found.verdict, found.earlier.verdict) == (False, "agrees", "miss")
    narrow = compare(published, Said("course", Simulated(published.id, -2.2), [-2.2] * 8))
    assert (narrow.verdict, narrow.cause) == ("miss", "luck_of_a_trial")
    assert narrow.reason


def test_counts_tell_five_outcomes_apart():
    items = [
        verdict(row(sd=1.0, n=4), -4.0),
        verdict(row(sd=1.0, n=4), 4.0),
        verdict(row(), 4.0),
        compare(row(id="senscis.nintedanib.x"), None),
        verdict(row(sd=1.0, n=4), -4.0, identity="a parameter"),
    ]
    assert count(items)["test"] == Counts(passes=1, misses=1, identities=1, no_verdict=1, not_simulated=1)


def test_every_file_of_checks_is_in_the_list():
    from pathlib import Path

    folder = Path(study.__file__).parent / "checks"
    others = {
        "__init__",
        "setting",
        "cohorts",
        "control_arms",
        "not_simulated",
        "reasons",
        "response_steps",
    }
    assert {path.stem for path in folder.glob("*.py")} - others == set(CHECKS)
