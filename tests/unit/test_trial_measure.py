"""Readings: scales, rounding, the same numbers in every arm and for more subjects, visits or repeats."""

import numpy as np
import pytest

from ifntrial.evidence.load import load_evidence
from ifntrial.trial.measure import (
    SCALES,
    MeasurementError,
    draw_measurement_noise,
    measure,
    measurement_error,
)
from ifntrial.trial.toy import toy_course

WEEKS = (0.0, 12.0, 52.0)
ERROR = MeasurementError(2.5, 2.9, 0.15, 1.0, 0.8, 0.25, 0.1)
EXACT = MeasurementError(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def test_the_errors_come_from_the_evidence_tables() -> None:
    evidence = load_evidence()
    assert measurement_error(evidence).mrss_sd == evidence.value("measurement.mrss_sd")


@pytest.mark.parametrize("scale", SCALES, ids=lambda scale: scale.quantity)
def test_readings_lie_on_their_scale(scale) -> None:
    course = toy_course("a", 1.0, 500, WEEKS)
    read = measure(course, ERROR, draw_measurement_noise(3, 0, WEEKS, 500))[scale.quantity]
    assert read.min() >= scale.low
    assert read.max() <= scale.high
    assert np.allclose(np.round(read / scale.step), read / scale.step, atol=1e-6)


def test_without_error_and_rounding_the_truth_is_read() -> None:
    course = toy_course("a", 0.5, 100, WEEKS)
    readings = measure(course, EXACT, draw_measurement_noise(3, 0, WEEKS, 100), rounding=False)
    for name, true in course.values.items():
        assert np.allclose(readings[name][0], true), name


def test_the_error_has_the_stated_sd() -> None:
    course = toy_course("a", 0.0, 20_000, (0.0, 52.0))
    noise = draw_measurement_noise(3, 0, (0.0, 52.0), 20_000)
    fvc = measure(course, ERROR, noise)["fvc_percent"][0]
    assert np.std(fvc - course.values["fvc_percent"]) == pytest.approx(2.9, rel=0.02)
    # the SD of a change that two readings add: 2.9 * sqrt(2)
    change = (fvc - course.values["fvc_percent"])[:, 1] - (fvc - course.values["fvc_percent"])[:, 0]
    assert np.std(change) == pytest.approx(4.1, rel=0.02)


def test_both_arms_share_the_errors() -> None:
    noise = draw_measurement_noise(3, 0, WEEKS, 200)
    shift = [
        measure(toy_course("a", effect, 200, WEEKS), ERROR, noise, rounding=False)["fvc_percent"]
        - toy_course("a", effect, 200, WEEKS).values["fvc_percent"]
        for effect in (0.0, 1.0)
    ]
    assert np.allclose(shift[0], shift[1])


def test_more_subjects_visits_or_repeats_change_no_one() -> None:
    small = draw_measurement_noise(3, 7, (0.0, 52.0), 10, 2).normal["mrss"]
    large = draw_measurement_noise(3, 7, (0.0, 4.0, 12.0, 52.0), 50, 5).normal["mrss"]
    assert np.array_equal(small, large[:2, :10][..., [0, 3]])
    assert np.array_equal(
        large[3:], draw_measurement_noise(3, 7, (0.0, 4.0, 12.0, 52.0), 50, 2, 3).normal["mrss"]
    )


def test_a_course_that_ended_reads_as_missing() -> None:
    course = toy_course("a", 0.0, 4, WEEKS)
    for values in course.values.values():
        values[1, 1:] = np.nan
    readings = measure(course, ERROR, draw_measurement_noise(3, 0, WEEKS, 4))
    assert np.isnan(readings["mrss"][0, 1]).tolist() == [False, True, True]
