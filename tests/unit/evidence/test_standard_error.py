"""Standard errors of published numbers: each statement by hand, which of two counts, and that none has another order."""

import ast
from dataclasses import replace
from math import sqrt

import pytest

from ifntrial.evidence.records import Observation
from ifntrial.evidence.standard_error import (
    ORDER,
    error_of_sd,
    error_of_share,
    implied_subjects,
    standard_error,
)
from ifntrial.studies.validate.verdict import published_interval
from package_source import modules_but

BARE = Observation(
    id="made_up.placebo.mrss_change.w52",
    trial="made up",
    arm="placebo",
    population="SSc",
    visit_week=52.0,
    endpoint="mrss_change",
    statistic="mean",
    value=-4.0,
    low=None,
    high=None,
    interval_kind="none",
    sd=None,
    n=None,
    unit="mrss_point",
    source="made_up",
    use="test",
)
ONE_SE = {"low": -4.5, "high": -3.5, "interval_kind": "one_se"}
CI_95 = {"low": -5.95996, "high": -2.04004, "interval_kind": "ci95"}
QUARTILES = {"low": -10.7449, "high": 2.7449, "interval_kind": "iqr"}
MIDDLE_90 = {"low": -20.4485, "high": 12.4485, "interval_kind": "central90"}
SD = {"sd": 6.0, "n": 64}


def error(**cells: object) -> float | None:
    return standard_error(replace(BARE, **cells))


@pytest.mark.parametrize("statistic", ["mean", "adjusted_mean", "median", "odds_ratio"])
def test_a_published_error_is_half_its_interval(statistic) -> None:
    assert error(statistic=statistic, **ONE_SE) == 0.5


@pytest.mark.parametrize("statistic", ["mean", "adjusted_mean", "median", "proportion", "hazard_ratio"])
def test_an_interval_of_95_percent_is_3_92_errors_wide(statistic) -> None:
    assert error(statistic=statistic, **CI_95) == pytest.approx(1.0, abs=1e-5)


def test_the_standard_deviation_of_64_subjects_is_8_errors_of_their_mean() -> None:
    assert error(**SD) == 0.75
    assert error(statistic="adjusted_mean", **SD) == 0.75
    assert error(statistic="median", **SD) == pytest.approx(0.75 * 1.2533141, rel=1e-7)


def test_quartiles_and_the_middle_90_percent_are_normal() -> None:
    """Quartiles 13.4898 apart, and 5 and 95 % points 32.897 apart, are standard deviations of 10."""
    assert error(n=100, **QUARTILES) == pytest.approx(1.0, rel=1e-5)
    assert error(n=100, **MIDDLE_90) == pytest.approx(1.0, rel=1e-4)
    assert error(n=100, statistic="median", **QUARTILES) == pytest.approx(1.2533141, rel=1e-5)


def test_a_proportion_and_a_correlation_have_a_law_of_their_own() -> None:
    assert error(statistic="proportion", value=80.0, unit="percent", n=44) == pytest.approx(6.030227)
    assert error(statistic="proportion", value=0.8, unit="1", n=44) == pytest.approx(0.06030227)
    for statistic in ("correlation", "intraclass_correlation"):
        assert error(statistic=statistic, value=0.4, unit="1", n=103) == pytest.approx(0.084)
        assert error(statistic=statistic, value=0.4, unit="1", n=3) is None


@pytest.mark.parametrize(
    ("statistic", "two", "expected"),
    [
        ("mean", SD | ONE_SE, 0.5),
        ("mean", SD | CI_95, 0.75),
        ("mean", SD | QUARTILES, 0.75),
        ("adjusted_mean", SD | ONE_SE, 0.5),
        ("adjusted_mean", SD | CI_95, 1.0),
        ("adjusted_mean", SD | QUARTILES, 0.75),
        ("median", SD | ONE_SE, 0.5),
        ("median", SD | CI_95, 1.0),
        ("median", SD | QUARTILES, 0.75 * 1.2533141),
        ("proportion", {"n": 44, "value": 80.0, "unit": "percent"} | CI_95, 1.0),
        ("correlation", {"n": 44, "value": 0.4, "unit": "1"} | CI_95, 1.0),
    ],
)
def test_which_of_two_statements_counts(statistic, two, expected) -> None:
    assert error(statistic=statistic, **two) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(
    "cells",
    [
        {},
        {"sd": 6.0},
        {"n": 64},
        {"low": -8.0, "high": 1.0, "interval_kind": "range", "n": 64},
        {"low": -8.0, "high": 1.0, "interval_kind": "bounds", "n": 64},
        {"statistic": "rate", "sd": 6.0, "n": 64},
        {"statistic": "proportion", "value": 80.0, "unit": "percent"},
        QUARTILES,
    ],
)
def test_a_row_that_does_not_say_it_has_none(cells) -> None:
    assert error(**cells) is None


def test_a_number_of_subjects_stands_in_only_where_the_row_has_none() -> None:
    assert standard_error(replace(BARE, sd=6.0), 64) == 0.75
    assert standard_error(replace(BARE, sd=6.0, n=16), 64) == 1.5


def test_errors_of_a_share_and_of_a_standard_deviation() -> None:
    assert error_of_share(0.5, 100) == 0.05
    assert error_of_sd(6.0, 51) == pytest.approx(0.6)


def test_subjects_follow_from_a_standard_deviation_and_an_error() -> None:
    assert implied_subjects(replace(BARE, sd=6.0, **CI_95)) == 36
    assert implied_subjects(replace(BARE, sd=6.0, **ONE_SE)) == 144
    assert implied_subjects(replace(BARE, **CI_95)) is None
    assert implied_subjects(replace(BARE, sd=6.0)) is None


def test_rows_as_published(evidence) -> None:
    """Six volunteers; a row with its error; thirty patients behind an interval and a standard deviation."""
    rows = {row.id: row for row in evidence.observations}
    assert standard_error(rows["anifrolumab_in_healthy_volunteers.300_mg_sc.cmax"]) == pytest.approx(
        11.6 / sqrt(6)
    )
    assert standard_error(rows["senscis.placebo_ata_positive.fvc_slope.w52"]) == pytest.approx(17.3)
    both = rows["fasscinate.placebo.mrss_change.w48"]
    assert implied_subjects(both) == 30
    assert standard_error(both) == pytest.approx(4.5 / 3.919928)
    assert standard_error(both, 30) == pytest.approx(6.3 / sqrt(30))


@pytest.mark.parametrize("statistic", sorted(ORDER))
def test_a_verdict_takes_the_same_error(statistic) -> None:
    row = replace(BARE, statistic=statistic, value=0.4, n=44, **ONE_SE)
    assert published_interval(row).error == pytest.approx(0.5)


READERS_OF_INTERVALS = {
    "evidence/rules/numbers.py": "whether the word fits the cells",
    "patients/weights.py": "a hash of the cells",
    "studies/validate/verdict.py": "intervals that are a verdict as they are",
    "app/evidence.py": "the cell, as text",
}


def test_no_other_file_reads_what_an_interval_is() -> None:
    found = {
        path.as_posix()
        for path, tree in modules_but("evidence/standard_error.py")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "interval_kind"
    }
    assert found == set(READERS_OF_INTERVALS)
